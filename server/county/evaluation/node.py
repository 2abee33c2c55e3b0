"""Tables of a rule file that are taken key by key, and checks of single values that say what is wanted."""

from __future__ import annotations

import difflib
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar

from ..config import ConfigError
from .lines import Path, line_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from enum import StrEnum

T = TypeVar("T")
E = TypeVar("E", bound="StrEnum")

REQUIRED: Any = object()


class Node:
    """A table of the file at its path; each key is taken once, and `done` refuses what nobody took."""

    def __init__(self, file: str, lines: Mapping[Path, int], path: Path, body: object) -> None:
        self.file, self.path = file, path
        self._lines = dict(lines)
        if not isinstance(body, dict):
            raise self.error("must be a table", "write it as [name] or { key = value }")
        self.body: dict[str, Any] = body
        self._taken: set[str] = set()

    def error(self, problem: str, fix: str, key: str | None = None) -> ConfigError:
        """An error at this table or at one of its keys."""
        path = self.path if key is None else (*self.path, key)
        return ConfigError(self.file, line_at(self._lines, path), spelled(path), f"{problem}; {fix}")

    def take(self, key: str, check: Callable[[Any], T], default: T = REQUIRED) -> T:
        """The checked value; `check` raises ValueError with what is wanted."""
        self._taken.add(key)
        if key not in self.body:
            if default is REQUIRED:
                raise self.error(f"{key} is missing", f"add {key} = … here")
            return default
        try:
            return check(self.body[key])
        except ValueError as problem:
            raise self.error(f"is {self.body[key]!r}", str(problem), key) from None

    def table(self, key: str) -> Node:
        self._taken.add(key)
        if key not in self.body:
            raise self.error(f"{key} is missing", f"add a table [{spelled((*self.path, key))}]")
        return Node(self.file, self._lines, (*self.path, key), self.body[key])

    def tables(self, key: str) -> dict[str, Node]:
        """Tables by name, `[key.NAME]`."""
        inner = self.table(key)
        return {name: Node(self.file, self._lines, (*inner.path, name), body) for name, body in inner.body.items()}

    def array(self, key: str) -> list[Node]:
        """Tables in order, `[[key]]`."""
        self._taken.add(key)
        found = self.body.get(key)
        if not isinstance(found, list) or not found:
            raise self.error(f"{key} must be a list of tables", f"add at least one [[{key}]]", key)
        return [Node(self.file, self._lines, (*self.path, key, index), body) for index, body in enumerate(found)]

    def done(self) -> None:
        for key in self.body:
            if key not in self._taken:
                near = difflib.get_close_matches(key, self._taken, 1)
                fix = f"write {near[0]}" if near else f"known here: {', '.join(sorted(self._taken))}"
                raise self.error("is not known here", fix, key)


def spelled(path: Path) -> str:
    """`papers[0].sections[1].id`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


# ---- checks of single values: each raises ValueError with what is wanted


def number(value: Fraction) -> str:
    return f"{float(value):g}"


def word(value: object) -> str:
    if not isinstance(value, str) or not value or any(char.isspace() for char in value):
        raise ValueError("give a text without spaces")
    return value


def words(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("give a text that is not empty")
    return value


def names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or len(set(map(str, value))) != len(value):
        raise ValueError('give a list of different names, like ["a", "b"]')
    return tuple(word(each) for each in value)


def year(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 2000 <= value <= 2100:
        raise ValueError("give a year from 2000 to 2100")
    return value


def positive(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 100_000:
        raise ValueError("give a whole number of 1 or more")
    return value


def points(value: object) -> Fraction:
    sound = isinstance(value, Decimal) and value.is_finite()
    sound = sound or (isinstance(value, int) and not isinstance(value, bool))
    if not sound or not 0 <= (found := Fraction(str(value))) <= 1000:
        raise ValueError("give a number from 0 to 1000")
    return found


def above_zero(value: object) -> Fraction:
    found = points(value)
    if not found:
        raise ValueError("give a number above 0")
    return found


def share_of_one(value: object) -> Fraction:
    found = points(value)
    if found > 1:
        raise ValueError("give a share from 0 to 1")
    return found


def one_of(allowed: tuple[str, ...]) -> Callable[[object], str]:
    def check(value: object) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise ValueError(f"one of: {', '.join(allowed) or '(there is none here)'}")
        return value

    return check


def enum_of(kind: type[E]) -> Callable[[object], E]:
    return lambda value: kind(one_of(tuple(kind))(value))
