"""The board and the rows behind it → answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import schemas as s
from . import schemas_board as b

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from server.county.board import Board, BoardWeek, SchoolBoard
    from server.county.forecast import Forecast
    from server.county.milestones import Milestone
    from server.county.progress import Row, Standing


def board(board: Board) -> b.BoardAnswer:
    """The whole board."""
    schools = [_school(row) for row in board.schools]
    return b.BoardAnswer(
        year=board.year,
        deadline=s.rfc3339(board.deadline),
        now=s.rfc3339(board.now),
        subjects=[
            s.SubjectAnswer(id=one.id, name=one.name, name_en=one.name_en, archived=one.archived)
            for one in board.subjects
        ],
        target_per_subject=board.target_per_subject,
        target_total=board.target_total,
        target_subjects=board.target_subjects,
        target_other_forms=board.target_other_forms,
        schools=schools,
        items=[
            b.BoardItem(school_id=row.school_id, subject_id=cell.subject_id, credited=cell.credited, target=cell.target)
            for row in schools
            for cell in row.subjects
        ],
        weeks=[_week(week) for week in board.weeks],
        milestones=[milestone(one) for one in board.milestones],
        note=board.note,
        note_en=board.note_en,
    )


def _school(row: SchoolBoard) -> b.BoardSchool:
    return b.BoardSchool(
        school_id=row.school.id,
        school_name=row.school.name,
        kind="supporting" if row.school.kind == "supporting" else "receiving",
        subjects=[
            b.BoardCell(
                subject_id=cell.subject_id,
                credited=cell.credited,
                target=cell.target,
                pace_needed_per_week=cell.pace_needed_per_week,
                forecast=_forecast(cell.forecast),
            )
            for cell in row.subjects
        ],
        total=row.total,
        target_total=row.target_total,
        subjects_reached=row.subjects_reached,
        forms=[b.BoardForm(form=one.form, credited=one.credited, target=one.target) for one in row.forms],
        pace_needed_per_week=row.pace_needed_per_week,
        behind=row.behind,
        forecast=_forecast(row.forecast),
        weekly=list(row.weekly),
        standings=_standings(row.standings),
        losses=[
            b.BoardLoss(standing=one.standing, code=one.code, count=one.count, text=one.names[0], text_en=one.names[1])
            for one in row.losses
        ],
    )


def _week(week: BoardWeek) -> b.BoardWeek:
    return b.BoardWeek(
        begins=week.week.begins.isoformat(),
        since=s.rfc3339(week.since),
        until=s.rfc3339(week.until),
        taught_days=week.week.taught,
        left_days=week.week.left,
        standings=_standings(week.standings),
    )


def milestone(one: Milestone) -> b.MilestoneAnswer:
    """One task of the year."""
    return b.MilestoneAnswer(
        id=one.id,
        name=one.name,
        due=one.due.isoformat(),
        done_on=one.done_on.isoformat() if one.done_on is not None else None,
        note=one.note,
        state=one.state,
    )


def _standings(counted: Mapping[Standing, int]) -> b.Standings:
    return b.Standings.model_validate({standing.value: count for standing, count in counted.items()})


def _forecast(found: Forecast | None) -> b.ForecastAnswer | None:
    if found is None:
        return None
    return b.ForecastAnswer(low=found.low, likely=found.likely, high=found.high, chance=round(found.chance, 3))


def rows(found: Sequence[Row], lessons: Sequence[s.LessonAnswer]) -> list[b.BoardRow]:
    """Each with its lesson's answer, in the same order."""
    return [
        b.BoardRow(
            lesson=lesson,
            standing=row.standing,
            code=row.code,
            text=row.reason.text if row.reason is not None else "",
            text_en=row.reason.text_en if row.reason is not None else "",
        )
        for row, lesson in zip(found, lessons, strict=True)
    ]
