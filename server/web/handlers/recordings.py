"""Recordings: what one holds, its pieces for the player, whole tracks to take away."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import hdrs, web
from pydantic import ValidationError

from server.county.errors import NotFound
from server.county.retention import resume_at
from server.live import playlists as p
from server.live import recordings as r
from server.live.recording_answer import as_json

from .. import schemas_media as m
from ..answers import answer, elsewhere
from ..bodies import integer
from ..context import Context, actor, context
from ..ranges import plan
from .library import address_of

if TYPE_CHECKING:
    from server.county.model import Lesson

    from . import Handler

log = logging.getLogger("tongke.web")

CHUNK = 256 * 1024
LATEST = 999_999  # s; no lesson lasts eleven days
WORTH_PACKING = 4096  # bytes of a playlist; one of 45 minutes is 200 kB, packed 12
# A closed piece never changes; it is for the logged-in reader only.
FOREVER = "private, max-age=31536000, immutable"


async def _watched(request: web.Request, c: Context, action: str, detail: str = "") -> Lesson:
    """The lesson whose recording the caller may watch; that it was is in the audit log."""
    lesson = await c.services.library.open(actor(request), request.match_info["recording_id"])
    await c.services.library.watched(actor(request), lesson.id, action, detail, address_of(request))
    return lesson


async def get(request: web.Request) -> web.Response:
    c = context(request)
    lesson = await c.services.library.open(actor(request), request.match_info["recording_id"])
    after = integer(request, "after", 0, LATEST) or 0
    body = await asyncio.to_thread(_read, c.recordings, lesson.id, after)
    if body is None:
        raise NotFound("no_recording", "这节课没有录像。", "This lesson has no recording.")
    body["verifying"] = await c.live.jobs.verifying(lesson.id)
    stopped = (await c.services.library.positions(actor(request), [lesson.id])).get(lesson.id)
    position = None if stopped is None else resume_at(stopped.position, stopped.duration)
    return answer(m.RecordingAnswer.model_validate(body | {"position": position}))


def _read(files: r.RecordingFiles, lesson_id: str, after: int) -> dict[str, object] | None:
    recording = files.read(lesson_id)
    return None if recording is None else as_json(recording, after) | {"verification": _verification(recording)}


def _verification(recording: r.Recording) -> m.Verification | None:
    """A report of another version is none: the recording plays all the same, and can be verified again.

    What the ends showed is for doubts alone: until a researcher confirms one, no school is told of a suspicion.
    """
    if recording.verification is None:
        return None
    try:
        told = {name: value for name, value in recording.verification.items() if name != "sources"}
        return m.Verification.model_validate(told)
    except ValidationError as error:
        log.warning("verify.json of %s is not a report: %d errors", recording.lesson_id, error.error_count())
        return None


async def piece(request: web.Request) -> web.StreamResponse:
    c = context(request)
    lesson = await _watched(request, c, "recording.view")
    found = await asyncio.to_thread(
        c.recordings.piece, lesson.id, request.match_info["track"], request.match_info["file"]
    )
    if found is None:
        raise NotFound("no_piece", "没有这个录像片段。", "No such piece of the recording.")
    if isinstance(found.place, str):
        return elsewhere(found.place)
    cache = FOREVER if found.closed else "no-store"
    return web.FileResponse(found.place, headers={hdrs.CONTENT_TYPE: found.mime, hdrs.CACHE_CONTROL: cache})


async def hls(request: web.Request) -> web.Response:
    c = context(request)
    lesson = await _watched(request, c, "recording.view")
    name, dot, suffix = request.match_info["playlist"].rpartition(".")
    text = await asyncio.to_thread(_playlist, c.recordings, lesson.id, name) if dot + suffix == p.SUFFIX else None
    if text is None:
        raise NotFound("no_playlist", "没有这个播放列表。", "No such playlist.")
    body = text.encode()
    etag = hashlib.sha256(body).hexdigest()[:32]
    headers = {hdrs.ETAG: f'"{etag}"', hdrs.CACHE_CONTROL: "private, no-cache"}
    if plan(request.headers, len(body), etag).status == 304:
        return web.Response(status=304, headers=headers)
    response = web.Response(body=body, content_type=p.MIME, headers=headers)
    if len(body) > WORTH_PACKING:
        response.enable_compression()
    return response


def _playlist(files: r.RecordingFiles, lesson_id: str, name: str) -> str | None:
    recording = files.read(lesson_id)
    return None if recording is None else p.playlist(recording, name)


async def whole(request: web.Request) -> web.StreamResponse:
    c = context(request)
    lesson = await _watched(request, c, "recording.download", request.match_info["track"])
    track = await asyncio.to_thread(c.recordings.whole, lesson.id, request.match_info["track"])
    if track is None:
        raise NotFound("no_track", "没有这条录像。", "No such track of the recording.")
    todo = plan(request.headers, track.length, track.etag)
    headers = {
        hdrs.ACCEPT_RANGES: "bytes",
        hdrs.ETAG: f'"{track.etag}"',
        hdrs.CACHE_CONTROL: "private, no-cache",
    }
    if todo.status == 304:
        return web.Response(status=304, headers=headers)
    if todo.status == 416:
        return web.Response(status=416, headers=headers | {hdrs.CONTENT_RANGE: f"bytes */{track.length}"})
    headers[hdrs.CONTENT_TYPE] = track.mime
    headers[hdrs.CONTENT_DISPOSITION] = f"inline; filename*=UTF-8''{quote(track.name)}"
    if todo.status == 206:
        headers[hdrs.CONTENT_RANGE] = f"bytes {todo.start}-{todo.end - 1}/{track.length}"
    response = web.StreamResponse(status=todo.status, headers=headers)
    response.content_length = todo.end - todo.start
    await response.prepare(request)
    if request.method != hdrs.METH_HEAD:
        for span in track.spans(todo.start, todo.end):
            await _send(response, c.recordings, span)
    await response.write_eof()
    return response


async def _send(response: web.StreamResponse, files: r.RecordingFiles, span: r.Span) -> None:
    at, end = span.offset, span.offset + span.length
    while at < end:
        data = await asyncio.to_thread(files.read_at, span.path, at, min(CHUNK, end - at))
        if not data:
            raise ConnectionResetError("the file became shorter while it was sent")
        at += len(data)
        await response.write(data)


HANDLERS: dict[str, Handler] = {
    "recordings.get": get,
    "recordings.piece": piece,
    "recordings.hls": hls,
    "recordings.file": whole,
}
