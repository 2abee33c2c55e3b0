"""Lesson observation through its service: draft, signature, withdrawal, answers, versions of the form, averages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.county.errors import Conflict, Forbidden, Invalid, NotFound
from server.county.observation import Grouping, Remark, RemarkKind, SheetState, Step
from tests.fakes.county import ADMIN, OTHER_TEACHER, RESEARCHER, SCREEN, TEACHER, County


def remark(moment: float, text: str = "讲得清楚", key: str = "k1") -> Remark:
    return Remark(key, moment, RemarkKind.PRAISE, text)


async def filled(county: County, lesson, actor=RESEARCHER, share: float = 0.8, **changes):
    """A complete draft: every item `share` of its full mark."""
    view = await county.services.observations.open(actor, lesson.id)
    marks = {name: round(item.full * share * 2) / 2 for name, item in view.rubric.rubric.items().items()}
    wanted = {"marks": marks, "remarks": [remark(lesson.started_at + 5)], "highlights": "", "suggestions": "多问一句"}
    return await county.services.observations.save(actor, view.sheet.id, view.sheet.version, **(wanted | changes))


async def signed(county: County, lesson, actor=RESEARCHER, share: float = 0.8):
    view = await filled(county, lesson, actor, share)
    return await county.services.observations.sign(actor, view.sheet.id, view.sheet.version, actor.name)


async def test_a_draft_is_kept_as_it_stands_and_opened_again_as_it_was(county: County):
    lesson = await county.taught()
    view = await filled(county, lesson, marks={"aims": 7.5, "order": None})
    again = await county.services.observations.open(RESEARCHER, lesson.id)
    assert again.sheet == view.sheet
    assert again.sheet.marks == {"aims": 7.5, "order": None}
    assert again.sheet.remarks == (remark(lesson.started_at + 5),)
    assert again.score.total is None


async def test_a_lesson_that_has_not_begun_cannot_be_observed(county: County):
    lesson = await county.lesson()
    with pytest.raises(Conflict, match="还没有上"):
        await county.services.observations.open(RESEARCHER, lesson.id)


async def test_an_older_page_does_not_overwrite_what_a_newer_one_saved(county: County):
    lesson = await county.taught()
    view = await filled(county, lesson)
    with pytest.raises(Conflict) as stale:
        await county.services.observations.save(
            RESEARCHER, view.sheet.id, view.sheet.version - 1, marks={}, remarks=[], highlights="", suggestions=""
        )
    assert stale.value.code == "stale"
    assert (await county.services.observations.get(RESEARCHER, view.sheet.id)).sheet == view.sheet


async def test_remarks_keep_to_the_lesson_and_stand_in_its_order(county: County):
    lesson = await county.taught()
    late, early = remark(lesson.started_at + 60, key="b"), remark(lesson.started_at + 1, key="a")
    view = await filled(county, lesson, remarks=[late, early, remark(lesson.started_at, "  ", key="empty")])
    assert [one.key for one in view.sheet.remarks] == ["a", "b"]
    with pytest.raises(Invalid, match="不在这节课里"):
        await filled(county, lesson, remarks=[remark(lesson.started_at + 86400)])
    with pytest.raises(Invalid, match="key"):
        await filled(county, lesson, remarks=[early, early])


async def test_a_signature_locks_the_sheet_and_shows_it_to_the_teacher(county: County):
    lesson = await county.taught()
    draft = await filled(county, lesson)
    with pytest.raises(NotFound):
        await county.services.observations.get(TEACHER, draft.sheet.id)
    view = await county.services.observations.sign(RESEARCHER, draft.sheet.id, draft.sheet.version, RESEARCHER.name)
    assert (view.sheet.state, view.sheet.signed_name, view.sheet.signed_at) == (
        SheetState.SIGNED,
        RESEARCHER.name,
        county.clock(),
    )
    assert (view.sheet.total, view.sheet.band) == (80.0, 75)
    with pytest.raises(Conflict, match="已经签名"):
        await filled(county, lesson)
    assert (await county.services.observations.get(TEACHER, view.sheet.id)).sheet == view.sheet
    with pytest.raises(NotFound):
        await county.services.observations.get(OTHER_TEACHER, view.sheet.id)


@pytest.mark.parametrize(
    ("changes", "name", "code"),
    [
        ({"marks": {"aims": 5.0}}, RESEARCHER.name, "not_complete"),
        ({"suggestions": "", "remarks": []}, RESEARCHER.name, "no_words"),
        ({}, "别人", "bad_signature"),
    ],
)
async def test_what_is_not_complete_or_not_ones_own_name_cannot_be_signed(county: County, changes, name, code):
    view = await filled(county, await county.taught(), **changes)
    with pytest.raises(Invalid) as refused:
        await county.services.observations.sign(RESEARCHER, view.sheet.id, view.sheet.version, name)
    assert refused.value.code == code


async def test_a_sheet_that_saw_too_little_cannot_be_signed(county: County):
    lesson = await county.taught()
    view = await county.services.observations.open(RESEARCHER, lesson.id)
    unseen = dict.fromkeys(view.rubric.rubric.items())
    view = await filled(county, lesson, marks=unseen | {"aims": 10.0})
    with pytest.raises(Invalid) as refused:
        await county.services.observations.sign(RESEARCHER, view.sheet.id, view.sheet.version, RESEARCHER.name)
    assert refused.value.code == "too_little"


async def test_a_withdrawn_signature_needs_a_reason_and_leaves_its_trace(county: County):
    lesson = await county.taught()
    view = await signed(county, lesson)
    with pytest.raises(Invalid, match="原因"):
        await county.services.observations.withdraw(RESEARCHER, view.sheet.id, "  ")
    back = await county.services.observations.withdraw(RESEARCHER, view.sheet.id, "漏看了后半节")
    assert (back.sheet.state, back.sheet.total, back.sheet.signed_name) == (SheetState.DRAFT, None, "")
    with pytest.raises(NotFound):
        await county.services.observations.get(TEACHER, view.sheet.id)
    with pytest.raises(Conflict, match="签过名"):
        await county.services.observations.discard(RESEARCHER, view.sheet.id)
    again = await signed(county, lesson, share=0.9)
    assert [event.step for event in again.events] == [Step.OPENED, Step.SIGNED, Step.WITHDRAWN, Step.SIGNED]
    assert again.events[2].text == "漏看了后半节"
    assert again.sheet.marks != view.sheet.marks


async def test_the_teacher_reads_once_and_answers_and_the_observer_answers_back(county: County):
    view = await signed(county, await county.taught())
    first = await county.services.observations.read(TEACHER, view.sheet.id)
    county.clock.at += 60
    assert (await county.services.observations.read(TEACHER, view.sheet.id)).sheet == first.sheet
    await county.services.observations.answer(TEACHER, view.sheet.id, "谢谢，下次改进")
    done = await county.services.observations.answer(RESEARCHER, view.sheet.id, "很好")
    answers = [(event.actor_name, event.text) for event in done.events if event.step is Step.ANSWERED]
    assert answers == [(TEACHER.name, "谢谢，下次改进"), (RESEARCHER.name, "很好")]
    with pytest.raises(Forbidden):
        await county.services.observations.answer(ADMIN, view.sheet.id, "旁观者")
    with pytest.raises(Forbidden):
        await county.services.observations.read(ADMIN, view.sheet.id)


async def test_a_sheet_is_changed_by_its_observer_alone(county: County):
    view = await signed(county, await county.taught())
    with pytest.raises(Forbidden):
        await county.services.observations.withdraw(ADMIN, view.sheet.id, "不同意")
    with pytest.raises(Forbidden):
        await county.services.observations.open(TEACHER, view.lesson.id)
    with pytest.raises(NotFound):
        await county.services.observations.get(SCREEN, view.sheet.id)


async def test_a_draft_that_was_never_signed_can_be_thrown_away(county: County):
    lesson = await county.taught()
    view = await filled(county, lesson)
    await county.services.observations.discard(RESEARCHER, view.sheet.id)
    fresh = await county.services.observations.open(RESEARCHER, lesson.id)
    assert fresh.sheet.untouched
    assert [event.step for event in fresh.events] == [Step.OPENED]


async def test_a_filled_sheet_keeps_its_form_and_an_empty_one_takes_the_newest(county: County):
    service = county.services.observations
    begun, empty = await county.taught(), await county.taught()
    filled_in = await filled(county, begun)
    await service.open(RESEARCHER, empty.id)
    first = (await service.rubrics(TEACHER))[0]
    shorter = replace(first.rubric, bands=(replace(first.rubric.bands[0], at=80), first.rubric.bands[-1]))
    second = await service.edit_rubric(RESEARCHER, first.version, shorter, "只分两级")
    assert [record.version for record in await service.rubrics(ADMIN)] == [2, 1]
    with pytest.raises(Conflict, match="第 2 版"):
        await service.edit_rubric(ADMIN, first.version, shorter)
    with pytest.raises(Forbidden):
        await service.edit_rubric(TEACHER, second.version, shorter)
    with pytest.raises(Invalid, match="合计 100"):
        await service.edit_rubric(ADMIN, second.version, replace(shorter, parts=shorter.parts[:2]))
    assert (await service.open(RESEARCHER, begun.id)).rubric == filled_in.rubric
    assert (await service.open(RESEARCHER, empty.id)).rubric == second


async def test_lists_show_own_drafts_and_the_signed_ones_one_may_see(county: County):
    service = county.services.observations
    lesson, other = await county.taught(), await county.taught(pairing_id="p02")
    mine = await signed(county, lesson)
    county.clock.at += 1
    theirs = await signed(county, other)
    county.clock.at += 1
    draft = await filled(county, lesson, ADMIN)

    async def seen(actor, **query):
        return [view.sheet.id for view in (await service.page(actor, **query)).items]

    assert await seen(RESEARCHER) == [theirs.sheet.id, mine.sheet.id]
    assert await seen(ADMIN) == [draft.sheet.id, theirs.sheet.id, mine.sheet.id]
    assert await seen(ADMIN, mine=True) == [draft.sheet.id]
    assert await seen(TEACHER) == [mine.sheet.id]
    assert await seen(TEACHER, lesson_id=other.id) == []
    assert await seen(RESEARCHER, state=SheetState.DRAFT) == []
    with pytest.raises(Forbidden):
        await service.page(SCREEN)
    first = await service.page(RESEARCHER, limit=1)
    assert [view.sheet.id for view in first.items] == [theirs.sheet.id]
    assert await seen(RESEARCHER, cursor=first.next) == [mine.sheet.id]


async def test_averages_count_signed_sheets_per_teacher_subject_and_pairing(county: County):
    service = county.services.observations
    lesson, other = await county.taught(), await county.taught(pairing_id="p02", subject_id="mathematics")
    await signed(county, lesson, share=0.8)
    await signed(county, lesson, ADMIN, share=0.9)
    await signed(county, other, share=1.0)
    await filled(county, other, ADMIN)
    pairings = await service.averages(RESEARCHER, Grouping.PAIRING)
    assert [(row.key, row.sheets, row.lessons, row.mean) for row in pairings] == [
        ("p02", 1, 1, 100.0),
        ("p01", 2, 1, 85.0),
    ]
    assert (pairings[1].lowest, pairings[1].highest, pairings[1].bands) == (80.0, 90.0, {90: 1, 75: 1})
    assert [row.key for row in await service.averages(ADMIN, Grouping.SUBJECT)] == ["mathematics", "chinese"]
    own = await service.averages(TEACHER, Grouping.TEACHER)
    assert [(row.key, row.mean) for row in own] == [(TEACHER.id, 85.0)]
    assert await service.averages(RESEARCHER, Grouping.TEACHER, until=lesson.started_at) == []
