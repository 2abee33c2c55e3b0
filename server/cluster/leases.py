"""A media worker's lease: who is alive, with which epoch, how loaded. Renewed every second, gone after three."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
from typing import TYPE_CHECKING, Any

from server.cluster import keys
from server.cluster.connection import AWAY, text

if TYPE_CHECKING:
    from collections.abc import Callable

    import redis.asyncio as aioredis

log = logging.getLogger("tongke.cluster")

TTL = 3.0
RENEW_EVERY = 1.0

# Delete the lease only while it is this epoch's: a restarted worker of the same name may already hold it.
_RELEASE = """
local lease = redis.call('GET', KEYS[1])
if lease and cjson.decode(lease)['epoch'] == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


class Lease:
    """Holds `tk:worker:{worker}` while `run()` runs.

    `stats()` returns a dict. To the top of the lease rise its `lessons` (count), `load` (0..1, share of a core),
    `packets` (a second, in and out), `crowds` (players by lesson), `machine` and `link` (where other workers of that
    machine reach it, "" for nowhere); the rest stands under `stats`.
    """

    def __init__(
        self, redis: aioredis.Redis, worker: str, epoch: str, stats: Callable[[], dict[str, Any]] = dict
    ) -> None:
        self._redis = redis
        self._worker = worker
        self._epoch = epoch
        self._stats = stats

    async def renew(self) -> None:
        """Write the lease once. Raises redis' errors."""
        stats = dict(self._stats())
        lease = {
            "worker": self._worker,
            "epoch": self._epoch,
            "lessons": stats.pop("lessons", 0),
            "load": stats.pop("load", 0.0),
            "packets": stats.pop("packets", 0.0),
            "crowds": stats.pop("crowds", {}),
            "machine": stats.pop("machine", ""),
            "link": stats.pop("link", ""),
            "pid": os.getpid(),
            "stats": stats,
        }
        await self._redis.set(keys.worker(self._worker), json.dumps(lease), px=int(TTL * 1000))

    async def run(self) -> None:
        """Renew until cancelled, then release."""
        away = False
        try:
            while True:
                try:
                    await self.renew()
                    away = False
                except AWAY as error:
                    if not away:
                        log.warning("the lease of %s cannot be renewed: %s", self._worker, type(error).__name__)
                    away = True
                await asyncio.sleep(RENEW_EVERY if not away else RENEW_EVERY / 5)
        finally:
            with contextlib.suppress(*AWAY):
                await self.release()

    async def release(self) -> None:
        """Give the lease up if it is still ours."""
        await self._redis.eval(_RELEASE, 1, keys.worker(self._worker), self._epoch)


async def live_leases(redis: aioredis.Redis) -> list[dict[str, Any]]:
    """All live leases, sorted by worker name. Raises redis' errors."""
    names = sorted([name async for name in redis.scan_iter(match=keys.WORKER_PATTERN, count=100)])
    if not names:
        return []
    return [json.loads(value) for value in await redis.mget(names) if value is not None]


async def lease_of(redis: aioredis.Redis, worker: str) -> dict[str, Any] | None:
    """One worker's lease, or None. Raises redis' errors."""
    value = await text(redis, keys.worker(worker))
    return None if value is None else json.loads(value)
