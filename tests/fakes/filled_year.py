"""A year of lessons as rows, drawn with a seed: what a county's board and reports are made of, without teaching it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from server.county.progress import REASON_NAMES
from server.store.tables import ledger, lesson_events, lesson_reasons, lesson_schools, lessons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from server.county.model import Pairing
    from server.store import Database

CHINA = timezone(timedelta(hours=8))
SUBJECTS = ("chinese", "mathematics", "english", "science", "music", "art")
TOPICS = ("秋天的雨", "分数的初步认识", "My family", "水的三态", "茉莉花", "线条的魅力", "古诗三首", "观察物体")
REASONS = ("lasted", "two_way", "present", "seen_and_heard", "recorded")
OUTCOMES = ("credited", "rejected", "missed", "cancelled")
AT_ONCE = 5_000


@dataclass
class _Rows:
    lessons: list[dict[str, Any]] = field(default_factory=list)
    schools: list[dict[str, Any]] = field(default_factory=list)
    ledger: list[dict[str, Any]] = field(default_factory=list)
    reasons: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)


async def fill_year(database: Database, *, first: date, until: float, weeks: int = 18, seed: int = 7) -> int:
    """Weekly lessons of every pairing from `first` (a Monday) on; those after `until` are planned. How many there are.

    A pairing has one to three lessons a week; some of them are missed, cancelled or not credited.
    """
    chance, rows = random.Random(seed), _Rows()
    async with database.read() as work:
        pairings = [one for one in await work.roster.pairings() if not one.archived]
    for pairing in pairings:
        slots = chance.sample(range(10), chance.choice((1, 2, 2, 3)))
        subjects = chance.sample(SUBJECTS, 3)
        for week in range(weeks):
            for number, slot in enumerate(slots):
                day = first + timedelta(days=7 * week + slot // 2)
                at = datetime(day.year, day.month, day.day, 9 + slot % 2 * 5, tzinfo=CHINA).timestamp()
                _lesson(rows, chance, pairing, subjects[number], at, until)
    async with database.engine.execution_options(tongke_writes=True).begin() as connection:
        for table, found in (
            (lessons, rows.lessons),
            (lesson_schools, rows.schools),
            (ledger, rows.ledger),
            (lesson_reasons, rows.reasons),
            (lesson_events, rows.events),
        ):
            for begin in range(0, len(found), AT_ONCE):
                await connection.execute(table.insert(), found[begin : begin + AT_ONCE])
    return len(rows.lessons)


def _lesson(rows: _Rows, chance: random.Random, pairing: Pairing, subject: str, at: float, until: float) -> None:
    lesson_id = f"l-{pairing.id}-{int(at)}-{subject}"
    sides: Sequence[str] = (pairing.supporting_school_id, pairing.receiving_school_id)
    state = chance.choices(OUTCOMES, (0.86, 0.07, 0.04, 0.03))[0] if at < until else "scheduled"
    held = state in ("credited", "rejected")
    rows.lessons.append(
        {
            "id": lesson_id,
            "form": "synchronous",
            "pairing_id": pairing.id,
            "supporting_school_id": sides[0],
            "receiving_school_ids": [sides[1]],
            "subject_id": subject,
            "topic": chance.choice(TOPICS),
            "teacher_id": None,
            "starts_at": at,
            "planned_minutes": 40,
            "policy": "default",
            "state": state,
            "created_at": at - 86400,
            "started_at": at if held else None,
            "ended_at": at + 2400 if held else None,
            "version": 1,
        }
    )
    rows.schools += [
        {"lesson_id": lesson_id, "school_id": school, "side": side}
        for school, side in zip(sides, ("supporting", "receiving"), strict=True)
    ]
    if state == "credited":
        rows.ledger += [_entry(lesson_id, school, subject, at) for school in sides]
    elif state == "rejected":
        code = chance.choice(REASONS)
        zh, en = REASON_NAMES[code]
        reason = {"lesson_id": lesson_id, "position": 0, "school_id": None, "code": code, "text": f"{zh}。"}
        rows.reasons.append(reason | {"text_en": f"{en}."})
    if state in ("missed", "cancelled"):
        event = {"lesson_id": lesson_id, "at": at, "from_state": "scheduled", "to_state": state, "actor_id": "system"}
        rows.events.append(event | {"actor_name": "系统", "reason": "教师外出" if state == "cancelled" else ""})


def _entry(lesson_id: str, school: str, subject: str, at: float) -> dict[str, Any]:
    return {
        "id": f"e-{lesson_id}-{school}",
        "key": f"credit:{lesson_id}:{school}",
        "lesson_id": lesson_id,
        "school_id": school,
        "subject_id": subject,
        "form": "synchronous",
        "amount": 1,
        "reverses": None,
        "reason": "",
        "evidence": {"teacher_seconds": 2400, "live_seconds": 2400},
        "policy_version": "default-2026.1",
        "actor_id": "system",
        "at": at + 3000,
    }


def monday_of(year: int) -> date:
    """The first Monday of September."""
    first = date(year, 9, 1)
    return first + timedelta(days=-first.weekday() % 7)


def at_noon(day: date) -> float:
    """12:00 of that day in China, Unix seconds."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=CHINA).astimezone(UTC).timestamp()
