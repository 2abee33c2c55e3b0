"""The stream `tk:events`: written by workers, recorder and jobs, read by web processes as consumer group `live`."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from typing import TYPE_CHECKING, Any

from redis.exceptions import ResponseError

from server.cluster import keys
from server.cluster.connection import AWAY, BLOCK_MAX, LONGEST_PAUSE, entries_of, patiently

if TYPE_CHECKING:
    from collections.abc import Sequence

    import redis.asyncio as aioredis

    Event = tuple[str, str, dict[str, Any]]

log = logging.getLogger("tongke.cluster")

BATCH = 500
# Entries a consumer has held unacknowledged for this long (s) are taken over: its process is gone or stuck.
CLAIM_IDLE = 30.0
CLAIM_EVERY = 15.0


class EventWriter:
    """Appends events; waits for Redis as long as it takes, because events are evidence."""

    def __init__(self, redis: aioredis.Redis) -> None:
        self._redis = redis

    async def write(self, type: str, body: dict[str, Any]) -> None:
        """Append one event. Cancel it (or use `asyncio.timeout`) to give up."""
        entry = {"type": type, "body": json.dumps(body, separators=(",", ":"))}

        async def call() -> None:
            await self._redis.xadd(keys.EVENTS, entry, maxlen=keys.EVENTS_MAXLEN)  # type: ignore[arg-type]

        await patiently(call, f"writing {type}")


class RedisEventSource:
    """`server.live.ports.EventSource` on Redis. One reader per object.

    `consumer` names this process across its restarts (so its own pending events come first at once); what a dead
    consumer held is taken over after 30 s.
    """

    def __init__(self, redis: aioredis.Redis, consumer: str | None = None) -> None:
        self._redis = redis
        self._consumer = consumer or f"web@{socket.gethostname()}"
        self._held: set[str] = set()
        self._first = True
        self._again = 0
        self._grouped = False
        self._claim_at = 0.0

    async def read(self, *, block: float) -> list[Event]:
        """See the port. While Redis is away it answers [] after at most `block` seconds."""
        try:
            return await self._read(block)
        except AWAY as error:
            log.warning("events cannot be read, redis is away: %s", type(error).__name__)
            self._first, self._grouped = True, False
            await asyncio.sleep(min(block, LONGEST_PAUSE))
        except ResponseError as error:
            if not str(error).startswith("NOGROUP"):
                raise
            self._grouped = False  # Redis lost its data: the group is made anew with the next read
            await asyncio.sleep(min(block, LONGEST_PAUSE))
        return []

    async def ack(self, ids: list[str]) -> None:
        """Acknowledge; waits for Redis up to 10 s, then leaves them to be delivered again."""
        if not ids:
            return
        try:
            await patiently(lambda: self._done(ids), "acknowledging events", seconds=10.0)
        except AWAY:
            log.warning("%d events stay unacknowledged: redis is away", len(ids))
            self._first = True
        self._held.difference_update(ids)

    async def _done(self, ids: list[str]) -> None:
        """What has been handled is of no more use: kept, a week of lessons would fill the machine's memory."""
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.xack(keys.EVENTS, keys.EVENTS_GROUP, *ids)
            pipe.xdel(keys.EVENTS, *ids)
            await pipe.execute()

    async def _read(self, block: float) -> list[Event]:
        loop = asyncio.get_running_loop()
        if not self._grouped:
            await self._make_group()
        if self._first or self._held:
            if self._held:  # delivered before and not acknowledged: its handling failed, so not at full speed
                self._again += 1
                await asyncio.sleep(min(block, LONGEST_PAUSE, 0.05 * self._again))
            pending = await self._fetch("0", None)
            if pending:
                return pending
            self._first, self._held = False, set()
        self._again = 0
        if loop.time() >= self._claim_at:
            self._claim_at = loop.time() + CLAIM_EVERY
            claimed = await self._claim()
            if claimed:
                return claimed
        return await self._fetch(">", max(1, int(min(block, BLOCK_MAX) * 1000)))

    async def _make_group(self) -> None:
        try:
            await self._redis.xgroup_create(keys.EVENTS, keys.EVENTS_GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):
                raise
        self._grouped = True

    async def _fetch(self, start: str, block_ms: int | None) -> list[Event]:
        found = await self._redis.xreadgroup(
            keys.EVENTS_GROUP, self._consumer, {keys.EVENTS: start}, count=BATCH, block=block_ms
        )
        return await self._understood(entries_of(found))

    async def _claim(self) -> list[Event]:
        answer = await self._redis.xautoclaim(
            keys.EVENTS, keys.EVENTS_GROUP, self._consumer, int(CLAIM_IDLE * 1000), start_id="0-0", count=BATCH
        )
        return await self._understood(answer[1])

    async def _understood(self, entries: Sequence[tuple[str | None, dict[str, str] | None]]) -> list[Event]:
        """Entries as events; what was trimmed from the stream or is not readable is acknowledged and dropped."""
        events: list[Event] = []
        dropped: list[str] = []
        for event_id, fields in entries:
            if event_id is None:
                continue
            try:
                body = json.loads((fields or {})["body"])
                events.append((event_id, (fields or {})["type"], body))
            except (KeyError, ValueError):
                dropped.append(event_id)
        if dropped:
            log.warning("%d events were lost: trimmed or unreadable", len(dropped))
            await self._done(dropped)
        self._held.update(event_id for event_id, _, _ in events)
        return events
