"""A rule set as frozen values: which facts there are, how rows are counted, and the items of each paper.

The vocabulary (docs/evaluation.md has it with examples):

    per_unit      a rate off for each unit of a count
    once          a rate off once, when a count is not zero
    per_point     a rate off for each percentage point below what is required; whole points, or `prorata`
    bonus         a rate on for each whole step of points beyond a task
    proportion    full when a count reaches a share of a base (rounded up), else in proportion
    rank          by rank among peers: `first` … `last`, evenly between, equal counts share the better rank
    best_of       several forms, each with its own rate off per unit; only the best pledged one counts
    categorical   a mark for the region itself, one for a city with such a county, one for all others
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction


class Level(StrEnum):
    """Who is evaluated. A city sums its counties."""

    COUNTY = "county"
    CITY = "city"


class FactKind(StrEnum):
    """What a fact's value may be."""

    COUNT = "count"  # a whole number of 0 or more
    PERCENT = "percent"  # 0 to 100
    FLAG = "flag"  # true or false
    FORMS = "forms"  # a list of the fact's options; empty means all of them
    COUNTS = "counts"  # a list of counts


class CityUse(StrEnum):
    """How a city comes to the value of a fact."""

    SUM = "sum"  # the counties' values added
    EACH = "each"  # each county by itself, what they lose added
    UNION = "union"  # whatever a county has
    OWN = "own"  # the city's own figure
    OWN_OR_SUM = "own_or_sum"  # the city's own figure if it gives one, else the counties' added
    OWN_AND_ANY = "own_and_any"  # the city's own, and whether a county has it


class TallyKind(StrEnum):
    """How rows are counted into a fact."""

    ROWS = "rows"  # how many rows
    LATE = "late"  # rows whose date is after the deadline, or that have none
    FALSE = "false"  # rows whose flag is not true
    GROUPS_BELOW = "groups_below"  # rows with fewer than `at_least` groups (subjects) of `each` or more
    TOTAL_BELOW = "total_below"  # rows whose groups add up to less than `at_least`
    SHORT = "short"  # what rows lack of `target`, added
    ROWS_SHORT = "rows_short"  # rows with less than `target`
    PLEDGED = "pledged"  # the forms that a row pledges


@dataclass(frozen=True, slots=True)
class Tally:
    """Counting rows. A row with a true flag in `unless` is not counted; `option`: only rows pledging that form are."""

    kind: TallyKind
    rows: str
    column: str = ""
    deadline: tuple[int, int] | None = None  # month, day; the day itself is on time
    each: int = 1
    at_least: int = 0
    target: int = 0
    unless: tuple[str, ...] = ()
    pledges: str = ""  # the column of pledged forms
    option: str = ""


@dataclass(frozen=True, slots=True)
class FactSpec:
    """One counted quantity. `when`: (fact of forms, form) in which alone it is needed."""

    name: str
    kind: FactKind
    label: str
    label_en: str
    city: CityUse
    options: tuple[str, ...] = ()
    when: tuple[str, str] | None = None
    tally: Tally | None = None


@dataclass(frozen=True, slots=True)
class Rates:
    """Points per unit at each level."""

    county: Fraction
    city: Fraction

    def at(self, level: Level) -> Fraction:
        return self.county if level is Level.COUNTY else self.city


@dataclass(frozen=True, slots=True)
class PerUnit:
    count: str
    rate: Rates


@dataclass(frozen=True, slots=True)
class Once:
    count: str
    rate: Rates


@dataclass(frozen=True, slots=True)
class PerPoint:
    required: str | Fraction  # a fact, or percent
    reached: str
    rate: Rates
    prorata: bool


@dataclass(frozen=True, slots=True)
class Bonus:
    made: str
    task: str
    step: Fraction  # percentage points beyond the task
    rate: Rates


@dataclass(frozen=True, slots=True)
class Proportion:
    got: str
    base: str
    share: Fraction  # 0..1


@dataclass(frozen=True, slots=True)
class Rank:
    own: str
    peers: str
    first: Fraction
    last: Fraction


@dataclass(frozen=True, slots=True)
class Alternative:
    """One form of `best_of`."""

    option: str
    label: str
    label_en: str
    count: str
    rate: Rates


@dataclass(frozen=True, slots=True)
class BestOf:
    pledged: str
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Categorical:
    flag: str
    itself: Fraction
    with_county: Fraction
    other: Fraction


Rule = PerUnit | Once | PerPoint | Bonus | Proportion | Rank | BestOf | Categorical


@dataclass(frozen=True, slots=True)
class Item:
    """One item. `full` None: a bonus. `needs`: a flag without which the item is 0. `reading`: how a doubt is read."""

    id: str
    title: str
    title_en: str
    full: Fraction | None
    rule: Rule
    needs: str = ""
    reading: str = ""
    reading_en: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Items under one heading, together never more than `cap`."""

    id: str
    title: str
    title_en: str
    cap: Fraction
    items: tuple[Item, ...]
    note: str = ""
    note_en: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    id: str
    title: str
    title_en: str
    full: Fraction
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One rule file. `rows`: by list, each column's kind (`text`, `date`, `flag`, `count`, `counts`, `forms`)."""

    id: str
    year: int
    title: str
    title_en: str
    source: str
    facts: Mapping[str, FactSpec]
    rows: Mapping[str, Mapping[str, str]]
    papers: tuple[Paper, ...]

    def items(self) -> list[Item]:
        return [item for paper in self.papers for section in paper.sections for item in section.items]
