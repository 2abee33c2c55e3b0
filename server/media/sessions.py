"""One WHIP or WHEP session: a remote peer, and what it sends or plays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from server.forward.fanout import Target
from server.media.flow import FlowKey, Sampled
from server.media.libc import libc

if TYPE_CHECKING:
    from server.forward.egress import Egress
    from server.forward.ingress import Ingress
    from server.forward.relay import Relay
    from server.forward.streams import InboundStream
    from server.forward.subscriptions import Subscription
    from server.media.lessons import Lesson, Source
    from server.peer.session import PeerSession

CONNECT_TIMEOUT = 30.0  # s from the offer to DTLS done
CONSENT_TIMEOUT = 30.0  # s without an authenticated check (RFC 7675 section 5.1)
ANSWERING = 10.0  # s: a receiver that was heard within this counts as receiving
MAX_PATHS = 16  # addresses kept per peer

Path = tuple[int, bytes]
"""(socket index, remote address as the kernel wrote it)"""


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

    def overdue(self, now: float) -> str | None:
        """Why this session is to be closed, if it is."""
        if not self.connected:
            return "timeout" if now - self.opened_at > CONNECT_TIMEOUT else None
        return "consent" if now - self.last_heard > CONSENT_TIMEOUT else None

    @property
    def last_heard(self) -> float:
        """The last authenticated check, or the moment of the offer."""
        consent = self.peer.last_consent
        return self.opened_at if consent is None else max(consent, self.opened_at)


@dataclass(slots=True)
class Track:
    """Where an inbound stream's packets go besides its subscribers."""

    relay: Relay
    number: int  # on the tap
    key: FlowKey
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
    sampled: dict[Subscription, Sampled] = field(default_factory=dict)

    def target(self) -> Target:
        """Where its rows go; only once connected."""
        assert self.selected is not None
        return Target(self.selected[0], self.address_pointer, self.peer.srtp_out.session)

    def answering(self, now: float) -> bool:
        """Whether the receiver was heard lately: RTCP or consent."""
        return now - max(self.last_heard, self.egress.last_report) < ANSWERING
