"""A workbook as plain values: what `server.documents` reads from a stranger's .xlsx and writes for people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

CellValue = str | int | float | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that would be computed: never evaluated, never taken for a value."""

    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row below the headings. `cells`: by column (1 is A), empty ones left out."""

    number: int
    cells: Mapping[int, CellValue | Formula]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as read: the first row is its headings."""

    name: str
    headings: Mapping[int, str]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet to write. `note`: shown when the heading is pointed at; `choices`: a list to pick from."""

    heading: str
    width: int = 16
    note: str = ""
    choices: tuple[str, ...] = ()
    quiet: bool = False  # identifies the row for a later import; not for people to change


@dataclass(frozen=True, slots=True)
class NewSheet:
    """One sheet to write."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[CellValue, ...], ...] = field(default=())
    title: str = ""  # above the headings, for a sheet that is read and sent rather than brought back


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong in a workbook, where, and how to mend it; texts are (Chinese, English)."""

    sheet: str
    cell: str
    text: tuple[str, str]
    fix: tuple[str, str]
    warning: bool = False  # told, but no reason to refuse the workbook


def address(column: int, row: int) -> str:
    """`B3` of column 2, row 3."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"
