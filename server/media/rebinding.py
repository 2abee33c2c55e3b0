"""Whose media is this, from an address nobody knows? A NAT that forgot its mapping, or a phone that changed networks.

The browser keeps sending under the same keys long before its next connectivity check comes, so SRTP itself tells who
it is: the SSRC names the sessions it may be, and the packet's authentication decides. Replayed packets fail in
libsrtp. What strangers can make us do is bounded: so many looks, and so many authentications, a second.
"""

from __future__ import annotations

from heapq import nsmallest
from typing import TYPE_CHECKING

from server.media.sessions import Player

if TYPE_CHECKING:
    from server.media.sessions import Path, Session

LOOKS = 100.0  # packets of strangers per second whose SSRC is looked at closely
TRIES = 1000.0  # authentications per second: about 2 µs each, so at most 0.2 % of a core
# Publishers' SSRCs are random, so one session has them. Chromium's receivers all report as SSRC 1 (and 0xFA17FA17
# for sound): of many, so many are tried, first those at the same host, then those not heard for the longest time.
CANDIDATES = 16
MAX_SSRCS = 16  # per session: three layers, sound and a screen, over some changes of source


class _Allowance:
    """So many a second, one second's worth at once."""

    __slots__ = ("_at", "_left", "_rate")

    def __init__(self, rate: float) -> None:
        self._rate, self._left, self._at = rate, rate, 0.0

    def take(self, now: float) -> bool:
        self._left = min(self._rate, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True


class Rebinding:
    """Sessions by the SSRCs that their packets were seen to carry."""

    def __init__(self) -> None:
        self._sessions: dict[int, dict[Session, None]] = {}
        self._ssrcs: dict[Session, dict[int, None]] = {}
        self._looks = _Allowance(LOOKS)
        self._tries = _Allowance(TRIES)

    def learn(self, session: Session, ssrc: int) -> None:
        """An authenticated packet of this session carried `ssrc` (as RTP source, or as the sender of RTCP)."""
        known = self._ssrcs.setdefault(session, {})
        if ssrc in known:
            return
        if len(known) >= MAX_SSRCS:
            self._drop(session, next(iter(known)))
        known[ssrc] = None
        self._sessions.setdefault(ssrc, {})[session] = None

    def forget(self, session: Session) -> None:
        """It has ended."""
        for ssrc in list(self._ssrcs.get(session, ())):
            self._drop(session, ssrc)
        self._ssrcs.pop(session, None)

    def _drop(self, session: Session, ssrc: int) -> None:
        self._ssrcs[session].pop(ssrc, None)
        sessions = self._sessions[ssrc]
        sessions.pop(session, None)
        if not sessions:
            del self._sessions[ssrc]

    def owner(self, datagram: bytes, path: Path, now: float) -> Session | None:
        """The session that sent this SRTP or SRTCP datagram, proven by its keys; None for a stranger's.

        The proof uses the packet up: it would be a replay if it were unprotected again.
        """
        rtcp = 191 < datagram[1] < 224
        known = self._sessions.get(int.from_bytes(datagram[4:8] if rtcp else datagram[8:12], "big"))
        if known is None or not self._looks.take(now):
            return None
        for session in known if len(known) == 1 else nsmallest(CANDIDATES, known, lambda each: _order(each, path)):
            keys = session.peer.srtp_in
            if keys is None or not self._tries.take(now):
                continue
            plain = keys.unprotect_rtcp_bytes(datagram) if rtcp else keys.unprotect_bytes(datagram)
            if plain is not None:
                return session
        return None


def _order(session: Session, path: Path) -> tuple[bool, float]:
    """A NAT that forgets keeps its host (a `sockaddr` without the two bytes of the port); who moved has been silent."""
    name = session.selected[1] if session.selected is not None else b""
    elsewhere = (name[:2], name[4:]) != (path[1][:2], path[1][4:])
    heard = session.egress.last_report if isinstance(session, Player) else session.last_heard
    return elsewhere, heard
