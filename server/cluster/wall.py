"""Somebody looks at the wall: a key in Redis that the recorder asks for."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from server.cluster import keys
from server.cluster.connection import AWAY

if TYPE_CHECKING:
    import redis.asyncio as aioredis

log = logging.getLogger("tongke.cluster")

LASTS = 60  # s that one look keeps the pictures coming


class RedisWall:
    """`server.live.wall.WallWish` on Redis."""

    def __init__(self, redis: aioredis.Redis) -> None:
        self._redis = redis

    async def look(self) -> None:
        """See the port."""
        try:
            await self._redis.set(keys.WALL, "1", ex=LASTS)
        except AWAY as error:
            log.warning("the wall's wish is lost, redis is away: %s", type(error).__name__)
