"""A lesson's life (DOMAIN) as a transition table.

    scheduled ──► live ──► ended ──► recorded ──► verified ──► credited | rejected | needs_review
        │  │
        │  └────► cancelled     by a person, with a reason, before it began
        └───────► missed        its time passed and nobody started it (it may be given another time: → scheduled)

- A verification may arrive for a lesson whose `recording.closed` was lost: ended goes through recorded to verified.
- A lesson that has no recording at all can only be judged by a person: ended → needs_review; one in which the teacher
  never sent anything is rejected at once: ended → rejected. The same from recorded, when no verification comes.
- A new verification of a lesson that was rejected or waits for review is judged anew: → verified.
- By hand, once the machine has judged: what was not credited may be (rejected, needs_review → credited); when every
  credit of a lesson has been reversed it is rejected (credited → rejected).
- A missed lesson may still be started late (missed → live): the clock of the classroom was wrong, not the class. Or it
  is given another time (missed → scheduled): that it was missed stays in its events.
- A course on demand is never live: when the first class has played enough of it, it is credited (scheduled → credited);
  it is never missed.

Each change is an append-only event with time, actor and reason. Anything not in the table is a Conflict that names both
states.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .errors import Conflict
from .model import ON_DEMAND, LessonEvent, LessonState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .model import Actor, Lesson
    from .policies import LifePolicy

_S = LessonState

TRANSITIONS: Mapping[LessonState, frozenset[LessonState]] = {
    _S.SCHEDULED: frozenset({_S.LIVE, _S.CANCELLED, _S.MISSED, _S.CREDITED}),
    _S.LIVE: frozenset({_S.ENDED}),
    _S.ENDED: frozenset({_S.RECORDED, _S.NEEDS_REVIEW, _S.REJECTED}),
    _S.RECORDED: frozenset({_S.VERIFIED, _S.NEEDS_REVIEW, _S.REJECTED}),
    _S.VERIFIED: frozenset({_S.CREDITED, _S.REJECTED, _S.NEEDS_REVIEW}),
    _S.CREDITED: frozenset({_S.REJECTED}),
    _S.REJECTED: frozenset({_S.VERIFIED, _S.CREDITED}),
    _S.NEEDS_REVIEW: frozenset({_S.VERIFIED, _S.CREDITED, _S.REJECTED}),
    _S.CANCELLED: frozenset(),
    _S.MISSED: frozenset({_S.LIVE, _S.SCHEDULED}),
}

OVER = frozenset({_S.ENDED, _S.RECORDED, _S.VERIFIED, _S.CREDITED, _S.REJECTED, _S.NEEDS_REVIEW})
"""It was live and is not any more."""

JUDGED = frozenset({_S.CREDITED, _S.REJECTED, _S.NEEDS_REVIEW})
"""The machine has said what it can; from here a person may credit or reverse."""

STATE_NAMES: Mapping[LessonState, str] = {
    _S.SCHEDULED: "待上课",
    _S.LIVE: "正在上课",
    _S.ENDED: "已下课",
    _S.RECORDED: "已录制",
    _S.VERIFIED: "已核验",
    _S.CREDITED: "已计入",
    _S.REJECTED: "未计入",
    _S.NEEDS_REVIEW: "待人工审核",
    _S.CANCELLED: "已取消",
    _S.MISSED: "未开课",
}


def move(
    lesson: Lesson,
    to: LessonState,
    *,
    at: float,
    actor: Actor,
    reason: str = "",
    **changes: Any,  # noqa: ANN401  fields of Lesson, as dataclasses.replace takes them
) -> tuple[Lesson, LessonEvent]:
    """The lesson in its new state (version + 1, other fields by `changes`) and the event.

    Raises Conflict naming both states.
    """
    never = (_S.LIVE, _S.MISSED) if lesson.form in ON_DEMAND else (_S.CREDITED,)
    if to not in TRANSITIONS[lesson.state] or (lesson.state is _S.SCHEDULED and to in never):
        raise Conflict(
            "illegal_transition",
            f"这节课现在是“{STATE_NAMES[lesson.state]}”（{lesson.state}），不能变为“{STATE_NAMES[to]}”（{to}）。",
            f"The lesson is {lesson.state}; it cannot become {to}.",
        )
    event = LessonEvent(lesson.id, at, lesson.state, to, actor.id, actor.name, reason)
    return replace(lesson, state=to, version=lesson.version + 1, **changes), event


def is_missed(lesson: Lesson, life: LifePolicy, now: float) -> bool:
    """Scheduled, and its planned end is longer ago than the policy waits."""
    if lesson.form in ON_DEMAND:
        return False
    planned_end = lesson.starts_at + lesson.planned_minutes * 60
    return lesson.state is _S.SCHEDULED and now >= max(planned_end, lesson.created_at) + life.missed_after


def began_at(lesson: Lesson) -> float:
    """The moment that decides in which year a lesson counts: when it began, or was to begin."""
    return lesson.started_at if lesson.started_at is not None else lesson.starts_at
