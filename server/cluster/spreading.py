"""Players of a lesson that its worker has no room for: which other worker serves them, as a mirror of the lesson."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from typing import TYPE_CHECKING, Any, cast

from server.cluster import keys
from server.cluster.leases import live_leases
from server.cluster.placement import Spread, for_player, name_of
from server.live.ports import MediaError

if TYPE_CHECKING:
    from collections.abc import Awaitable

    import redis.asyncio as aioredis

    from server.cluster.commands import CommandClient

log = logging.getLogger("tongke.cluster")

LEASES_FOR = 0.5  # s that the leases are not read again: hundreds join at once
REPORTED_AFTER = 2.0  # s: a player that joined this long ago is among those its worker reports
HOMES_TTL = 24 * 3600  # s, as a placement


class Spreading:
    """One participant's players are all on one worker, its home in the lesson: they share a line and a budget."""

    def __init__(self, redis: aioredis.Redis, client: CommandClient, spread: Spread) -> None:
        self._redis = redis
        self._client = client
        self._spread = spread
        self._fresh: deque[tuple[float, str, str]] = deque()  # (loop time, lesson, life) of players just admitted
        self._leases: list[dict[str, Any]] = []
        self._leases_due = 0.0
        self._mirrored: set[tuple[str, str, str]] = set()  # lesson, mirror's life, origin's life

    async def home(self, lesson_id: str, origin: str, participant: str) -> str:
        """The worker (name) for a participant's next player in a lesson that the life `origin` carries.

        Raises redis' errors.
        """
        leases = await self._look()
        if len(leases) < 2:
            return _worker(origin)
        known = await cast("Awaitable[str | None]", self._redis.hget(keys.homes(lesson_id), participant))
        if known is not None and known in {name_of(lease) for lease in leases}:
            chosen = known
        else:
            chosen = for_player(leases, origin, lesson_id, self._lately(lesson_id), self._spread)
            await self._settle(lesson_id, participant, chosen)
        self._fresh.append((asyncio.get_running_loop().time(), lesson_id, chosen))
        return _worker(chosen)

    async def call(
        self, lesson_id: str, worker: str, origin: str, method: str, params: dict[str, Any], until: float
    ) -> dict[str, Any]:
        """A command to a worker that mirrors a lesson of the life `origin`, which it may have to begin first.

        Raises MediaError, redis' errors.
        """
        leases = {str(lease["worker"]): lease for lease in await self._look()}
        mirror, carrier = leases.get(worker), leases.get(_worker(origin))
        if mirror is None or carrier is None or name_of(carrier) != origin or not carrier.get("link"):
            raise _gone()
        known = (lesson_id, name_of(mirror), origin)
        begin = {
            "lesson_id": lesson_id, "origin": origin, "path": carrier["link"], "epoch": mirror["epoch"],
        }  # fmt: skip
        try:
            if known not in self._mirrored:
                await self._client.call(worker, "lesson.mirror", begin, timeout=_left(until))
                self._mirrored.add(known)
                log.info("lesson %s of %s is mirrored by %s", lesson_id, origin, worker)
            try:
                return await self._client.call(worker, method, params, timeout=_left(until))
            except MediaError as error:
                if error.code != "no_such_lesson":
                    raise
                await self._client.call(worker, "lesson.mirror", begin, timeout=_left(until))
                return await self._client.call(worker, method, params, timeout=_left(until))
        except MediaError as error:
            self._mirrored.discard(known)
            if error.code in ("unavailable", "other_epoch", "bad_request", "no_such_lesson"):
                # whoever comes again is served where the lesson is
                await self._settle(lesson_id, str(params.get("participant_id", "")), origin)
                raise _gone() from error
            raise

    async def closed(self, lesson_id: str) -> None:
        """The lesson is over. Raises redis' errors."""
        self._mirrored = {each for each in self._mirrored if each[0] != lesson_id}
        await self._redis.delete(keys.homes(lesson_id))

    async def _settle(self, lesson_id: str, participant: str, life: str) -> None:
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.hset(keys.homes(lesson_id), participant, life)
            pipe.expire(keys.homes(lesson_id), HOMES_TTL)
            await pipe.execute()

    async def _look(self) -> list[dict[str, Any]]:
        now = asyncio.get_running_loop().time()
        if now >= self._leases_due:
            self._leases_due = now + LEASES_FOR
            self._leases = await live_leases(self._redis)
        return self._leases

    def _lately(self, lesson_id: str) -> Counter[str]:
        since = asyncio.get_running_loop().time() - REPORTED_AFTER
        while self._fresh and self._fresh[0][0] < since:
            self._fresh.popleft()
        return Counter(life for _, lesson, life in self._fresh if lesson == lesson_id)


def _worker(life: str) -> str:
    return life.rpartition(":")[0]


def _left(until: float) -> float:
    return max(until - asyncio.get_running_loop().time(), 0.05)


def _gone() -> MediaError:
    return MediaError("unavailable", "课堂刚换到另一个媒体进程，请重新连接")
