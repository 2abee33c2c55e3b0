"""What is sent about doubts."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from server.county.doubts import DoubtState, DoubtStep, Kind  # noqa: TC001 - pydantic reads the annotations

from .schemas import Answer, LessonAnswer, Reason, Time


class DoubtTake(BaseModel):
    """A person's step. `version`: the one that was looked at."""

    version: int
    reason: Reason


class MomentAnswer(Answer):
    """Seconds of the recording; `there`: where the same was before, in that of `lesson_id` (null: this one)."""

    start: float
    end: float
    there: float | None
    lesson_id: str | None


class DoubtEventAnswer(Answer):
    at: Time
    step: DoubtStep
    actor: str
    text: str


class DoubtAnswer(Answer):
    """A doubt with its evidence. `school_id` null: about the lesson as a whole. `credited`: schools for which the
    lesson stands credited. `may_take`: the steps that the caller may take now."""

    id: str
    lesson: LessonAnswer
    kind: Kind
    school_id: str | None
    state: DoubtState
    text: str
    text_en: str
    figures: dict[str, Any]
    moments: list[MomentAnswer]
    found_at: Time
    credited: list[str]
    may_take: list[DoubtStep]
    events: list[DoubtEventAnswer]
    version: int
