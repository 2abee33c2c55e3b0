"""Which worker carries a lesson: placement under lease epochs, and commands to it.

A placement `{worker}:{epoch}` is good while that worker's lease has that epoch. Otherwise the lesson is placed anew on
the least loaded worker and opened there first; a compare-and-set keeps two web processes from placing it twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections import Counter, deque
from typing import TYPE_CHECKING, Any

from server.cluster import keys, placement
from server.cluster.commands import CommandClient
from server.cluster.connection import AWAY, text
from server.cluster.leases import lease_of, live_leases
from server.cluster.placement import Spread
from server.cluster.spreading import Spreading
from server.live.ports import MediaError, is_probe

if TYPE_CHECKING:
    import redis.asyncio as aioredis

log = logging.getLogger("tongke.cluster")

# How often to look again while no worker holds a lease (s): a restarted worker has one within a second.
LOOK_EVERY = 0.1
# A lesson placed this long (s) ago is among those its worker reports: leases are renewed every second.
REPORTED_AFTER = 2.0
# A placement outlives every lesson, then disappears (s).
PLACE_TTL = 24 * 3600
# The recorder's name on the command streams.
RECORDER = "recorder"

_REPLACE = """
local now = redis.call('GET', KEYS[1]) or ''
if now == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3]) return ARGV[2] end
return now
"""
_FORGET = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


class RedisMediaPlane:
    """`server.live.ports.MediaPlane` on Redis."""

    def __init__(
        self, redis: aioredis.Redis, client: CommandClient | None = None, *, spread: Spread | None = None
    ) -> None:
        self._redis = redis
        self._client = client or CommandClient(redis)
        self._spreading = Spreading(redis, self._client, spread or Spread())
        self._fresh: deque[tuple[float, str]] = deque()  # (loop time, placement) of lessons just placed

    async def close(self) -> None:
        """Stop waiting for answers."""
        await self._client.close()

    async def for_lesson(
        self, lesson_id: str, method: str, params: dict[str, Any], *, timeout: float = 5.0
    ) -> dict[str, Any]:
        """See the port."""
        loop = asyncio.get_running_loop()
        until = loop.time() + timeout
        worker = await self._placed(lesson_id, until)
        session = str(params.get("session_id", ""))
        if session and _worker_of(session) != worker:
            return await self._elsewhere(lesson_id, _worker_of(session), method, params, until)
        try:
            return await self._client.call(worker, method, params, timeout=max(until - loop.time(), 0.05))
        except MediaError as error:
            if error.code != "no_such_lesson" or method in ("lesson.open", "lesson.close"):
                raise
            # Placed by another web process a moment ago, its `lesson.open` is still on the way; opening is idempotent.
            await self._open(worker, lesson_id, until)
            return await self._client.call(worker, method, params, timeout=max(until - loop.time(), 0.05))

    async def _elsewhere(
        self, lesson_id: str, worker: str, method: str, params: dict[str, Any], until: float
    ) -> dict[str, Any]:
        """A player that another worker than the lesson's is to serve; anything else came too late."""
        origin = await self.placement(lesson_id)
        if method != "session.play" or origin is None:
            raise MediaError("unavailable", "课堂刚换到另一个媒体进程，请重新连接")
        try:
            return await self._spreading.call(lesson_id, worker, origin, method, params, until)
        except AWAY as error:
            raise _redis_away() from error

    async def for_session(
        self, session_id: str, method: str, params: dict[str, Any], *, timeout: float = 5.0
    ) -> dict[str, Any]:
        """See the port."""
        worker = _worker_of(session_id)
        try:
            lease = await lease_of(self._redis, worker)
        except AWAY as error:
            raise _redis_away() from error
        if lease is None:
            raise MediaError("no_such_session", "这个媒体会话已经结束")
        return await self._client.call(worker, method, params, timeout=timeout)

    async def new_session_id(self, lesson_id: str, *, player: str | None = None) -> str:
        """See the port; waits up to 5 s for a worker."""
        worker = await self._placed(lesson_id, asyncio.get_running_loop().time() + 5.0)
        origin = await self.placement(lesson_id) if player is not None and not is_probe(lesson_id) else None
        if player is not None and origin is not None:
            try:
                worker = await self._spreading.home(lesson_id, origin, player)
            except AWAY as error:
                raise _redis_away() from error
        return f"{worker}.{secrets.token_hex(16)}"

    async def close_lesson(self, lesson_id: str) -> None:
        """See the port. A lesson whose worker died is opened on another first: only workers can tell the recorder."""
        try:
            placed = await text(self._redis, keys.place(lesson_id))
        except AWAY as error:
            raise _redis_away() from error
        if placed is None:
            return
        until = asyncio.get_running_loop().time() + 5.0
        worker = await self._placed(lesson_id, until)
        try:
            await self._client.call(worker, "lesson.close", {"lesson_id": lesson_id})
        except MediaError as error:
            if error.code != "no_such_lesson":
                raise
        try:
            await self._spreading.closed(lesson_id)
            await self._redis.delete(keys.place(lesson_id))
        except AWAY as error:
            raise _redis_away() from error

    async def placement(self, lesson_id: str) -> str | None:
        """See the port; None also while Redis is away."""
        try:
            found = await text(self._redis, keys.place(lesson_id))
            if not found:
                return None
            worker, _, epoch = found.rpartition(":")
            lease = await lease_of(self._redis, worker)
        except AWAY:
            return None
        return found if lease is not None and lease["epoch"] == epoch else None

    async def serving(self, session_id: str) -> str | None:
        """See the port; None also while Redis is away."""
        try:
            lease = await lease_of(self._redis, _worker_of(session_id))
        except AWAY:
            return None
        return None if lease is None else placement.name_of(lease)

    async def tell_lesson(self, lesson_id: str, method: str, params: dict[str, Any], *, timeout: float = 2.0) -> None:
        """See the port."""
        placed = await self.placement(lesson_id)
        if placed is not None:
            await self._client.call(placed.rpartition(":")[0], method, params, timeout=timeout)

    async def close_recording(self, lesson_id: str) -> None:
        """See the port."""
        try:
            await self._client.call(RECORDER, "recording.close", {"lesson_id": lesson_id})
        except MediaError as error:
            log.warning("the recorder was not told that lesson %s is over: %s", lesson_id, error.detail)

    async def workers(self) -> list[dict[str, Any]]:
        """See the port; [] while Redis is away."""
        try:
            return await live_leases(self._redis)
        except AWAY:
            return []

    async def _placed(self, lesson_id: str, until: float) -> str:
        """The worker that carries the lesson, placed and opened there if need be, by loop time `until`."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                worker, epoch, fresh = await self._place(lesson_id)
            except AWAY as error:
                if loop.time() + LOOK_EVERY > until:
                    raise _redis_away() from error
                worker, epoch, fresh = None, "", False
            if worker is not None and await self._is_open(worker, epoch, lesson_id, until, fresh=fresh):
                return worker
            if loop.time() + LOOK_EVERY > until:
                raise MediaError("unavailable", "没有可用的媒体进程，请稍后再试；如持续出现，请联系管理员")
            await asyncio.sleep(LOOK_EVERY)

    async def _is_open(self, worker: str, epoch: str, lesson_id: str, until: float, *, fresh: bool) -> bool:
        """Open a lesson that was just placed; False: that life of the worker was over, its lease not yet."""
        if fresh:
            try:
                await self._open(worker, lesson_id, until, epoch)
            except MediaError as error:
                if error.code != "other_epoch":
                    raise
                return False
        return True

    async def _place(self, lesson_id: str) -> tuple[str | None, str, bool]:
        """(worker or None when none is alive, its epoch, whether the placement is new). Raises redis' errors."""
        old = await text(self._redis, keys.place(lesson_id)) or ""
        if old:
            worker, _, epoch = old.rpartition(":")
            lease = await lease_of(self._redis, worker)
            if lease is not None and lease["epoch"] == epoch:
                return worker, epoch, False
        leases = await live_leases(self._redis)
        if not leases:
            return None, "", False
        best = placement.least_loaded(leases, self._lately())
        wanted = placement.name_of(best)
        got = await self._redis.eval(_REPLACE, 1, keys.place(lesson_id), old, wanted, str(PLACE_TTL))
        if got != wanted:
            return None, "", False  # another web process was faster: look again
        self._fresh.append((asyncio.get_running_loop().time(), wanted))
        log.info("lesson %s is placed on %s", lesson_id, best["worker"])
        return str(best["worker"]), str(best["epoch"]), True

    def _lately(self) -> Counter[str]:
        """How many lessons were placed where since the workers last told how many they carry."""
        since = asyncio.get_running_loop().time() - REPORTED_AFTER
        while self._fresh and self._fresh[0][0] < since:
            self._fresh.popleft()
        return Counter(where for _, where in self._fresh)

    async def _open(self, worker: str, lesson_id: str, until: float, epoch: str | None = None) -> None:
        """`lesson.open`; only by the worker's life of that epoch, if one is named."""
        left = max(until - asyncio.get_running_loop().time(), 0.05)
        try:
            params = {"lesson_id": lesson_id} | ({} if epoch is None else {"epoch": epoch})
            await self._client.call(worker, "lesson.open", params, timeout=left)
        except MediaError:
            # An unopened placement must not be found good by the next caller.
            with contextlib.suppress(*AWAY):
                placed = await text(self._redis, keys.place(lesson_id))
                if placed is not None and placed.rpartition(":")[0] == worker:
                    await self._redis.eval(_FORGET, 1, keys.place(lesson_id), placed)
            raise


def _worker_of(session_id: str) -> str:
    worker, dot, _ = session_id.partition(".")
    if not dot or not worker:
        raise MediaError("no_such_session", "没有这个媒体会话")
    return worker


def _redis_away() -> MediaError:
    return MediaError("unavailable", "消息服务（Redis）暂时不可用，正在自动恢复，请稍后再试")
