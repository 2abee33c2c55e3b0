"""One remote end over its whole life: ICE checks, the DTLS handshake, SRTP keys, consent, the end.

Rule of use: after every `receive`, `handle_timer`, `restart` or `close`, send all `outputs()` and arm a timer for
`next_deadline()`. Media does not pass through here: use `srtp_in` and `srtp_out` once they are there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from server.peer.dtls import Certificate, Dtls
from server.peer.ice import IceLite, address_of, new_credentials
from server.peer.srtp import SrtpIn, SrtpOut
from server.wire.demux import classify

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from server.wire.sdp import Remote

State = Literal["new", "connecting", "connected", "closed"]

CONSENT = 30.0  # seconds without an authenticated check after which the peer is gone (RFC 7675 section 5.1)
PATIENCE = 30.0  # seconds from the answer to the first check, and from there to the end of the handshake

# Where each state may lead; see `_enter`.
TRANSITIONS: dict[State, frozenset[State]] = {
    "new": frozenset({"connecting", "closed"}),
    "connecting": frozenset({"connected", "closed"}),
    "connected": frozenset({"closed"}),
    "closed": frozenset(),
}


class IllegalTransition(RuntimeError):
    """A bug of ours."""


class PeerSession:
    """The four verbs for one peer. We are ICE-lite, controlled, and the DTLS server."""

    def __init__(
        self,
        remote: Remote,
        local_ufrag: str,
        local_pwd: str,
        certificate: Certificate,
        now: float,
        *,
        to_address: Callable[[Hashable], tuple[str, int]] = address_of,
        credentials: Callable[[], tuple[str, str]] = new_credentials,
    ) -> None:
        """`remote` is the client's side of the SDP; `to_address` gives a path's (host, port) (see `ice`)."""
        self._ice = IceLite(local_ufrag, local_pwd, remote.ufrag, to_address)
        self._dtls = Dtls(certificate, remote.fingerprints)
        self._credentials = credentials
        self._out: list[tuple[bytes, Hashable]] = []
        self._patience_until = now + PATIENCE
        self._dtls_deadline: float | None = None
        self.state: State = "new"
        self.close_reason: str | None = None
        self.srtp_in: SrtpIn | None = None
        self.srtp_out: SrtpOut | None = None

    @property
    def selected_path(self) -> Hashable | None:
        """Where media goes: the newest nominated path; None until one is."""
        return self._ice.selected_path

    @property
    def last_consent(self) -> float | None:
        """When the last authenticated check came."""
        return self._ice.last_check

    @property
    def local_ufrags(self) -> tuple[str, ...]:
        """The ufrags that route a first datagram here; two during a restart."""
        return self._ice.local_ufrags

    def receive(self, data: bytes, path: Hashable, now: float) -> None:
        """Take one STUN or DTLS datagram. Never raises on its content."""
        if self.state == "closed" or not data:
            return
        kind = classify(data[0])
        if kind == "stun":
            self._receive_stun(data, path, now)
        elif kind == "dtls" and self._ice.is_valid(path):  # from anywhere else it may be forged
            self._dtls.receive(data)
            self._after_dtls(now)

    def outputs(self) -> list[tuple[bytes, Hashable]]:
        """(datagram, path) to send, oldest first."""
        out, self._out = self._out, []
        return out

    def handle_timer(self, now: float) -> None:
        """Do what is due at `now`; early calls are harmless."""
        if self.state == "closed":
            return
        if self._dtls_deadline is not None and now >= self._dtls_deadline:
            self._dtls.handle_timeout()
            self._after_dtls(now)
        if self._ice.last_check is not None and now >= self._ice.last_check + CONSENT:
            self._end("consent expired")
        elif self.state != "connected" and now >= self._patience_until:
            self._end("no connection" if self.state == "new" else "handshake timed out")

    def next_deadline(self) -> float | None:
        """When `handle_timer` is wanted next; None once closed."""
        if self.state == "closed":
            return None
        deadlines = [] if self.state == "connected" else [self._patience_until]
        if self._ice.last_check is not None:
            deadlines.append(self._ice.last_check + CONSENT)
        if self._dtls_deadline is not None:
            deadlines.append(self._dtls_deadline)
        return min(deadlines)

    def restart(self, ufrag: str, pwd: str) -> tuple[str, str]:
        """ICE restart with the client's new credentials; ours come back. DTLS and SRTP go on (RFC 9725, 4.3.2)."""
        del pwd  # a lite agent sends no checks, so it never signs with the client's password
        local_ufrag, local_pwd = self._credentials()
        self._ice.restart(ufrag, local_ufrag, local_pwd)
        return local_ufrag, local_pwd

    def adopt(self, path: Hashable) -> None:
        """A packet under this session's SRTP keys came from `path`: everything goes there until a check nominates."""
        self._ice.adopt(path)

    def close(self, now: float) -> None:
        """End it: queues close_notify. Harmless when closed."""
        if self.state != "closed":
            self._dtls.close()
            self._take_dtls(now)
            self._end("closed")

    def _receive_stun(self, data: bytes, path: Hashable, now: float) -> None:
        checks = self._ice.stats.checks
        answer = self._ice.receive(data, path, now)
        if answer is not None:
            self._out.append((answer, path))
        if self.state == "new" and self._ice.stats.checks > checks:
            self._enter("connecting")
            self._patience_until = now + PATIENCE

    def _after_dtls(self, now: float) -> None:
        self._take_dtls(now)
        if self._dtls.failure is not None:
            self._end(self._dtls.failure)
        elif self._dtls.closed_by_peer:
            self._dtls.close()  # answer with our own close_notify
            self._take_dtls(now)
            self._end("closed by the peer")
        elif self._dtls.keys is not None and self.srtp_in is None:
            self.srtp_in = SrtpIn(self._dtls.keys)
            self.srtp_out = SrtpOut(self._dtls.keys)
            self._enter("connected")

    def _take_dtls(self, now: float) -> None:
        path = self._ice.selected_path if self._ice.selected_path is not None else self._ice.newest_path
        self._out += [(datagram, path) for datagram in self._dtls.outputs() if path is not None]
        timeout = self._dtls.timeout()
        self._dtls_deadline = None if timeout is None else now + timeout

    def _end(self, reason: str) -> None:
        self._enter("closed")
        self.close_reason = reason
        self.srtp_in = self.srtp_out = None

    def _enter(self, state: State) -> None:
        if state not in TRANSITIONS[self.state]:
            raise IllegalTransition(f"{self.state} → {state}")
        self.state = state
