"""Steps that several services share: change a lesson's state with its event, weigh its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import Invalid
from ..evidence import Evidence, gather
from ..lessons import move
from ..model import Actor, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..model import Lesson, LessonState
    from ..ports import Reason, UnitOfWork

SYSTEM = Actor("system", Role.ADMIN, "系统")
MAX_REASON = 500


async def apply(
    work: UnitOfWork,
    lesson: Lesson,
    to: LessonState,
    *,
    at: float,
    actor: Actor = SYSTEM,
    reason: str = "",
    **changes: Any,  # noqa: ANN401  fields of Lesson, as dataclasses.replace takes them
) -> Lesson:
    """Move the lesson, keep it and its event. Raises Conflict (illegal transition, stale)."""
    moved, event = move(lesson, to, at=at, actor=actor, reason=reason, **changes)
    await work.lessons.save(moved, seen_version=lesson.version)
    await work.lessons.add_event(event)
    return moved


async def weigh(work: UnitOfWork, lesson: Lesson, now: float) -> tuple[Evidence, dict[str, Any] | None]:
    """The lesson's evidence and the verification report, if there is one."""
    recording = await work.lessons.recording(lesson.id)
    report = recording.report if recording is not None else None
    quality = await work.quality.of_lesson(lesson.id)
    return gather(lesson, await work.flow.of_lesson(lesson.id), report, now, quality), report


def in_one_sentence(reasons: Iterable[Reason]) -> str:
    """Reasons joined, each once: 甲；乙。"""
    texts = dict.fromkeys(reason.text.rstrip("。") for reason in reasons)
    return "；".join(texts) + "。" if texts else ""


def in_one_sentence_en(reasons: Iterable[Reason]) -> str:
    """The same in English."""
    return " ".join(dict.fromkeys(reason.text_en for reason in reasons))


def check_reason(reason: str) -> str:
    """A written reason. Raises Invalid."""
    reason = reason.strip()
    if not 1 <= len(reason) <= MAX_REASON:
        raise Invalid(
            "bad_reason",
            f"reason：请写明原因（1 到 {MAX_REASON} 字）。",
            f"reason: write why (1 to {MAX_REASON} characters).",
        )
    return reason
