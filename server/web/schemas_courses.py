"""What is sent about courses on demand."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field

from .schemas import Answer, Id, LessonAnswer, Time, Topic


class CourseCreate(BaseModel):
    """A recorded lesson given to classes. `topic`: that of the recorded lesson unless another is given."""

    form: Literal["delivered", "master"]
    recording_id: Id
    pairing_id: Id
    starts_at: AwareDatetime
    topic: Topic | None = None
    receiving_school_ids: Annotated[list[Id], Field(min_length=1, max_length=50)] | None = None


class PlayedReport(BaseModel):
    """What a page has played since its last report: stretches of the recording in seconds, in the order played."""

    claims: Annotated[list[tuple[float, float]], Field(max_length=100)]
    speed: float = 1.0


class PlayedAnswer(Answer):
    school_id: str
    seconds: float
    share: float
    credited: bool
    spans: list[tuple[float, float]]
    first_at: Time | None


class CourseAnswer(Answer):
    """`played`: one for each receiving school. `needed_share`: of the recording, for the class to be counted."""

    lesson: LessonAnswer
    recording_id: str
    duration: float
    needed_share: float
    played: list[PlayedAnswer]
