"""The shared hash of a lesson's room: stage, layout, who is connected."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from server.cluster import keys
from server.cluster.connection import patiently

if TYPE_CHECKING:
    import redis.asyncio as aioredis

# A room nobody touches is forgotten after a day (s).
TTL = 24 * 3600
# How long a page's message waits for a Redis that restarts (s).
PATIENCE = 3.0


class RedisRoomState:
    """`server.live.ports.RoomState` on Redis. Raises Unavailable when it is away for more than 3 s."""

    def __init__(self, redis: aioredis.Redis) -> None:
        self._redis = redis

    async def get(self, lesson_id: str) -> dict[str, str]:
        """All fields; {} for an unknown room."""

        async def call() -> dict[str, str]:
            return cast("dict[str, str]", await self._redis.hgetall(keys.room(lesson_id)))

        return await patiently(call, "reading a room", seconds=PATIENCE)

    async def set(self, lesson_id: str, field: str, value: str) -> None:
        """Set one field."""

        async def call() -> None:
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.hset(keys.room(lesson_id), field, value)
                pipe.expire(keys.room(lesson_id), TTL)
                await pipe.execute()

        await patiently(call, "writing a room", seconds=PATIENCE)

    async def delete(self, lesson_id: str, *fields: str) -> None:
        """Remove fields; unknown ones are no error."""
        if not fields:
            return

        async def call() -> None:
            await self._redis.hdel(keys.room(lesson_id), *fields)

        await patiently(call, "writing a room", seconds=PATIENCE)

    async def clear(self, lesson_id: str) -> None:
        """Forget the room."""

        async def call() -> None:
            await self._redis.delete(keys.room(lesson_id))

        await patiently(call, "clearing a room", seconds=PATIENCE)
