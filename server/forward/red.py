"""Redundant audio (RFC 2198): the newest block of a packet, for those who play plain Opus."""

from __future__ import annotations

MOST_BLOCKS = 32  # a packet of 1,200 bytes holds no more that say anything; bounds the walk


def primary(raw: bytes, start: int, end: int) -> tuple[int, int, int] | None:
    """(payload type, start, end) of the primary block in the payload `raw[start:end]`; None when it is torn.

    Block headers of four bytes name the redundant blocks and their lengths, one of one byte the primary, which is last.
    """
    at = start
    redundant = 0
    for _ in range(MOST_BLOCKS):
        if at >= end:
            return None
        head = raw[at]
        if not head & 0x80:
            begins = at + 1 + redundant
            return (head & 0x7F, begins, end) if begins <= end else None
        if at + 4 > end:
            return None
        redundant += (raw[at + 2] & 0x03) << 8 | raw[at + 3]
        at += 4
    return None
