"""The recorder's side of Redis: events out, its lease, commands in (docs/protocols.md, section 2)."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import time
from collections import OrderedDict, deque
from typing import TYPE_CHECKING, Any

import redis.asyncio as aioredis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Handler = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]

log = logging.getLogger("tongke.recorder")

EVENTS, EVENTS_MAXLEN = "tk:events", 100_000
COMMANDS, REPLIES_MAXLEN, REPLIES_TTL = "tk:cmd:recorder", 1_000, 600
LEASE, LEASE_TTL, LEASE_EVERY = "tk:recorder", 5, 1.0
LOOK_BACK = 10.0  # s; commands written so long before the start are still looked at
BLOCK_MS = 2_000
SOCKET_TIMEOUT = 15.0  # s; longer than a blocking read
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0  # s, while Redis is away
SEEN_MAX = 1_024
AWAY = (RedisConnectionError, RedisTimeoutError, OSError)


class Refused(Exception):
    """A command that cannot be done: code and detail."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class Announcer:
    """Events in order, each written at least once; `await run()` until cancelled."""

    def __init__(self, redis: aioredis.Redis) -> None:
        self._redis = redis
        self._queue: deque[tuple[dict[str, str], asyncio.Future[None]]] = deque()
        self._more = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()

    def tell(self, type: str, body: dict[str, object]) -> asyncio.Future[None]:
        """Queue one event; the future is done when Redis has it."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = {"type": type, "body": json.dumps(body, separators=(",", ":"), ensure_ascii=False)}
        self._queue.append((entry, written))
        self._empty.clear()
        self._more.set()
        return written

    async def flush(self, patience: float) -> None:
        """Wait until everything is written, at most `patience` seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._empty.wait()

    async def run(self) -> None:
        """Write what is queued; wait for Redis as long as it takes."""
        pause = FIRST_PAUSE
        while True:
            if not self._queue:
                self._empty.set()
                self._more.clear()
                await self._more.wait()
            entry, written = self._queue[0]
            try:
                await self._redis.xadd(EVENTS, entry, maxlen=EVENTS_MAXLEN)  # type: ignore[arg-type]
            except (*AWAY, RedisError) as error:
                log.warning("event %s waits for redis: %s", entry["type"], type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                continue
            pause = FIRST_PAUSE
            self._queue.popleft()
            if not written.done():
                written.set_result(None)


async def keep_lease(redis: aioredis.Redis, status: Callable[[], dict[str, object]]) -> None:
    """Say every second that the recorder is there and how it fares."""
    while True:
        body = json.dumps({"pid": os.getpid(), **status()}, ensure_ascii=False)
        with contextlib.suppress(*AWAY, RedisError):
            await redis.set(LEASE, body, ex=LEASE_TTL)
        await asyncio.sleep(LEASE_EVERY)


class Commands:
    """Reads `tk:cmd:recorder` and answers each request once; `await run()` until cancelled."""

    def __init__(self, redis: aioredis.Redis, handlers: dict[str, Handler]) -> None:
        self._redis = redis
        self._handlers = handlers
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Serve; waits for Redis by itself."""
        last, pause = f"{int((time.time() - LOOK_BACK) * 1000)}-0", FIRST_PAUSE
        try:
            while True:
                try:
                    found = await self._redis.xread({COMMANDS: last}, count=64, block=BLOCK_MS)
                except (*AWAY, RedisError):
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, LONGEST_PAUSE)
                    continue
                pause = FIRST_PAUSE
                for entry, fields in entries_of(found):
                    last = entry
                    self._take(fields)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _take(self, fields: dict[str, str]) -> None:
        try:
            request, reply, method = fields["id"], fields["reply"], fields["method"]
            deadline, params = float(fields["deadline"]), json.loads(fields["params"])
        except (KeyError, ValueError):
            log.warning("a command is not well formed")
            return
        if request in self._seen or deadline < time.time() or not isinstance(params, dict):
            return
        self._seen[request] = None
        if len(self._seen) > SEEN_MAX:
            self._seen.popitem(last=False)
        task = asyncio.create_task(self._answer(request, reply, method, params), name=method)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, request: str, reply: str, method: str, params: dict[str, Any]) -> None:
        handler = self._handlers.get(method)
        try:
            if handler is None:
                raise Refused("bad_request", f"没有这个命令：{method}")
            ok, body = "1", await handler(params)
        except Refused as error:
            ok, body = "0", {"code": error.code, "detail": str(error)}
        except Exception:
            log.exception("command %s failed", method)
            ok, body = "0", {"code": "unavailable", "detail": "录像进程内部错误"}
        entry = {"id": request, "ok": ok, "body": json.dumps(body, ensure_ascii=False)}
        try:
            await self._redis.xadd(reply, entry, maxlen=REPLIES_MAXLEN)  # type: ignore[arg-type]
            await self._redis.expire(reply, REPLIES_TTL)
        except (*AWAY, RedisError):
            log.warning("the answer to %s is lost: redis is away", method)


def entries_of(found: Any) -> list[tuple[str, dict[str, str]]]:  # noqa: ANN401 (untyped in redis-py)
    """The entries (id, fields) of an XREAD answer for one stream."""
    return [entry for _, entries in found or [] for entry in entries]


def connect(url: str) -> aioredis.Redis:
    """A client; nothing is sent before the first command. Close it with `await client.aclose()`."""
    client: aioredis.Redis = aioredis.Redis.from_url(
        url,
        decode_responses=True,
        protocol=2,  # one shape of stream answers for Redis 6.2 and later
        socket_connect_timeout=2.0,
        socket_timeout=SOCKET_TIMEOUT,
    )
    return client
