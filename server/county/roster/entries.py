"""Entries of the roster and what is known of all of them while some are checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .kinds import BY_NAME, KINDS, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Value = str | int | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the roster. `values`: by field key; dates are `2026-09-01`, references are ids, None is empty."""

    kind: str
    id: str
    values: Mapping[str, Value]
    version: int = 1
    archived: bool = False

    @property
    def of(self) -> Kind:
        """What it is an entry of."""
        return BY_NAME[self.kind]


class Known:
    """All entries, with those that are being added or changed put in; not kept up to date by itself."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._by_id: dict[str, dict[str, Entry]] = {kind.name: {} for kind in KINDS}
        self._by_text: dict[tuple[str, str], dict[str, None]] = {}  # ids in order, by kind and folded text
        self._once: dict[tuple[str, str], dict[str, None]] = {}  # texts of entries as they were before a `put`
        self._by_key: dict[tuple[str, tuple[Value, ...]], dict[str, None]] = {}
        for entry in entries:
            self.put(entry)

    def put(self, entry: Entry) -> None:
        """Add or replace."""
        before = self._by_id[entry.kind].get(entry.id)
        for at in _texts(before) if before is not None else ():
            self._by_text[at].pop(entry.id, None)
            self._once.setdefault(at, {})[entry.id] = None
        if before is not None and (key := key_of(before)) is not None:
            self._by_key[before.kind, key].pop(entry.id, None)
        self._by_id[entry.kind][entry.id] = entry
        for at in _texts(entry):
            self._by_text.setdefault(at, {})[entry.id] = None
        if (key := key_of(entry)) is not None:
            self._by_key.setdefault((entry.kind, key), {})[entry.id] = None

    def get(self, kind: str, entry_id: object) -> Entry | None:
        """By id."""
        return self._by_id[kind].get(entry_id) if isinstance(entry_id, str) else None

    def all(self, kind: str) -> Iterator[Entry]:
        """In the order they were put."""
        yield from self._by_id[kind].values()

    def taken(self, entry_id: str) -> str | None:
        """The kind that uses this id, if any does: people share one table of accounts."""
        return next((kind for kind, entries in self._by_id.items() if entry_id in entries), None)

    def find(self, kind: str, text: str) -> list[Entry]:
        """Entries a person may mean by `text`: their id, label or name; only open ones if there are such.

        A name that an entry had until this import renamed it still means that entry, unless another has it now.
        """
        at = (kind, text.casefold())
        found = [self._by_id[kind][one] for one in self._by_text.get(at) or self._once.get(at) or ()]
        return [entry for entry in found if not entry.archived] or found

    def same_key(self, kind: str, key: tuple[Value, ...]) -> list[Entry]:
        """Entries whose key fields have these values."""
        return [self._by_id[kind][one] for one in self._by_key.get((kind, key)) or ()]

    def label(self, kind: str, entry_id: object) -> str:
        """How a reference is written for people: its name, or its label where the name is not the only one."""
        entry = self.get(kind, entry_id)
        if entry is None:
            return str(entry_id or "")
        name, label = entry.values.get("name"), entry.values.get(entry.of.label)
        if isinstance(name, str) and len(self.find(kind, name)) == 1:
            return name
        return str(label)

    def users_of(self, entry: Entry) -> list[Entry]:
        """Open entries that refer to this one."""
        return [
            other
            for kind in KINDS
            for fld in kind.fields
            if fld.type == "ref" and fld.of == entry.kind
            for other in self.all(kind.name)
            if other.values.get(fld.key) == entry.id and not other.archived
        ]

    def title(self, entry: Entry) -> str:
        """The entry in a few words, for messages."""
        parts = []
        for key in entry.of.key:
            fld, value = entry.of.field(key), entry.values.get(key)
            parts.append(self.label(fld.of, value) if fld.type == "ref" else str(value))
        return " · ".join(parts)


def key_of(entry: Entry) -> tuple[Value, ...] | None:
    """What identifies it; None while a part is missing."""
    key = tuple(entry.values.get(name) for name in entry.of.key)
    return None if None in key else key


def _texts(entry: Entry) -> set[tuple[str, str]]:
    said = (entry.id, entry.values.get(entry.of.label), entry.values.get("name"))
    return {(entry.kind, str(text).casefold()) for text in said if isinstance(text, str | int)}
