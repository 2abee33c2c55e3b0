"""The board's arithmetic: credited against target, the pace needed, who is behind. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from math import floor
from typing import TYPE_CHECKING

from .crediting import condition_failed
from .views import Board, NotCredited, SchoolBoard, SubjectCount

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from .model import Lesson, School, Subject
    from .policies import Targets
    from .ports import CreditTotal, Reason

WEEK = 7 * 86400.0
SHORTEST = WEEK / 7  # a pace is never asked for less than a day's remainder


def local_zone(targets: Targets) -> timezone:
    """The county's clock."""
    return timezone(timedelta(minutes=targets.utc_offset_minutes))


def year_of(moment: float, targets: Targets) -> int:
    """The year of a moment on the county's clock."""
    return datetime.fromtimestamp(moment, UTC).astimezone(local_zone(targets)).year


def day_of(moment: float, targets: Targets) -> date:
    """The day of a moment on the county's clock."""
    return datetime.fromtimestamp(moment, UTC).astimezone(local_zone(targets)).date()


def year_span(year: int, targets: Targets) -> tuple[float, float]:
    """[begin, end) of a year on the county's clock, Unix seconds."""
    zone = local_zone(targets)
    return datetime(year, 1, 1, tzinfo=zone).timestamp(), datetime(year + 1, 1, 1, tzinfo=zone).timestamp()


def season(year: int, targets: Targets) -> tuple[float, float]:
    """[first moment, end of the deadline's day) in which the pace is judged."""
    zone = local_zone(targets)
    begin = datetime(year, *targets.begins, tzinfo=zone)
    end = datetime(year, *targets.deadline, tzinfo=zone) + timedelta(days=1)
    return begin.timestamp(), end.timestamp()


def pace_needed(total: int, targets: Targets, deadline: float, now: float) -> float | None:
    """Lessons per week from now to the deadline; None when reached or too late."""
    missing = targets.total - total
    if missing <= 0 or now >= deadline:
        return None
    return round(missing / (max(deadline - now, SHORTEST) / WEEK), 2)


def is_behind(total: int, reached: int, targets: Targets, begin: float, deadline: float, now: float) -> bool:
    """Less than an even pace from the season's begin would have brought; at the deadline: a target is not met."""
    if now >= deadline:
        return total < targets.total or reached < targets.subjects
    elapsed = max(0.0, now - begin) / (deadline - begin)
    return total < floor(targets.total * elapsed)


def draw_board(
    *,
    year: int,
    now: float,
    targets: Targets,
    schools: Sequence[School],
    subjects: Sequence[Subject],
    totals: Sequence[CreditTotal],
    failures: Sequence[tuple[Lesson, Sequence[Reason]]],
    standing: Mapping[str, frozenset[str]],
) -> Board:
    """The year's board.

    `failures`: lessons with reasons, newest first; `standing`: by lesson, the schools for which a credit stands.
    """
    begin, deadline = season(year, targets)
    sums = {(total.school_id, total.subject_id): total.amount for total in totals}
    missed = _not_credited(failures, standing)
    rows = []
    for school in schools:
        cells = tuple(
            SubjectCount(subject.id, sums.get((school.id, subject.id), 0), targets.per_subject) for subject in subjects
        )
        total = sum(cell.credited for cell in cells)
        reached = sum(cell.credited >= targets.per_subject for cell in cells)
        rows.append(
            SchoolBoard(
                school=school,
                subjects=cells,
                total=total,
                target_total=targets.total,
                subjects_reached=reached,
                pace_needed_per_week=pace_needed(total, targets, deadline, now),
                behind=is_behind(total, reached, targets, begin, deadline, now),
                not_credited=tuple(missed.get(school.id, ())),
            )
        )
    return Board(
        year=year,
        deadline=deadline,
        now=now,
        subjects=tuple(subjects),
        target_per_subject=targets.per_subject,
        target_total=targets.total,
        target_subjects=targets.subjects,
        schools=tuple(rows),
        note=targets.note,
        note_en=targets.note_en,
    )


def _not_credited(
    failures: Sequence[tuple[Lesson, Sequence[Reason]]], standing: Mapping[str, frozenset[str]]
) -> dict[str, list[NotCredited]]:
    """Per school, the lessons that did not count for it."""
    found: dict[str, list[NotCredited]] = {}
    for lesson, reasons in failures:
        for school_id in (lesson.supporting_school_id, *lesson.receiving_school_ids):
            reason = condition_failed(reasons, school_id)
            if reason is None or school_id in standing.get(lesson.id, frozenset()):
                continue
            found.setdefault(school_id, []).append(
                NotCredited(lesson.id, lesson.topic, reason.code, reason.text, reason.text_en)
            )
    return found
