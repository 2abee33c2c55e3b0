"""Checks of what a lesson is scheduled with: each names the field and what it allows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..errors import Invalid
from ..model import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..model import Pairing
    from ..policies import CreditingPolicy
    from ..ports import UnitOfWork

MAX_TOPIC = 200
MAX_MINUTES = 240
EARLIEST, LATEST = 946_684_800.0, 4_102_444_800.0  # years 2000 to 2100


def not_one_of(field: str, value: object, allowed: Iterable[str]) -> Invalid:
    """The error for a value that is not among the allowed ones."""
    names = list(allowed)
    return Invalid(
        f"bad_{field}",
        f"{field} 不能是 {value!r}，应是以下之一：{'、'.join(names)}。",
        f"{field} cannot be {value!r}; it must be one of: {', '.join(names)}.",
    )


async def check_pairing(work: UnitOfWork, pairing_id: str) -> Pairing:
    pairing = await work.roster.pairing(pairing_id)
    if pairing is None or pairing.archived:
        allowed = [known.id for known in await work.roster.pairings() if not known.archived]
        raise not_one_of("pairing_id", pairing_id, allowed)
    return pairing


async def check_subject(work: UnitOfWork, subject_id: str) -> str:
    allowed = [subject.id for subject in await work.roster.subjects() if not subject.archived]
    if subject_id not in allowed:
        raise not_one_of("subject", subject_id, allowed)
    return subject_id


async def check_teacher(work: UnitOfWork, teacher_id: str, school_id: str) -> str:
    teachers = [
        user.id
        for user in await work.users.all()
        if user.role is Role.TEACHER and user.school_id == school_id and not user.disabled
    ]
    if teacher_id not in teachers:
        raise not_one_of("teacher_id", teacher_id, teachers)
    return teacher_id


async def check_receiving(work: UnitOfWork, pairing: Pairing, wanted: Sequence[str] | None) -> tuple[str, ...]:
    """The pairing's receiving school, and any others that are to join it."""
    if wanted is None:
        return (pairing.receiving_school_id,)
    chosen = tuple(dict.fromkeys(wanted))
    allowed = [
        school.id for school in await work.roster.schools() if school.kind == "receiving" and not school.archived
    ]
    for school_id in chosen:
        if school_id not in allowed:
            raise not_one_of("receiving_school_ids", school_id, allowed)
    if pairing.receiving_school_id not in chosen:
        raise Invalid(
            "bad_receiving_school_ids",
            f"receiving_school_ids 应包含这对结对的受援学校 {pairing.receiving_school_id}。",
            f"receiving_school_ids must include the pairing's receiving school {pairing.receiving_school_id}.",
        )
    return chosen


def check_topic(topic: str) -> str:
    topic = " ".join(topic.split())
    if not 1 <= len(topic) <= MAX_TOPIC or not topic.isprintable():
        raise Invalid(
            "bad_topic", f"topic 应有 1 到 {MAX_TOPIC} 个字。", f"topic must have 1 to {MAX_TOPIC} characters."
        )
    return topic


def check_starts_at(starts_at: float) -> float:
    if not math.isfinite(starts_at) or not EARLIEST <= starts_at < LATEST:
        raise Invalid(
            "bad_starts_at", "starts_at 应在 2000 年到 2100 年之间。", "starts_at must be in the years 2000 to 2100."
        )
    return float(starts_at)


def check_minutes(planned_minutes: int) -> int:
    if isinstance(planned_minutes, bool) or not 1 <= planned_minutes <= MAX_MINUTES:
        raise Invalid(
            "bad_planned_minutes",
            f"planned_minutes 应是 1 到 {MAX_MINUTES} 的整数。",
            f"planned_minutes must be a whole number from 1 to {MAX_MINUTES}.",
        )
    return planned_minutes


def check_policy(policy: str, policies: Mapping[str, CreditingPolicy]) -> str:
    if policy not in policies:
        raise not_one_of("policy", policy, policies)
    return policy
