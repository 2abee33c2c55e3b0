"""Checks of single values in a facts file: each raises ValueError; what is wanted stands in words beside them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from .rules import FactKind, FactSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Value = int | Fraction | bool | tuple[str, ...] | tuple[int, ...] | None
MOST = 10_000_000  # a count above this is a slip of the pen


def _int(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST:
        raise ValueError
    return value


def _percent(value: object) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction) or not 0 <= value <= 100:
        raise ValueError
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def forms(value: object, options: Sequence[str]) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or any(each not in options for each in value):
        raise ValueError
    return tuple(option for option in options if option in value)


def _counts(value: object) -> tuple[int, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError
    return tuple(_int(each) for each in value)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError
    return value


def _date(value: object) -> date | None:
    if value is None:
        return None
    if not isinstance(value, str) or len(value) != 10:
        raise ValueError
    return date.fromisoformat(value)


def _groups(value: object) -> dict[str, int]:
    if not isinstance(value, dict):
        raise ValueError
    return {str(key): _int(amount) for key, amount in value.items()}


CHECKS: Mapping[FactKind, Callable[[object, FactSpec], Value]] = {
    FactKind.COUNT: lambda value, fact: _int(value),
    FactKind.PERCENT: lambda value, fact: _percent(value),
    FactKind.FLAG: lambda value, fact: _flag(value),
    FactKind.FORMS: lambda value, fact: forms(value, fact.options) or fact.options,
    FactKind.COUNTS: lambda value, fact: _counts(value),
}
CELLS: Mapping[str, Callable[[object], object]] = {
    "text": _text,
    "date": _date,
    "flag": lambda value: None if value is None else _flag(value),
    "count": _int,
    "counts": _groups,
}
HINTS: Mapping[str, str] = {
    "text": "a text",
    "date": 'a day as "YYYY-MM-DD", or null: not yet',
    "flag": "true or false, or null: not known",
    "count": "a whole number of 0 or more",
    "counts": 'whole numbers by subject, like { "chinese": 12 }',
    "forms": "a list of the forms pledged, [] for none",
}


def wanted(fact: FactSpec) -> str:
    return {
        FactKind.COUNT: "a whole number of 0 or more",
        FactKind.PERCENT: "a percentage from 0 to 100",
        FactKind.FLAG: "true or false",
        FactKind.FORMS: f"a list of {', '.join(fact.options)} ([]: all of them)",
        FactKind.COUNTS: "a list of whole numbers, [] if there are no peers",
    }[fact.kind]
