"""Calendar addresses, and the calendars behind them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import web

from server.documents.calendar import ICS, write_calendar

from .. import schemas as s
from .. import schemas_timetable as t
from ..answers import answer, nothing, page
from ..bodies import body
from ..context import actor, context, origin_of

if TYPE_CHECKING:
    from server.county.ports import FeedRecord

    from . import Handler


async def feeds(request: web.Request) -> web.Response:
    found = await context(request).services.feeds.mine(actor(request))
    return page([await _feed(request, one) for one in found])


async def create(request: web.Request) -> web.Response:
    asked = await body(request, t.FeedCreate)
    feed, token = await context(request).services.feeds.create(actor(request), asked.school_id)
    return answer(t.FeedCreated(feed=await _feed(request, feed), path=f"/calendar/{token}.ics"), 201)


async def revoke(request: web.Request) -> web.Response:
    await context(request).services.feeds.revoke(actor(request), request.match_info["feed_id"])
    return nothing()


async def read(request: web.Request) -> web.Response:
    c = context(request)
    feed = await c.services.feeds.read(request.match_info["token"])
    data = await asyncio.to_thread(write_calendar, feed, origin_of(request), c.now())
    # Not for any cache between us and the calendar program, nor for search engines.
    headers = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}
    return web.Response(body=data, content_type=ICS, charset="utf-8", headers=headers)


async def _feed(request: web.Request, feed: FeedRecord) -> t.FeedAnswer:
    return t.FeedAnswer(
        id=feed.id,
        school_id=feed.school_id,
        school_name=await context(request).views.school_name(feed.school_id),
        created_at=s.rfc3339(feed.created_at),
        last_used_at=s.rfc3339_or_none(feed.last_used_at),
    )


HANDLERS: dict[str, Handler] = {
    "feeds.list": feeds,
    "feeds.create": create,
    "feeds.revoke": revoke,
    "feeds.read": read,
}
