"""The lesson's WebSocket: frames in and out of `live.rooms`."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

from aiohttp import WSCloseCode, WSMsgType, web

from server.county.errors import CountyError, Unauthorized, Unavailable
from server.live import messages as m
from server.live.tokens import BadToken

from ..context import Context, context
from ..problems import Refusal

if TYPE_CHECKING:
    from server.live.rooms import Connection

    from . import Handler

log = logging.getLogger("tongke.web")

# The first message must come within this (s); dead sockets are found by a ping this often (s).
HELLO_WITHIN = 5.0
HEARTBEAT = 15.0
# Close codes of our own: the page must not try again with the same token (4401, 4403, 4404), or it may (4408).
NO_TOKEN, OTHER_LESSON, NO_LESSON, NO_HELLO = 4401, 4403, 4404, 4408
TRY_AGAIN = WSCloseCode.TRY_AGAIN_LATER  # 1013: database or Redis is away


class Refused(Exception):
    """The page may not come in: close code, error code, text."""

    def __init__(self, close: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.close = close
        self.error = m.Error(code=code, detail=detail)


async def connect(request: web.Request) -> web.StreamResponse:
    c = context(request)
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=m.FRAME_MAX)
    if not socket.can_prepare(request).ok:
        raise Refusal(
            426,
            "websocket_wanted",
            "这个地址只接受 WebSocket 连接。",
            "This address takes WebSocket connections only.",
            headers={"Upgrade": "websocket", "Connection": "Upgrade"},
        )
    await socket.prepare(request)
    try:
        connection = await _welcome(c, socket, request.match_info["lesson_id"])
    except Refused as refused:
        with contextlib.suppress(ConnectionError):
            await socket.send_str(m.encode(refused.error))
        await socket.close(code=refused.close)
        return socket
    writer = asyncio.create_task(_write(socket, connection))
    try:
        async for message in socket:
            if message.type is WSMsgType.TEXT and not connection.dead:
                await c.hub.receive(connection, message.data)
            elif message.type is WSMsgType.BINARY:
                connection.send(m.Error(code="bad_message", detail="只接受文本消息。"))
    finally:
        writer.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await writer
        await c.hub.leave(connection)
    return socket


async def _welcome(c: Context, socket: web.WebSocketResponse, lesson_id: str) -> Connection:
    try:
        first = await socket.receive(timeout=HELLO_WITHIN)
    except TimeoutError:
        raise Refused(NO_HELLO, "no_hello", "没有收到 hello。") from None
    if first.type is not WSMsgType.TEXT:
        raise Refused(NO_HELLO, "no_hello", "第一条消息应为 hello。")
    try:
        hello = m.decode_untrusted(first.data)
    except m.BadMessage as error:
        raise Refused(NO_HELLO, "bad_message", f"消息格式不对：{error}") from None
    if not isinstance(hello, m.Hello):
        raise Refused(NO_HELLO, "no_hello", "第一条消息应为 hello。")
    try:
        grant = c.live.tokens.read(hello.token)
    except BadToken:
        raise Refused(NO_TOKEN, "bad_media_token", "媒体令牌无效或已过期，请刷新页面。") from None
    if grant.lesson_id != lesson_id:
        raise Refused(OTHER_LESSON, "other_lesson", "这个媒体令牌属于另一节课。")
    try:
        await c.services.lessons.check_grant(grant)
        await c.services.lessons.participant_seen(
            lesson_id, grant.participant_id, grant.role, grant.school_id, grant.name
        )
        return await c.hub.join(grant, hello.decodes)
    except Unauthorized as error:
        raise Refused(NO_TOKEN, error.code, error.detail) from None
    except CountyError as error:
        raise Refused(NO_LESSON, error.code, error.detail) from None
    except Unavailable as error:
        raise Refused(TRY_AGAIN, error.code, error.detail) from None


async def _write(socket: web.WebSocketResponse, connection: Connection) -> None:
    """Send what the hub queues, until it says that this is the end."""
    try:
        while (frame := await connection.outbox.get()) is not None:
            await socket.send_str(frame)
        await socket.close(code=1001)
    except (ConnectionError, RuntimeError):  # the page is gone; the reading side ends the rest
        log.debug("a page went away while it was told something")


HANDLERS: dict[str, Handler] = {"rooms.connect": connect}
