"""A stream that another worker of this machine receives and passes on to this one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from server.forward.clock import Mapping, PublisherClock
from server.forward.streams import InboundStream

if TYPE_CHECKING:
    from collections.abc import Sequence


class Figures(NamedTuple):
    """What the origin knows of a layer, also of one that it does not pass on."""

    height: int
    last_arrival: float  # monotonic, of this machine
    keyframe_octets: int
    temporal_octets: Sequence[int]


class MirroredStream(InboundStream):
    """As at its origin: numbers come from there without the padding-only packets, times too (one machine, one clock).

    A layer that nobody here wants is not passed on; its rate, height and life are told by `adopt`, so that it can be
    chosen.
    """

    def __init__(
        self,
        *,
        ssrc: int,
        mid: str,
        kind: str,
        codec: str,
        payload_type: int,
        clock_rate: int,
        rid: str,
        rank: int,
        red_type: int,
    ) -> None:
        super().__init__(
            ssrc=ssrc,
            mid=mid,
            kind=kind,
            codec=codec,
            payload_type=payload_type,
            clock_rate=clock_rate,
            clock=PublisherClock(),
            rid=rid,
            rank=rank,
            red_type=red_type,
        )
        self.wanted = False
        self._told: Figures | None = None

    def sampled(self, wall: float, timestamp: int) -> None:
        """The publisher's sender report, on the origin's clock: when (Unix s) which timestamp was sampled."""
        self._mapping = Mapping(wall, timestamp, from_report=True)

    def adopt(self, figures: Figures) -> None:
        """Count what comes to the origin while it does not come here."""
        before, self._told = self._told, figures
        self.height = figures.height or self.height
        if self.wanted:
            return
        self.last_arrival = max(self.last_arrival, figures.last_arrival)
        self.keyframe_octets = figures.keyframe_octets
        if before is None:
            return
        for index, (was, now) in enumerate(zip(before.temporal_octets, figures.temporal_octets, strict=True)):
            self.temporal_octets[index] += max(0, now - was)
