"""Puts the packets of one SSRC back in order and says where some are missing.

A packet that came too early waits until the hole before it fills, or until it has waited long enough: recording is
in no hurry, and a retransmission needs a round trip or two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.wire import seqno

if TYPE_CHECKING:
    from recorder.depacket.units import Packet

WAIT_NS = 600_000_000  # two retransmissions over a 200 ms round trip, and their timers
DEPTH = 512  # packets; about 2.5 s of 720p
# After so many packets in a row from far behind what was delivered, the sender has begun to count anew.
RESTART_AFTER = 32


class Reorder:
    """`push` and `expire` return what is now in order, as (packet, whether packets before it are lost)."""

    def __init__(self) -> None:
        self._next: int | None = None
        self._held: dict[int, Packet] = {}
        self._stale = 0
        self.lost = 0  # packets given up

    def expect(self, sequence: int) -> None:
        """The next packet in order is the one with this extended sequence number (continuing an earlier recording)."""
        self._next = sequence

    def extend(self, sequence: int) -> int:
        """The extended form of a 16-bit sequence number, near where we are."""
        return sequence if self._next is None else seqno.extend(sequence, self._next)

    @property
    def oldest(self) -> Packet | None:
        """The held packet with the lowest record number, if any waits."""
        return min(self._held.values(), key=lambda packet: packet.number) if self._held else None

    def push(self, packet: Packet) -> list[tuple[Packet, bool]]:
        """Take one packet; duplicates and what comes after its hole was given up are dropped."""
        sequence = packet.sequence
        if self._next is None or sequence == self._next:
            self._next = sequence + 1
            self._stale = 0
            if not self._held:
                return [(packet, False)]
            return [(packet, False), *self._in_order()]
        if sequence < self._next:
            self._stale += sequence < self._next - DEPTH
            if self._stale < RESTART_AFTER:
                return []
            self._held.clear()
            self._stale = 0
            self._next = sequence + 1
            return [(packet, True)]
        self._stale = 0
        self._held.setdefault(sequence, packet)
        if len(self._held) > DEPTH:
            return self._skip()
        return self.expire(packet.arrival_ns)

    def skip(self, sequence: int) -> list[tuple[Packet, bool]]:
        """A packet without payload (padding) had this extended sequence number: nothing is missing there."""
        if self._next is not None and sequence == self._next:
            self._next += 1
            return self._in_order() if self._held else []
        return []

    def expire(self, now_ns: int) -> list[tuple[Packet, bool]]:
        """Give up holes whose followers have waited for `WAIT_NS`."""
        out: list[tuple[Packet, bool]] = []
        while self._held and now_ns - min(packet.arrival_ns for packet in self._held.values()) > WAIT_NS:
            out += self._skip()
        return out

    def flush(self) -> list[tuple[Packet, bool]]:
        """Everything still held: the track is over."""
        out: list[tuple[Packet, bool]] = []
        while self._held:
            out += self._skip()
        return out

    def _skip(self) -> list[tuple[Packet, bool]]:
        first = min(self._held)
        self.lost += first - (self._next or first)
        self._next = first
        out = self._in_order()
        return [(out[0][0], True), *out[1:]]

    def _in_order(self) -> list[tuple[Packet, bool]]:
        out = []
        assert self._next is not None
        while (packet := self._held.pop(self._next, None)) is not None:
            out.append((packet, False))
            self._next += 1
        return out
