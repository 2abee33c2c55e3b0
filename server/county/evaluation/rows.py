"""Rows (schools, pairs, small schools) counted into facts, and which rows a count came from."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from .rules import Tally, TallyKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Row = dict[str, Any]
"""A checked row: dates as `date` or None, flags as bool or None (not known), counts as int, groups as dict."""


def counted(rows: Sequence[Row], tally: Tally, year: int) -> list[tuple[int, int]]:
    """(index, amount) of each row that counts, so that the amounts add up to the fact. Not for `pledged`."""
    weigh = _WEIGHTS[tally.kind]
    found = []
    for index, row in enumerate(rows):
        if any(row.get(flag) for flag in tally.unless):
            continue
        if tally.option and not pledges(row, tally.pledges, tally.option):
            continue
        amount = weigh(row, tally, year)
        if amount:
            found.append((index, amount))
    return found


def pledges(row: Row, column: str, option: str) -> bool:
    """Whether a row pledged that form; one that pledged none pledges all."""
    pledged = row.get(column) or ()
    return not pledged or option in pledged


def all_pledged(rows: Sequence[Row], tally: Tally, options: Sequence[str]) -> tuple[str, ...]:
    """The forms that any row pledges."""
    return tuple(option for option in options if any(pledges(row, tally.pledges, option) for row in rows))


def columns_read(tally: Tally) -> tuple[str, ...]:
    """The columns without which rows cannot be counted so; `unless` and pledges may be left out of a row."""
    return (tally.column,) if tally.column else ()


def _late(row: Row, tally: Tally, year: int) -> int:
    day: date | None = row[tally.column]
    assert tally.deadline is not None
    return int(day is None or day > date(year, *tally.deadline))


def _groups_below(row: Row, tally: Tally, year: int) -> int:
    reached = sum(amount >= tally.each for amount in row[tally.column].values())
    return int(reached < tally.at_least)


def _short(row: Row, tally: Tally, year: int) -> int:
    held: int = row[tally.column]
    return max(0, tally.target - held)


_WEIGHTS: Mapping[TallyKind, Callable[[Row, Tally, int], int]] = {
    TallyKind.ROWS: lambda row, tally, year: 1,
    TallyKind.LATE: _late,
    TallyKind.FALSE: lambda row, tally, year: int(row[tally.column] is not True),
    TallyKind.GROUPS_BELOW: _groups_below,
    TallyKind.TOTAL_BELOW: lambda row, tally, year: int(sum(row[tally.column].values()) < tally.at_least),
    TallyKind.SHORT: _short,
    TallyKind.ROWS_SHORT: lambda row, tally, year: int(_short(row, tally, year) > 0),
}
