"""One WHIP or WHEP session: a remote peer, and what it sends or plays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from server.forward.fanout import Target
from server.media import addresses
from server.media.flow import FlowKey, Sampled
from server.media.libc import libc

if TYPE_CHECKING:
    from collections.abc import Hashable

    from server.forward.egress import Egress
    from server.forward.ingress import Ingress
    from server.forward.relay import Relay
    from server.forward.streams import InboundStream
    from server.forward.subscriptions import Subscription
    from server.media.lessons import Lesson, Source
    from server.peer.session import PeerSession
    from server.peer.srtp import SrtpOut

ANSWERING = 10.0  # s: a receiver that was heard within this counts as receiving
MAX_PATHS = 16  # addresses kept per peer

Path = tuple[int, bytes]
"""(socket index, remote address as the kernel wrote it)"""


def host_and_port(path: Hashable) -> tuple[str, int]:
    """A path's remote address, as the peer writes it into its STUN answers."""
    _, name = cast("Path", path)
    return addresses.unpack(name)


@dataclass(eq=False)
class Session:
    """What both kinds share. The peer's own state machine is in `peer`; this is where its datagrams belong."""

    id: str
    lesson: Lesson
    source: Source
    participant_id: str
    direction: str
    peer: PeerSession
    opened_at: float
    ufrags: list[str] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    selected: Path | None = None
    address: Any = None  # the selected remote address as C memory, kept alive for the rows that point to it
    connected: bool = False
    closed: bool = False
    due: float = 0.0  # when its timers are to be looked at next, monotonic

    def select(self, path: Path) -> None:
        """The path media takes from now on."""
        self.selected = path
        self.address = libc().ffi.new("unsigned char[]", path[1])

    @property
    def address_pointer(self) -> int:
        return int(libc().ffi.cast("uintptr_t", self.address))

    @property
    def last_heard(self) -> float:
        """The last authenticated check, or the moment of the offer."""
        consent = self.peer.last_consent
        return self.opened_at if consent is None else max(consent, self.opened_at)


@dataclass(slots=True)
class Track:
    """Where an inbound stream's packets go besides its subscribers."""

    relay: Relay
    key: FlowKey
    number: int | None = None  # on the tap, while it is recorded: of a track's layers one is
    sampled: Sampled = field(default_factory=Sampled)


@dataclass(eq=False)
class Publisher(Session):
    """Somebody who sends."""

    school_id: str | None = None
    ingress: Ingress = field(default=None)  # type: ignore[assignment]
    tracks: dict[InboundStream, Track] = field(default_factory=dict)


@dataclass(eq=False)
class Player(Session):
    """Somebody who plays one source."""

    egress: Egress = field(default=None)  # type: ignore[assignment]
    sampled: list[tuple[Subscription, FlowKey, Sampled]] = field(default_factory=list)
    srtp: SrtpOut | None = None
    slot: int = -1  # in the worker's send book, where the receiver gives transport-wide feedback
    estimate: float | None = None  # bit/s that its participant's line is thought to carry
    held_back: bool = False  # the line, not the page, keeps the picture from its best

    def target(self) -> Target:
        """Where its rows go; only once connected. Keeps the SRTP session alive as long as rows may point to it."""
        self.srtp = self.peer.srtp_out or self.srtp
        assert self.selected is not None
        assert self.srtp is not None
        return Target(self.selected[0], self.address_pointer, self.srtp.session, self.srtp.trailer)

    def answering(self, now: float) -> bool:
        """Whether the receiver was heard lately: RTCP or consent."""
        return now - max(self.last_heard, self.egress.last_report) < ANSWERING
