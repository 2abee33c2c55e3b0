"""The machine and the services around the web process, for `/healthz`, `/api/system` and the administrator's page."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import sys
import time
from typing import TYPE_CHECKING

from server.cluster.connection import AWAY
from server.county.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import redis.asyncio as aioredis

    from server.cluster.queue import HueyJobs
    from server.settings import Settings
    from server.store import Database

RECORDER_LEASE = "tk:recorder"
# A question that takes longer (s) counts as not answered.
ANSWER = 2.0
# Whether the night's audit is due is asked this often (s).
AUDIT_LOOK = 300.0

log = logging.getLogger("tongke.system")


class MachineSystem:
    """`server.web.context.System`."""

    def __init__(
        self, settings: Settings, version: str, database: Database, redis: aioredis.Redis, jobs: HueyJobs
    ) -> None:
        self.version = version
        self.started_at = time.time()
        self._settings = settings
        self._data = settings.data
        self._audits: set[asyncio.Task[None]] = set()
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

    async def start_audit(self, by: str, key: str | None = None) -> None:
        """Begin `tongke audit` in a process of its own, at low priority; its result is kept in the database."""
        command = [sys.executable, "-m", "server", "audit", "--background", "--by", by]
        command += ["--data", str(self._settings.data)] + (["--key", key] if key is not None else [])
        process = await asyncio.create_subprocess_exec(
            *command,
            env={**os.environ, **self._settings.environ()},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        watching = asyncio.create_task(_watch(process))
        self._audits.add(watching)
        watching.add_done_callback(self._audits.discard)

    async def audit_at_night(self, due: Callable[[], Awaitable[str | None]]) -> None:
        """Until cancelled: begin the night's audit when `due` names one."""
        while True:
            await asyncio.sleep(AUDIT_LOOK)
            try:
                key = await due()
                if key is not None:
                    await self.start_audit("夜间自动 / nightly", key)
            except (Unavailable, OSError) as problem:  # the next look does it
                log.warning("the nightly audit could not begin: %s", problem)

    async def disk(self) -> tuple[int, int]:
        """Bytes (free, total) of the data folder's disk."""
        usage = await asyncio.to_thread(shutil.disk_usage, self._data)
        return usage.free, usage.total


async def _watch(process: asyncio.subprocess.Process) -> None:
    """What a finished audit said; 1 means that it found differences, which are kept with its run."""
    _, said = await process.communicate()
    text = said.decode(errors="replace").strip()[-2000:]
    if process.returncode == 0:
        log.info("audit: %s", text)
    else:
        log.warning("audit ended with %s: %s", process.returncode, text)
