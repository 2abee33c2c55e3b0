"""What is live, the system's state, health, metrics, the OpenAPI document."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec
from aiohttp import web

from server.county.model import LessonState
from server.county.permissions import Action, require
from server.county.retention import DAY
from server.live import quality as q
from server.live import state
from server.live.watch import lessons_in

from .. import schemas as s
from .. import schemas_library as lib
from .. import schemas_media as m
from ..answers import answer, page
from ..bodies import text_of
from ..context import actor, context
from ..openapi import openapi_document
from ..problems import Refusal

if TYPE_CHECKING:
    from server.live.wall import Picture

    from . import Handler


async def live(request: web.Request) -> web.Response:
    c = context(request)
    require(actor(request), Action.LIVE_SEE)
    if text_of(request, "pictures"):
        await c.live.wall.look()
    lessons = await lessons_in(c.services, LessonState.LIVE)
    found: list[m.LiveLesson] = []
    for lesson in await c.views.lessons(lessons):
        fields = await c.live.rooms.get(lesson.id)
        room = state.read_room(fields)
        present = [m.Presence.model_validate(msgspec.to_builtins(one)) for one in state.participants(room, c.now())]
        recording = m.RecordingState(state=room.recording.state, detail=room.recording.detail)
        quality = q.fresh(q.read_snapshot(fields.get(q.FIELD)), c.now())
        pictures = await asyncio.to_thread(c.live.pictures.of_lesson, lesson.id, c.now())
        found.append(
            m.LiveLesson(
                lesson=lesson,
                participants=present,
                recording=recording,
                quality=q.ends(quality.rows) if quality is not None else {},
                notes=[_note(note) for note in quality.notes if note.lasting] if quality is not None else [],
                snapshots=[_snapshot(lesson.id, picture) for picture in pictures],
            )
        )
    return page(found)


def _note(note: q.Note) -> m.QualityNote:
    return m.QualityNote.model_validate({name: getattr(note, name) for name in m.QualityNote.model_fields})


def _snapshot(lesson_id: str, picture: Picture) -> m.Snapshot:
    url = f"/api/lessons/{lesson_id}/snapshots/{picture.source}?v={picture.etag}"
    return m.Snapshot(source=picture.source, url=url, at=s.rfc3339(picture.at))


async def system(request: web.Request) -> web.Response:
    c = context(request)
    require(actor(request), Action.SYSTEM_SEE)
    free, total = await c.system.disk()
    space = await c.services.library.space(free, total)
    return answer(
        m.SystemAnswer(
            version=c.system.version,
            uptime=max(0.0, c.now() - c.system.started_at),
            now=s.rfc3339(c.now()),
            workers=[m.WorkerAnswer.model_validate(lease) for lease in await c.live.plane.workers()],
            recorder=m.RecorderAnswer(
                alive=await c.system.recorder_alive(), trouble=sorted(set(c.pump.trouble.values()))
            ),
            redis=await c.system.redis() or "ok",
            database=await c.system.database() or "ok",
            disk=m.DiskAnswer(free=free, total=total),
            space=lib.SpaceAnswer(
                level=space.level.value,
                recordings=space.recordings,
                trash=space.trash,
                per_day=space.per_day,
                days_left=None if space.left is None else space.left / DAY,
            ),
            queue=await c.system.queue(),
            event_lag=c.pump.lag,
        )
    )


async def health(request: web.Request) -> web.Response:
    c = context(request)
    missing: list[tuple[str, str]] = []
    if await c.system.database() is not None:
        missing.append(("数据库没有应答", "the database does not answer"))
    if await c.system.redis() is not None:
        missing.append(("Redis 没有应答", "Redis does not answer"))
    else:
        if not await c.live.plane.workers():
            missing.append(("没有媒体进程在运行", "no media worker is running"))
        if not await c.system.recorder_alive():
            missing.append(("录像进程没有在运行", "the recorder is not running"))
    if missing:
        raise Refusal(
            503,
            "not_ready",
            "还不能上课：" + "；".join(chinese for chinese, _ in missing) + "。",
            "Not ready for a lesson: " + "; ".join(english for _, english in missing) + ".",
            headers={"Retry-After": "2"},
        )
    return answer(m.HealthAnswer())


async def metrics(request: web.Request) -> web.Response:
    c = context(request)
    body = await c.metrics.render(c)
    return web.Response(body=body, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})


async def openapi(request: web.Request) -> web.Response:
    return web.json_response(openapi_document())


HANDLERS: dict[str, Handler] = {
    "system.live": live,
    "system.state": system,
    "system.health": health,
    "system.metrics": metrics,
    "system.openapi": openapi,
}
