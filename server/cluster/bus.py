"""Small notices to every web process over Redis pub/sub; what is lost is made good by `resync`."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any

from server.cluster import keys
from server.cluster.connection import AWAY, BLOCK_MAX, FIRST_PAUSE, LONGEST_PAUSE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import redis.asyncio as aioredis

log = logging.getLogger("tongke.cluster")


class RedisBus:
    """`server.live.ports.Bus` on Redis."""

    def __init__(self, redis: aioredis.Redis) -> None:
        self._redis = redis

    async def publish(self, notice: dict[str, Any]) -> None:
        """Tell everybody; lost while Redis is away (listeners get `resync` afterwards)."""
        try:
            await self._redis.publish(keys.BUS, json.dumps(notice))
        except AWAY as error:
            log.warning("notice lost, redis is away: %s", type(error).__name__)

    async def notices(self) -> AsyncIterator[dict[str, Any]]:
        """See the port."""
        pause, subscribed = FIRST_PAUSE, 0
        while True:
            pubsub = self._redis.pubsub()
            try:
                await pubsub.subscribe(keys.BUS)
                while True:
                    message = await pubsub.get_message(timeout=BLOCK_MAX)
                    if message is None:
                        continue
                    if message["type"] == "subscribe":
                        # redis-py subscribes again by itself after a short loss: every later one closes a gap
                        subscribed, pause = subscribed + 1, FIRST_PAUSE
                        if subscribed > 1:
                            yield {"kind": "resync"}
                    elif message["type"] == "message":
                        yield json.loads(message["data"])
            except AWAY:
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            finally:
                await pubsub.aclose()  # type: ignore[no-untyped-call]
