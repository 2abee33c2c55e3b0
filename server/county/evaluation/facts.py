"""A facts file → values per region. Every error names the path in the file and what to write there.

A county gives each fact of the rule file by its name, or the rows that it is counted from; a city gives its own facts
and its counties as a list. `null` is "not known": the item that needs it scores 0 and says so.
"""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .cells import CELLS, CHECKS, HINTS, forms, wanted
from .rows import Row, all_pledged, columns_read, counted
from .rules import CityUse, FactKind, FactSpec, Level, RuleSet, TallyKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .cells import Value

META = ("level", "name", "year", "note")


class FactsError(ValueError):
    """The facts are wrong; `problems` has one line each: path, what is wrong, what to write."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Region:
    """One county, or a city's own figures. `rows` are checked rows by list."""

    name: str
    values: Mapping[str, Value]
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is evaluated. At county level `counties` is the one county, which is `own` as well."""

    level: Level
    year: int
    own: Region
    counties: tuple[Region, ...]


def read_facts(text: str, rules: RuleSet, level: Level, file: str = "facts") -> Facts:
    """Facts of a JSON text. Raises FactsError."""
    try:
        body = json.loads(text, parse_float=Fraction, parse_constant=_no_constant, object_pairs_hook=_no_twins)
    except json.JSONDecodeError as problem:
        raise FactsError(
            [f"{file}:{problem.lineno}:{problem.colno}: is not JSON: {problem.msg}; mend it there"]
        ) from None
    except (ValueError, RecursionError) as problem:
        raise FactsError([f"{file}: {problem}"]) from None
    return parse_facts(body, rules, level)


def parse_facts(body: object, rules: RuleSet, level: Level) -> Facts:
    """Facts of a JSON value (numbers with a fraction as Fraction, Decimal or float). Raises FactsError."""
    reader = _Reader(rules)
    if not isinstance(body, dict):
        raise FactsError(['the file must hold one object: { "name": …, … }'])
    year = reader.head(body, level)
    if reader.problems:  # the rest would only complain of the same
        raise FactsError(reader.problems)
    if level is Level.COUNTY:
        own = reader.region(body, "", _names(rules), set())
        counties: tuple[Region, ...] = (own,)
    else:
        own, counties = reader.city(body)
    if reader.problems:
        raise FactsError(reader.problems)
    return Facts(level, year, own, counties)


def _names(rules: RuleSet, *uses: CityUse) -> set[str]:
    return {name for name, fact in rules.facts.items() if not uses or fact.city in uses}


class _Reader:
    """Reads all of a file before it complains, so that a person mends it once."""

    def __init__(self, rules: RuleSet) -> None:
        self._rules = rules
        self.problems: list[str] = []

    def head(self, body: dict[str, Any], level: Level) -> int:
        given = body.get("level", level.value)
        if given != level.value:
            self._bad("level", given, f"asked for {level.value}: give --level {given}, or mend the file")
        if level is Level.COUNTY and "counties" in body:
            self.problems.append("counties: is a city's list; use --level city, or give one county's facts")
        elif level is Level.CITY and not body.get("counties"):
            self.problems.append("counties: is missing; give the list of the city's counties, each with its facts")
        year = body.get("year", self._rules.year)
        if year != self._rules.year:
            self._bad("year", year, f"the rules are of {self._rules.year}: take the rule file of that year")
        return self._rules.year

    def city(self, body: dict[str, Any]) -> tuple[Region, tuple[Region, ...]]:
        own_names = _names(self._rules, CityUse.OWN, CityUse.OWN_AND_ANY)
        either = _names(self._rules, CityUse.OWN_OR_SUM)
        for name in body:
            if (name in self._rules.facts and name not in own_names | either) or name in self._rules.rows:
                self.problems.append(f"{name}: is counted in the counties; move it into counties[…]")
        placed = own_names | either | {"counties", *META}
        own = self.region(
            {key: body[key] for key in body if key in placed or not self._known(key)}, "", own_names, either
        )
        listed = body.get("counties")
        if not isinstance(listed, list):
            self._bad("counties", listed, "give a list of objects, one per county, each with its facts")
            return own, ()
        needed = _names(self._rules, CityUse.SUM, CityUse.EACH, CityUse.UNION)
        needed |= {name for name in either if name not in own.values}
        optional = _names(self._rules) - needed
        counties = [self.region(each, f"counties[{index}]", needed, optional) for index, each in enumerate(listed)]
        return own, tuple(counties)

    def _known(self, key: str) -> bool:
        return key in self._rules.facts or key in self._rules.rows

    def region(self, body: object, path: str, needed: set[str], optional: set[str]) -> Region:
        if not isinstance(body, dict):
            self._bad(path, body, 'give an object: { "name": …, … }')
            return Region("", {})
        at = f"{path}." if path else ""
        name = body.get("name", "")
        if not isinstance(name, str):
            self._bad(f"{at}name", name, "give a text")
            name = ""
        allowed = {*needed, *optional, *self._rules.rows, *META, *(() if path else ("counties",))}
        self._refuse_unknown(body, allowed, at)
        rows = {each: self._rows(body[each], f"{at}{each}", each) for each in self._rules.rows if each in body}
        values: dict[str, Value] = {}
        # forms first: whether another fact is needed may hang on them
        specs = sorted(self._rules.facts.values(), key=lambda fact: fact.kind is not FactKind.FORMS)
        for fact in specs:
            if fact.name in needed or fact.name in optional:
                self._fact(fact, body, rows, values, at, fact.name in needed)
        return Region(name, values, rows)

    def _refuse_unknown(self, body: dict[str, Any], allowed: set[str], at: str) -> None:
        for key in body:
            if key not in allowed and not (not at and key in self._rules.facts):
                near = difflib.get_close_matches(str(key), allowed, 1)
                fix = f"write {near[0]}" if near else "leave it out; docs/evaluation.md lists the facts"
                self.problems.append(f"{at}{key}: is not known here; {fix}")

    def _fact(
        self,
        fact: FactSpec,
        body: dict[str, Any],
        rows: Mapping[str, Sequence[Row]],
        values: dict[str, Value],
        at: str,
        needed: bool,
    ) -> None:
        counted_value = self._count(fact, body, rows, at)
        if fact.name in body:
            given = self._value(fact, body[fact.name], f"{at}{fact.name}")
            if counted_value is not None and given is not None and given != counted_value and not self.problems:
                assert fact.tally is not None
                self._bad(
                    f"{at}{fact.name}", given, f"{at}{fact.tally.rows} gives {counted_value}: leave one of them out"
                )
            values[fact.name] = given
        elif counted_value is not None:
            values[fact.name] = counted_value
        elif needed and self._asked_for(fact, values):
            by_rows = ""
            if fact.tally is not None:
                column = f" with {fact.tally.column}" if fact.tally.column else ""
                by_rows = f", or {at}{fact.tally.rows}{column} to count it from"
            self.problems.append(
                f"{at}{fact.name}: is missing; give {wanted(fact)}{by_rows}, or null if it is not known"
            )

    def _asked_for(self, fact: FactSpec, values: Mapping[str, Value]) -> bool:
        if fact.when is None:
            return True
        pledged = values.get(fact.when[0])
        return not isinstance(pledged, tuple) or fact.when[1] in pledged

    def _count(
        self, fact: FactSpec, body: dict[str, Any], rows: Mapping[str, Sequence[Row]], at: str
    ) -> int | tuple[str, ...] | None:
        """The fact counted from the rows, or None: it cannot be."""
        tally = fact.tally
        if tally is None or tally.rows not in rows:
            return None
        found = rows[tally.rows]
        for column in columns_read(tally):
            missing = [index for index, row in enumerate(found) if column not in row]
            if missing and (len(missing) < len(found) or fact.name in body):
                if fact.name in body and len(missing) == len(found):
                    return None
                self.problems.append(
                    f"{at}{tally.rows}[{missing[0]}].{column}: is missing, other rows have it; "
                    f"give {HINTS[self._rules.rows[tally.rows][column]]}"
                )
                return None
            if missing:
                return None
        if tally.kind is TallyKind.PLEDGED:
            return all_pledged(found, tally, fact.options)
        return sum(amount for _, amount in counted(found, tally, self._rules.year))

    def _value(self, fact: FactSpec, value: object, path: str) -> Value:
        if value is None:
            return None
        try:
            return CHECKS[fact.kind](value, fact)
        except ValueError:
            self._bad(path, value, f"give {wanted(fact)}")
            return None

    def _rows(self, value: object, path: str, name: str) -> list[Row]:
        if not isinstance(value, list):
            self._bad(path, value, "give a list of objects, one per row")
            return []
        return [self._row(each, f"{path}[{index}]", name) for index, each in enumerate(value)]

    def _row(self, value: object, path: str, name: str) -> Row:
        columns = self._rules.rows[name]
        if not isinstance(value, dict):
            self._bad(path, value, f"give an object with {', '.join(columns)}")
            return {}
        row: Row = {}
        for key, cell in value.items():
            if key in ("id",):
                row[key] = cell
            elif key not in columns:
                near = difflib.get_close_matches(str(key), columns, 1)
                fix = f"write {near[0]}" if near else f"the columns are {', '.join(columns)}"
                self.problems.append(f"{path}.{key}: is not known here; {fix}")
            else:
                try:
                    row[key] = self._cell(columns[key], cell, name)
                except ValueError:
                    self._bad(f"{path}.{key}", cell, f"give {HINTS[columns[key]]}")
        if "name" not in row:
            self.problems.append(f"{path}.name: is missing; give the row's name")
        return row

    def _cell(self, kind: str, value: object, name: str) -> object:
        if kind == "forms":
            options = next(
                (
                    fact.options
                    for fact in self._rules.facts.values()
                    if fact.tally and fact.tally.rows == name and fact.options
                ),
                (),
            )
            return forms(value, options)
        return CELLS[kind](value)

    def _bad(self, path: str, value: object, fix: str) -> None:
        shown = json.dumps(
            value, ensure_ascii=False, default=lambda one: f"{float(one):g}" if isinstance(one, Fraction) else str(one)
        )
        self.problems.append(f"{path or 'the file'}: is {shown[:60]}; {fix}")


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no number; give a figure, or null if it is not known")


def _no_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"{key} is given twice in one object; leave one out")
        found[key] = value
    return found
