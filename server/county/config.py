"""Parse the county's configuration files (`config/*.toml`) into frozen policies, naming file, line and key on error."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from .model import Form
from .policies import CreditingPolicy, LifePolicy, Targets
from .retention import DAY, RetentionPolicy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")


class ConfigError(ValueError):
    """A configuration file is wrong; the text names file, line and key."""

    def __init__(self, file: str, line: int | None, key: str, problem: str) -> None:
        where = f"{file}:{line}" if line is not None else file
        super().__init__(f"{where}: {key}: {problem}" if key else f"{where}: {problem}")
        self.file = file
        self.line = line
        self.key = key


class Table:
    """One table of a file; each key is read once and checked, and `done` refuses keys that nobody reads."""

    def __init__(self, text: str, file: str, name: str, body: object) -> None:
        self._text = text
        self._file = file
        self._name = name
        if not isinstance(body, dict):
            raise ConfigError(file, line_of(text, "", name), name, "must be a table")
        self._body: dict[str, Any] = body
        self._read: set[str] = set()

    def error(self, key: str, problem: str) -> ConfigError:
        """An error at that key of this table."""
        return ConfigError(self._file, line_of(self._text, self._name, key), f"{self._name}.{key}", problem)

    def get(self, key: str, check: Callable[[Any], T]) -> T:
        """The checked value. `check` raises ValueError with what is wanted."""
        self._read.add(key)
        if key not in self._body:
            raise self.error(key, "is missing")
        try:
            return check(self._body[key])
        except ValueError as problem:
            raise self.error(key, f"{problem}, not {self._body[key]!r}") from None

    def done(self) -> None:
        """Refuse unknown keys: a misspelt key would silently leave a default."""
        for key in self._body:
            if key not in self._read:
                raise self.error(key, "is not known here")


def parse_toml(text: str, file: str) -> dict[str, Any]:
    """The file's tables. Raises ConfigError."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        found = re.search(r"line (\d+)", str(problem))
        raise ConfigError(file, int(found[1]) if found else None, "", str(problem)) from None


def line_of(text: str, table: str, key: str) -> int | None:
    """The line of a key in a table (the table's own line if the key is not there)."""
    inside, table_line = table == "", None
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line)
        if header:
            inside = header[1] == table
            table_line = number if inside and table_line is None else table_line
            if not table and header[1] == key:
                return number
        elif inside and re.match(rf"\s*\"?{re.escape(key)}\"?\s*=", line):
            return number
    return table_line


def share(value: object) -> float:
    number = _number(value)
    if not 0 <= number <= 1:
        raise ValueError("must be a share between 0 and 1")
    return number


def positive(value: object) -> float:
    number = _number(value)
    if not 0 <= number < 1e9:
        raise ValueError("must be a number of 0 or more")
    return number


def whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not -100_000 < value < 100_000:
        raise ValueError("must be a whole number")
    return value


def hour(value: object) -> int:
    if not 0 <= whole(value) < 24:
        raise ValueError("must be an hour from 0 to 23")
    return whole(value)


def count(value: object) -> int:
    if whole(value) < 1:
        raise ValueError("must be a whole number of 1 or more")
    return whole(value)


def text_of(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be a text that is not empty")
    return value


def month_day(value: object) -> tuple[int, int]:
    found = re.fullmatch(r"(\d\d)-(\d\d)", value) if isinstance(value, str) else None
    if found is None:
        raise ValueError('must be a day of the year as "MM-DD"')
    try:
        day = date(2023, int(found[1]), int(found[2]))  # not a leap year: the day must exist in every year
    except ValueError:
        raise ValueError('must be a day of every year as "MM-DD"') from None
    return day.month, day.day


def parse_policies(text: str, file: str = "crediting.toml") -> Mapping[str, CreditingPolicy]:
    """Crediting policies by name; `default` must be there. Raises ConfigError."""
    body = parse_toml(text, file)
    policies = {}
    for name, values in body.items():
        table = Table(text, file, name, values)
        policies[name] = CreditingPolicy(
            name=name,
            version=table.get("version", text_of),
            lasted_share=table.get("lasted_share", share),
            present_share=table.get("present_share", share),
            two_way_share=table.get("two_way_share", share),
            max_gap_seconds=table.get("max_gap_seconds", positive),
            max_black_or_frozen_share=table.get("max_black_or_frozen_share", share),
            max_silent_share=table.get("max_silent_share", share),
            min_planned_minutes=table.get("min_planned_minutes", count),
        )
        table.done()
    if "default" not in policies:
        raise ConfigError(file, None, "default", "is missing")
    return policies


def parse_targets(text: str, file: str = "targets.toml") -> Targets:
    """The yearly targets. Raises ConfigError."""
    table = only_table(text, file, "targets")
    targets = Targets(
        per_subject=table.get("per_subject", count),
        total=table.get("total", count),
        subjects=table.get("subjects", count),
        other_forms=table.get("other_forms", count),
        begins=table.get("begins", month_day),
        deadline=table.get("deadline", month_day),
        utc_offset_minutes=table.get("utc_offset_minutes", whole),
        note=table.get("note", text_of),
        note_en=table.get("note_en", text_of),
    )
    table.done()
    if targets.begins >= targets.deadline:
        raise table.error("begins", "must be before the deadline")
    if abs(targets.utc_offset_minutes) >= 24 * 60:
        raise table.error("utc_offset_minutes", "must be within a day")
    return targets


def parse_life(text: str, file: str = "life.toml") -> LifePolicy:
    """The waits of `sweep`. Raises ConfigError."""
    table = only_table(text, file, "life")
    life = LifePolicy(
        missed_after=table.get("missed_after_minutes", positive) * 60,
        abandoned_after=table.get("abandoned_after_minutes", positive) * 60,
        requeue_verification_after=table.get("requeue_verification_after_seconds", positive),
        no_recording_grace=table.get("no_recording_grace_seconds", positive),
        unclosed_recording_grace=table.get("unclosed_recording_grace_minutes", positive) * 60,
        unverified_grace=table.get("unverified_grace_minutes", positive) * 60,
    )
    table.done()
    return life


def parse_retention(text: str, file: str = "retention.toml") -> RetentionPolicy:
    """How long recordings stay and when room gets short. Raises ConfigError."""
    keep, trash, space = only_tables(text, file, "keep", "trash", "space")
    policy = RetentionPolicy(
        terms={form: keep.get(form.value, positive) * DAY or None for form in Form},
        trash_term=trash.get("days", count) * DAY,
        hour=trash.get("hour", hour),
        warn_free_share=space.get("warn_free_share", share),
        warn_left=space.get("warn_days_left", positive) * DAY,
        urgent_free_share=space.get("urgent_free_share", share),
        urgent_left=space.get("urgent_days_left", positive) * DAY,
    )
    for table in (keep, trash, space):
        table.done()
    return policy


def only_table(text: str, file: str, name: str) -> Table:
    """The one table of a file. Raises ConfigError if it is missing or not alone."""
    return only_tables(text, file, name)[0]


def only_tables(text: str, file: str, *names: str) -> list[Table]:
    """The tables of a file, in this order. Raises ConfigError if one is missing or there are others."""
    body = parse_toml(text, file)
    for key in body:
        if key not in names:
            raise ConfigError(file, line_of(text, "", key), key, "is not known here")
    for name in names:
        if name not in body:
            raise ConfigError(file, None, name, "is missing")
    return [Table(text, file, name, body[name]) for name in names]


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("must be a number")
    return float(value)
