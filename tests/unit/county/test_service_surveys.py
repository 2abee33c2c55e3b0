"""Surveys: codes that work once, answers that nobody can trace, results that come with the end, the evaluation."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from server.county.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from server.county.evaluation.gather import Origin
from server.county.ports import AuditQuery
from server.county.services.surveys import NewGroup
from server.county.surveys.results import LineKind
from server.county.surveys.sheet import Audience, Question, QuestionKind, check_sheet
from server.county.surveys.survey import SurveyState
from tests.fakes.county import RESEARCHER, SCREEN, TEACHER, County

TODAY = date(2025, 11, 24)  # FakeClock
DAY = 86400.0


async def _open(county: County, audience: Audience = Audience.PUPILS, days: int = 7):
    view = await county.services.surveys.create(
        RESEARCHER, audience, None, "期末满意度", "", TODAY + timedelta(days=days)
    )
    return view.survey


async def _codes(county: County, survey_id: str, *groups: tuple[str | None, str, int]) -> list[tuple[str, ...]]:
    given = await county.services.surveys.add_groups(RESEARCHER, survey_id, [NewGroup(*group) for group in groups])
    return [one.codes for one in given]


async def _answer(county: County, code: str, overall: int) -> None:
    survey = await county.services.surveys.ask(code)
    answers = {question.id: 0 for question in survey.sheet.questions} | {"overall": overall}
    await county.services.surveys.answer(code, answers)


async def test_a_code_is_good_for_one_answer(county: County):
    survey = await _open(county)
    [codes] = await _codes(county, survey.id, ("s02", "三年级", 3))
    assert len({len(code) for code in codes}) == 1
    await _answer(county, codes[0], 0)
    for again in (county.services.surveys.ask(codes[0]), county.services.surveys.answer(codes[0], {})):
        with pytest.raises(Conflict) as caught:
            await again
        assert caught.value.code == "code_used"
    view = await county.services.surveys.get(RESEARCHER, survey.id)
    assert (view.issued, view.answered, view.state, view.lines) == (3, 1, SurveyState.OPEN, None)


async def test_of_two_answers_with_one_code_at_once_one_counts(county: County):
    survey = await _open(county)
    [codes] = await _codes(county, survey.id, ("s02", "", 1))
    done = await asyncio.gather(*(_answer(county, codes[0], 0) for _ in range(5)), return_exceptions=True)
    assert [type(one) for one in done if one is not None] == [Conflict] * 4
    await county.services.surveys.close(RESEARCHER, survey.id)
    view = await county.services.surveys.get(RESEARCHER, survey.id)
    assert view.lines[0].answered == 1


@pytest.mark.parametrize("code", ["", "x", "0" * 24, "é" * 24, "0" * 500])
async def test_what_is_no_code_is_not_found(county: County, code: str):
    with pytest.raises(NotFound):
        await county.services.surveys.ask(code)


async def test_an_answer_names_every_question_and_a_choice_of_each(county: County):
    survey = await _open(county)
    [codes] = await _codes(county, survey.id, ("s02", "", 1))
    whole = {question.id: 0 for question in survey.sheet.questions}
    for wrong in ({}, {**whole, "overall": 5}, {**whole, "overall": -1}, {**whole, "more!": 0}):
        with pytest.raises(Invalid):
            await county.services.surveys.answer(codes[0], wrong)
    await county.services.surveys.answer(codes[0], whole)  # the code was not lost by the refusals


async def test_results_come_with_the_end_and_the_last_day_counts_whole(county: County):
    survey = await _open(county, days=1)
    [codes] = await _codes(county, survey.id, ("s02", "", 10))
    for code in codes[:5]:
        await _answer(county, code, 0)
    county.clock.at += 2 * DAY - 8 * 3600 - 1  # 23:59:59 of the last day in the county
    await _answer(county, codes[5], 2)
    county.clock.at += 1
    with pytest.raises(Conflict, match="已经结束") as caught:
        await _answer(county, codes[6], 0)
    assert caught.value.code == "survey_closed"
    view = await county.services.surveys.get(RESEARCHER, survey.id)
    assert view.state is SurveyState.CLOSED
    assert view.lines[0].counts["overall"] == (5, 0, 1, 0, 0)
    closed = (
        county.services.surveys.update(RESEARCHER, survey.id, 1, "x", "", TODAY + timedelta(days=30)),
        county.services.surveys.close(RESEARCHER, survey.id),
        county.services.surveys.add_groups(RESEARCHER, survey.id, [NewGroup("s04", "", 5)]),
        county.services.surveys.reissue(RESEARCHER, view.groups[0][0].id),
    )
    for late in closed:  # whatever would add an answer to results that were seen
        with pytest.raises(Conflict):
            await late


async def test_a_withdrawn_survey_takes_and_shows_nothing_until_it_is_taken_back(county: County):
    survey = await _open(county)
    [codes] = await _codes(county, survey.id, ("s02", "", 6))
    await county.services.surveys.set_withdrawn(RESEARCHER, survey.id, withdrawn=True)
    with pytest.raises(Conflict):
        await _answer(county, codes[0], 0)
    assert (await county.services.surveys.get(RESEARCHER, survey.id)).lines is None
    await county.services.surveys.set_withdrawn(RESEARCHER, survey.id, withdrawn=False)
    await _answer(county, codes[0], 0)


async def test_a_lost_sheet_is_replaced_and_an_empty_group_removed(county: County):
    survey = await _open(county)
    codes, _ = await _codes(county, survey.id, ("s02", "三年级", 3), ("s02", "四年级", 2))
    await _answer(county, codes[0], 0)
    groups = {group.name: group for group, _ in (await county.services.surveys.get(RESEARCHER, survey.id)).groups}
    given = await county.services.surveys.reissue(RESEARCHER, groups["三年级"].id, more=4)
    assert (given.group.issued, len(given.codes)) == (7, 6)
    with pytest.raises(Conflict):  # the old sheet no longer works
        await _answer(county, codes[1], 0)
    await _answer(county, given.codes[0], 0)
    with pytest.raises(Conflict):
        await county.services.surveys.remove_group(RESEARCHER, groups["三年级"].id)
    await county.services.surveys.remove_group(RESEARCHER, groups["四年级"].id)
    [(group, answered)] = (await county.services.surveys.get(RESEARCHER, survey.id)).groups
    assert (group.name, group.issued, answered) == ("三年级", 7, 2)


async def test_nothing_that_is_kept_ties_a_code_to_an_answer_or_a_time(county: County):
    survey = await _open(county)
    [codes] = await _codes(county, survey.id, ("s02", "", 6))
    async with county.store.read() as work:
        acts = len((await work.audit_page(_everything())).items)
    county.clock.at += 3600.5
    await _answer(county, codes[0], 3)
    async with county.store.read() as work:
        assert len((await work.audit_page(_everything())).items) == acts  # nobody did anything
        [counts] = (await work.surveys.counts([survey.id])).values()
        assert {sum(choices) for choices in counts.values()} == {1}
        assert counts["overall"] == (0, 0, 0, 1, 0)
        assert (await work.surveys.unused([survey.id])).popitem()[1] == 5
        assert await work.surveys.get(survey.id) == survey


def _everything() -> AuditQuery:
    return AuditQuery(limit=500)


@pytest.mark.parametrize(
    "group",
    [NewGroup("s99", "", 5), NewGroup(None, " ", 5), NewGroup("s02", "", 0), NewGroup("s02", "", 501)],
)
async def test_groups_that_make_no_sense_are_refused(county: County, group: NewGroup):
    survey = await _open(county)
    with pytest.raises(Invalid):
        await county.services.surveys.add_groups(RESEARCHER, survey.id, [group])
    with pytest.raises(Invalid):
        await county.services.surveys.add_groups(RESEARCHER, survey.id, [NewGroup("s02", "一班", 5)] * 2)
    assert (await county.services.surveys.get(RESEARCHER, survey.id)).groups == ()


async def test_a_survey_keeps_its_questions_when_the_sheet_changes(county: County):
    surveys = county.services.surveys
    survey = await _open(county)
    [first] = await surveys.sheets(RESEARCHER, Audience.PUPILS)
    shorter = replace(first.sheet, questions=first.sheet.questions[:1])
    record = await surveys.edit_sheet(RESEARCHER, Audience.PUPILS, 1, shorter, "只问总体")
    assert record.number == 2
    assert [one.number for one in await surveys.sheets(RESEARCHER, Audience.PUPILS)] == [2, 1]
    assert (await surveys.get(RESEARCHER, survey.id)).survey.sheet == first.sheet
    assert (await _open(county)).sheet == shorter
    with pytest.raises(Conflict):
        await surveys.edit_sheet(RESEARCHER, Audience.PUPILS, 1, shorter)


async def test_sheets_without_an_overall_question_or_with_empty_texts_are_refused(county: County):
    sheet = (await county.services.surveys.sheets(RESEARCHER, Audience.PARENTS))[0].sheet
    overall, *others = sheet.questions
    choice = next(question for question in others if question.kind is QuestionKind.CHOICE)
    for questions in (
        (),
        others,
        (overall, replace(overall, id="second")),
        (overall, overall),
        (replace(overall, text_en=" "),),
        (overall, replace(choice, options=choice.options[:1])),
        (overall, Question("q", "问", "q", QuestionKind.SCALE, options=choice.options)),
        (replace(choice, overall=True),),
    ):
        with pytest.raises(Invalid):
            check_sheet(replace(sheet, questions=tuple(questions)))


async def test_a_change_that_somebody_else_made_first_is_not_overwritten(county: County):
    survey = await _open(county)
    later = TODAY + timedelta(days=20)
    await county.services.surveys.update(RESEARCHER, survey.id, 1, "新标题", "New title", later)
    with pytest.raises(Stale):
        await county.services.surveys.update(RESEARCHER, survey.id, 1, "旧标题", "", later)
    with pytest.raises(Invalid):
        await county.services.surveys.update(RESEARCHER, survey.id, 2, "x", "", TODAY - timedelta(days=1))
    view = await county.services.surveys.get(RESEARCHER, survey.id)
    assert (view.survey.title, view.survey.title_en, view.survey.closes_on) == ("新标题", "New title", later)


@pytest.mark.parametrize("actor", [TEACHER, SCREEN], ids=["teacher", "screen"])
async def test_teachers_and_screens_see_no_surveys(county: County, actor):
    survey = await _open(county)
    for refused in (
        county.services.surveys.all(actor),
        county.services.surveys.get(actor, survey.id),
        county.services.surveys.close(actor, survey.id),
        county.services.surveys.sheets(actor, Audience.PUPILS),
    ):
        with pytest.raises(Forbidden):
            await refused


async def test_closed_surveys_are_the_evaluations_satisfaction_with_rows_that_add_up(county: County):
    evaluations = county.services.evaluations
    await evaluations.enter(RESEARCHER, None, "satisfaction_pupils", "", 50, "第三方测评")
    big, small, open_ = await _open(county), await _open(county), await _open(county)
    codes = await _codes(county, big.id, ("s02", "", 12), ("s04", "三年级", 8), ("s06", "", 2))
    for school, n in zip(codes, (9, 7, 0), strict=True):
        for index, code in enumerate(school):
            await _answer(county, code, 1 if index < n else 2)
    for survey, n in ((small, 4), (open_, 6)):
        [its] = await _codes(county, survey.id, ("s02", "", n))
        for code in its:
            await _answer(county, code, 4)
    assert (await evaluations.current(RESEARCHER)).gathered.origins["satisfaction_pupils"] is Origin.ENTERED
    for survey in (big, small):
        await county.services.surveys.close(RESEARCHER, survey.id)
    live = await evaluations.current(RESEARCHER)
    assert live.gathered.origins["satisfaction_pupils"] is Origin.COUNTED
    assert float(live.gathered.facts.own.values["satisfaction_pupils"]) == 72.7273  # 16 of 22
    assert float(live.evaluation.item("paper2", "1.1").deducted) == pytest.approx(1.7)  # 17 whole points below 90
    found = await evaluations.satisfaction(RESEARCHER, "satisfaction_pupils")
    assert (found.satisfied, found.answered) == (16, 22)
    # s06 has two answers: they stand together with the eight of s04.
    assert [(row.school_id, row.parts, row.satisfied, row.answered) for row in found.rows] == [
        ("s02", 0, 9, 12),
        (None, 2, 7, 10),
    ]
    assert [survey.id for survey in found.left_out] == [small.id]  # the year minus the big one would tell of four
    with pytest.raises(Invalid):
        await evaluations.enter(RESEARCHER, None, "satisfaction_pupils", "", 99, "第三方测评")
    with pytest.raises(NotFound):
        await evaluations.satisfaction(RESEARCHER, "share_required")
    with pytest.raises(Forbidden):
        await evaluations.satisfaction(TEACHER, "satisfaction_pupils")
    await county.services.surveys.set_withdrawn(RESEARCHER, big.id, withdrawn=True)
    assert (await evaluations.current(RESEARCHER)).gathered.origins["satisfaction_pupils"] is Origin.ENTERED


async def test_the_list_has_the_response_of_each_survey(county: County):
    survey = await _open(county)
    [codes] = await _codes(county, survey.id, ("s02", "", 4))
    await _answer(county, codes[0], 0)
    [view] = await county.services.surveys.all(RESEARCHER)
    assert (view.survey.id, view.issued, view.answered, view.lines) == (survey.id, 4, 1, None)
    assert await county.services.surveys.all(RESEARCHER, 2024) == []
    await county.services.surveys.close(RESEARCHER, survey.id)
    lines = (await county.services.surveys.get(RESEARCHER, survey.id)).lines
    assert [line.kind for line in lines] == [LineKind.TOTAL, LineKind.SCHOOL]
    assert all(line.counts is None for line in lines)  # one answer
