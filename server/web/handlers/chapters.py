"""Chapters of a recording and the thumbnails of its scrub bar."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import hdrs, web

from server.county.errors import NotFound

from .. import schemas_takeaway as t
from ..answers import answer
from ..context import Context, actor, context

if TYPE_CHECKING:
    from server.live.chapters import Chapters, Sheet

    from . import Handler

# The address of a sheet changes with its content; it is for the logged-in reader only.
FOREVER = "private, max-age=31536000, immutable"


async def _chapters(request: web.Request, c: Context) -> tuple[str, Chapters]:
    lesson = await c.services.library.open(actor(request), request.match_info["recording_id"])
    return lesson.id, await asyncio.to_thread(c.recordings.chapters, lesson.id)


async def get(request: web.Request) -> web.Response:
    lesson_id, chapters = await _chapters(request, context(request))
    sheets = await asyncio.to_thread(lambda: [(sheet, _version(sheet)) for sheet in chapters.sheets])
    return answer(
        t.ChaptersAnswer(
            chapters=[t.Chapter(start=start) for start in chapters.starts],
            thumbnails=[
                t.ThumbnailSheet(
                    source=sheet.source,
                    url=f"/api/recordings/{lesson_id}/thumbnails/{sheet.source}?v={version}",
                    width=sheet.width,
                    height=sheet.height,
                    columns=sheet.columns,
                    times=list(sheet.times),
                )
                for sheet, version in sheets
                if version is not None
            ],
        )
    )


def _version(sheet: Sheet) -> str | None:
    """Another one for another content; None when the sheet is not there."""
    try:
        return f"{sheet.path.stat().st_mtime_ns:x}"
    except OSError:
        return None


async def thumbnails(request: web.Request) -> web.StreamResponse:
    _, chapters = await _chapters(request, context(request))
    wanted = next((sheet for sheet in chapters.sheets if sheet.source == request.match_info["source"]), None)
    if wanted is None or not await asyncio.to_thread(wanted.path.is_file):
        raise NotFound("no_thumbnails", "这份录像没有缩略图。", "This recording has no thumbnails.")
    cache = FOREVER if "v" in request.query else "private, no-cache"
    return web.FileResponse(wanted.path, headers={hdrs.CONTENT_TYPE: "image/jpeg", hdrs.CACHE_CONTROL: cache})


HANDLERS: dict[str, Handler] = {
    "chapters.get": get,
    "chapters.sheet": thumbnails,
}
