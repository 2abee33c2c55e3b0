"""Terms, holidays and make-up days: which days are taught, and as which weekday. Pure; days are `datetime.date`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..roster.entries import Entry

DAY = timedelta(days=1)
WEEK = 7


@dataclass(frozen=True, slots=True)
class Term:
    """A school term, both days included."""

    id: str
    name: str
    begins: date
    ends: date


@dataclass(frozen=True, slots=True)
class SpecialDays:
    """Days without school; or, with `follows` (1 Monday … 7 Sunday), a make-up day taught as that weekday."""

    name: str
    begins: date
    ends: date
    follows: int | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day on which a weekly lesson would be, and the holiday that keeps it off."""

    day: date
    name: str


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """All terms by their first day, and the special days in them."""

    terms: tuple[Term, ...] = ()
    special: tuple[SpecialDays, ...] = ()

    @classmethod
    def of(cls, terms: Iterable[Entry], holidays: Iterable[Entry]) -> SchoolYear:
        """From the roster's open entries."""
        found = [
            Term(one.id, str(one.values["name"]), _day(one, "begins"), _day(one, "ends"))
            for one in terms
            if not one.archived
        ]
        ids = {term.id for term in found}
        special = [
            SpecialDays(
                str(one.values["name"]),
                _day(one, "begins"),
                _day(one, "ends"),
                int(str(one.values["follows"])) if one.values["follows"] else None,
            )
            for one in holidays
            if not one.archived and one.values["term_id"] in ids
        ]
        return cls(tuple(sorted(found, key=lambda term: term.begins)), tuple(special))

    def special_on(self, day: date) -> SpecialDays | None:
        """The make-up day or holiday of a day; a make-up day wins."""
        found = [one for one in self.special if one.begins <= day <= one.ends]
        return min(found, key=lambda one: one.follows is None, default=None)

    def taught_as(self, day: date) -> int | None:
        """The weekday (1..7) a day is taught as; None: a holiday."""
        special = self.special_on(day)
        return day.isoweekday() if special is None else special.follows

    def term_on(self, day: date) -> Term | None:
        """The term a day is in."""
        return next((term for term in self.terms if term.begins <= day <= term.ends), None)

    def special_between(self, first: date, last: date) -> list[tuple[date, SpecialDays]]:
        """Each special day of a span."""
        return [(day, one) for day in days(first, last) if (one := self.special_on(day)) is not None]


def days(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included."""
    for number in range((last - first).days + 1):
        yield first + number * DAY


def weekly(year: SchoolYear, first: date, last: date, every: int = 1) -> tuple[list[date], list[Skipped]]:
    """The days of a lesson held weekly (`every` 2: each second week) from `first` to `last`, holidays skipped.

    The lesson's weekday is what `first` is taught as; a make-up day taught as it gets the lesson too. A holiday that
    a person chose as `first` is skipped like any other. Raises ValueError for `every` below 1.
    """
    if every < 1:
        raise ValueError("every must be 1 or more")
    weekday = year.taught_as(first) or first.isoweekday()
    monday = first - (first.isoweekday() - 1) * DAY
    taken, skipped = [], []
    for day in days(first, last):
        if (day - monday).days // WEEK % every:
            continue
        if year.taught_as(day) == weekday:
            taken.append(day)
        elif day.isoweekday() == weekday:
            special = year.special_on(day)
            skipped.append(Skipped(day, special.name if special is not None else ""))
    return taken, skipped


def _day(entry: Entry, key: str) -> date:
    return date.fromisoformat(str(entry.values[key]))
