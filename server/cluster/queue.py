"""The job queue's producing side. The consumer is the recorder's (`python -m recorder jobs`)."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Any

from huey import RedisHuey
from huey.api import Task
from redis.exceptions import RedisError

from server.cluster import keys
from server.cluster.connection import patiently

if TYPE_CHECKING:
    from collections.abc import Callable

# s: how long a job that nobody takes is called waiting
WAITS = 3600

log = logging.getLogger("tongke.cluster")


def _task(name: str, module: str) -> type[Any]:
    """A task class whose registry name is `{module}.{name}`, so the server need not import the recorder."""
    return type(name, (Task,), {"__module__": module})


class HueyJobs:
    """`server.live.ports.Jobs` on huey's Redis queue `tongke`."""

    def __init__(self, url: str) -> None:
        self._huey = RedisHuey(keys.QUEUE, url=url, results=False)
        self._verify, self._discard = _task("verify", "recorder.jobs"), _task("discard", "recorder.jobs")
        for task in (self._verify, self._discard):
            self._huey._registry.register(task)
        self._exports = RedisHuey(keys.EXPORTS, url=url, results=False)
        self._export = _task("export", "recorder.exports")
        self._exports._registry.register(self._export)

    async def verify(self, lesson_id: str) -> None:
        """See the port. One lesson stands in the queue at most once. Raises Unavailable after 10 s without it."""
        await self._blocking(lambda: self._enqueue(self._verify, "verify", lesson_id))

    async def discard(self, lesson_id: str) -> None:
        """See the port. Same."""
        await self._blocking(lambda: self._enqueue(self._discard, "discard", lesson_id))

    async def export(self, lesson_id: str, export_id: str) -> None:
        """See the port."""
        with contextlib.suppress(RedisError, OSError):
            await asyncio.to_thread(self._enqueue_export, lesson_id, export_id)

    def _enqueue_export(self, lesson_id: str, export_id: str) -> None:
        job = f"export-{lesson_id}-{export_id}"
        if not any(task.id == job for task in self._exports.pending()):
            self._exports.enqueue(self._export(args=(lesson_id, export_id), id=job))

    async def verifying(self, lesson_id: str) -> float | None:
        """See the port."""
        with contextlib.suppress(RedisError, OSError, ValueError):
            done = await asyncio.to_thread(self._huey.storage.conn.get, keys.job(f"verify-{lesson_id}"))
            return None if done is None else float(done)
        return None

    async def length(self) -> int:
        """Jobs waiting; -1 while Redis is away."""
        with contextlib.suppress(RedisError, OSError):
            return int(await asyncio.to_thread(self._huey.pending_count))
        return -1

    async def close(self) -> None:
        """Close the queue's connections."""
        for huey in (self._huey, self._exports):
            await asyncio.to_thread(huey.storage.pool.disconnect)

    def _enqueue(self, task: type[Any], name: str, lesson_id: str) -> None:
        job = f"{name}-{lesson_id}"
        if any(waiting.id == job for waiting in self._huey.pending()):
            return
        self._huey.enqueue(task(args=(lesson_id,), id=job))
        self._huey.storage.conn.set(keys.job(job), "0", ex=WAITS)
        log.info("%s of %s is queued", name, lesson_id)

    async def _blocking(self, call: Callable[[], None]) -> None:
        await patiently(lambda: asyncio.to_thread(call), "queueing a job", seconds=10.0)
