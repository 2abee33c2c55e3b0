"""Doubts: the list, and each step that a person takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.county.doubts import DoubtState, DoubtStep, Kind

from .. import schemas as s
from .. import schemas_doubts as d
from ..answers import answer, page
from ..bodies import body, limit, listed, one_of, text_of
from ..context import actor, context
from ..table_doubts import STEPS

if TYPE_CHECKING:
    from aiohttp import web

    from server.county.services.doubts import DoubtView

    from . import Handler


async def doubts(request: web.Request) -> web.Response:
    c = context(request)
    found = await c.services.doubts.page(
        actor(request),
        states=listed(request, "state", DoubtState),
        kind=one_of(request, "kind", Kind),
        lesson_id=text_of(request, "lesson_id"),
        school_id=text_of(request, "school_id"),
        cursor=text_of(request, "cursor"),
        limit=limit(request),
    )
    lessons = await c.views.lessons([view.lesson for view in found.items])
    return page([_doubt(view, lesson) for view, lesson in zip(found.items, lessons, strict=True)], found.next)


def _taking(step: DoubtStep) -> Handler:
    async def take(request: web.Request) -> web.Response:
        asked = await body(request, d.DoubtTake)
        c = context(request)
        view = await c.services.doubts.take(
            actor(request), request.match_info["doubt_id"], asked.version, step, asked.reason
        )
        return answer(_doubt(view, await c.views.lesson(view.lesson)))

    return take


def _doubt(view: DoubtView, lesson: s.LessonAnswer) -> d.DoubtAnswer:
    doubt, finding = view.doubt, view.doubt.finding
    return d.DoubtAnswer(
        id=doubt.id,
        lesson=lesson,
        kind=finding.kind,
        school_id=finding.school_id,
        state=doubt.state,
        text=finding.text,
        text_en=finding.text_en,
        figures=dict(finding.figures),
        moments=[
            d.MomentAnswer(start=one.start, end=one.end, there=one.there, lesson_id=one.lesson_id)
            for one in finding.moments
        ],
        found_at=s.rfc3339(doubt.found_at),
        credited=sorted(view.stands),
        may_take=list(view.may_take),
        events=[
            d.DoubtEventAnswer(at=s.rfc3339(event.at), step=event.step, actor=event.actor_name, text=event.text)
            for event in view.events
        ],
        version=doubt.version,
    )


HANDLERS: dict[str, Handler] = {"doubts.list": doubts} | {f"doubts.{step}": _taking(step) for step in STEPS}
