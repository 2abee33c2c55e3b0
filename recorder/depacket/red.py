"""Redundant Opus over RTP (RFC 2198) → Opus packets; what was lost comes out of the redundancy, where it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recorder.depacket.opus import OpusAssembler
from server.wire.errors import BadPacket

if TYPE_CHECKING:
    from recorder.depacket.units import Frame, Packet

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


class RedAssembler(OpusAssembler):
    """Opus packets, each once: redundant ones only where they come after everything that came out so far."""

    def __init__(self) -> None:
        self._newest: int | None = None  # extended timestamp

    def add(self, packet: Packet) -> list[Frame]:
        """The packet's Opus, before it what was missing; [] if it is no redundant audio."""
        try:
            blocks = split_untrusted(packet.payload)
        except BadPacket:
            return []
        out: list[Frame] = []
        for block in blocks:
            timestamp = packet.timestamp - block.age
            if self._wanted(timestamp, block.age) and block.payload_type == blocks[-1].payload_type:
                out += super().add(packet._replace(timestamp=timestamp, payload=block.data))
        self._newest = max(packet.timestamp, self._newest or packet.timestamp)
        return out

    def _wanted(self, timestamp: int, age: int) -> bool:
        return not age if self._newest is None else timestamp > self._newest
