"""The year's board: each school's rows against its targets, the pace, the forecast, what lessons were lost to. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from .forecast import Forecast, Week, dispersion, forecast, school_weeks
from .model import OTHER_FORMS
from .progress import Standing, by_school, counts, losses, row_of
from .targets import is_behind, local_zone, pace_needed, season

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .milestones import Milestone
    from .model import Form, School, Subject
    from .policies import Targets
    from .ports import CreditTotal
    from .progress import Lived, Loss, Row
    from .timetable.days import SchoolYear


@dataclass(frozen=True, slots=True)
class SubjectCount:
    """One cell of the board."""

    subject_id: str
    credited: int
    target: int
    pace_needed_per_week: float | None
    forecast: Forecast | None


@dataclass(frozen=True, slots=True)
class FormCount:
    """What a school has been credited in one of the other forms."""

    form: Form
    credited: int
    target: int


@dataclass(frozen=True, slots=True)
class SchoolBoard:
    """One school's year. `pace_needed_per_week` is None when the target is reached or the deadline is over.

    `weekly`: credited lessons in each week of the season; `losses`: what lessons were lost to, most frequent first.
    """

    school: School
    subjects: tuple[SubjectCount, ...]
    total: int
    target_total: int
    subjects_reached: int
    forms: tuple[FormCount, ...]
    pace_needed_per_week: float | None
    behind: bool
    forecast: Forecast | None
    weekly: tuple[int, ...]
    standings: Mapping[Standing, int]
    losses: tuple[Loss, ...]


@dataclass(frozen=True, slots=True)
class BoardWeek:
    """A week of the season and the lessons that began in it. Moments in [since, until), Unix seconds."""

    week: Week
    since: float
    until: float
    standings: Mapping[Standing, int]


@dataclass(frozen=True, slots=True)
class Board:
    """The year's board. `deadline`: end of the last day that counts (Unix seconds); `note`: how the notice was read."""

    year: int
    deadline: float
    now: float
    subjects: tuple[Subject, ...]
    target_per_subject: int
    target_total: int
    target_subjects: int
    target_other_forms: int
    schools: tuple[SchoolBoard, ...]
    weeks: tuple[BoardWeek, ...]
    milestones: tuple[Milestone, ...]
    note: str
    note_en: str


@dataclass(frozen=True, slots=True)
class _Season:
    begin: float
    deadline: float
    now: float
    weeks: tuple[Week, ...]
    begins: tuple[float, ...]  # of the weeks, Unix seconds
    targets: Targets

    def week_of(self, moment: float) -> int | None:
        """Its place among the weeks; None outside the season."""
        return bisect_right(self.begins, moment) - 1 if self.begin <= moment < self.deadline else None

    def per_week(self, rows: Iterable[Row]) -> tuple[int, ...]:
        found = [0] * len(self.weeks)
        for row in rows:
            at = self.week_of(row.began_at)
            if at is not None:
                found[at] += 1
        return tuple(found)


def draw_board(
    *,
    year: int,
    now: float,
    targets: Targets,
    calendar: SchoolYear,
    schools: Sequence[School],
    subjects: Sequence[Subject],
    lived: Sequence[Lived],
    counted: Sequence[Lived],
    others: Mapping[Form, Sequence[CreditTotal]],
    milestones: tuple[Milestone, ...],
) -> Board:
    """The year's board. `lived`: the year's lessons; `counted`: those of them that the weeks' figures are to show.

    `others`: the ledger's sums of the other forms, which count apart from lessons.

    A subject that is not taught any more stays as long as a lesson of it counts.
    """
    drawn = _season(year, now, targets, calendar)
    rows = by_school(lived)
    credited = {row.lesson.subject_id for each in rows.values() for row in each if row.standing is Standing.CREDITED}
    shown = tuple(one for one in subjects if not one.archived or one.id in credited)
    return Board(
        year=year,
        deadline=drawn.deadline,
        now=now,
        subjects=shown,
        target_per_subject=targets.per_subject,
        target_total=targets.total,
        target_subjects=targets.subjects,
        target_other_forms=targets.other_forms,
        schools=tuple(
            _school(school, rows.get(school.id, ()), shown, drawn, _forms(school.id, others, targets))
            for school in schools
        ),
        weeks=_weeks(counted, drawn),
        milestones=milestones,
        note=targets.note,
        note_en=targets.note_en,
    )


def _forms(school_id: str, others: Mapping[Form, Sequence[CreditTotal]], targets: Targets) -> tuple[FormCount, ...]:
    def credited(form: Form) -> int:
        return sum(one.amount for one in others.get(form, ()) if one.school_id == school_id)

    return tuple(FormCount(form, credited(form), targets.other_forms) for form in OTHER_FORMS)


def _season(year: int, now: float, targets: Targets, calendar: SchoolYear) -> _Season:
    begin, deadline = season(year, targets)
    zone = local_zone(targets)
    first, last = date(year, *targets.begins), date(year, *targets.deadline)
    today = datetime.fromtimestamp(now, UTC).astimezone(zone).date()
    weeks = school_weeks(calendar, first, last, today)
    begins = tuple(datetime.combine(week.begins, datetime.min.time(), zone).timestamp() for week in weeks)
    return _Season(begin, deadline, now, weeks, begins, targets)


def _school(
    school: School,
    rows: Sequence[Row],
    subjects: Sequence[Subject],
    drawn: _Season,
    forms: tuple[FormCount, ...],
) -> SchoolBoard:
    targets, now = drawn.targets, drawn.now
    credited = [row for row in rows if row.standing is Standing.CREDITED]
    weekly = drawn.per_week(credited)
    spread = dispersion(weekly, drawn.weeks)
    cells = []
    for subject in subjects:
        own = [row for row in credited if row.lesson.subject_id == subject.id]
        cells.append(
            SubjectCount(
                subject.id,
                len(own),
                targets.per_subject,
                pace_needed(len(own), targets.per_subject, drawn.deadline, now),
                forecast(len(own), drawn.per_week(own), drawn.weeks, targets.per_subject, spread=spread),
            )
        )
    total = len(credited)
    reached = sum(cell.credited >= targets.per_subject for cell in cells)
    return SchoolBoard(
        school=school,
        subjects=tuple(cells),
        total=total,
        target_total=targets.total,
        subjects_reached=reached,
        forms=forms,
        pace_needed_per_week=pace_needed(total, targets.total, drawn.deadline, now),
        behind=is_behind(total, reached, targets, drawn.begin, drawn.deadline, now),
        forecast=forecast(total, weekly, drawn.weeks, targets.total, spread=spread),
        weekly=weekly,
        standings=counts(rows),
        losses=losses(rows),
    )


def _weeks(lived: Iterable[Lived], drawn: _Season) -> tuple[BoardWeek, ...]:
    found: list[Counter[Standing]] = [Counter() for _ in drawn.weeks]
    for one in lived:
        row = row_of(one, None)
        at = drawn.week_of(row.began_at)
        if at is not None:
            found[at][row.standing] += 1
    ends = (*drawn.begins[1:], drawn.deadline)
    return tuple(
        BoardWeek(week, since, until, standings)
        for week, since, until, standings in zip(drawn.weeks, drawn.begins, ends, found, strict=True)
    )
