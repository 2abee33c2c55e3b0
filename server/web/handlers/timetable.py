"""The timetable: a span of it, clashes, weekly series, missed lessons given another time, substitution."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from server.county.services._draft import Wish

from .. import schemas as s
from .. import schemas_timetable as t
from ..answers import answer, page
from ..bodies import body, flag, moment, text_of
from ..context import actor, context
from ..problems import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiohttp import web

    from server.county.services.timetable import Changed
    from server.county.timetable.warnings import Notice

    from . import Handler


async def show(request: web.Request) -> web.Response:
    since, until = moment(request, "from"), moment(request, "to")
    if since is None or until is None:
        raise Refusal(400, "invalid", "请给出 from 和 to。", "Give `from` and `to`.")
    c = context(request)
    found = await c.services.timetable.show(
        actor(request),
        since,
        until,
        school_id=text_of(request, "school_id"),
        subject_id=text_of(request, "subject"),
        researcher_id=text_of(request, "researcher_id"),
    )
    first, last = (datetime.fromtimestamp(at, found.zone).date() for at in (since, until - 1))
    offset = datetime.fromtimestamp(since, found.zone).utcoffset() or timedelta()
    return answer(
        t.TimetableAnswer(
            lessons=await c.views.lessons(found.lessons),
            notices=notices_of(found.notices),
            special_days=[
                t.SpecialDay(day=day.isoformat(), name=one.name, follows=one.follows)
                for day, one in found.year.special_between(first, last)
            ],
            terms=[
                t.TermAnswer(id=one.id, name=one.name, begins=one.begins.isoformat(), ends=one.ends.isoformat())
                for one in found.year.terms
            ],
            utc_offset_minutes=int(offset.total_seconds() // 60),
            truncated=found.truncated,
        )
    )


def notices_of(notices: Iterable[Notice]) -> list[t.TimetableNotice]:
    return [
        t.TimetableNotice.model_validate(
            {
                "kind": one.kind,
                "lesson_id": one.lesson_id,
                "other_id": one.other_id,
                "starts_at": s.rfc3339(one.starts_at),
                "text": one.text,
                "text_en": one.text_en,
            }
        )
        for one in notices
    ]


async def check(request: web.Request) -> web.Response:
    asked = await body(request, t.CheckRequest)
    found = await context(request).services.timetable.check(
        actor(request), asked.lesson_id, starts_at=asked.starts_at.timestamp(), teacher_id=asked.teacher_id
    )
    return answer(t.NoticesAnswer(notices=notices_of(found)))


async def series(request: web.Request) -> web.Response:
    asked = await body(request, t.SeriesCreate)
    c, dry = context(request), flag(request, "dry_run")
    wish = Wish(
        pairing_id=asked.pairing_id,
        subject_id=asked.subject,
        topic=asked.topic,
        starts_at=asked.starts_at.timestamp(),
        planned_minutes=asked.planned_minutes,
        teacher_id=asked.teacher_id,
        receiving_school_ids=asked.receiving_school_ids,
        policy=asked.policy,
    )
    made = await c.services.timetable.series(actor(request), wish, until=asked.until, every=asked.every, dry_run=dry)
    return answer(
        t.SeriesAnswer(
            made=not dry,
            lessons=await c.views.lessons(made.lessons),
            skipped=[t.SkippedDay(day=day.isoformat(), name=name) for day, name in made.skipped],
            notices=notices_of(made.notices),
        )
    )


async def substitute(request: web.Request) -> web.Response:
    asked = await body(request, t.SubstitutionRequest)
    dry = flag(request, "dry_run")
    changed = await context(request).services.timetable.substitute(
        actor(request),
        asked.teacher_id,
        asked.substitute_id,
        asked.since.timestamp(),
        asked.until.timestamp(),
        asked.reason,
        dry_run=dry,
    )
    return answer(await _changed(request, changed, made=not dry))


async def _changed(request: web.Request, changed: Changed, *, made: bool) -> t.ChangedAnswer:
    lessons = await context(request).views.lessons(changed.lessons)
    return t.ChangedAnswer(made=made, lessons=lessons, notices=notices_of(changed.notices))


async def teachers(request: web.Request) -> web.Response:
    found = await context(request).services.timetable.teachers(actor(request), text_of(request, "school_id"))
    return page(t.TeacherAnswer(id=one.id, name=one.name, school_id=one.school_id) for one in found)


async def suggestion(request: web.Request) -> web.Response:
    at = await context(request).services.timetable.suggestion(actor(request), request.match_info["lesson_id"])
    return answer(t.SuggestionAnswer(starts_at=s.rfc3339_or_none(at)))


async def reschedule(request: web.Request) -> web.Response:
    asked = await body(request, t.RescheduleRequest)
    changed = await context(request).services.timetable.reschedule(
        actor(request), request.match_info["lesson_id"], asked.version, asked.starts_at.timestamp()
    )
    return answer(await _changed(request, changed, made=True))


HANDLERS: dict[str, Handler] = {
    "timetable.show": show,
    "timetable.check": check,
    "timetable.series": series,
    "timetable.substitute": substitute,
    "timetable.teachers": teachers,
    "timetable.suggestion": suggestion,
    "timetable.reschedule": reschedule,
}
