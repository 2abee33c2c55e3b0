"""A lesson as it is scheduled first, checked against the roster and the actor's rights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..ids import new_id
from ..model import Form, Lesson, LessonState, Role
from ..permissions import Action, Scope, require
from ._schedule import (
    check_minutes,
    check_pairing,
    check_policy,
    check_receiving,
    check_starts_at,
    check_subject,
    check_teacher,
    check_topic,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..model import Actor
    from ..policies import CreditingPolicy
    from ..ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks for. Without a teacher: a teacher's own lesson, or any teacher's of the school."""

    pairing_id: str
    subject_id: str
    topic: str
    starts_at: float
    planned_minutes: int
    teacher_id: str | None = None
    receiving_school_ids: Sequence[str] | None = None
    policy: str = "default"


async def draft_lesson(
    work: UnitOfWork, actor: Actor, policies: Mapping[str, CreditingPolicy], now: float, wish: Wish
) -> Lesson:
    """The lesson, not kept yet. Raises Invalid (field and allowed values in the text), Forbidden."""
    if actor.role is Role.DEVICE:
        require(actor, Action.LESSON_CREATE)
    pairing = await check_pairing(work, wish.pairing_id)
    require(actor, Action.LESSON_CREATE, Scope.of_pairing(pairing))
    if check_policy(wish.policy, policies) != "default":
        require(actor, Action.POLICY_CHOOSE)
    teacher_id = wish.teacher_id
    if teacher_id is not None:
        await check_teacher(work, teacher_id, pairing.supporting_school_id)
    elif actor.role is Role.TEACHER:
        teacher_id = actor.id
    return Lesson(
        id=new_id("l", now),
        form=Form.SYNCHRONOUS,
        pairing_id=pairing.id,
        supporting_school_id=pairing.supporting_school_id,
        receiving_school_ids=await check_receiving(work, pairing, wish.receiving_school_ids),
        subject_id=await check_subject(work, wish.subject_id),
        topic=check_topic(wish.topic),
        teacher_id=teacher_id,
        starts_at=check_starts_at(wish.starts_at),
        planned_minutes=check_minutes(wish.planned_minutes),
        policy=wish.policy,
        state=LessonState.SCHEDULED,
        created_at=now,
    )
