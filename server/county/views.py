"""What the services answer with where a plain model value is not enough: a lesson's detail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .evidence import Evidence
    from .model import LedgerEntry, Lesson, LessonEvent, TokenRole
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
