"""What the services answer with where a plain model value is not enough: a lesson's detail, the board's figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .evidence import Evidence
    from .model import LedgerEntry, Lesson, LessonEvent, School, Subject, TokenRole
    from .policies import CreditingPolicy
    from .ports import Reason


@dataclass(frozen=True, slots=True)
class LessonExtras:
    """What a list shows of a lesson beside its own fields. `reason`: why rejected or under review, "" otherwise."""

    teacher_name: str | None
    recording_id: str | None
    reason: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class ParticipantSeconds:
    """Somebody who took part: seconds in which its own media arrived (`in`) and in which it received any (`out`)."""

    participant_id: str
    role: TokenRole
    school_id: str | None
    name: str
    seconds_in: int
    seconds_out: int


@dataclass(frozen=True, slots=True)
class LessonDetail:
    """All that is known of one lesson. `evidence` is None until it ended, `policy` if there is none of that name."""

    lesson: Lesson
    extras: LessonExtras
    participants: tuple[ParticipantSeconds, ...]
    evidence: Evidence | None
    policy: CreditingPolicy | None
    credits: tuple[LedgerEntry, ...]
    reasons: tuple[Reason, ...]
    events: tuple[LessonEvent, ...]


@dataclass(frozen=True, slots=True)
class SubjectCount:
    """One cell of the board."""

    subject_id: str
    credited: int
    target: int


@dataclass(frozen=True, slots=True)
class NotCredited:
    """A lesson of the year that did not count for a school, with the first reason in words."""

    lesson_id: str
    topic: str
    code: str
    text: str
    text_en: str


@dataclass(frozen=True, slots=True)
class SchoolBoard:
    """One school's year. `pace_needed_per_week` is None when the target is reached or the deadline is over."""

    school: School
    subjects: tuple[SubjectCount, ...]
    total: int
    target_total: int
    subjects_reached: int
    pace_needed_per_week: float | None
    behind: bool
    not_credited: tuple[NotCredited, ...]


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
    schools: tuple[SchoolBoard, ...]
    note: str
    note_en: str
