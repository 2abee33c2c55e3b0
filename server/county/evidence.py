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

    from .model import FlowRow, Lesson, QualityMinute

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
class QualityEvidence:
    """How good one participant's media was; credits nothing. Minutes are looked at every 5 s; `mean_loss` is 0..1.

    `direction`: "in" for what it sent, "out" for what it received.
    """

    participant_id: str
    direction: str
    minutes: float
    bad_minutes: float  # with a score of 1 or 2
    mean_loss: float


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
    quality: tuple[QualityEvidence, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        body = asdict(self)
        body["classrooms"] = [asdict(room) for room in self.classrooms]
        body["quality"] = [asdict(one) for one in self.quality]
        return body


def window_mask(minute: int, since: float, until: float) -> int:
    """The seconds of a Unix minute that touch [since, until), as a mask."""
    first = max(0, floor(since) - minute * 60)
    last = min(60, ceil(until) - minute * 60)  # exclusive
    return ((1 << last) - 1) & ~((1 << first) - 1) & MINUTE_BITS if first < last else 0


class Seconds:
    """Sets of Unix seconds as masks per minute."""

    def __init__(self, minutes: Mapping[int, int]) -> None:
        self._minutes = {minute: mask for minute, mask in minutes.items() if mask}

    @classmethod
    def of(
        cls,
        rows: Iterable[FlowRow],
        *,
        participant_id: str,
        direction: str,
        source: str | None = None,
        since: float = 0.0,
        until: float = float(1 << 40),
    ) -> Seconds:
        """Seconds within [since, until) in which audio or video flowed. `source` None: any."""
        minutes: dict[int, int] = defaultdict(int)
        for row in rows:
            if row.participant_id != participant_id or row.direction != direction:
                continue
            if source is None or row.source == source:
                minutes[row.minute] |= row.mask & window_mask(row.minute, since, until)
        return cls(minutes)

    def shared(self, other: Seconds) -> Seconds:
        """The seconds that are in both."""
        return Seconds({minute: mask & other._minutes.get(minute, 0) for minute, mask in self._minutes.items()})

    def __len__(self) -> int:
        return sum(mask.bit_count() for mask in self._minutes.values())

    def first(self) -> int | None:
        """The first Unix second, or None."""
        if not self._minutes:
            return None
        minute = min(self._minutes)
        mask = self._minutes[minute]
        return minute * 60 + (mask & -mask).bit_length() - 1

    def last(self) -> int | None:
        """The last Unix second, or None."""
        if not self._minutes:
            return None
        minute = max(self._minutes)
        return minute * 60 + self._minutes[minute].bit_length() - 1


def classroom_id(school_id: str) -> str:
    """The participant and source of a school's classroom."""
    return f"classroom-{school_id}"


def gather(
    lesson: Lesson,
    rows: Iterable[FlowRow],
    report: Mapping[str, Any] | None,
    now: float,
    quality: Iterable[QualityMinute] = (),
) -> Evidence:
    """Evidence of a lesson from its flow, how good it was and, if there is one, the verification report.

    A running lesson counts up to `now`.
    """
    rows = list(rows)
    since = lesson.started_at if lesson.started_at is not None else now
    until = lesson.ended_at if lesson.ended_at is not None else now
    teacher = Seconds.of(rows, participant_id=TEACHER, source=TEACHER, direction="in", since=since, until=until)
    first, last = teacher.first(), teacher.last()
    live_from = float(first) if first is not None else None
    live_to = float(last + 1) if last is not None else None
    live = int(live_to - live_from) if live_from is not None and live_to is not None else 0
    planned = lesson.planned_minutes * 60
    rooms = tuple(_classroom(school_id, rows, live_from, live_to, live) for school_id in lesson.receiving_school_ids)
    body = report or {}
    shares = body.get("teacher") or {}
    return Evidence(
        planned_seconds=planned,
        live_from=live_from,
        live_to=live_to,
        live_seconds=live,
        teacher_seconds=len(teacher),
        teacher_share=_share(len(teacher), planned),
        classrooms=rooms,
        recording_opens=body["opens"] if isinstance(body.get("opens"), bool) else None,
        recording_seconds=_number(body.get("duration")),
        gap_seconds=_number(body.get("gap_seconds")),
        black_or_frozen_share=_number(shares.get("black_or_frozen_share")),
        silent_share=_number(shares.get("silent_share")),
        quality=summed(quality),
    )


LOOKS_PER_MINUTE = 12  # one slot of 5 s each


def summed(rows: Iterable[QualityMinute]) -> tuple[QualityEvidence, ...]:
    """Per participant and direction, the teacher first."""
    ends: dict[tuple[str, str], list[QualityMinute]] = defaultdict(list)
    for row in rows:
        ends[row.participant_id, row.direction].append(row)
    found: list[QualityEvidence] = []
    for (participant, direction), minutes in sorted(ends.items(), key=lambda end: (end[0][0] != TEACHER, end[0])):
        samples = sum(row.samples for row in minutes)
        found.append(
            QualityEvidence(
                participant,
                direction,
                round(sum(row.looks.bit_count() for row in minutes) / LOOKS_PER_MINUTE, 1),
                round(sum(row.bad.bit_count() for row in minutes) / LOOKS_PER_MINUTE, 1),
                round(sum(row.loss for row in minutes) / samples, 4) if samples else 0.0,
            )
        )
    return tuple(found)


def _classroom(
    school_id: str, rows: list[FlowRow], live_from: float | None, live_to: float | None, live: int
) -> ClassroomEvidence:
    if live_from is None or live_to is None:
        return ClassroomEvidence(school_id, 0, 0, 0.0, 0.0)
    who = classroom_id(school_id)
    received = len(
        Seconds.of(rows, participant_id=who, source=TEACHER, direction="out", since=live_from, until=live_to)
    )
    sent = len(Seconds.of(rows, participant_id=who, source=who, direction="in", since=live_from, until=live_to))
    return ClassroomEvidence(school_id, received, sent, _share(received, live), _share(sent, live))


def _share(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole > 0 else 0.0


def _number(value: object) -> float | None:
    """A finite number, or None: the report comes over a queue and is not trusted to be whole."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < float("inf") else None
