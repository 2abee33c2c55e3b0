"""Opus over RTP (RFC 7587), also with redundancy (RFC 2198): its packets, how long they last (RFC 6716 section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recorder.depacket import red
from recorder.depacket.units import Frame
from server.wire.errors import BadPacket

if TYPE_CHECKING:
    from recorder.depacket.units import Packet

CLOCK = 48_000  # RFC 7587 section 4.1, always
LONGEST = 5760  # ticks: 120 ms, RFC 6716 section 3.2.5
# ticks per frame by configuration number, RFC 6716 table 2
_SILK, _HYBRID, _CELT = (480, 960, 1920, 2880), (480, 960), (120, 240, 480, 960)
FRAME_TICKS = _SILK * 3 + _HYBRID * 2 + _CELT * 4


def duration_untrusted(packet: bytes) -> int:
    """How long an Opus packet lasts, in 48 kHz ticks. Raises BadPacket."""
    if not packet:
        raise BadPacket("empty Opus packet")
    toc = packet[0]
    frames = (1, 2, 2, 0)[toc & 3]
    if not frames:
        if len(packet) < 2 or not packet[1] & 0x3F:
            raise BadPacket("Opus packet without frames")
        frames = packet[1] & 0x3F
    ticks = frames * FRAME_TICKS[toc >> 3]
    if ticks > LONGEST:
        raise BadPacket("Opus packet longer than 120 ms")
    return ticks


def silence_after(packet: bytes) -> tuple[bytes, int]:
    """(a packet that lets the decoder go on by itself after this one, its ticks): one empty frame of the same kind."""
    return bytes((packet[0] & 0xFC,)), FRAME_TICKS[packet[0] >> 3]


class OpusAssembler:
    """Every sound packet is a frame that stands by itself: a loss damages nothing else."""

    damaged = False
    oldest: int | None = None
    begun_ns: int | None = None

    def __init__(self) -> None:
        self._newest: int | None = None  # extended timestamp of the last packet

    def resume(self) -> None:
        """Nothing to restore."""

    def lost(self) -> None:
        """Nothing depends on what is missing; the hole is filled by time."""

    def add(self, packet: Packet) -> list[Frame]:
        """The packet's sound, and before it what was missing, if the packet has it once more; [] if it is no Opus."""
        if not packet.redundant:
            self._newest = packet.timestamp
            return self._frame(packet, packet.timestamp, packet.payload)
        try:
            blocks = red.split_untrusted(packet.payload)
        except BadPacket:
            return []
        out: list[Frame] = []
        for block in blocks:
            timestamp = packet.timestamp - block.age
            missing = self._newest is not None and timestamp > self._newest
            if not block.age or (missing and block.payload_type == blocks[-1].payload_type):
                out += self._frame(packet, timestamp, block.data)
        self._newest = packet.timestamp
        return out

    @staticmethod
    def _frame(packet: Packet, timestamp: int, data: bytes) -> list[Frame]:
        try:
            duration_untrusted(data)
        except BadPacket:
            return []
        return [Frame(packet.number, packet.arrival_ns, packet.sequence, timestamp, True, data)]
