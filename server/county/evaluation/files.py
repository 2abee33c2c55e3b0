"""Rule files with their text: which one holds for a year, and what is kept of it when an evaluation is frozen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .reading import parse_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .rules import RuleSet


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A rule set and the text it was read from. `of_year`: the year it was published for."""

    text: str
    rules: RuleSet
    of_year: int


def parse_rule_file(text: str, file: str) -> RuleFile:
    """Raises ConfigError."""
    rules = parse_rules(text, file)
    return RuleFile(text, rules, rules.year)


def of_year(files: Sequence[RuleFile], year: int) -> RuleFile | None:
    """The file of that year; if there is none the newest older one (else the oldest), its dates moved to the year."""
    exact = [file for file in files if file.rules.year == year]
    if exact or not files:
        return exact[0] if exact else None
    older = [file for file in files if file.rules.year < year]
    taken = max(older, key=lambda file: file.rules.year) if older else min(files, key=lambda file: file.rules.year)
    text = re.sub(r"(?m)^(\s*year\s*=\s*)\d+", rf"\g<1>{year}", taken.text, count=1)
    return RuleFile(text, parse_rules(text, taken.rules.id), taken.of_year)
