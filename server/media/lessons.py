"""The lessons a worker carries: their sources, and the sessions on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from server.forward.relay import Relay
from server.media.flow import FlowMeter
from server.media.mmsg import MAX_ROWS

if TYPE_CHECKING:
    from server.forward.allocation import Choice
    from server.forward.streams import InboundStream
    from server.media.sessions import Player, Publisher, Session

KINDS = ("audio", "video")
SCREEN = "screen"  # the source that is text and slides


@dataclass(eq=False)
class Source:
    """What WHIP publishes and WHEP plays: a name, at most one publisher, any number of players."""

    name: str
    publisher: Publisher | None = None
    players: set[Player] = field(default_factory=set)
    living: list[InboundStream] = field(default_factory=list)  # layers of the picture that came at the last look
    mirrored: bool = False  # its streams come from another worker
    relays: dict[str, Relay] = field(default_factory=lambda: {kind: Relay(kind, MAX_ROWS) for kind in KINDS})


class Wish(NamedTuple):
    """What a page shows of a source: pixels of height (0: it is not shown), and what its people chose."""

    height: int
    choice: Choice


@dataclass(eq=False)
class Lesson:
    """One lesson's media."""

    id: str
    opened_at: float = 0.0  # monotonic
    mirrored: bool = False  # its publishers and its recording are another worker's
    sources: dict[str, Source] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    flow: FlowMeter = field(default_factory=FlowMeter)
    wishes: dict[tuple[str, str], Wish] = field(default_factory=dict)  # by participant and source

    def source(self, name: str) -> Source:
        """The source of that name, there or not yet."""
        found = self.sources.get(name)
        if found is None:
            found = self.sources[name] = Source(name)
        return found
