"""The library: recordings found again, kept, put into the trash and taken back; where the caller stopped."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from server.county.model import LessonState
from server.county.retention import resume_at
from server.county.shelf import Shelf, ShelfRecord

from .. import schemas_library as lib
from ..answers import answer, nothing, page
from ..bodies import body, limit, listed, moment, text_of
from ..context import actor, context
from ..problems import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiohttp import web

    from server.county.model import Lesson

    from ..context import Context
    from . import Handler


def _shelf(request: web.Request) -> Shelf:
    asked = text_of(request, "shelf") or Shelf.OPEN.value
    try:
        return Shelf(asked)
    except ValueError:
        allowed = "、".join(Shelf)
        raise Refusal(
            400,
            "invalid",
            f"参数 shelf 可用：{allowed}。",
            f"`shelf` must be one of {', '.join(Shelf)}.",
            errors=[{"field": "shelf", "detail": allowed}],
        ) from None


async def recordings(request: web.Request) -> web.Response:
    found = await context(request).services.library.search(
        actor(request),
        words=text_of(request, "q") or "",
        states=listed(request, "state", LessonState),
        school_id=text_of(request, "school_id"),
        subject_id=text_of(request, "subject"),
        teacher_id=text_of(request, "teacher_id"),
        since=moment(request, "from"),
        until=moment(request, "to"),
        shelf=_shelf(request),
        cursor=text_of(request, "cursor"),
        limit=limit(request),
    )
    return page(await _items(request, found.items), found.next)


async def watching(request: web.Request) -> web.Response:
    return page(await _items(request, await context(request).services.library.watching(actor(request))))


async def _items(request: web.Request, lessons: Sequence[Lesson]) -> list[lib.RecordingItem]:
    c = context(request)
    ids = [lesson.id for lesson in lessons]
    shelves = await c.services.library.shelves(ids)
    stopped = await c.services.library.positions(actor(request), ids)
    items: list[lib.RecordingItem] = []
    for lesson, said in zip(lessons, await c.views.lessons(lessons), strict=True):
        record = shelves.get(lesson.id, ShelfRecord(lesson.id))
        closed, measure = (
            (True, record.measure)
            if record.measure is not None
            else await asyncio.to_thread(c.recordings.measure, lesson.id)  # still being written: the disk knows
        )
        position = stopped.get(lesson.id)
        items.append(
            lib.RecordingItem(
                id=lesson.id,
                lesson_id=lesson.id,
                state="closed" if closed else "open",
                duration=measure.duration,
                gap_seconds=measure.gap_seconds,
                bytes=measure.bytes,
                tracks=measure.tracks,
                position=None if position is None else resume_at(position.position, position.duration),
                shelf=await c.views.shelf(lesson, record),
                lesson=said,
            )
        )
    return items


async def position(request: web.Request) -> web.Response:
    asked = await body(request, lib.PositionRequest)
    await context(request).services.library.stopped_at(
        actor(request), request.match_info["recording_id"], asked.position, asked.duration
    )
    return nothing()


async def keep(request: web.Request) -> web.Response:
    asked = await body(request, lib.ReasonRequest)
    library, lesson_id = context(request).services.library, request.match_info["recording_id"]
    return await _answer(request, await library.keep(actor(request), lesson_id, asked.reason, address_of(request)))


async def release(request: web.Request) -> web.Response:
    library, lesson_id = context(request).services.library, request.match_info["recording_id"]
    return await _answer(request, await library.release(actor(request), lesson_id, address_of(request)))


async def trash(request: web.Request) -> web.Response:
    asked = await body(request, lib.ReasonRequest)
    library, lesson_id = context(request).services.library, request.match_info["recording_id"]
    return await _answer(request, await library.trash(actor(request), lesson_id, asked.reason, address_of(request)))


async def restore(request: web.Request) -> web.Response:
    library, lesson_id = context(request).services.library, request.match_info["recording_id"]
    return await _answer(request, await library.restore(actor(request), lesson_id, address_of(request)))


async def _answer(request: web.Request, record: ShelfRecord) -> web.Response:
    c: Context = context(request)
    lesson = await c.services.lessons.get(actor(request), record.lesson_id)
    return answer(await c.views.shelf(lesson, record))


def address_of(request: web.Request) -> str:
    """Where the request came from: what a proxy on this machine says of its caller, else the caller itself."""
    remote = request.remote or ""
    forwarded = request.headers.get("X-Forwarded-For")
    return forwarded.rpartition(",")[2].strip() if forwarded and remote in ("127.0.0.1", "::1") else remote


HANDLERS: dict[str, Handler] = {
    "library.list": recordings,
    "library.watching": watching,
    "library.position": position,
    "library.keep": keep,
    "library.release": release,
    "library.trash": trash,
    "library.restore": restore,
}
