"""Courses on demand: given, looked at, played."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from server.county.errors import NotFound
from server.county.model import Form

from .. import schemas as s
from .. import schemas_courses as o
from ..answers import answer
from ..bodies import body
from ..context import actor, context

if TYPE_CHECKING:
    from aiohttp import web

    from server.county.services.courses import CourseView

    from ..context import Context
    from . import Handler


async def create(request: web.Request) -> web.Response:
    asked = await body(request, o.CourseCreate)
    c = context(request)
    await c.services.library.open(actor(request), asked.recording_id)
    closed, measure = await asyncio.to_thread(c.recordings.measure, asked.recording_id)
    if not closed or not measure.tracks:
        raise NotFound("no_recording", "没有这份录像，或者它还在录。", "No such recording, or it is still being made.")
    lesson = await c.services.courses.create(
        actor(request),
        form=Form(asked.form),
        source_id=asked.recording_id,
        duration=measure.duration,
        pairing_id=asked.pairing_id,
        starts_at=asked.starts_at.timestamp(),
        topic=asked.topic,
        receiving_school_ids=asked.receiving_school_ids,
    )
    return await _answer(c, await c.services.courses.get(actor(request), lesson.id), 201)


async def get(request: web.Request) -> web.Response:
    c = context(request)
    return await _answer(c, await c.services.courses.get(actor(request), request.match_info["lesson_id"]))


async def play(request: web.Request) -> web.Response:
    asked = await body(request, o.PlayedReport)
    c = context(request)
    lesson_id = request.match_info["lesson_id"]
    return await _answer(c, await c.services.courses.play(actor(request), lesson_id, asked.claims, asked.speed))


async def _answer(c: Context, view: CourseView, status: int = 200) -> web.Response:
    known = {each.school_id: each for each in view.played}
    rows = []
    for school_id in view.lesson.receiving_school_ids:
        played = known.get(school_id)
        seconds = played.seconds if played is not None else 0.0
        rows.append(
            o.PlayedAnswer(
                school_id=school_id,
                seconds=round(seconds, 1),
                share=seconds / view.course.duration if view.course.duration else 0.0,
                credited=school_id in view.credited,
                spans=list(played.spans) if played is not None else [],
                first_at=s.rfc3339(played.first_at) if played is not None else None,
            )
        )
    return answer(
        o.CourseAnswer(
            lesson=await c.views.lesson(view.lesson),
            recording_id=view.course.source_id,
            duration=view.course.duration,
            needed_share=view.needed_share,
            played=rows,
        ),
        status,
    )


HANDLERS: dict[str, Handler] = {"courses.create": create, "courses.get": get, "courses.play": play}
