"""Exports: a closed recording as one film to take away, made in the background."""

from __future__ import annotations

import asyncio
import re
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import hdrs, web

from server.county.errors import Conflict, Invalid, NotFound
from server.county.ids import new_id
from server.live.exports import WAITED_FOR, Export, ExportState, Layout, Wish

from .. import schemas_takeaway as t
from ..answers import answer, elsewhere, nothing, page
from ..bodies import body
from ..context import Context, actor, context
from ..schemas import rfc3339

if TYPE_CHECKING:
    from server.county.model import Lesson
    from server.live.recordings import Recording

    from ..schemas import LessonAnswer
    from . import Handler

MOST_WAITING = 4  # of one recording: there are three layouts, and nobody needs more at once
WEEKDAYS = "一二三四五六日"
SCREEN, TEACHER = "screen", "teacher"
# what Windows, the strictest, does not take in a file name
NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


async def list_(request: web.Request) -> web.Response:
    c = context(request)
    lesson = await c.services.exports.see(actor(request), request.match_info["recording_id"])
    found = await asyncio.to_thread(c.exports.list, lesson.id)
    return page([_answer(export, lesson) for export in found], None)


async def create(request: web.Request) -> web.Response:
    c = context(request)
    lesson = await c.services.exports.see(actor(request), request.match_info["recording_id"])
    wanted = await body(request, t.ExportRequest)
    recording = await asyncio.to_thread(c.recordings.read, lesson.id)
    if recording is None:
        raise NotFound("no_recording", "这节课没有录像。", "This lesson has no recording.")
    if recording.state != "closed":
        raise Conflict(
            "still_recording", "这节课还在录制，下课后再导出。", "Still being recorded: export after the end."
        )
    main, second = _sources(recording, wanted)
    before = await asyncio.to_thread(c.exports.list, lesson.id)
    for export in before:
        same = (export.layout, export.main, export.second) == (wanted.layout, main, second)
        if same and export.state in (*WAITED_FOR, ExportState.DONE):
            return answer(_answer(export, lesson), status=201)  # the same film is not made twice
    if sum(export.state in WAITED_FOR for export in before) >= MOST_WAITING:
        raise Conflict("too_many_exports", "这份录像已有几个导出在排队。", "Several exports of it are waiting already.")
    me, now = actor(request), c.now()
    (shown,) = await c.views.lessons([lesson])
    wish = Wish(wanted.layout, main, second, _card(shown, lesson), me.id, me.name, _name(lesson))
    export_id = new_id("x", now)
    await c.services.exports.act(me, lesson.id, "make", export_id, f"{wanted.layout} {main} {second or '-'}")
    made = await asyncio.to_thread(c.exports.add, lesson.id, export_id, wish, now)
    await c.live.jobs.export(lesson.id, export_id)
    return answer(_answer(made, lesson), status=201)


def _sources(recording: Recording, wanted: t.ExportRequest) -> tuple[str, str | None]:
    """Which pictures; raises Invalid for what the recording does not have."""
    there = list(
        dict.fromkeys(
            str(track.entry.get("source"))
            for track in recording.tracks
            if track.pieces and track.entry.get("kind") == "video"
        )
    )
    for name, field in ((wanted.main, "main"), (wanted.second, "second")):
        if name is not None and name not in there:
            raise Invalid(
                "invalid",
                f"{field}：录像里没有 {name} 的画面；有：{'、'.join(there) or '无'}",
                f"{field}: the recording has no picture of {name}; it has: {', '.join(there) or 'none'}",
            )
    likely = sorted(there, key=lambda source: {SCREEN: 0, TEACHER: 1}.get(source, 2))
    main = wanted.main or next((source for source in likely if source != wanted.second), TEACHER)
    if wanted.layout is Layout.ONE:
        return main, None
    return main, wanted.second or next((source for source in likely if source != main), None)


def _card(shown: LessonAnswer, lesson: Lesson) -> tuple[str, ...]:
    """The title card's lines."""
    at = time.localtime(lesson.started_at or lesson.starts_at)
    taught = " · ".join(part for part in (shown.subject_name, shown.teacher_name) if part)
    receiving = "、".join(school.name for school in shown.receiving_schools)
    day = f"{at.tm_year}年{at.tm_mon}月{at.tm_mday}日 周{WEEKDAYS[at.tm_wday]} {at.tm_hour:02d}:{at.tm_min:02d}"
    return (shown.topic, taught, f"{shown.supporting_school} → {receiving}", day)


async def _known(request: web.Request, c: Context, what: str | None = None) -> tuple[Lesson, Export]:
    """The export of the path; with `what` the act is kept for the auditor."""
    lesson_id, export_id = request.match_info["recording_id"], request.match_info["export_id"]
    lesson = await c.services.exports.see(actor(request), lesson_id)
    export = await asyncio.to_thread(c.exports.get, lesson.id, export_id)
    if export is None:
        raise NotFound("no_such_export", "没有这个导出。", "No such export.")
    if what is not None:
        await c.services.exports.act(actor(request), lesson.id, what, export.id)
    return lesson, export


async def get(request: web.Request) -> web.Response:
    lesson, export = await _known(request, context(request))
    return answer(_answer(export, lesson))


async def cancel(request: web.Request) -> web.Response:
    c = context(request)
    lesson, export = await _known(request, c, "cancel")
    if export.state in WAITED_FOR:
        await asyncio.to_thread(c.exports.cancel, lesson.id, export.id)
    return await _again(c, lesson, export)


async def resume(request: web.Request) -> web.Response:
    c = context(request)
    lesson, export = await _known(request, c, "resume")
    if export.state in (ExportState.CANCELLED, ExportState.FAILED):
        await asyncio.to_thread(c.exports.resume, lesson.id, export.id)
        await c.live.jobs.export(lesson.id, export.id)
    return await _again(c, lesson, export)


async def _again(c: Context, lesson: Lesson, export: Export) -> web.Response:
    now = await asyncio.to_thread(c.exports.get, lesson.id, export.id)
    return answer(_answer(now or export, lesson))


async def delete(request: web.Request) -> web.Response:
    c = context(request)
    lesson, export = await _known(request, c, "delete")
    await asyncio.to_thread(c.exports.remove, lesson.id, export.id)
    return nothing()


async def file(request: web.Request) -> web.StreamResponse:
    c = context(request)
    lesson, export = await _known(request, c)
    path = await asyncio.to_thread(c.exports.result, lesson.id, export.id)
    if path is None:
        raise NotFound("not_done", "这个导出还没有做好。", "This export is not done yet.")
    if request.headers.get(hdrs.RANGE, "bytes=0-").startswith("bytes=0-"):  # each download once, not each piece of it
        await c.services.exports.act(actor(request), lesson.id, "download", export.id)
    if isinstance(path, str):
        return elsewhere(path)
    return web.FileResponse(
        path,
        headers={
            hdrs.CONTENT_TYPE: "video/mp4",
            hdrs.CONTENT_DISPOSITION: f"attachment; filename*=UTF-8''{quote(_name(lesson))}",
            hdrs.CACHE_CONTROL: "private, no-cache",
        },
    )


def _name(lesson: Lesson) -> str:
    """As people find it again: the topic and the day."""
    day = time.strftime("%Y-%m-%d", time.localtime(lesson.started_at or lesson.starts_at))
    return f"{NOT_IN_NAMES.sub(' ', lesson.topic).strip(' .')[:80]} {day}.mp4"


def _answer(export: Export, lesson: Lesson) -> t.ExportAnswer:
    done = export.state is ExportState.DONE
    return t.ExportAnswer(
        id=export.id,
        lesson_id=export.lesson_id,
        layout=export.layout,
        main=export.main,
        second=export.second,
        state=export.state,
        progress=export.progress,
        error=export.error,
        seconds=export.seconds,
        bytes=export.bytes,
        created_at=rfc3339(export.created_at),
        by=export.by_name,
        url=f"/api/recordings/{export.lesson_id}/exports/{export.id}/file" if done else None,
        name=_name(lesson),
    )


HANDLERS: dict[str, Handler] = {
    "exports.list": list_,
    "exports.create": create,
    "exports.get": get,
    "exports.cancel": cancel,
    "exports.resume": resume,
    "exports.delete": delete,
    "exports.file": file,
}
