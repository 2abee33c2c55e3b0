"""The network test: a throw-away lesson that one page publishes into and plays back, before the real one.

It is on a media worker like any lesson, so that what works here works there; but it is in no database, is not
recorded, leaves no evidence, and the worker ends it by itself.
"""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.county.errors import TooMany
from server.county.model import MediaGrant, TokenRole

from .ports import PROBE, PROBE_SECONDS, MediaError

if TYPE_CHECKING:
    from collections.abc import Callable

    from .ports import MediaPlane, RoomState
    from .tokens import MediaTokens

SOURCE = "network-test"  # what it publishes and plays
MAX_PER_HOLDER = 3  # at once, of one account or participant
MAX_OPEN = 40  # at once: each loads a worker with some Mbit/s
# The shared hash of open tests, `{id}` → `{expires_at} {holder}`; a name that no lesson has.
REGISTER = "network-tests"


@dataclass(frozen=True, slots=True)
class Probe:
    """An open test. `token` opens its WHIP and WHEP resources until `expires_at` (Unix s)."""

    id: str
    token: str
    expires_at: float


class Probes:
    """Opens network tests and ends them."""

    def __init__(self, plane: MediaPlane, rooms: RoomState, tokens: MediaTokens, now: Callable[[], float]) -> None:
        self._plane = plane
        self._rooms = rooms
        self._tokens = tokens
        self._now = now

    async def open(self, holder: str) -> Probe:
        """A test for an account or participant. Raises TooMany, Unavailable."""
        open_now = await self._open_now()
        if len(open_now) >= MAX_OPEN or sum(each == holder for _, each in open_now.values()) >= MAX_PER_HOLDER:
            wait = min(until for until, _ in open_now.values()) - self._now()
            raise TooMany(
                "too_many_tests",
                "同时进行的网络测试太多，请稍等一两分钟再测。",
                "Too many network tests at once; try again in a minute or two.",
                max(wait, 1.0),
            )
        probe_id, expires = PROBE + secrets.token_hex(12), self._now() + PROBE_SECONDS
        await self._rooms.set(REGISTER, probe_id, f"{expires:.0f} {holder}")
        grant = MediaGrant(
            lesson_id=probe_id,
            participant_id=SOURCE,
            role=TokenRole.OBSERVER,
            school_id=None,
            name="",
            expires_at=expires,
            account_id=None,
        )
        return Probe(probe_id, self._tokens.sign(grant), expires)

    async def close(self, probe_id: str) -> None:
        """End it early; harmless when it has ended. Raises Unavailable."""
        await self._rooms.delete(REGISTER, probe_id)
        await self._rooms.clear(probe_id)
        with contextlib.suppress(MediaError):  # its worker has gone, or ends it in a moment
            await self._plane.close_lesson(probe_id)

    async def _open_now(self) -> dict[str, tuple[float, str]]:
        """{id: (expires_at, holder)}; those that have ended are struck from the register."""
        found: dict[str, tuple[float, str]] = {}
        ended: list[str] = []
        for probe_id, entry in (await self._rooms.get(REGISTER)).items():
            until, _, holder = entry.partition(" ")
            if float(until) > self._now():
                found[probe_id] = float(until), holder
            else:
                ended.append(probe_id)
        for probe_id in ended:
            await self._rooms.clear(probe_id)
        await self._rooms.delete(REGISTER, *ended)
        return found
