"""What is answered about the year's board and the lessons behind its figures."""

from __future__ import annotations

from typing import Literal

from server.county.milestones import MilestoneState  # noqa: TC001 - pydantic reads the annotations
from server.county.model import Form  # noqa: TC001 - as above
from server.county.progress import Standing  # noqa: TC001 - as above

from .schemas import Answer, LessonAnswer, SubjectAnswer, Time


class ForecastAnswer(Answer):
    """The count at the deadline: the likely one, 80 % interval, the chance (0..1) of reaching the target."""

    low: int
    likely: int
    high: int
    chance: float


class BoardCell(Answer):
    """`forecast` null: too early in the season to say."""

    subject_id: str
    credited: int
    target: int
    pace_needed_per_week: float | None
    forecast: ForecastAnswer | None


class BoardForm(Answer):
    """Sessions of one of the other forms; one form that reaches its target is enough."""

    form: Form
    credited: int
    target: int


class BoardLoss(Answer):
    """So many lessons lost to one cause; `code` of the reason, "" where the standing says it all."""

    standing: Standing
    code: str
    count: int
    text: str
    text_en: str


class Standings(Answer):
    """How many lessons stand how."""

    credited: int = 0
    not_credited: int = 0
    waiting: int = 0
    missed: int = 0
    cancelled: int = 0
    planned: int = 0


class BoardSchool(Answer):
    """One school's year; `pace_needed_per_week` null: the target is reached or the deadline is over.

    `weekly`: credited in each of the board's weeks; `losses`: what lessons were lost to, the most frequent first.
    """

    school_id: str
    school_name: str
    kind: Literal["supporting", "receiving"]
    subjects: list[BoardCell]
    total: int
    target_total: int
    subjects_reached: int
    forms: list[BoardForm]
    pace_needed_per_week: float | None
    behind: bool
    forecast: ForecastAnswer | None
    weekly: list[int]
    standings: Standings
    losses: list[BoardLoss]


class BoardWeek(Answer):
    """A week of the season: its school days up to today and still to come, and the lessons that began in it."""

    begins: str
    since: Time
    until: Time
    taught_days: int
    left_days: int
    standings: Standings


class MilestoneAnswer(Answer):
    id: str
    name: str
    due: str
    done_on: str | None
    note: str
    state: MilestoneState


class BoardItem(Answer):
    school_id: str
    subject_id: str
    credited: int
    target: int


class BoardAnswer(Answer):
    """`note`: how the notice was read where it is ambiguous; shown beside the figures."""

    year: int
    deadline: Time
    now: Time
    subjects: list[SubjectAnswer]
    target_per_subject: int
    target_total: int
    target_subjects: int
    target_other_forms: int
    schools: list[BoardSchool]
    items: list[BoardItem]
    weeks: list[BoardWeek]
    milestones: list[MilestoneAnswer]
    note: str
    note_en: str


class BoardRow(Answer):
    """A lesson behind a figure, as it stands for the school asked for (or for the county). `text`: why not."""

    lesson: LessonAnswer
    standing: Standing
    code: str
    text: str
    text_en: str
