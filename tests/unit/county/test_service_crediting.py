"""Crediting as a service: once, whatever is run, reversed or credited by hand in whatever order."""

from __future__ import annotations

import asyncio

import pytest

from server.county.errors import Conflict, CountyError, Forbidden, Invalid, NotFound
from server.county.model import LessonState
from tests.fakes.county import (
    ADMIN,
    OTHER_TEACHER,
    RESEARCHER,
    SCREEN,
    TEACHER,
    County,
    good_report,
)

S = LessonState


async def verified(county: County, **changes: object):
    lesson = await county.taught(**changes)
    await county.services.lessons.verified(lesson.id, good_report(lesson.id))
    return lesson


async def credited(county: County, **changes: object):
    lesson = await verified(county, **changes)
    return await county.services.crediting.run(lesson.id)


async def sums(county: County, lesson_id: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for entry in (await county.services.crediting.ledger(ADMIN, lesson_id)).items:
        found[entry.school_id] = found.get(entry.school_id, 0) + entry.amount
    return found


async def total(county: County, school_id: str) -> int:
    board = await county.services.board.board(ADMIN)
    return next(row.total for row in board.schools if row.school.id == school_id)


async def test_a_good_lesson_credits_both_schools_and_their_boards(county: County):
    lesson = await credited(county)
    assert lesson.state is S.CREDITED
    assert await sums(county, lesson.id) == {"s01": 1, "s02": 1}
    assert [await total(county, school) for school in ("s01", "s02", "s03")] == [1, 1, 0]
    detail = await county.services.lessons.detail(ADMIN, lesson.id)
    assert {entry.key for entry in detail.credits} == {f"credit:{lesson.id}:s01", f"credit:{lesson.id}:s02"}
    assert detail.credits[0].evidence["teacher_seconds"] == 2400
    assert detail.credits[0].evidence["policy"]["version"] == detail.credits[0].policy_version
    assert detail.reasons == ()


async def test_running_again_or_many_times_at_once_changes_nothing(county: County):
    lesson = await verified(county)
    results = await asyncio.gather(*(county.services.crediting.run(lesson.id) for _ in range(5)))
    assert {one.state for one in results} == {S.CREDITED}
    await county.services.lessons.verified(lesson.id, good_report(lesson.id, gap_seconds=99.0))
    await county.services.crediting.run(lesson.id)
    assert await sums(county, lesson.id) == {"s01": 1, "s02": 1}
    assert await county.services.crediting.run("l-none") is None


async def test_a_lesson_that_failed_says_why_on_detail_list_and_board(county: County):
    lesson = await county.taught()
    report = good_report(lesson.id, teacher={"black_or_frozen_share": 0.5, "silent_share": 0.1})
    await county.services.lessons.verified(lesson.id, report)
    done = await county.services.crediting.run(lesson.id)
    assert done.state is S.REJECTED
    detail = await county.services.lessons.detail(TEACHER, lesson.id)
    assert [reason.code for reason in detail.reasons] == ["seen_and_heard"]
    assert detail.extras.reason == "老师的录像有 50% 黑屏或静止，应低于 20%。"
    board = await county.services.board.board(ADMIN)
    for row in board.schools[:2]:
        assert [(one.code, one.count) for one in row.losses] == [("seen_and_heard", 1)]
    assert board.schools[2].losses == ()
    # A better recording was found: judged anew.
    await county.services.lessons.verified(lesson.id, good_report(lesson.id))
    assert (await county.services.crediting.run(lesson.id)).state is S.CREDITED
    assert (await county.services.board.board(ADMIN)).schools[0].losses == ()


async def test_overlapping_lessons_in_one_classroom_are_credited_once(county: County):
    first = await verified(county)
    county.clock.at -= 1200
    second = await verified(county, pairing_id="p02", receiving_school_ids=["s04", "s02"])
    await county.services.crediting.run(first.id)
    await county.services.crediting.run(second.id)
    assert await sums(county, first.id) == {"s01": 1, "s02": 1}
    assert await sums(county, second.id) == {"s03": 1, "s04": 1}
    detail = await county.services.lessons.detail(ADMIN, second.id)
    assert [(reason.school_id, reason.code) for reason in detail.reasons] == [("s02", "not_twice")]


async def test_lessons_one_after_another_are_both_credited(county: County):
    for _ in range(2):
        await credited(county)
    assert await total(county, "s02") == 2


async def test_reversing_all_credits_rejects_the_lesson_and_running_again_leaves_it(county: County):
    lesson = await credited(county)
    for entry in (await county.services.crediting.ledger(ADMIN, lesson.id)).items:
        reversal = await county.services.crediting.reverse(RESEARCHER, entry.id, "借用教室")
        assert (reversal.amount, reversal.reverses, reversal.reason) == (-1, entry.id, "借用教室")
    assert await sums(county, lesson.id) == {"s01": 0, "s02": 0}
    detail = await county.services.lessons.detail(ADMIN, lesson.id)
    assert detail.lesson.state is S.REJECTED
    assert {reason.code for reason in detail.reasons} == {"reversed"}
    await county.services.lessons.verified(lesson.id, good_report(lesson.id))
    assert (await county.services.crediting.run(lesson.id)).state is S.REJECTED
    assert await sums(county, lesson.id) == {"s01": 0, "s02": 0}
    assert await total(county, "s02") == 0


async def test_a_reversal_happens_once_and_is_not_reversed_itself(county: County):
    lesson = await credited(county)
    crediting = county.services.crediting
    entry = (await crediting.ledger(ADMIN, lesson.id)).items[0]
    reversal = await crediting.reverse(ADMIN, entry.id, "错")
    with pytest.raises(Conflict) as again:
        await crediting.reverse(ADMIN, entry.id, "错")
    assert again.value.code == "already_reversed"
    with pytest.raises(Conflict) as itself:
        await crediting.reverse(ADMIN, reversal.id, "错")
    assert itself.value.code == "is_reversal"
    with pytest.raises(NotFound):
        await crediting.reverse(ADMIN, "e-none", "错")
    with pytest.raises(Invalid):
        await crediting.reverse(ADMIN, entry.id, " ")
    assert (await county.services.lessons.get(ADMIN, lesson.id)).state is S.CREDITED


async def test_after_a_reversal_a_person_may_credit_again_and_reverse_again(county: County):
    lesson = await credited(county)
    crediting = county.services.crediting
    for _ in range(3):
        standing = [one for one in (await crediting.ledger(ADMIN, lesson.id, "s02")).items if one.amount > 0]
        await crediting.reverse(ADMIN, standing[0].id, "错")
        with pytest.raises(Conflict):
            await crediting.reverse(ADMIN, standing[0].id, "错")
        county.clock.at += 1
        assert (await crediting.credit_by_hand(RESEARCHER, lesson.id, "s02", "对")).amount == 1
        with pytest.raises(Conflict, match="已经计入"):
            await crediting.credit_by_hand(RESEARCHER, lesson.id, "s02", "对")
        assert await sums(county, lesson.id) == {"s01": 1, "s02": 1}
        county.clock.at += 1


async def test_crediting_by_hand_what_the_machine_did_not(county: County):
    lesson = await county.taught(minutes=10)
    crediting = county.services.crediting
    with pytest.raises(Conflict, match="recorded"):
        await crediting.credit_by_hand(ADMIN, lesson.id, "s02", "x")
    await county.services.lessons.verified(lesson.id, good_report(lesson.id))
    assert (await crediting.run(lesson.id)).state is S.REJECTED
    for actor in (TEACHER, SCREEN, OTHER_TEACHER):
        with pytest.raises((Forbidden, NotFound)):
            await crediting.credit_by_hand(actor, lesson.id, "s02", "x")
    with pytest.raises(Invalid, match="s02"):
        await crediting.credit_by_hand(ADMIN, lesson.id, "s04", "x")
    with pytest.raises(NotFound):
        await crediting.credit_by_hand(ADMIN, "l-none", "s02", "x")
    entry = await crediting.credit_by_hand(RESEARCHER, lesson.id, "s02", "教研员在场，停电后补上")
    assert (entry.actor_id, entry.reason, entry.evidence["by_hand"]) == (RESEARCHER.id, "教研员在场，停电后补上", True)
    detail = await county.services.lessons.detail(ADMIN, lesson.id)
    assert detail.lesson.state is S.CREDITED
    assert await sums(county, lesson.id) == {"s02": 1}
    board = await county.services.board.board(ADMIN)
    assert board.schools[1].losses == ()
    assert [one.code for one in board.schools[0].losses] == ["lasted"]


async def test_two_credits_by_hand_at_once_are_one(county: County):
    lesson = await county.taught(minutes=10)
    await county.services.lessons.verified(lesson.id, good_report(lesson.id))
    await county.services.crediting.run(lesson.id)
    results = await asyncio.gather(
        *(county.services.crediting.credit_by_hand(ADMIN, lesson.id, "s02", "x") for _ in range(4)),
        return_exceptions=True,
    )
    assert sum(isinstance(result, CountyError) for result in results) == 3
    assert await sums(county, lesson.id) == {"s02": 1}


async def test_the_ledger_shows_a_teacher_the_own_schools_lessons_only(county: County):
    mine = await credited(county)
    theirs = await credited(county, pairing_id="p02")
    crediting = county.services.crediting
    assert {entry.lesson_id for entry in (await crediting.ledger(TEACHER)).items} == {mine.id}
    assert (await crediting.ledger(TEACHER, theirs.id)).items == []
    assert len((await crediting.ledger(RESEARCHER)).items) == 4
    with pytest.raises(Forbidden):
        await crediting.ledger(SCREEN)
    first = await crediting.ledger(ADMIN, limit=3)
    rest = await crediting.ledger(ADMIN, cursor=first.next, limit=3)
    assert rest.next is None
    assert len({entry.id for entry in first.items + rest.items}) == 4


async def test_the_board_of_a_year_and_of_a_teacher(county: County):
    await credited(county)
    board = await county.services.board.board(TEACHER)
    assert [row.school.id for row in board.schools] == ["s01", "s02"]
    assert (board.year, board.target_per_subject, board.target_total) == (2025, 10, 20)
    cells = {cell.subject_id: cell.credited for cell in board.schools[0].subjects}
    assert (cells["chinese"], cells["art"]) == (1, 0)
    assert board.schools[0].behind
    assert board.schools[0].pace_needed_per_week is not None
    assert (await county.services.board.board(ADMIN, 2024)).schools[0].total == 0
    with pytest.raises(Invalid):
        await county.services.board.board(ADMIN, 1999)
    with pytest.raises(Forbidden):
        await county.services.board.board(SCREEN)
