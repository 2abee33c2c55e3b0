"""Lesson observation: the form, sheets, averages."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from server.county.observation import Grouping, Remark, SheetState
from server.county.rubric import rubric_of

from .. import schemas as s
from .. import schemas_observation as o
from ..answers import answer, nothing, page
from ..bodies import body, limit, moment, one_of, text_of
from ..context import actor, context

if TYPE_CHECKING:
    from aiohttp import web

    from server.county.ports_observation import RubricRecord
    from server.county.services.observations import SheetView

    from ..context import Context
    from . import Handler


async def rubrics(request: web.Request) -> web.Response:
    found = await context(request).services.observations.rubrics(actor(request))
    return page([_rubric(record) for record in found])


async def edit_rubric(request: web.Request) -> web.Response:
    asked = await body(request, o.RubricCreate)
    rubric = rubric_of(asked.rubric.model_dump())
    service = context(request).services.observations
    return answer(_rubric(await service.edit_rubric(actor(request), asked.based_on, rubric, asked.note)), 201)


async def sheets(request: web.Request) -> web.Response:
    c = context(request)
    found = await c.services.observations.page(
        actor(request),
        lesson_id=text_of(request, "lesson_id"),
        mine=text_of(request, "mine") == "1",
        state=one_of(request, "state", SheetState),
        cursor=text_of(request, "cursor"),
        limit=limit(request),
    )
    lessons = await c.views.lessons([view.lesson for view in found.items])
    items = [o.SheetItem(**_item(view, lesson)) for view, lesson in zip(found.items, lessons, strict=True)]
    return page(items, found.next)


async def open_sheet(request: web.Request) -> web.Response:
    asked = await body(request, o.SheetOpen)
    c = context(request)
    return await _whole(c, await c.services.observations.open(actor(request), asked.lesson_id))


async def get(request: web.Request) -> web.Response:
    c = context(request)
    return await _whole(c, await c.services.observations.get(actor(request), request.match_info["sheet_id"]))


async def save(request: web.Request) -> web.Response:
    asked = await body(request, o.SheetSave)
    c = context(request)
    view = await c.services.observations.save(
        actor(request),
        request.match_info["sheet_id"],
        asked.version,
        marks=asked.marks,
        remarks=[Remark(one.key, one.moment.timestamp(), one.kind, one.text) for one in asked.remarks],
        highlights=asked.highlights,
        suggestions=asked.suggestions,
    )
    return await _whole(c, view)


async def discard(request: web.Request) -> web.Response:
    await context(request).services.observations.discard(actor(request), request.match_info["sheet_id"])
    return nothing()


async def sign(request: web.Request) -> web.Response:
    asked = await body(request, o.SheetSign)
    c = context(request)
    sheet_id = request.match_info["sheet_id"]
    return await _whole(c, await c.services.observations.sign(actor(request), sheet_id, asked.version, asked.name))


async def withdraw(request: web.Request) -> web.Response:
    asked = await body(request, o.SheetWithdraw)
    c = context(request)
    sheet_id = request.match_info["sheet_id"]
    return await _whole(c, await c.services.observations.withdraw(actor(request), sheet_id, asked.reason))


async def read(request: web.Request) -> web.Response:
    c = context(request)
    return await _whole(c, await c.services.observations.read(actor(request), request.match_info["sheet_id"]))


async def reply(request: web.Request) -> web.Response:
    asked = await body(request, o.SheetReply)
    c = context(request)
    sheet_id = request.match_info["sheet_id"]
    return await _whole(c, await c.services.observations.answer(actor(request), sheet_id, asked.text))


async def averages(request: web.Request) -> web.Response:
    c = context(request)
    by = one_of(request, "by", Grouping) or Grouping.TEACHER
    found = await c.services.observations.averages(actor(request), by, moment(request, "from"), moment(request, "to"))
    names = await _names(c, by)
    return page(
        [
            o.AverageAnswer(
                key=row.key,
                name=names.get(row.key, row.key),
                sheets=row.sheets,
                lessons=row.lessons,
                mean=row.mean,
                lowest=row.lowest,
                highest=row.highest,
                bands=[o.BandCount(at=at, sheets=count) for at, count in row.bands.items()],
            )
            for row in found
        ]
    )


async def _names(c: Context, by: Grouping) -> dict[str, str]:
    roster = c.services.roster
    if by is Grouping.TEACHER:
        return await roster.account_names()
    if by is Grouping.SUBJECT:
        return {subject.id: subject.name for subject in await roster.subjects()}
    pairings = [await c.views.pairing(pairing) for pairing in await roster.pairings()]
    return {pairing.id: f"{pairing.supporting_school} → {pairing.receiving_school}" for pairing in pairings}


def _rubric(record: RubricRecord) -> o.RubricAnswer:
    return o.RubricAnswer(
        version=record.version,
        rubric=_form(record),
        created_at=s.rfc3339(record.created_at) if record.created_at else None,
        author=record.author_name,
        note=record.note,
    )


def _form(record: RubricRecord) -> o.RubricBody:
    return o.RubricBody.model_validate(asdict(record.rubric))


def _item(view: SheetView, lesson: s.LessonAnswer) -> dict[str, Any]:
    sheet = view.sheet
    band = view.score.band
    return {
        "id": sheet.id,
        "state": sheet.state,
        "rubric_version": sheet.rubric,
        "lesson": lesson,
        "observer_id": sheet.observer_id,
        "observer": view.observer_name,
        "mine": view.mine,
        "total": view.score.total,
        "band": None if band is None else o.BandAnswer(at=band.at, name=band.name, name_en=band.name_en),
        "created_at": s.rfc3339(sheet.created_at),
        "updated_at": s.rfc3339(sheet.updated_at),
        "signed_at": s.rfc3339_or_none(sheet.signed_at),
        "read_at": s.rfc3339_or_none(sheet.read_at),
        "answers": sum(event.step == "answered" for event in view.events),
        "version": sheet.version,
    }


async def _whole(c: Context, view: SheetView) -> web.Response:
    zero = await asyncio.to_thread(c.recordings.clock_zero, view.lesson.id)
    sheet = view.sheet
    return answer(
        o.SheetAnswer(
            **_item(view, await c.views.lesson(view.lesson)),
            rubric=_form(view.rubric),
            marks=sheet.marks,
            points=dict(view.score.parts),
            open_items=list(view.score.open_items),
            judged_share=view.score.judged_share,
            remarks=[
                o.RemarkAnswer(
                    key=one.key,
                    moment=s.rfc3339(one.moment),
                    second=None if zero is None else round(max(0.0, one.moment - zero), 3),
                    kind=one.kind,
                    text=one.text,
                )
                for one in sheet.remarks
            ],
            highlights=sheet.highlights,
            suggestions=sheet.suggestions,
            signed_name=sheet.signed_name,
            may_answer=view.may_answer,
            events=[
                o.SheetEventAnswer(at=s.rfc3339(event.at), step=event.step, actor=event.actor_name, text=event.text)
                for event in view.events
            ],
        )
    )


HANDLERS: dict[str, Handler] = {
    "observations.rubrics": rubrics,
    "observations.edit_rubric": edit_rubric,
    "observations.list": sheets,
    "observations.open": open_sheet,
    "observations.get": get,
    "observations.save": save,
    "observations.discard": discard,
    "observations.sign": sign,
    "observations.withdraw": withdraw,
    "observations.read": read,
    "observations.answer": reply,
    "observations.averages": averages,
}
