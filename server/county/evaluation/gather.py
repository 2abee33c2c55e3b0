"""The county's own rows → facts. What the system knows comes from its tables; the rest a person enters, with a source.

Each table that knows something is a *source*: it says rows of a list (schools, pairs), columns of those rows, or facts.
A person's entry fills only what no source gives, so when a later table takes over a column, the entries for it stop to
count by themselves. What nobody gives stays null: not known, and never full.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from .cells import CELLS, CHECKS, HINTS, forms, wanted
from .facts import Facts, parse_facts
from .rules import FactKind, FactSpec, Level, TallyKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .rules import RuleSet


class Origin(StrEnum):
    """Where a fact comes from."""

    COUNTED = "counted"  # from rows or tables of the system alone
    ENTERED = "entered"  # by a person, in part or in whole
    MISSING = "missing"  # nobody gave it


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person entered. `name`: a fact, or `list.column` with the row's id as `subject`. The newest one counts."""

    year: int
    name: str
    subject: str
    value: Any  # as JSON
    source: str
    actor_id: str
    actor_name: str
    at: float


@dataclass(slots=True)
class Given:
    """What sources give. `rows`: list → row id → columns (with `name`); `facts`: name → JSON value."""

    rows: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def columns(self, name: str) -> set[str]:
        """The columns of a list that the system itself knows."""
        return {column for row in self.rows.get(name, {}).values() for column in row}


@dataclass(frozen=True, slots=True)
class Gathered:
    """`body`: a facts file. `origins` and `entries`: by fact, the entries that its value rests on, newest first."""

    body: dict[str, Any]
    facts: Facts
    origins: Mapping[str, Origin]
    entries: Mapping[str, tuple[Entry, ...]]
    columns: Mapping[str, tuple[str, ...]]  # by list, the columns that a person enters


def assemble(rules: RuleSet, year: int, given: Given, entered: Iterable[Entry]) -> Gathered:
    """Facts at county level. `entered`: of that year, in the order they were written; a later one replaces."""
    newest: dict[tuple[str, str], Entry] = {(entry.name, entry.subject): entry for entry in entered}
    body: dict[str, Any] = {"level": Level.COUNTY.value, "year": year}
    by_hand: dict[str, tuple[str, ...]] = {}
    used: dict[str, list[Entry]] = {}
    for name, columns in rules.rows.items():
        if name not in given.rows:
            continue
        known = given.columns(name) | {"name"}
        by_hand[name] = tuple(column for column in columns if column not in known)
        body[name] = [{"id": row_id, **row} for row_id, row in given.rows[name].items()]
        for column in by_hand[name]:
            its = [newest.get((f"{name}.{column}", row["id"])) for row in body[name]]
            if not any(its):  # nobody said anything: not known, which is not the same as "none has it"
                continue
            used[f"{name}.{column}"] = [entry for entry in its if entry is not None]
            for row, entry in zip(body[name], its, strict=True):
                row[column] = entry.value if entry is not None else _nothing(columns[column])
    origins: dict[str, Origin] = {}
    entries: dict[str, tuple[Entry, ...]] = {}
    for fact in rules.facts.values():
        origins[fact.name], entries[fact.name] = _fact(fact, body, given, newest, by_hand, used)
    return Gathered(body, parse_facts(body, rules, Level.COUNTY), origins, entries, by_hand)


def _fact(
    fact: FactSpec,
    body: dict[str, Any],
    given: Given,
    newest: Mapping[tuple[str, str], Entry],
    by_hand: Mapping[str, Sequence[str]],
    used: Mapping[str, list[Entry]],
) -> tuple[Origin, tuple[Entry, ...]]:
    tally = fact.tally
    if tally is not None and tally.rows in body:
        column = tally.pledges if tally.kind is TallyKind.PLEDGED else tally.column
        if column not in by_hand[tally.rows]:
            return Origin.COUNTED, ()
        its = sorted(used.get(f"{tally.rows}.{column}", ()), key=lambda entry: -entry.at)
        if not its and tally.kind is not TallyKind.PLEDGED:  # who pledged nothing pledges all
            body[fact.name] = None
        return Origin.ENTERED if its else Origin.MISSING, tuple(its)
    if fact.name in given.facts:
        body[fact.name] = given.facts[fact.name]
        return Origin.COUNTED, ()
    entry = newest.get((fact.name, ""))
    body[fact.name] = entry.value if entry is not None else None
    return (Origin.MISSING, ()) if entry is None or entry.value is None else (Origin.ENTERED, (entry,))


def _nothing(kind: str) -> Any:  # noqa: ANN401 (a JSON value)
    """A column that nobody entered: no date, not known, none, nothing pledged."""
    return {"date": None, "flag": None, "count": 0, "counts": {}, "forms": []}.get(kind)


class NotEnterable(ValueError):
    """Such a value cannot be entered; the text says what can."""


def check_entry(rules: RuleSet, given: Given, name: str, subject: str, value: object) -> object:
    """The value as it is kept. Raises NotEnterable: the system counts this itself, or the value is not of its kind."""
    rows, _, column = name.partition(".")
    if column:
        columns = rules.rows.get(rows, {})
        if column not in columns or column in given.columns(rows) | {"name"}:
            raise NotEnterable(f"{name}: 系统自己统计，不能填写 / counted by the system itself")
        if subject not in given.rows.get(rows, {}):
            raise NotEnterable(f"{subject}: 没有这一行 / no such row of {rows}")
        try:
            cell = forms(value, _options(rules, rows)) if columns[column] == "forms" else CELLS[columns[column]](value)
        except ValueError:
            raise NotEnterable(f"{name}: 应为 / give {HINTS[columns[column]]}") from None
        return value if not isinstance(cell, tuple) else list(cell)
    fact = rules.facts.get(name)
    counted = fact is not None and fact.tally is not None and fact.tally.rows in given.rows
    if fact is None or counted or name in given.facts or subject:
        raise NotEnterable(f"{name}: 系统自己统计，不能填写 / counted by the system itself")
    if value is not None:
        try:
            CHECKS[fact.kind](value, fact)
        except ValueError:
            raise NotEnterable(f"{fact.label}: 应为 / give {wanted(fact)}") from None
    return value


def _options(rules: RuleSet, rows: str) -> tuple[str, ...]:
    facts = rules.facts.values()
    return next(
        fact.options for fact in facts if fact.kind is FactKind.FORMS and fact.tally and fact.tally.rows == rows
    )
