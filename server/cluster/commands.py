"""Requests to a media worker and their answers over Redis streams; local or remote is the same code.

A request is one entry of `tk:cmd:{worker}` with an id, a reply stream, a deadline (Unix s), a method and JSON
parameters. The server runs requests side by side, answers each id once, and drops what is past its deadline.
The client retries the sending while Redis is away; ids make that safe.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import secrets
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from server.cluster import keys
from server.cluster.connection import AWAY, follow, patiently
from server.county.errors import Unavailable
from server.live.ports import MediaError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import redis.asyncio as aioredis

    Handler = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]

log = logging.getLogger("tongke.cluster")

STREAM_MAXLEN = 10_000
REPLIES_MAXLEN = 1_000
# a reply stream of a client that is gone disappears after this (s)
REPLIES_TTL = 600
# commands written at most this long (s) before the server started are still looked at: their clients may be waiting
LOOK_BACK = 10.0
SEEN_MAX = 4_096
BATCH = 64
CANCEL_AGAIN = 0.5  # s


class CommandClient:
    """Sends commands and waits for their answers; any number at once. `close()` when done."""

    def __init__(self, redis: aioredis.Redis, *, now: Callable[[], float] = time.time) -> None:
        self._redis = redis
        self._now = now
        self._stream = keys.replies(secrets.token_hex(8))
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._reader: asyncio.Task[None] | None = None

    async def call(self, worker: str, method: str, params: dict[str, Any], *, timeout: float = 5.0) -> dict[str, Any]:
        """The worker's answer within `timeout` seconds. Raises MediaError with its code, or `unavailable`."""
        if self._reader is None or self._reader.done():
            self._reader = asyncio.create_task(self._read(), name="command replies")
        request = secrets.token_hex(12)
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[request] = answer
        entry = {
            "id": request,
            "reply": self._stream,
            "deadline": repr(self._now() + timeout),
            "method": method,
            "params": json.dumps(params, separators=(",", ":")),
        }
        try:
            async with asyncio.timeout(timeout):
                await patiently(lambda: self._send(worker, entry), f"sending {method}")
                return await answer
        except (TimeoutError, *AWAY):
            raise MediaError("unavailable", f"媒体进程 {worker} 没有在 {timeout:g} 秒内应答（{method}）") from None
        finally:
            self._waiting.pop(request, None)

    async def close(self) -> None:
        """Stop reading answers and remove the reply stream; calls still waiting get `unavailable`."""
        reader, self._reader = self._reader, None
        while reader is not None and not reader.done():
            reader.cancel()  # more than once: cancelled while it connects, redis-py may go on as if nothing were
            await asyncio.wait([reader], timeout=CANCEL_AGAIN)
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(MediaError("unavailable", "服务正在停止"))
        with contextlib.suppress(*AWAY):
            await self._redis.delete(self._stream)

    async def _send(self, worker: str, entry: dict[str, str]) -> None:
        await self._redis.xadd(keys.commands(worker), entry, maxlen=STREAM_MAXLEN)  # type: ignore[arg-type]

    async def _read(self) -> None:
        async for _, fields in follow(self._redis, self._stream, "0-0", BATCH):
            self._answered(fields)

    def _answered(self, fields: dict[str, str]) -> None:
        answer = self._waiting.get(fields.get("id", ""))
        if answer is None or answer.done():
            return
        try:
            body = json.loads(fields["body"])
        except (KeyError, ValueError):
            body = {"code": "unavailable", "detail": "unreadable answer"}
            fields = {"ok": "0"}
        if fields.get("ok") == "1":
            answer.set_result(body)
        else:
            answer.set_exception(MediaError(str(body.get("code", "unavailable")), str(body.get("detail", ""))))


class CommandServer:
    """Reads the commands of one worker and answers each with what `handler(method, params)` returns.

    The handler refuses by raising MediaError. Run it with `await server.run()` until cancelled.
    """

    def __init__(
        self, redis: aioredis.Redis, worker: str, handler: Handler, *, now: Callable[[], float] = time.time
    ) -> None:
        self._redis = redis
        self._stream = keys.commands(worker)
        self._handler = handler
        self._now = now
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Serve until cancelled; waits for Redis by itself when it is away. Commands under way end with it."""
        # entry ids are Redis' clock, which may not be ours
        seconds, _ = await patiently(lambda: self._redis.time(), "reading commands")
        last = f"{int((seconds - LOOK_BACK) * 1000)}-0"
        try:
            async for entry, fields in follow(self._redis, self._stream, last, BATCH):
                self._take(entry, fields)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _take(self, entry: str, fields: dict[str, str]) -> None:
        request = fields.get("id", "")
        try:
            deadline = float(fields["deadline"])
            _, _, params = fields["method"], fields["reply"], json.loads(fields["params"])
        except (KeyError, ValueError):
            log.warning("command %s is not well formed", request)
            return
        if request in self._seen or deadline < self._now():
            return
        self._seen[request] = None
        if len(self._seen) > SEEN_MAX:
            self._seen.popitem(last=False)
        task = asyncio.create_task(self._run_one(entry, fields, deadline, params), name=fields["method"])
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run_one(self, entry: str, fields: dict[str, str], deadline: float, params: dict[str, Any]) -> None:
        request, reply, method = fields["id"], fields["reply"], fields["method"]
        try:
            ok, body = "1", await self._handler(method, params)
        except MediaError as error:
            ok, body = "0", {"code": error.code, "detail": error.detail}
        except Exception:
            log.exception("command %s failed", method)
            ok, body = "0", {"code": "unavailable", "detail": "媒体进程内部错误"}
        answer = {"id": request, "ok": ok, "body": json.dumps(body, separators=(",", ":"))}

        async def send() -> None:
            async with self._redis.pipeline(transaction=False) as pipe:
                pipe.xadd(reply, answer, maxlen=REPLIES_MAXLEN)  # type: ignore[arg-type]
                pipe.expire(reply, REPLIES_TTL)
                pipe.xdel(self._stream, entry)  # a successor must not run again what was answered
                await pipe.execute()

        left = max(deadline - self._now(), 0.1)
        try:
            await patiently(send, f"answering {method}", seconds=left)
        except Unavailable:
            log.warning("the answer to %s is lost: redis is away", method)
