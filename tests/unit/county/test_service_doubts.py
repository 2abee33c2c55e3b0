"""What people do with a doubt: dismissed, confirmed, appealed against, given back; each step written down."""

from __future__ import annotations

import itertools

import pytest

from server.county.doubts import STEPS, DoubtState, DoubtStep, next_state
from server.county.errors import Conflict, Forbidden, Invalid, NotFound
from server.county.model import Actor, LessonState, Role
from server.county.ports import AuditQuery
from tests.fakes.county import ADMIN, OTHER_TEACHER, RESEARCHER, SCREEN, TEACHER, County, good_report

RURAL = Actor("u-xiao", Role.TEACHER, "西岙小学教师", "s02")
LOOP = {"period": 60.0, "seconds": 2000.0, "stretches": [{"start": 60.0, "end": 2060.0, "there": 0.0}]}


def report(*sources: str) -> dict[str, object]:
    return {
        "clock_zero": 1.0,
        "open_seconds": 2400.0,
        "sources": [
            {"source": source, "picture_seconds": 2400.0, "heard_seconds": 900.0, "loop": LOOP} for source in sources
        ],
    }


async def doubted(county: County, *sources: str, **changes: object):
    """A credited lesson whose pictures are loops: its doubts as the researcher sees them."""
    lesson = await county.taught(**changes)  # type: ignore[arg-type]
    body = report(*(sources or ("classroom-s02",)))
    await county.services.lessons.verified(lesson.id, good_report(lesson.id, **body))
    await county.services.crediting.run(lesson.id)
    await county.services.doubts.look(lesson.id)
    county.clock.at += 3600
    return (await county.services.doubts.page(RESEARCHER, lesson_id=lesson.id)).items


async def standing(county: County, lesson_id: str) -> dict[str, int]:
    sums: dict[str, int] = {}
    for entry in (await county.services.crediting.ledger(ADMIN, lesson_id)).items:
        sums[entry.school_id] = sums.get(entry.school_id, 0) + entry.amount
    return sums


async def take(county: County, actor: Actor, view, step: DoubtStep, reason: str = "看过录像"):
    return await county.services.doubts.take(actor, view.doubt.id, view.doubt.version, step, reason)


def test_the_table_is_the_whole_life_and_everything_else_is_refused_with_both_states_in_it():
    for state, step in itertools.product(DoubtState, DoubtStep):
        if (state, step) in STEPS:
            assert next_state(state, step) is STEPS[state, step]
            continue
        with pytest.raises(Conflict) as refused:
            next_state(state, step)
        assert refused.value.code == f"doubt_is_{state}"
    assert {state for state, _ in STEPS} == set(DoubtState) - {DoubtState.UPHELD, DoubtState.GRANTED}


async def test_dismissing_takes_nothing_away_and_can_be_undone(county: County):
    (view,) = await doubted(county)
    assert view.may_take == (DoubtStep.DISMISS, DoubtStep.CONFIRM)
    dismissed = await take(county, RESEARCHER, view, DoubtStep.DISMISS, "学生在做实验，画面确实不动")
    assert await standing(county, view.lesson.id) == {"s01": 1, "s02": 1}
    assert (dismissed.doubt.state, dismissed.events[-1].text) == (DoubtState.DISMISSED, "学生在做实验，画面确实不动")
    assert await county.services.doubts.look(view.lesson.id) == []
    opened = await take(county, ADMIN, dismissed, DoubtStep.REOPEN)
    assert opened.doubt.state is DoubtState.OPEN


async def test_confirming_withdraws_the_credit_with_the_reason_and_verifying_again_brings_nothing_back(county: County):
    (view,) = await doubted(county)
    confirmed = await take(county, RESEARCHER, view, DoubtStep.CONFIRM, "画面是循环视频")
    assert await standing(county, view.lesson.id) == {"s01": 0, "s02": 0}
    assert confirmed.stands == frozenset()
    detail = await county.services.lessons.detail(ADMIN, view.lesson.id)
    assert detail.lesson.state is LessonState.REJECTED
    assert {reason.text for reason in detail.reasons} == {"已由人工撤销：画面是循环视频"}
    assert sorted(confirmed.events[-1].entries) == sorted(one.id for one in detail.credits if one.amount < 0)
    await county.services.lessons.verified(view.lesson.id, good_report(view.lesson.id, **report("classroom-s02")))
    await county.services.crediting.run(view.lesson.id)
    assert await county.services.doubts.look(view.lesson.id) == []
    assert await standing(county, view.lesson.id) == {"s01": 0, "s02": 0}
    async with county.store.read() as work:
        acts = (await work.audit_page(AuditQuery(action="doubt."))).items
    assert [(act.action, act.actor_id, act.subject, act.detail) for act in acts] == [
        ("doubt.confirm", RESEARCHER.id, view.lesson.id, "loop: 画面是循环视频")
    ]


async def test_of_two_classrooms_only_the_false_one_loses_its_credit(county: County):
    view, *_ = await doubted(county, receiving_school_ids=["s02", "s04"])
    assert await standing(county, view.lesson.id) == {"s01": 1, "s02": 1, "s04": 1}
    await take(county, RESEARCHER, view, DoubtStep.CONFIRM)
    assert await standing(county, view.lesson.id) == {"s01": 1, "s02": 0, "s04": 1}


async def test_of_two_classrooms_a_false_teacher_costs_everybody_the_credit(county: County):
    view, *_ = await doubted(county, "teacher", receiving_school_ids=["s02", "s04"])
    await take(county, RESEARCHER, view, DoubtStep.CONFIRM)
    assert await standing(county, view.lesson.id) == {"s01": 0, "s02": 0, "s04": 0}


async def test_an_appeal_is_decided_by_somebody_else_and_gives_the_credit_back(county: County):
    (view,) = await doubted(county)
    confirmed = await take(county, RESEARCHER, view, DoubtStep.CONFIRM)
    (seen,) = (await county.services.doubts.page(RURAL, lesson_id=view.lesson.id)).items
    assert seen.may_take == (DoubtStep.APPEAL,)
    appealed = await take(county, RURAL, confirmed, DoubtStep.APPEAL, "那天用的是延时摄影，课是真上的")
    assert appealed.doubt.state is DoubtState.APPEALED
    with pytest.raises(Forbidden, match="另一位"):
        await take(county, RESEARCHER, appealed, DoubtStep.GRANT)
    granted = await take(county, ADMIN, appealed, DoubtStep.GRANT, "核实属实")
    assert granted.doubt.state is DoubtState.GRANTED
    assert await standing(county, view.lesson.id) == {"s01": 1, "s02": 1}
    assert (await county.services.lessons.detail(ADMIN, view.lesson.id)).lesson.state is LessonState.CREDITED
    audit = await county.services.audits.run("test")
    assert audit is not None
    assert audit.differences == ()


async def test_an_appeal_that_is_refused_leaves_the_credit_withdrawn(county: County):
    (view,) = await doubted(county)
    confirmed = await take(county, RESEARCHER, view, DoubtStep.CONFIRM)
    appealed = await take(county, TEACHER, confirmed, DoubtStep.APPEAL)
    upheld = await take(county, ADMIN, appealed, DoubtStep.UPHOLD, "录像里看得清楚")
    assert upheld.doubt.state is DoubtState.UPHELD
    assert upheld.may_take == ()
    assert await standing(county, view.lesson.id) == {"s01": 0, "s02": 0}


async def test_who_withdrew_it_may_think_again_and_a_credit_by_hand_meanwhile_is_not_doubled(county: County):
    (view,) = await doubted(county)
    confirmed = await take(county, RESEARCHER, view, DoubtStep.CONFIRM)
    await county.services.crediting.credit_by_hand(ADMIN, view.lesson.id, "s02", "核实")
    await take(county, RESEARCHER, confirmed, DoubtStep.GRANT)
    assert await standing(county, view.lesson.id) == {"s01": 1, "s02": 1}


async def test_schools_see_only_what_was_confirmed_and_only_their_own(county: County):
    (view,) = await doubted(county)
    for actor in (TEACHER, RURAL, OTHER_TEACHER):
        assert (await county.services.doubts.page(actor)).items == []
        assert (await county.services.doubts.page(actor, states=[DoubtState.OPEN])).items == []
    with pytest.raises(NotFound):
        await take(county, TEACHER, view, DoubtStep.APPEAL)
    confirmed = await take(county, RESEARCHER, view, DoubtStep.CONFIRM)
    assert [len((await county.services.doubts.page(one)).items) for one in (TEACHER, RURAL, OTHER_TEACHER)] == [1, 1, 0]
    for actor, refusal in ((OTHER_TEACHER, NotFound), (SCREEN, NotFound), (TEACHER, Forbidden)):
        with pytest.raises(refusal):
            await take(county, actor, confirmed, DoubtStep.GRANT)
    with pytest.raises(Forbidden):
        await take(county, ADMIN, confirmed, DoubtStep.APPEAL)
    with pytest.raises(Forbidden):
        await county.services.doubts.page(SCREEN)


async def test_a_step_needs_a_reason_and_the_newest_version_and_is_taken_once(county: County):
    (view,) = await doubted(county)
    with pytest.raises(Invalid):
        await take(county, RESEARCHER, view, DoubtStep.CONFIRM, "  ")
    with pytest.raises(Conflict) as stale:
        await county.services.doubts.take(RESEARCHER, view.doubt.id, 7, DoubtStep.CONFIRM, "x")
    assert stale.value.code == "stale"
    await take(county, RESEARCHER, view, DoubtStep.CONFIRM)
    with pytest.raises(Conflict) as done:
        await take(county, ADMIN, view, DoubtStep.CONFIRM)
    assert done.value.code == "doubt_is_confirmed"
    assert await standing(county, view.lesson.id) == {"s01": 0, "s02": 0}


async def test_lists_go_by_state_kind_and_school_and_page(county: County):
    for topic in ("一", "二", "三"):
        await doubted(county, topic=topic)
    first = await county.services.doubts.page(RESEARCHER, states=[DoubtState.OPEN], limit=2)
    rest = await county.services.doubts.page(RESEARCHER, states=[DoubtState.OPEN], limit=2, cursor=first.next)
    assert [view.lesson.topic for view in first.items + rest.items] == ["三", "二", "一"]
    assert rest.next is None
    assert len((await county.services.doubts.page(ADMIN, school_id="s02")).items) == 3
    assert (await county.services.doubts.page(ADMIN, school_id="s04")).items == []
    assert (await county.services.doubts.page(ADMIN, states=[DoubtState.DISMISSED])).items == []
