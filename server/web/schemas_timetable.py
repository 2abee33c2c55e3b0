"""What strangers send and get about the timetable and calendar addresses."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - pydantic reads the annotations
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from .schemas import Answer, Id, LessonAnswer, LessonCreate, Time

Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class TimetableNotice(Answer):
    """What to know: a clash of kind teacher, pairing, classroom or credit, a holiday, a day in no term."""

    kind: Literal["teacher", "pairing", "classroom", "credit", "holiday", "no_term"]
    lesson_id: str
    other_id: str | None
    starts_at: Time
    text: str
    text_en: str


class SpecialDay(Answer):
    """A holiday, or (`follows` 1 Monday … 7 Sunday) a make-up day taught as that weekday."""

    day: Day
    name: str
    follows: int | None


class TermAnswer(Answer):
    id: str
    name: str
    begins: Day
    ends: Day


class TimetableAnswer(Answer):
    """`truncated`: more lessons than are answered; ask for a shorter span or a school."""

    lessons: list[LessonAnswer]
    notices: list[TimetableNotice]
    special_days: list[SpecialDay]
    terms: list[TermAnswer]
    utc_offset_minutes: int
    truncated: bool


class CheckRequest(BaseModel):
    lesson_id: Id
    starts_at: AwareDatetime
    teacher_id: Id | None = None


class NoticesAnswer(Answer):
    notices: list[TimetableNotice]


class SeriesCreate(LessonCreate):
    """A lesson like this each `every` weeks until that day, holidays skipped."""

    until: date
    every: Annotated[int, Field(ge=1, le=8)] = 1


class SkippedDay(Answer):
    day: Day
    name: str


class SeriesAnswer(Answer):
    """`made` false: a dry run, nothing was kept (the lessons' ids are then no real ones)."""

    made: bool
    lessons: list[LessonAnswer]
    skipped: list[SkippedDay]
    notices: list[TimetableNotice]


class SuggestionAnswer(Answer):
    """`starts_at` null: no free time in the next two months."""

    starts_at: Time | None


class RescheduleRequest(BaseModel):
    version: int
    starts_at: AwareDatetime


class SubstitutionRequest(BaseModel):
    """All lessons to come of a teacher in the span; `from` and `to` are times, the second excluded."""

    teacher_id: Id
    substitute_id: Id
    since: AwareDatetime
    until: AwareDatetime
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=400)] = ""


class ChangedAnswer(Answer):
    """`made` false: a dry run, nothing was changed."""

    made: bool
    lessons: list[LessonAnswer]
    notices: list[TimetableNotice]


class TeacherAnswer(Answer):
    id: str
    name: str
    school_id: str | None


class FeedAnswer(Answer):
    """A calendar address. `school_id` null: of one's own lessons."""

    id: str
    school_id: str | None
    school_name: str | None
    created_at: Time
    last_used_at: Time | None


class FeedCreate(BaseModel):
    school_id: Id | None = None


class FeedCreated(Answer):
    """`path`: below the address of the pages; told this once."""

    feed: FeedAnswer
    path: str
