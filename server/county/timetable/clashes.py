"""Lessons that get in each other's way, and when one would not. Pure; times are Unix seconds.

teacher     one person would teach two lessons at once
pairing     one pairing would have two lessons at once
classroom   one receiving school's classroom would be in two lessons at once
credit      one supporting school teaches two lessons at once: possible with two teachers, but only one of them is
            credited to it (DOMAIN, crediting: not twice)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import tzinfo

    from ..model import Lesson
    from .days import SchoolYear

SCHOOL_WEEK = 5  # Monday to Friday
LOOK_AHEAD = 60  # days in which a free time is looked for


@dataclass(frozen=True, slots=True)
class Slot:
    """What of a lesson can clash: [starts_at, ends_at)."""

    id: str
    starts_at: float
    ends_at: float
    pairing_id: str
    supporting: str
    receiving: tuple[str, ...]
    teacher_id: str | None = None

    @classmethod
    def of(cls, lesson: Lesson) -> Slot:
        """The planned time of a lesson."""
        return cls(
            lesson.id,
            lesson.starts_at,
            lesson.starts_at + lesson.planned_minutes * 60,
            lesson.pairing_id,
            lesson.supporting_school_id,
            lesson.receiving_school_ids,
            lesson.teacher_id,
        )

    def at(self, starts_at: float) -> Slot:
        """The same at another time."""
        length = self.ends_at - self.starts_at
        return Slot(
            self.id, starts_at, starts_at + length, self.pairing_id, self.supporting, self.receiving, self.teacher_id
        )


@dataclass(frozen=True, slots=True)
class Clash:
    """Two lessons at one time. `school_id`: whose classroom or credit, where it is a school's."""

    kind: str  # "teacher" | "pairing" | "classroom" | "credit"
    one: Slot
    other: Slot
    school_id: str | None = None


def between(one: Slot, other: Slot) -> list[Clash]:
    """How two lessons clash; [] if they do not overlap. The same for both orders, but for which is `one`."""
    if one.starts_at >= other.ends_at or other.starts_at >= one.ends_at:
        return []
    found = []
    if one.teacher_id is not None and one.teacher_id == other.teacher_id:
        found.append(Clash("teacher", one, other))
    if one.pairing_id == other.pairing_id:
        found.append(Clash("pairing", one, other))
    else:
        shared = [school for school in one.receiving if school in other.receiving]
        found += [Clash("classroom", one, other, school) for school in shared]
        if one.supporting == other.supporting and not found:
            found.append(Clash("credit", one, other, one.supporting))
    return found


def all_clashes(slots: Iterable[Slot]) -> list[Clash]:
    """Every pair that clashes, each once."""
    found: list[Clash] = []
    running: list[Slot] = []
    for slot in sorted(slots, key=lambda one: (one.starts_at, one.id)):
        running = [other for other in running if other.ends_at > slot.starts_at]
        for other in running:
            found += between(other, slot)
        running.append(slot)
    return found


def clashes_of(wanted: Sequence[Slot], existing: Iterable[Slot]) -> list[Clash]:
    """What the wanted lessons clash with: existing ones (itself at its old time is none) and each other."""
    ids = {slot.id for slot in wanted}
    others = sorted((slot for slot in existing if slot.id not in ids), key=lambda slot: slot.starts_at)
    found = [clash for slot in wanted for other in others for clash in between(slot, other)]
    return found + all_clashes(wanted)


def free_times(slot: Slot, existing: Sequence[Slot], year: SchoolYear, zone: tzinfo, after: float) -> Iterator[float]:
    """Starts after `after` at the slot's own time of day, on days that are taught, without a clash; the soonest first.

    Weekends only if the lesson is on a weekend itself, and only within the next LOOK_AHEAD days.
    """
    then = datetime.fromtimestamp(slot.starts_at, zone)
    first = datetime.fromtimestamp(after, zone).date()
    for number in range(LOOK_AHEAD + 1):
        day = first + timedelta(days=number)
        taught_as = year.taught_as(day)
        if taught_as is None or (taught_as > SCHOOL_WEEK and taught_as != then.isoweekday()):
            continue
        starts_at = datetime.combine(day, then.time(), zone).timestamp()
        if starts_at > after and not clashes_of([slot.at(starts_at)], existing):
            yield starts_at
