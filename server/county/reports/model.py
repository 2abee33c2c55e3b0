"""A report as values: figures and tables in both languages, each figure with the rows it opens. Pure.

`as_dict` is what the page gets, what is frozen when a report is sent, and what the files are made of.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ..progress import RowQuery, Standing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Names = tuple[str, str]
"""Chinese and English."""
Value = str | int | float | Names | None


class Scope(StrEnum):
    """What a report is about."""

    COUNTY = "county"
    PAIRING = "pairing"
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True)
class Figure:
    """One value (text in one language for both, or a pair) and the rows behind it."""

    value: Value
    opens: RowQuery | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """`width`: in characters of a spreadsheet's column; `number`: set to the right."""

    title: Names
    width: int = 12
    number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`empty`: what to say when there is no row."""

    id: str
    title: Names
    columns: tuple[Column, ...]
    rows: tuple[tuple[Figure, ...], ...]
    empty: Names


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report. `month` is `2026-11`; `about`: the pairing or subject in words, empty for the county.

    `until`: what happened up to then is in it (Unix seconds): the month's end, or the moment it was made.
    """

    scope: Scope
    scope_id: str
    month: str
    title: Names
    about: Names
    made_at: float
    until: float
    facts: tuple[tuple[Names, Figure], ...]
    tables: tuple[Table, ...]


def in_language(value: Value, language: int) -> str | int | float | None:
    """`language`: 0 Chinese, 1 English."""
    return value[language] if isinstance(value, tuple) else value


def as_dict(report: Report) -> dict[str, Any]:
    """As JSON; `from_dict` is its inverse."""
    return {
        "scope": report.scope.value,
        "scope_id": report.scope_id,
        "month": report.month,
        "title": list(report.title),
        "about": list(report.about),
        "made_at": report.made_at,
        "until": report.until,
        "facts": [{"title": list(title), "figure": _figure(figure)} for title, figure in report.facts],
        "tables": [
            {
                "id": table.id,
                "title": list(table.title),
                "columns": [
                    {"title": list(one.title), "width": one.width, "number": one.number} for one in table.columns
                ],
                "rows": [[_figure(cell) for cell in row] for row in table.rows],
                "empty": list(table.empty),
            }
            for table in report.tables
        ],
    }


def _figure(figure: Figure) -> dict[str, Any]:
    value = list(figure.value) if isinstance(figure.value, tuple) else figure.value
    opens = figure.opens
    if opens is None:
        return {"value": value, "opens": None}
    return {
        "value": value,
        "opens": {
            "since": opens.since,
            "until": opens.until,
            "school_id": opens.school_id,
            "pairing_id": opens.pairing_id,
            "subject_id": opens.subject_id,
            "standings": [one.value for one in opens.standings],
        },
    }


def from_dict(body: Mapping[str, Any]) -> Report:
    """A report that `as_dict` wrote."""
    return Report(
        scope=Scope(body["scope"]),
        scope_id=body["scope_id"],
        month=body["month"],
        title=_names(body["title"]),
        about=_names(body["about"]),
        made_at=body["made_at"],
        until=body["until"],
        facts=tuple((_names(one["title"]), _figure_of(one["figure"])) for one in body["facts"]),
        tables=tuple(
            Table(
                one["id"],
                _names(one["title"]),
                tuple(Column(_names(each["title"]), each["width"], each["number"]) for each in one["columns"]),
                tuple(tuple(_figure_of(cell) for cell in row) for row in one["rows"]),
                _names(one["empty"]),
            )
            for one in body["tables"]
        ),
    )


def _names(pair: Sequence[str]) -> Names:
    return pair[0], pair[1]


def _figure_of(body: Mapping[str, Any]) -> Figure:
    value, opens = body["value"], body["opens"]
    kept = _names(value) if isinstance(value, list) else value
    if opens is None:
        return Figure(kept)
    standings = tuple(Standing(one) for one in opens["standings"])
    places = opens["school_id"], opens["pairing_id"], opens["subject_id"]
    return Figure(kept, RowQuery(opens["since"], opens["until"], *places, standings))
