"""Retransmission packets (RFC 4588): the original sequence number in front of the payload, on an SSRC of their own."""

from __future__ import annotations

import struct

_HEADER = struct.Struct("!BBHII")
_OSN = struct.Struct("!H")


def unwrap(raw: bytes, start: int, end: int, *, ssrc: int, payload_type: int) -> bytes | None:
    """The original packet inside an RTX packet whose payload is `raw[start:end]`, without header extensions.

    None for a padding-only RTX packet (senders probe with those).
    """
    if end - start < 2:
        return None
    _, second, _, timestamp, _ = _HEADER.unpack_from(raw)
    (sequence,) = _OSN.unpack_from(raw, start)
    return _HEADER.pack(0x80, (second & 0x80) | payload_type, sequence, timestamp, ssrc) + raw[start + 2 : end]


def wrap(
    payload: bytes, *, ssrc: int, payload_type: int, sequence: int, timestamp: int, marker: int, original: int
) -> bytes:
    """An RTX packet: `sequence` counts on the RTX SSRC, `original` is the sequence of the packet sent again."""
    return _HEADER.pack(0x80, marker | payload_type, sequence, timestamp, ssrc) + _OSN.pack(original) + payload
