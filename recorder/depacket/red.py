"""Redundant audio over RTP (RFC 2198): a packet carries some of those before it once more."""

from __future__ import annotations

from typing import NamedTuple

from server.wire.errors import BadPacket

MOST_BLOCKS = 32


class Block(NamedTuple):
    """One block: `age` is how many ticks it is older than the packet's timestamp, 0 for the primary."""

    payload_type: int
    age: int
    data: bytes


def split_untrusted(payload: bytes) -> list[Block]:
    """The blocks of a packet, oldest first, the primary last (RFC 2198 section 3). Raises BadPacket."""
    heads: list[tuple[int, int, int]] = []
    at = 0
    while at < len(payload) and payload[at] & 0x80:
        head = int.from_bytes(payload[at : at + 4], "big")
        heads.append((head >> 24 & 0x7F, head >> 10 & 0x3FFF, head & 0x3FF))
        at += 4
        if len(heads) > MOST_BLOCKS:
            raise BadPacket("too many redundant blocks")
    if at >= len(payload):
        raise BadPacket("cut in the headers of redundant audio")
    primary = payload[at]
    at += 1
    blocks: list[Block] = []
    for payload_type, age, length in heads:
        blocks.append(Block(payload_type, age, payload[at : at + length]))
        at += length
    if at > len(payload):
        raise BadPacket("cut in redundant audio")
    return [*blocks, Block(primary, 0, payload[at:])]
