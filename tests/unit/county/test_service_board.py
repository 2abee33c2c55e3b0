"""The board and the rows behind its figures: every figure is the number of rows it opens."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from server.county.errors import Forbidden, Invalid, NotFound
from server.county.milestones import MilestoneState, state_of
from server.county.progress import LOST, RowQuery, Standing
from server.county.targets import year_span
from tests.fakes.county import ADMIN, OTHER_TEACHER, SCREEN, TEACHER, County, county_config
from tests.unit.county.honest_year import honest_year

SPAN = year_span(2025, county_config().targets)


async def full_year(county: County) -> None:
    """The honest year's lessons, and one missed, one cancelled, one to come."""
    await honest_year(county)
    await county.lesson(topic="没人来上")
    county.clock.at += 4 * 3600
    await county.services.lessons.sweep()
    gone = await county.lesson()
    await county.services.lessons.cancel(ADMIN, gone.id, "教师外出")
    await county.lesson(topic="下周的课", starts_at=county.clock.at + 86400)


async def test_every_figure_is_the_number_of_the_rows_that_it_opens(county: County):
    await full_year(county)
    boards = county.services.board
    board = await boards.board(ADMIN, 2025)
    for row in board.schools[:3]:
        mine = RowQuery(*SPAN, school_id=row.school.id)
        rows = (await boards.rows(ADMIN, mine, limit=500)).items
        assert {one: sum(each.standing is one for each in rows) for one in Standing} == {
            one: row.standings.get(one, 0) for one in Standing
        }
        assert row.total == row.standings.get(Standing.CREDITED, 0)
        for cell in row.subjects:
            query = RowQuery(*SPAN, row.school.id, None, cell.subject_id, (Standing.CREDITED,))
            assert len((await boards.rows(ADMIN, query)).items) == cell.credited
        for loss in row.losses:
            query = RowQuery(*SPAN, row.school.id, standings=(loss.standing,), code=loss.code)
            assert len((await boards.rows(ADMIN, query)).items) == loss.count
        assert sum(loss.count for loss in row.losses) == sum(row.standings.get(one, 0) for one in LOST)
    first = board.schools[0]
    assert first.standings[Standing.MISSED] == first.standings[Standing.CANCELLED] == 1
    assert first.standings[Standing.PLANNED] == 1
    assert first.total == sum(first.weekly)
    for week in board.weeks:
        if week.standings:
            found = await boards.rows(ADMIN, RowQuery(week.since, week.until), limit=500)
            assert len(found.items) == sum(week.standings.values())


async def test_the_reasons_are_the_ledgers_own_and_the_canceller_is_quoted(county: County):
    await full_year(county)
    rows = (await county.services.board.rows(ADMIN, RowQuery(*SPAN, "s02", standings=LOST), limit=500)).items
    said = {row.lesson.topic: row.reason for row in rows if row.standing is Standing.CANCELLED}
    assert [reason.text for reason in said.values()] == ["教师外出"]
    missed = next(row for row in rows if row.standing is Standing.MISSED)
    assert (missed.lesson.topic, missed.code) == ("没人来上", "")
    rows += (await county.services.board.rows(ADMIN, RowQuery(*SPAN, "s01", standings=LOST), limit=500)).items
    assert {row.code for row in rows if row.standing is Standing.NOT_CREDITED} >= {"lasted", "recorded", "reversed"}


async def test_rows_come_in_pages_newest_first(county: County):
    await full_year(county)
    boards, query = county.services.board, RowQuery(*SPAN)
    everything = (await boards.rows(ADMIN, query, limit=500)).items
    found, cursor = [], None
    while True:
        page = await boards.rows(ADMIN, query, cursor=cursor, limit=4)
        found += page.items
        cursor = page.next
        if cursor is None:
            break
    assert found == everything
    assert [row.began_at for row in found] == sorted((row.began_at for row in found), reverse=True)


async def test_a_teacher_opens_the_schools_of_the_own_board_and_no_others(county: County):
    await full_year(county)
    boards = county.services.board
    for school in ("s01", "s02"):
        assert (await boards.rows(TEACHER, RowQuery(*SPAN, school))).items
    with pytest.raises(NotFound):
        await boards.rows(TEACHER, RowQuery(*SPAN, "s03"))
    assert (await boards.rows(OTHER_TEACHER, RowQuery(*SPAN))).items == []
    assert not any(week.standings for week in (await boards.board(OTHER_TEACHER, 2025)).weeks)
    with pytest.raises(Forbidden):
        await boards.rows(SCREEN, RowQuery(*SPAN))
    with pytest.raises(Invalid):
        await boards.rows(ADMIN, RowQuery(SPAN[0], SPAN[0] + 400 * 86400))


async def test_the_workbook_says_what_the_board_says(county: County):
    await full_year(county)
    boards = county.services.board
    board = await boards.board(ADMIN, 2025)
    progress, lost, milestones = await boards.sheets(ADMIN, 2025, 1)
    assert [row[0] for row in progress.rows] == [one.school.name_en for one in board.schools]
    total = [column.heading for column in progress.columns].index("Total / 20")
    assert [row[total] for row in progress.rows] == [one.total for one in board.schools]
    assert len(lost.rows) == sum(loss.count for one in board.schools for loss in one.losses)
    assert milestones.rows == ()  # the sample's are of 2026
    rural = (await boards.sheets(ADMIN, 2025, 0, kind="receiving", behind=True))[0].rows
    assert [row[1] for row in rural] == ["受援学校"] * len(rural)
    assert len(rural) == sum(one.behind and one.school.kind == "receiving" for one in board.schools)


async def test_the_year_has_its_milestones_with_their_state(county: County):
    county.clock.at = datetime(2026, 10, 20, 3, tzinfo=UTC).timestamp()
    found = {one.id: one for one in (await county.services.board.board(ADMIN)).milestones}
    assert len(found) == 10
    assert found["m01"].state is MilestoneState.OVERDUE
    assert found["m06"].state is MilestoneState.SOON
    assert found["m09"].state is MilestoneState.AHEAD


@pytest.mark.parametrize(
    ("done_on", "today", "state"),
    [
        (None, date(2026, 10, 16), MilestoneState.AHEAD),
        (None, date(2026, 10, 17), MilestoneState.SOON),
        (None, date(2026, 10, 31), MilestoneState.SOON),
        (None, date(2026, 11, 1), MilestoneState.OVERDUE),
        (date(2026, 10, 31), date(2026, 11, 1), MilestoneState.DONE),
        (date(2026, 11, 2), date(2026, 11, 1), MilestoneState.OVERDUE),  # done only tomorrow
        (date(2026, 11, 2), date(2026, 11, 2), MilestoneState.DONE_LATE),
    ],
)
def test_a_milestone_is_on_time_to_the_end_of_its_day(done_on, today, state):
    assert state_of(date(2026, 10, 31), done_on, today) is state
