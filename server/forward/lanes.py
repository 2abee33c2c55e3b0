"""A lane: one stream in one form, numbered without holes but real losses, and everybody who is sent it.

The whole stream is a lane; the same without its upper temporal layers, or its keyframes alone, or its RED unpacked for
those who know only Opus, are others. What is left out leaves no trace: sequence numbers and VP8's picture ids close
ranks, or receivers would ask for what was never sent to them.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from server.forward.history import History
from server.forward.packet import FILLER, MEDIA, RED, Packet
from server.forward.red import primary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from server.forward.fanout import RowGroup
    from server.forward.rows import Shape
    from server.forward.streams import InboundStream

ALL = 7  # temporal layers: no more than eight exist in any codec's descriptor
KEYFRAMES = -1  # instead of a temporal layer: pictures that need no other
REMEMBERED = 1024  # left-out packets that are remembered for late ones before them


class Lane:
    """`pass_on` gives a batch in this lane's form; `groups` are whom it goes to."""

    def __init__(self, stream: InboundStream, temporal: int = ALL, *, plain: bool = False) -> None:
        self.stream = stream
        self.temporal = temporal
        self.plain = plain
        self.groups: dict[tuple[int, int, Shape], list[RowGroup]] = {}  # by socket, SRTP trailer and header
        self.sequence = -1  # the highest number given out
        self.packets = 0  # handed to the subscribers
        self.octets = 0
        self._whole = temporal >= ALL and not plain
        self.filtered = temporal < ALL  # pictures are counted anew
        self._newest = -1  # the stream's number of the newest packet looked at
        self._history = stream.history if self._whole else History()
        self._left_out: deque[tuple[int, int]] = deque(maxlen=REMEMBERED)  # (number, whether its picture began there)
        self._count = 0  # packets left out so far
        self._pictures = 0  # pictures left out so far
        self._last_left_out = -1  # the newest picture left out
        self._kept_timestamp = -1

    def get(self, sequence: int) -> Packet | None:
        """A packet of this lane by its number, while it is kept."""
        return self._history.get(sequence)

    def pass_on(self, packets: Sequence[Packet]) -> Sequence[Packet]:
        """What of a batch goes out, as this lane numbers it."""
        if not self._whole:
            packets = [out for packet in packets if (out := self._take(packet)) is not None]
            for packet in packets:
                self._history.put(packet)
        for packet in packets:
            if packet.sequence > self.sequence:
                self.sequence = packet.sequence
            self.packets += 1
            self.octets += packet.end - packet.start
        return packets

    def renumbered(self, packet: Packet) -> Packet:
        """A packet of the stream under the numbers of this lane."""
        packets, pictures = self._left_out_before(packet.sequence)
        if not packets:
            return packet
        picture = packet.picture
        if picture is not None:
            picture = picture._replace(id=(picture.id - pictures) & 0x7FFF)
        return packet._replace(sequence=packet.sequence - packets, picture=picture)

    def _take(self, packet: Packet) -> Packet | None:
        if self.plain and packet.form == RED:
            found = primary(packet.raw, packet.start, packet.end)
            if found is None:
                return self._filler(packet)
            packet = packet._replace(start=found[1], end=found[2], form=MEDIA)
        if not self.filtered:
            return packet
        newest = packet.sequence > self._newest
        if newest:
            self._newest = packet.sequence
        if self._wanted(packet):
            return self.renumbered(packet)
        if not newest:
            # It was missed before it was known to be of no use here: its hole is filled, or it would be asked for.
            return self._filler(packet)
        begins = packet.picture is not None and packet.picture.id != self._last_left_out
        if packet.picture is not None:
            self._last_left_out = packet.picture.id
        self._left_out.append((packet.sequence, int(begins)))
        self._count += 1
        self._pictures += begins
        return None

    def _wanted(self, packet: Packet) -> bool:
        if self.temporal >= 0:
            return packet.tid <= self.temporal
        if packet.keyframe:
            self._kept_timestamp = packet.timestamp
        return packet.timestamp == self._kept_timestamp

    def _filler(self, packet: Packet) -> Packet:
        number = packet.sequence - self._left_out_before(packet.sequence)[0]
        return Packet(number, packet.timestamp, 0, b"", 0, 0, False, form=FILLER)

    def _left_out_before(self, sequence: int) -> tuple[int, int]:
        """(packets, pictures) left out before this number of the stream."""
        packets, pictures = self._count, self._pictures
        for number, begins in reversed(self._left_out):
            if number < sequence:
                break
            packets -= 1
            pictures -= begins
        return packets, pictures
