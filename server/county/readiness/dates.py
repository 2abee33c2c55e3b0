"""Since when a school is equipped: its classrooms' own checks, or a certificate, whichever is earlier. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from .standard import Figures, Item


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a classroom. `room`: its device's id, or its name where a teacher made it (`by_device` False).

    `failed`: what did not meet the standard of that day; () is ready.
    """

    id: str
    school_id: str
    room: str
    room_name: str
    by_device: bool
    at: float
    day: date  # on the county's clock
    by: str  # the account's name
    standard: str  # its version
    figures: Figures
    failed: tuple[Item, ...]

    @property
    def met(self) -> bool:
        return not self.failed


@dataclass(frozen=True, slots=True)
class Room:
    """A classroom: its newest check, and the day on which it first met the standard."""

    room: str
    name: str
    by_device: bool
    last: Check | None
    first_met: date | None


@dataclass(frozen=True, slots=True)
class Equipment:
    """A school's. `checked_on`: from its classrooms; `accepted_on`: the certificate's; `met_on`: the earlier."""

    rooms: tuple[Room, ...]
    checked_on: date | None
    accepted_on: date | None

    @property
    def met_on(self) -> date | None:
        return min((day for day in (self.checked_on, self.accepted_on) if day is not None), default=None)


def equipment(screens: Sequence[tuple[str, str]], checks: Iterable[Check], accepted_on: date | None) -> Equipment:
    """Of one school. `screens`: (id, name) of its registered classroom screens; `checks`: in the order of time.

    A school with screens is equipped when all of them have met the standard, on the day the last of them first did.
    One without (supporting schools teach from a teacher's PC) is when the first of its rooms has.
    """
    by_room: dict[str, list[Check]] = {}
    for check in checks:
        by_room.setdefault(check.room, []).append(check)
    rooms = [_room(room, name, True, by_room.get(room, [])) for room, name in screens]
    if screens:
        days = [room.first_met for room in rooms]
        found = [day for day in days if day is not None]
        checked_on = max(found) if len(found) == len(days) else None
    else:
        rooms = [_room(room, its[-1].room_name, False, its) for room, its in by_room.items() if not its[-1].by_device]
        checked_on = min((room.first_met for room in rooms if room.first_met is not None), default=None)
    return Equipment(tuple(rooms), checked_on, accepted_on)


def _room(room: str, name: str, by_device: bool, checks: Sequence[Check]) -> Room:
    first = next((check.day for check in checks if check.met), None)
    return Room(room, name, by_device, checks[-1] if checks else None, first)
