"""How lessons stand for a school: credited, not (with the reason), waiting, missed, cancelled, still planned. Pure.

The board, the monthly report and the lists behind their figures all count the same rows, so a figure and what it opens
cannot differ. Every lesson is one row for each school that takes part, and one row of its own (`school_id` None).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from .crediting import condition_failed
from .lessons import began_at
from .model import LessonState
from .ports import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .model import Lesson


class Standing(StrEnum):
    """What became of a lesson for a school."""

    CREDITED = "credited"
    NOT_CREDITED = "not_credited"
    WAITING = "waiting"  # over, and not yet judged by the machine or a person
    MISSED = "missed"
    CANCELLED = "cancelled"
    PLANNED = "planned"  # still to come, or live


HELD = (Standing.CREDITED, Standing.NOT_CREDITED, Standing.WAITING)
LOST = (Standing.NOT_CREDITED, Standing.MISSED, Standing.CANCELLED)
"""What a school that is behind has lost its lessons to."""

NAMES: Mapping[Standing, tuple[str, str]] = {
    Standing.CREDITED: ("已计入", "credited"),
    Standing.NOT_CREDITED: ("未计入", "not credited"),
    Standing.WAITING: ("待核验", "waiting"),
    Standing.MISSED: ("未开课", "missed"),
    Standing.CANCELLED: ("已取消", "cancelled"),
    Standing.PLANNED: ("待上课", "planned"),
}

REASON_NAMES: Mapping[str, tuple[str, str]] = {
    "lasted": ("时长不足", "too short"),
    "present": ("受援课堂在线不足", "classroom not connected long enough"),
    "two_way": ("受援课堂没有互动画面或声音", "classroom sent too little"),
    "recorded": ("录像不完整", "recording incomplete"),
    "seen_and_heard": ("录像黑屏、静止或无声", "recording black, frozen or silent"),
    "not_twice": ("同一时间已计入另一节课", "credited for another lesson at that time"),
    "no_classroom": ("没有受援课堂达到条件", "no receiving classroom met the conditions"),
    "not_verified": ("录像没有核验结果", "recording not verified"),
    "no_evidence": ("没有测得老师的画面或声音", "no media of the teacher measured"),
    "reversed": ("人工冲销", "reversed by a person"),
}
"""Reason codes of `county.crediting` in a few words, for counts; another code stands for itself."""

_STANDS: Mapping[LessonState, Standing] = {
    LessonState.SCHEDULED: Standing.PLANNED,
    LessonState.LIVE: Standing.PLANNED,
    LessonState.ENDED: Standing.WAITING,
    LessonState.RECORDED: Standing.WAITING,
    LessonState.VERIFIED: Standing.WAITING,
    LessonState.NEEDS_REVIEW: Standing.WAITING,
    LessonState.CREDITED: Standing.NOT_CREDITED,  # to another school than the one in question
    LessonState.REJECTED: Standing.NOT_CREDITED,
    LessonState.MISSED: Standing.MISSED,
    LessonState.CANCELLED: Standing.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Lived:
    """A lesson with what is known of its end. `credited`: the schools it stands credited for.

    `said`: what the person who cancelled it wrote.
    """

    lesson: Lesson
    reasons: tuple[Reason, ...] = ()
    credited: frozenset[str] = frozenset()
    said: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One lesson for one school, or (None) for the county. `reason`: why it does not count, where there is one."""

    lesson: Lesson
    school_id: str | None
    standing: Standing
    reason: Reason | None = None

    @property
    def began_at(self) -> float:
        """The moment that decides which year, month and week it counts in."""
        return began_at(self.lesson)

    @property
    def code(self) -> str:
        """The reason's code, "" without one."""
        return self.reason.code if self.reason is not None else ""


@dataclass(frozen=True, slots=True)
class RowQuery:
    """Which rows; None and () are all. `school_id`: that school's rows instead of one for each lesson.

    Times in [since, until), Unix seconds.
    """

    since: float
    until: float
    school_id: str | None = None
    pairing_id: str | None = None
    subject_id: str | None = None
    standings: tuple[Standing, ...] = ()
    code: str | None = None


def row_of(lived: Lived, school_id: str | None) -> Row:
    """How a lesson stands for a school; for None: credited if it is for any school."""
    lesson = lived.lesson
    if lived.credited if school_id is None else school_id in lived.credited:
        return Row(lesson, school_id, Standing.CREDITED)
    standing = _STANDS[lesson.state]
    if standing is Standing.CANCELLED:
        return Row(lesson, school_id, standing, Reason(None, "", lived.said, lived.said) if lived.said else None)
    if standing not in (Standing.NOT_CREDITED, Standing.WAITING):
        return Row(lesson, school_id, standing)
    reason = condition_failed(lived.reasons, school_id) if school_id is not None else next(iter(lived.reasons), None)
    return Row(lesson, school_id, standing, reason)


def sides(lesson: Lesson) -> tuple[str, ...]:
    """The schools that take part, the supporting one first."""
    return (lesson.supporting_school_id, *lesson.receiving_school_ids)


def by_school(lived: Iterable[Lived]) -> dict[str, list[Row]]:
    """The rows of each school, in the order of the lessons."""
    found: dict[str, list[Row]] = {}
    for one in lived:
        for school_id in sides(one.lesson):
            found.setdefault(school_id, []).append(row_of(one, school_id))
    return found


def chosen(lived: Iterable[Lived], query: RowQuery) -> list[Row]:
    """The rows of a query, in the order of the lessons."""
    found = []
    for one in lived:
        lesson = one.lesson
        if not query.since <= began_at(lesson) < query.until:
            continue
        if query.school_id is not None and query.school_id not in sides(lesson):
            continue
        if query.pairing_id is not None and query.pairing_id != lesson.pairing_id:
            continue
        if query.subject_id is not None and query.subject_id != lesson.subject_id:
            continue
        row = row_of(one, query.school_id)
        if query.standings and row.standing not in query.standings:
            continue
        if query.code is not None and query.code != row.code:
            continue
        found.append(row)
    return found


def counts(rows: Iterable[Row]) -> Counter[Standing]:
    """How many rows stand how."""
    return Counter(row.standing for row in rows)


@dataclass(frozen=True, slots=True)
class Loss:
    """So many lessons lost to one cause. `code`: of the reason, "" where the standing says it all."""

    standing: Standing
    code: str
    count: int

    @property
    def names(self) -> tuple[str, str]:
        """Chinese and English."""
        return REASON_NAMES.get(self.code, (self.code, self.code)) if self.code else NAMES[self.standing]


def losses(rows: Sequence[Row]) -> tuple[Loss, ...]:
    """What lessons were lost to, the most frequent cause first."""
    found = Counter((row.standing, row.code) for row in rows if row.standing in LOST)
    return tuple(
        Loss(standing, code, count)
        for (standing, code), count in sorted(found.items(), key=lambda item: (-item[1], item[0]))
    )
