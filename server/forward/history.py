"""A bounded ring of a stream's last packets, for retransmission."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.forward.packet import Packet

SIZE = 1024  # packets, a power of two: 5 s of 720p at 1.5 Mbit/s, 1.2 MB


class History:
    """Packets by their extended sequence; an old one gives way to the one `SIZE` later."""

    def __init__(self) -> None:
        self.ring: list[Packet | None] = [None] * SIZE  # a packet at its sequence modulo `SIZE`

    def put(self, packet: Packet) -> None:
        self.ring[packet.sequence & (SIZE - 1)] = packet

    def get(self, sequence: int) -> Packet | None:
        """The packet with exactly this sequence, None when it never came or is gone."""
        packet = self.ring[sequence & (SIZE - 1)]
        return packet if packet is not None and packet.sequence == sequence else None
