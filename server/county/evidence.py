"""From flow masks to evidence: how many seconds the teacher and each classroom really sent and received.

A mask has 60 bits for one Unix minute (docs/protocols.md, Flow). Masks of one (participant, source, direction, kind,
minute) are merged by OR, so a repeated or reordered report never counts a second twice. Only whole Unix seconds that
touch [started_at, ended_at) are counted.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from math import ceil, floor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .model import FlowRow, Lesson

TEACHER = "teacher"  # participant and source of the teacher's camera and microphone
MINUTE_BITS = (1 << 60) - 1


@dataclass(frozen=True, slots=True)
class ClassroomEvidence:
    """One receiving classroom. Shares are of the live time (0..1)."""

    school_id: str
    received_seconds: int
    sent_seconds: int
    received_share: float
    sent_share: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was measured of a lesson. `live_*`: from the teacher's first media to its last, within the lesson's time.

    The recording's figures are None as long as there is no verification report.
    """

    planned_seconds: int
    live_from: float | None
    live_to: float | None
    live_seconds: int
    teacher_seconds: int
    teacher_share: float  # teacher_seconds / planned_seconds
    classrooms: tuple[ClassroomEvidence, ...]
    recording_opens: bool | None = None
    recording_seconds: float | None = None
    gap_seconds: float | None = None
    black_or_frozen_share: float | None = None
    silent_share: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        body = asdict(self)
        body["classrooms"] = [asdict(room) for room in self.classrooms]
        return body
