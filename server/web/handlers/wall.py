"""The small pictures of live lessons."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import hdrs, web

from server.county.errors import NotFound

from ..context import actor, context
from ..ranges import plan

if TYPE_CHECKING:
    from . import Handler


async def snapshot(request: web.Request) -> web.StreamResponse:
    c = context(request)
    lesson = await c.services.lessons.get(actor(request), request.match_info["lesson_id"])
    picture = await asyncio.to_thread(c.live.pictures.of_source, lesson.id, request.match_info["source"], c.now())
    gone = NotFound("no_snapshot", "现在没有这路画面的缩略图。", "There is no picture of this source now.")
    if picture is None:
        raise gone
    headers = {hdrs.ETAG: f'"{picture.etag}"', hdrs.CACHE_CONTROL: "private, no-cache"}
    if plan(request.headers, 1, picture.etag).status == 304:
        return web.Response(status=304, headers=headers)
    try:
        body = await asyncio.to_thread(picture.path.read_bytes)
    except OSError:
        raise gone from None
    return web.Response(body=body, headers=headers | {hdrs.CONTENT_TYPE: "image/jpeg"})


HANDLERS: dict[str, Handler] = {"wall.snapshot": snapshot}
