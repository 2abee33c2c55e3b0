"""Room recorders as sources: wanted, watched and stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.county.errors import NotFound
from server.county.ids import new_id
from server.county.model import TokenRole
from server.county.permissions import Action, Scope, require
from server.live.ingest import Ingest, IngestState, check

from .. import schemas_ingest as i
from ..answers import answer, nothing, page
from ..bodies import body
from ..context import Context, actor, context
from ..schemas import rfc3339

if TYPE_CHECKING:
    from aiohttp import web

    from server.county.model import Lesson

    from . import Handler

TEACHER = "teacher"


async def list_(request: web.Request) -> web.Response:
    c = context(request)
    lesson = await c.services.lessons.get(actor(request), request.match_info["lesson_id"])
    return page([_answer(*one) for one in await c.live.ingest.ingests.of_lesson(lesson.id)])


async def create(request: web.Request) -> web.Response:
    c = context(request)
    wanted = await body(request, i.IngestRequest)
    lesson_id, me = request.match_info["lesson_id"], actor(request)
    # whoever may publish in that place may let a recorder do so; the token is what it publishes with
    grant = await c.services.lessons.grant(me, lesson_id, TokenRole(wanted.role), wanted.school_id)
    desk = c.live.ingest
    target = await check(wanted.url, desk.ranges, desk.resolve)
    for before, _ in await desk.ingests.of_lesson(lesson_id):
        if before.source == grant.participant_id:  # one publisher for each place: the newest wins
            await desk.ingests.remove(before.id)
    made = Ingest(new_id("i", c.now()), lesson_id, grant.participant_id, target, c.live.tokens.sign(grant), me.name)
    await c.services.ingests.note(me, "ingest.start", lesson_id, f"{made.source} {target.shown} {target.address}")
    await desk.ingests.add(made)
    return answer(_answer(made, IngestState(since=c.now())), status=201)


async def delete(request: web.Request) -> web.Response:
    c = context(request)
    lesson = await c.services.lessons.get(actor(request), request.match_info["lesson_id"])
    found = await _find(c, lesson, request.match_info["ingest_id"])
    require(
        actor(request), Action.BE_TEACHER if found.source == TEACHER else Action.BE_CLASSROOM, Scope.of_lesson(lesson)
    )
    await c.services.ingests.note(actor(request), "ingest.stop", lesson.id, f"{found.source} {found.target.shown}")
    await c.live.ingest.ingests.remove(found.id)
    return nothing()


async def _find(c: Context, lesson: Lesson, ingest_id: str) -> Ingest:
    for ingest, _ in await c.live.ingest.ingests.of_lesson(lesson.id):
        if ingest.id == ingest_id:
            return ingest
    raise NotFound("no_such_ingest", "没有这个录播主机连接，可能已经停止。", "No such pull; it may have stopped.")


def _answer(ingest: Ingest, state: IngestState) -> i.IngestAnswer:
    return i.IngestAnswer(
        id=ingest.id,
        lesson_id=ingest.lesson_id,
        source=ingest.source,
        url=ingest.target.shown,
        by=ingest.by,
        state="live" if state.state == "live" else "waiting" if state.state == "waiting" else "connecting",
        code=state.code,
        video=state.video,
        audio=state.audio,
        since=rfc3339(state.since),
    )


HANDLERS: dict[str, Handler] = {
    "ingest.list": list_,
    "ingest.create": create,
    "ingest.delete": delete,
}
