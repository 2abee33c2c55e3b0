"""Answers and requests of the library: recordings in lists, what is kept, the trash, the audit log."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from .schemas import Answer, LessonAnswer, Reason, Time

Seconds = Annotated[float, Field(ge=0, le=7 * 86_400)]


class ReasonRequest(BaseModel):
    reason: Reason


class PositionRequest(BaseModel):
    """How far the caller has watched; seconds on the lesson's clock."""

    position: Seconds
    duration: Seconds


class Kept(Answer):
    """Somebody marked the recording to be kept for ever."""

    at: Time
    by: str
    reason: str


class Trashed(Answer):
    """It lies in the trash until `deletes_at`, if nobody takes it back."""

    at: Time
    by: str
    reason: str
    deletes_at: Time


class ShelfAnswer(Answer):
    """`keep_until`: when its term ends by the rules; null: it is kept for ever. `kept` and `trash` null: neither."""

    keep_until: Time | None
    kept: Kept | None
    trash: Trashed | None


class RecordingItem(Answer):
    """A recording in a list: its lesson, what it comes to, where the caller stopped (null: not begun, or seen)."""

    id: str
    lesson_id: str
    state: Literal["open", "closed"]
    duration: float
    gap_seconds: float
    bytes: int
    tracks: int
    position: float | None
    shelf: ShelfAnswer
    lesson: LessonAnswer


class AuditLogAnswer(Answer):
    """Who did what to what, when and from where. `topic`: of the lesson, when the subject is one."""

    at: Time
    actor_id: str
    actor: str
    action: str
    subject: str
    topic: str | None
    detail: str
    address: str


class SpaceAnswer(Answer):
    """The disk of the recordings, bytes. `days_left`: at the pace of the last four weeks; null: nothing is recorded."""

    level: Literal["ok", "warn", "urgent"]
    recordings: int
    trash: int
    per_day: float
    days_left: float | None
