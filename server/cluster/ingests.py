"""The pulls that are wanted and how they fare, in Redis: what is lost there is wanted again by a press."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

from server.cluster import keys
from server.cluster.connection import AWAY, redis_away
from server.live.ingest import Ingest, IngestState, Target

if TYPE_CHECKING:
    from collections.abc import Awaitable

    import redis.asyncio as aioredis

STATE_TTL = 20  # s; the process tells every 2 s, and at least once between two tries


class RedisIngests:
    """`server.live.ingest.Ingests`, and what the ingest process needs beside it."""

    def __init__(self, redis: aioredis.Redis) -> None:
        self._redis = redis

    async def add(self, ingest: Ingest) -> None:
        """See the port."""
        await _there(self._redis.hset(keys.INGESTS, ingest.id, json.dumps(asdict(ingest))))

    async def all(self) -> list[Ingest]:
        """Every pull that is wanted. Raises Unavailable."""
        rows: dict[str, str] = await _there(self._redis.hgetall(keys.INGESTS))  # type: ignore[assignment]
        return [ingest for ingest in map(_read, rows.values()) if ingest is not None]

    async def of_lesson(self, lesson_id: str) -> list[tuple[Ingest, IngestState]]:
        """See the port."""
        found = [ingest for ingest in await self.all() if ingest.lesson_id == lesson_id]
        return [(ingest, await self._state(ingest.id)) for ingest in sorted(found, key=lambda one: one.id)]

    async def remove(self, ingest_id: str) -> None:
        """See the port."""
        await _there(self._redis.hdel(keys.INGESTS, ingest_id))
        await _there(self._redis.delete(keys.ingest(ingest_id)))

    async def tell(self, ingest_id: str, state: IngestState) -> None:
        """How it fares; lost while Redis is away."""
        try:
            await self._redis.set(keys.ingest(ingest_id), json.dumps(asdict(state)), ex=STATE_TTL)
        except AWAY:
            return

    async def _state(self, ingest_id: str) -> IngestState:
        text = await _there(self._redis.get(keys.ingest(ingest_id)))
        try:
            return IngestState(**json.loads(str(text))) if text else IngestState(since=time.time())
        except (ValueError, TypeError):
            return IngestState(since=time.time())


def _read(text: str) -> Ingest | None:
    try:
        value = json.loads(text)
        return Ingest(**{**value, "target": Target(**value["target"])})
    except (ValueError, TypeError, KeyError):
        return None


async def _there(command: Awaitable[object]) -> object:
    """Raises Unavailable."""
    try:
        return await command
    except AWAY:
        raise redis_away() from None
