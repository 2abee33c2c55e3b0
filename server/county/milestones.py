"""The milestones of the county's year (the notice, section 3.4) with their real state. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .roster.entries import Entry

SOON = 14  # days before its due day in which a milestone asks for attention


class MilestoneState(StrEnum):
    """How a milestone stands on a day."""

    DONE = "done"
    DONE_LATE = "done_late"
    OVERDUE = "overdue"
    SOON = "soon"
    AHEAD = "ahead"


NAMES: dict[MilestoneState, tuple[str, str]] = {
    MilestoneState.DONE: ("已完成", "done"),
    MilestoneState.DONE_LATE: ("逾期完成", "done late"),
    MilestoneState.OVERDUE: ("已逾期", "overdue"),
    MilestoneState.SOON: ("即将到期", "due soon"),
    MilestoneState.AHEAD: ("未到期", "ahead"),
}


@dataclass(frozen=True, slots=True)
class Milestone:
    """One task of the year."""

    id: str
    name: str
    due: date
    done_on: date | None
    note: str
    state: MilestoneState


def state_of(due: date, done_on: date | None, today: date) -> MilestoneState:
    """The due day itself is on time."""
    if done_on is not None and done_on <= today:
        return MilestoneState.DONE if done_on <= due else MilestoneState.DONE_LATE
    if today > due:
        return MilestoneState.OVERDUE
    return MilestoneState.SOON if (due - today).days <= SOON else MilestoneState.AHEAD


def milestones_of(entries: Iterable[Entry], year: int, today: date) -> tuple[Milestone, ...]:
    """Those of the roster that are due in that year, by their due day."""
    found = []
    for entry in entries:
        due = date.fromisoformat(str(entry.values["due"]))
        if entry.archived or due.year != year:
            continue
        done = entry.values["done_on"]
        done_on = date.fromisoformat(str(done)) if done else None
        name, note = str(entry.values["name"]), str(entry.values["note"] or "")
        found.append(Milestone(entry.id, name, due, done_on, note, state_of(due, done_on, today)))
    return tuple(sorted(found, key=lambda one: (one.due, one.name)))
