"""Lessons: scheduled, changed, started, ended, and the tokens to be in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server.county.errors import Conflict
from server.county.model import Form, LessonState
from server.county.permissions import Action, require

from .. import schemas as s
from .. import schemas_media as m
from ..answers import answer, page
from ..bodies import body, limit, listed, moment, text_of
from ..context import actor, context

if TYPE_CHECKING:
    from aiohttp import web

    from . import Handler


async def lessons(request: web.Request) -> web.Response:
    c = context(request)
    found = await c.services.lessons.list(
        actor(request),
        states=listed(request, "state", LessonState),
        forms=listed(request, "form", Form),
        school_id=text_of(request, "school_id"),
        subject_id=text_of(request, "subject"),
        since=moment(request, "from"),
        until=moment(request, "to"),
        order=text_of(request, "order") or "-starts_at",
        cursor=text_of(request, "cursor"),
        limit=limit(request),
    )
    return page(await c.views.lessons(found.items), found.next)


async def create(request: web.Request) -> web.Response:
    asked = await body(request, s.LessonCreate)
    c = context(request)
    lesson = await c.services.lessons.create(
        actor(request),
        pairing_id=asked.pairing_id,
        subject_id=asked.subject,
        topic=asked.topic,
        starts_at=asked.starts_at.timestamp(),
        planned_minutes=asked.planned_minutes,
        teacher_id=asked.teacher_id,
        receiving_school_ids=asked.receiving_school_ids,
        policy=asked.policy,
    )
    response = answer(await c.views.lesson(lesson), 201)
    response.headers["Location"] = f"/api/lessons/{lesson.id}"
    return response


async def get(request: web.Request) -> web.Response:
    c = context(request)
    detail = await c.services.lessons.detail(actor(request), request.match_info["lesson_id"])
    return answer(await c.views.detail(detail))


# A body's field, and what the service calls it. `teacher_id` may be set to null (any teacher of the school).
_CHANGES = {
    "topic": "topic",
    "subject": "subject_id",
    "starts_at": "starts_at",
    "planned_minutes": "planned_minutes",
    "teacher_id": "teacher_id",
}


async def update(request: web.Request) -> web.Response:
    asked = await body(request, s.LessonUpdate)
    changes: dict[str, Any] = {
        name: getattr(asked, field)
        for field, name in _CHANGES.items()
        if field in asked.model_fields_set and (getattr(asked, field) is not None or field == "teacher_id")
    }
    if "starts_at" in changes:
        changes["starts_at"] = changes["starts_at"].timestamp()
    c = context(request)
    lesson = await c.services.lessons.update(actor(request), request.match_info["lesson_id"], asked.version, **changes)
    return answer(await c.views.lesson(lesson))


async def start(request: web.Request) -> web.Response:
    c = context(request)
    return answer(await c.views.lesson(await c.services.lessons.start(actor(request), request.match_info["lesson_id"])))


async def end(request: web.Request) -> web.Response:
    """Media and recording are closed by `live.notices`, which the service tells."""
    c = context(request)
    return answer(await c.views.lesson(await c.services.lessons.end(actor(request), request.match_info["lesson_id"])))


async def cancel(request: web.Request) -> web.Response:
    asked = await body(request, s.CancelRequest)
    c = context(request)
    lesson = await c.services.lessons.cancel(actor(request), request.match_info["lesson_id"], asked.reason)
    return answer(await c.views.lesson(lesson))


async def tokens(request: web.Request) -> web.Response:
    asked = await body(request, s.TokenRequest)
    c = context(request)
    grant = await c.services.lessons.grant(actor(request), request.match_info["lesson_id"], asked.role, asked.school_id)
    return answer(
        s.TokenAnswer(
            token=c.live.tokens.sign(grant),
            expires_at=s.rfc3339(grant.expires_at),
            participant_id=grant.participant_id,
        ),
        201,
    )


_VERIFIABLE = frozenset(LessonState) - {
    LessonState.SCHEDULED,
    LessonState.LIVE,
    LessonState.CANCELLED,
    LessonState.MISSED,
}


async def verify(request: web.Request) -> web.Response:
    c = context(request)
    require(actor(request), Action.LESSON_VERIFY)
    lesson = await c.services.lessons.get(actor(request), request.match_info["lesson_id"])
    if lesson.state not in _VERIFIABLE:
        raise Conflict(
            "nothing_to_verify",
            f"课堂现在是 {lesson.state.value} 状态，还没有可以核验的录像。",
            f"The lesson is {lesson.state.value}; there is no recording to verify.",
        )
    await c.services.library.open(actor(request), lesson.id)  # what is in the trash is not judged anew
    await c.live.jobs.verify(lesson.id)
    return answer(m.Accepted(lesson_id=lesson.id), 202)


HANDLERS: dict[str, Handler] = {
    "lessons.list": lessons,
    "lessons.create": create,
    "lessons.get": get,
    "lessons.update": update,
    "lessons.start": start,
    "lessons.end": end,
    "lessons.cancel": cancel,
    "lessons.tokens": tokens,
    "lessons.verify": verify,
}
