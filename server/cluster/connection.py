"""One way to reach Redis, embedded or not, and one way to wait for it when it is away.

Urls: `unix:///path/redis.sock`, `redis://host:port/db`, `rediss://…` (TLS).
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, TypeVar, cast

import redis.asyncio as aioredis
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff
from redis.exceptions import BusyLoadingError, ConnectionError, TimeoutError

from server.county.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

T = TypeVar("T")
Entry = tuple[str, dict[str, str]]  # of a stream: id, fields
log = logging.getLogger("tongke.cluster")

# What "Redis is away" looks like; BusyLoadingError is a Redis that still reads its append-only file.
AWAY = (ConnectionError, TimeoutError, BusyLoadingError, OSError)
# Longest XREAD block (s); the socket's timeout has to be longer, or quiet streams look like a dead server.
BLOCK_MAX = 5.0
SOCKET_TIMEOUT = 15.0
# Commands under way at once in one process; beyond it callers get "away" (redis-py's own default is 100).
MOST_CONNECTIONS = 1000
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0


def connect(url: str) -> aioredis.Redis:
    """A client with its own pool. Nothing is sent before the first command; close it with `await client.aclose()`."""
    client: aioredis.Redis = aioredis.Redis.from_url(
        url,
        decode_responses=True,
        protocol=2,  # one shape of stream answers for Redis 6.2 and later
        max_connections=MOST_CONNECTIONS,
        socket_connect_timeout=2.0,
        socket_timeout=SOCKET_TIMEOUT,
        # a pooled connection of before a restart fails once, then a new one is made
        retry=Retry(ConstantBackoff(0.02), 1),
    )
    return client


async def follow(client: aioredis.Redis, stream: str, last: str, batch: int) -> AsyncIterator[Entry]:
    """The entries of a stream after `last` as they come, for ever; waits by itself while Redis is away."""
    pause = FIRST_PAUSE
    while True:
        try:
            found = await client.xread({stream: last}, count=batch, block=int(BLOCK_MAX * 1000))
            pause = FIRST_PAUSE
        except AWAY:
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            continue
        for entry, fields in entries_of(found):
            last = entry
            yield entry, fields


async def text(client: aioredis.Redis, key: str) -> str | None:
    """A key's string value."""
    return cast("str | None", await client.get(key))


def entries_of(found: Any) -> list[Entry]:  # noqa: ANN401 (untyped in redis-py)
    """The entries (id, fields) of an XREAD or XREADGROUP answer for one stream."""
    return [entry for _, entries in found or [] for entry in entries]


def redis_away() -> Unavailable:
    """What a caller is told whom a Redis that is away keeps from going on."""
    return Unavailable(
        "redis_away",
        "消息服务（Redis）暂时没有应答，正在自动恢复，请几秒后再试。",
        "Redis does not answer; it recovers by itself. Try again in a few seconds.",
    )


async def patiently(call: Callable[[], Awaitable[T]], what: str, *, seconds: float | None = None) -> T:
    """The answer of `call`, tried again while Redis is away, for at most `seconds` (None: for ever).

    Raises Unavailable when the time is over; what `call` raises else at once.
    """
    loop = asyncio.get_running_loop()
    give_up = None if seconds is None else loop.time() + seconds
    pause, told = FIRST_PAUSE, False
    while True:
        try:
            answer = await call()
        except AWAY as error:
            if give_up is not None and loop.time() + pause > give_up:
                raise redis_away() from error
            if not told:
                log.warning("redis is away while %s: %s", what, type(error).__name__)
                told = True
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        else:
            if told:
                log.info("redis is back (%s)", what)
            return answer
