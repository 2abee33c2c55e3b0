"""The machine and the services around the web process, for `/healthz`, `/api/system` and the administrator's page."""

from __future__ import annotations

import asyncio
import shutil
import time
from typing import TYPE_CHECKING

from server.cluster.connection import AWAY

if TYPE_CHECKING:
    import redis.asyncio as aioredis

    from server.cluster.queue import HueyJobs
    from server.settings import Settings
    from server.store import Database

RECORDER_LEASE = "tk:recorder"
# A question that takes longer (s) counts as not answered.
ANSWER = 2.0


class MachineSystem:
    """`server.web.context.System`."""

    def __init__(
        self, settings: Settings, version: str, database: Database, redis: aioredis.Redis, jobs: HueyJobs
    ) -> None:
        self.version = version
        self.started_at = time.time()
        self._data = settings.data
        self._database = database
        self._redis = redis
        self._jobs = jobs

    async def database(self) -> str | None:
        """None, or what is wrong."""
        try:
            async with asyncio.timeout(ANSWER):
                return None if await self._database.healthy() else "数据库没有应答 / the database does not answer"
        except TimeoutError:
            return "数据库没有应答 / the database does not answer"

    async def redis(self) -> str | None:
        """None, or what is wrong."""
        try:
            async with asyncio.timeout(ANSWER):
                await self._redis.ping()
        except AWAY:
            return "Redis 没有应答，正在自动恢复 / Redis does not answer, it is being restarted"
        return None

    async def recorder_alive(self) -> bool:
        """Whether the recorder renews its lease."""
        try:
            async with asyncio.timeout(ANSWER):
                return bool(await self._redis.exists(RECORDER_LEASE))
        except AWAY:
            return False

    async def queue(self) -> int:
        """Jobs waiting, -1 when unknown."""
        return await self._jobs.length()

    async def disk(self) -> tuple[int, int]:
        """Bytes (free, total) of the data folder's disk."""
        usage = await asyncio.to_thread(shutil.disk_usage, self._data)
        return usage.free, usage.total
