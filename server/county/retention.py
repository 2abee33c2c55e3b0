"""How long recordings stay and when room gets short: pure rules over numbers of `config/retention.toml`.

Nothing is deleted but by these rules: a recording's term is over or somebody put it into the trash, it lay there for
the time in which it can be taken back, and nobody marked it to be kept. Want of room deletes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from .errors import Conflict
from .lessons import STATE_NAMES, began_at
from .model import LessonState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .model import Form, Lesson
    from .shelf import ShelfRecord, Sizes

DAY = 86_400.0
PACE_DAYS = 28.0  # a school's weeks differ; four of them do not
# Not settled: these lessons still need their recording to be judged.
UNSETTLED = (
    LessonState.SCHEDULED,
    LessonState.LIVE,
    LessonState.ENDED,
    LessonState.RECORDED,
    LessonState.VERIFIED,
    LessonState.NEEDS_REVIEW,
)
NEARLY_ALL = 0.95  # watched so far, a recording is watched: the last minutes are good-byes
BARELY = 5.0  # s; who stopped before this has not begun


@dataclass(frozen=True, slots=True)
class RetentionPolicy:
    """`terms`: seconds by form, None for ever. `hour`: local, of the nightly work. Shares 0..1, times in seconds."""

    terms: Mapping[Form, float | None]
    trash_term: float
    hour: int
    warn_free_share: float
    warn_left: float
    urgent_free_share: float
    urgent_left: float


class Level(StrEnum):
    """How much room there is."""

    OK = "ok"
    WARN = "warn"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Space:
    """The disk of the recordings, bytes. `left`: seconds until it is full at this pace; None: nothing is recorded."""

    level: Level
    free: int
    total: int
    recordings: int
    trash: int
    per_day: float
    left: float | None


def keep_until(lesson: Lesson, policy: RetentionPolicy) -> float | None:
    """When the lesson's term ends; None: never."""
    term = policy.terms.get(lesson.form)
    return None if term is None else began_at(lesson) + term


def check_trash(
    lesson: Lesson,
    record: ShelfRecord,
    *,
    credited: bool,
    courses: Sequence[Lesson],
    policy: RetentionPolicy,
    now: float,
    case: str | None = None,
) -> None:
    """Whether the rules let the recording go into the trash. Raises Conflict with the rule that keeps it.

    `case`: the title of an exemplary case that is under review or shown with it.
    A credit rests on its recording, so that stays for its term; a reversed credit sets it free. So does the recording
    of `courses`, those that show it, as long as the term of one of them runs.
    """
    if record.kept_at is not None:
        raise Conflict(
            "recording_kept",
            f"这个录像已标记为长期保留（{record.kept_reason}）。请先取消保留。",
            f"This recording is marked to be kept ({record.kept_reason}). Take the mark off first.",
        )
    if case is not None:
        raise Conflict(
            "recording_of_case",
            f"这个录像属于典型案例《{case}》，评审和发布期间一直保留。如确需删除，请先撤下这个案例。",
            f"This recording belongs to the exemplary case “{case}” and stays while that is reviewed or published.",
        )
    if lesson.state in UNSETTLED:
        raise Conflict(
            "lesson_unsettled",
            f"这节课现在是“{STATE_NAMES[lesson.state]}”，还要凭录像核验，不能移入回收站。",
            f"The lesson is {lesson.state}: its recording is still needed to judge it.",
        )
    until = keep_until(lesson, policy)
    if credited and (until is None or now < until):
        raise Conflict(
            "recording_is_evidence",
            "这节课已计入台账，录像是它的证据，保存期内不能删除。如确需删除，请先冲销这节课的记录。",
            "This lesson is credited and its recording is the evidence, so it stays for its term. Reverse the credit "
            "first if it must go.",
        )
    for course in courses:
        until = keep_until(course, policy)
        if course.state in (LessonState.SCHEDULED, LessonState.CREDITED) and (until is None or now < until):
            raise Conflict(
                "recording_in_course",
                f"这个录像是点播课程“{course.topic}”的内容，课程的保存期内不能删除。请先取消这门课程，或冲销它的记录。",
                f"This recording is what the course “{course.topic}” shows, so it stays for the course's term. Cancel "
                "the course, or reverse its credits, first.",
            )


def weigh_space(free: int, total: int, sizes: Sizes, policy: RetentionPolicy, now: float) -> Space:
    """How early to warn: by the free share and by the days left at the pace of the last `PACE_DAYS`."""
    days = PACE_DAYS if sizes.first_at is None else min(PACE_DAYS, max(1.0, (now - sizes.first_at) / DAY))
    per_day = sizes.recent / days
    left = free / per_day * DAY if per_day > 0 else None
    share = free / total if total > 0 else 1.0

    def short(free_share: float, least: float) -> bool:
        return share < free_share or (left is not None and left < least)

    level = Level.OK
    if short(policy.urgent_free_share, policy.urgent_left):
        level = Level.URGENT
    elif short(policy.warn_free_share, policy.warn_left):
        level = Level.WARN
    return Space(level, free, total, sizes.total, sizes.trash, per_day, left)


def finished(position: float, duration: float) -> bool:
    """Whether somebody who stopped there has seen it all."""
    return duration > 0 and position >= duration * NEARLY_ALL


def resume_at(position: float, duration: float) -> float | None:
    """Where to go on; None: from the beginning."""
    return None if position < BARELY or finished(position, duration) else position


def night_of(now: float, hour: int, utc_offset_minutes: int) -> int:
    """A number for the night whose work is due at `now`; it changes once a day, at that local hour."""
    return int((now + utc_offset_minutes * 60 - hour * 3600) // DAY)
