"""Satisfaction surveys, and the answers to them."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from server.county.errors import NotFound
from server.county.services.surveys import NewGroup
from server.county.surveys.results import satisfied
from server.county.surveys.sheet import Audience, sheet_of
from server.documents.qr import qr_svg

from .. import schemas as s
from .. import schemas_survey as q
from ..answers import answer, nothing, page
from ..bodies import body, integer
from ..context import actor, context

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiohttp import web

    from server.county.services.surveys import GivenCodes, SurveyView
    from server.county.surveys.results import Line
    from server.county.surveys.sheet import Sheet
    from server.county.surveys.survey import Group, SheetRecord

    from ..context import Context
    from . import Handler


async def surveys(request: web.Request) -> web.Response:
    found = await context(request).services.surveys.all(actor(request), integer(request, "year", 2000, 2100))
    return page(q.SurveyAnswer(**_survey(view)) for view in found)


async def create(request: web.Request) -> web.Response:
    asked = await body(request, q.SurveyCreate)
    c = context(request)
    view = await c.services.surveys.create(
        actor(request), asked.audience, asked.year, asked.title, asked.title_en, asked.closes_on
    )
    return answer(await _detail(c, view), 201)


async def get(request: web.Request) -> web.Response:
    c = context(request)
    return answer(await _detail(c, await c.services.surveys.get(actor(request), request.match_info["survey_id"])))


async def update(request: web.Request) -> web.Response:
    asked = await body(request, q.SurveyUpdate)
    c = context(request)
    view = await c.services.surveys.update(
        actor(request),
        request.match_info["survey_id"],
        asked.version,
        asked.title,
        asked.title_en,
        asked.closes_on,
    )
    return answer(await _detail(c, view))


async def close(request: web.Request) -> web.Response:
    c = context(request)
    return answer(await _detail(c, await c.services.surveys.close(actor(request), request.match_info["survey_id"])))


async def withdraw(request: web.Request) -> web.Response:
    return await _set_withdrawn(request, withdrawn=True)


async def restore(request: web.Request) -> web.Response:
    return await _set_withdrawn(request, withdrawn=False)


async def _set_withdrawn(request: web.Request, *, withdrawn: bool) -> web.Response:
    c, survey_id = context(request), request.match_info["survey_id"]
    view = await c.services.surveys.set_withdrawn(actor(request), survey_id, withdrawn=withdrawn)
    return answer(await _detail(c, view))


async def add_groups(request: web.Request) -> web.Response:
    asked = await body(request, q.GroupsCreate)
    c, survey_id = context(request), request.match_info["survey_id"]
    wanted = [NewGroup(group.school_id, group.name, group.codes) for group in asked.groups]
    given = await c.services.surveys.add_groups(actor(request), survey_id, wanted)
    return await _codes(request, survey_id, given, asked.origin)


async def reissue(request: web.Request) -> web.Response:
    asked = await body(request, q.Reissue)
    c = context(request)
    given = await c.services.surveys.reissue(actor(request), request.match_info["group_id"], asked.more)
    return await _codes(request, given.group.survey_id, [given], asked.origin)


async def remove_group(request: web.Request) -> web.Response:
    await context(request).services.surveys.remove_group(actor(request), request.match_info["group_id"])
    return nothing()


async def sheets(request: web.Request) -> web.Response:
    name = request.match_info["audience"]
    if name not in {audience.value for audience in Audience}:
        raise NotFound("no_such_audience", f"没有这类调查对象：{name}", f"No such audience: {name}")
    found = await context(request).services.surveys.sheets(actor(request), Audience(name))
    return page(_record(record) for record in found)


async def edit_sheet(request: web.Request) -> web.Response:
    asked = await body(request, q.SurveySheetEdit)
    questions = [
        one.model_dump() | {"options": [(option.text, option.text_en) for option in one.options]}
        for one in asked.sheet.questions
    ]
    sheet = sheet_of({"intro": asked.sheet.intro, "intro_en": asked.sheet.intro_en, "questions": questions})
    record = await context(request).services.surveys.edit_sheet(
        actor(request), asked.audience, asked.based_on, sheet, asked.note
    )
    return answer(_record(record), 201)


async def ask(request: web.Request) -> web.Response:
    asked = await body(request, q.AskRequest)
    survey = await context(request).services.surveys.ask(asked.code)
    return answer(
        q.Asked(
            audience=survey.audience,
            title=survey.title,
            title_en=survey.title_en,
            closes_on=survey.closes_on.isoformat(),
            sheet=_sheet(survey.sheet),
        )
    )


async def send(request: web.Request) -> web.Response:
    asked = await body(request, q.AnswerRequest)
    await context(request).services.surveys.answer(asked.code, asked.answers)
    return nothing()


# --- views ----------------------------------------------------------------------------------------------------------


def _survey(view: SurveyView) -> dict[str, Any]:
    survey = view.survey
    return {
        "id": survey.id,
        "audience": survey.audience,
        "year": survey.year,
        "title": survey.title,
        "title_en": survey.title_en,
        "sheet_number": survey.sheet_number,
        "state": view.state,
        "closes_on": (survey.closed_on or survey.closes_on).isoformat(),
        "created_at": s.rfc3339(survey.created_at),
        "created_by": survey.created_by,
        "issued": view.issued,
        "answered": view.answered,
        "version": survey.version,
    }


async def _detail(c: Context, view: SurveyView) -> q.SurveyDetail:
    return q.SurveyDetail(
        **_survey(view),
        sheet=_sheet(view.survey.sheet),
        groups=[await _group(c, group, answered) for group, answered in view.groups],
        results=None if view.lines is None else [await _line(c, view.survey.sheet, line) for line in view.lines],
    )


async def _group(c: Context, group: Group, answered: int) -> q.SurveyGroupAnswer:
    return q.SurveyGroupAnswer(
        id=group.id,
        school_id=group.school_id,
        school_name=await c.views.school_name(group.school_id),
        name=group.name,
        issued=group.issued,
        answered=answered,
    )


async def _line(c: Context, sheet: Sheet, line: Line) -> q.ResultLine:
    return q.ResultLine(
        kind=line.kind.value,
        school_id=line.school_id,
        school_name=await c.views.school_name(line.school_id),
        group_id=line.group_id,
        name=line.name,
        parts=line.parts,
        of_total=line.of_total,
        issued=line.issued,
        answered=line.answered,
        satisfied=None if line.counts is None else satisfied(sheet, line.counts),
        counts=None if line.counts is None else {name: list(each) for name, each in line.counts.items()},
    )


def _sheet(sheet: Sheet) -> q.SheetBody:
    questions = [
        asdict(one) | {"options": [{"text": zh, "text_en": en} for zh, en in one.options]} for one in sheet.questions
    ]
    return q.SheetBody.model_validate({"intro": sheet.intro, "intro_en": sheet.intro_en, "questions": questions})


def _record(record: SheetRecord) -> q.SurveySheetAnswer:
    return q.SurveySheetAnswer(
        audience=record.audience,
        number=record.number,
        sheet=_sheet(record.sheet),
        created_at=s.rfc3339(record.created_at) if record.author_id else None,
        author=record.author_name,
        note=record.note,
    )


async def _codes(request: web.Request, survey_id: str, given: Sequence[GivenCodes], origin: str) -> web.Response:
    c = context(request)
    view = await c.services.surveys.get(actor(request), survey_id)
    used = {group.id: answered for group, answered in view.groups}
    # Up to 1,500 pictures: not on the loop.
    drawn = await asyncio.to_thread(lambda: [[_code(origin, code) for code in one.codes] for one in given])
    groups = [
        q.CodeGroup(group=await _group(c, one.group, used.get(one.group.id, 0)), codes=codes)
        for one, codes in zip(given, drawn, strict=True)
    ]
    return answer(q.CodeSheet(survey=q.SurveyAnswer(**_survey(view)), groups=groups), 201)


def _code(origin: str, code: str) -> q.SurveyCode:
    address = f"{origin}/survey#{code}"
    return q.SurveyCode(address=address, svg=qr_svg(address))


HANDLERS: dict[str, Handler] = {
    "surveys.list": surveys,
    "surveys.create": create,
    "surveys.get": get,
    "surveys.update": update,
    "surveys.close": close,
    "surveys.withdraw": withdraw,
    "surveys.restore": restore,
    "surveys.add_groups": add_groups,
    "surveys.reissue": reissue,
    "surveys.remove_group": remove_group,
    "surveys.sheets": sheets,
    "surveys.edit_sheet": edit_sheet,
    "surveys.ask": ask,
    "surveys.answer": send,
}
