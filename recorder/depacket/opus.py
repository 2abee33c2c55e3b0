"""Opus over RTP (RFC 7587): every packet is a frame; how long it lasts (RFC 6716 section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

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

    def resume(self) -> None:
        """Nothing to restore."""

    def lost(self) -> None:
        """Nothing depends on what is missing; the hole is filled by time."""

    def add(self, packet: Packet) -> list[Frame]:
        """The packet as a frame; [] if it is no Opus."""
        try:
            duration_untrusted(packet.payload)
        except BadPacket:
            return []
        return [Frame(packet.number, packet.arrival_ns, packet.sequence, packet.timestamp, True, packet.payload)]
