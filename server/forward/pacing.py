"""Packets of one subscriber held back to what its line takes: a keyframe sent in one go would lose its own tail."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from server.forward.slides import SlideShow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from server.forward.fanout import RowGroup
    from server.forward.packet import Packet

FACTOR = 1.2  # of the estimate: a keyframe that fills the line's queue would be taken for too much picture
BURST = 0.010  # s of the rate that may leave at once after a pause
LONGEST = 0.6  # s that a packet may be held; older pictures are worth less than a new keyframe
LONGEST_SLIDE = 4.0  # the same of a screen: a slide's first picture takes seconds, and so would a keyframe


class Pacer:
    """A queue with a token bucket.

    `rate` is the line's estimate in bit/s, `longest` the s that a packet may be held; `slides` chooses keyframes where
    they go alone.
    """

    def __init__(self, rate: float = 1_000_000.0) -> None:
        self.rate = rate
        self.longest = LONGEST
        self.slides = SlideShow()
        self.queue: deque[tuple[int, RowGroup, Packet]] = deque()
        self._octets = 0
        self._tokens = 0.0
        self._at = 0.0

    @property
    def delay(self) -> float:
        """s until the newest packet leaves."""
        return self._octets * 8 / (self.rate * FACTOR)

    @property
    def busy(self) -> bool:
        """Whether much is held, so that another keyframe should not follow yet."""
        return self.delay > LONGEST

    @property
    def full(self) -> bool:
        """Whether what comes now would wait too long."""
        return self.delay > self.longest

    def put(self, socket: int, group: RowGroup, packets: Sequence[Packet], now: float) -> None:
        """Hold packets for `socket`."""
        if not self.queue:
            self._refill(now)
        for packet in packets:
            self.queue.append((socket, group, packet))
            self._octets += packet.end - packet.start

    def cut(self, group: RowGroup | None = None) -> int | None:
        """Throw away everything; the number of the first packet that `group` (else the newest) will not send."""
        if group is None and self.queue:
            group = self.queue[-1][1]
        first = next((packet.sequence for _, held, packet in self.queue if held is group), None)
        self.queue.clear()
        self._octets = 0
        return first

    def spend(self, octets: int) -> None:
        """Something else went the same way."""
        self._tokens -= octets

    def due(self, now: float) -> Iterator[tuple[int, RowGroup, list[Packet]]]:
        """What may leave by `now`, in order, packets of one picture to one group together."""
        self._refill(now)
        run: list[Packet] = []
        where: tuple[int, RowGroup] | None = None
        while self.queue and self._tokens >= 0:
            socket, group, packet = self.queue.popleft()
            size = packet.end - packet.start
            self._octets -= size
            self._tokens -= size
            if where is not None and (socket, group) != where:
                yield (*where, run)
                run = []
            where = (socket, group)
            run.append(packet)
        if where is not None and run:
            yield (*where, run)

    def _refill(self, now: float) -> None:
        per_second = self.rate * FACTOR / 8
        self._tokens = min(self._tokens + (now - self._at) * per_second, BURST * per_second)
        self._at = now
