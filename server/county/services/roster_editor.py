"""The roster as the county office keeps it: search, add, change, archive, import and export.

Every change is checked against the whole roster, counted in the entry's version and written to the audit log with the
values before and after: of two people who edit one entry the second is told, and nothing is lost.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..errors import Conflict, InvalidFields, NotFound, Stale
from ..ids import new_id
from ..model import LessonState
from ..permissions import Action, require
from ..ports import AuditRow
from ..roster.checks import Problem, among, read_values
from ..roster.entries import Entry, Known
from ..roster.imports import Plan, cell_of, plan_import, sheets_of
from ..roster.kinds import ACCOUNTS, BY_NAME, KINDS, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..books import NewSheet, Sheet
    from ..model import Actor, Lesson
    from ..ports import Clock, UnitOfWork, UnitsOfWork

CHINESE, ENGLISH = 0, 1


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry with its references in words, by field key."""

    entry: Entry
    labels: Mapping[str, str]


class RosterEditor:
    """Every method checks its permission. Unknown kinds and ids are NotFound."""

    def __init__(self, store: UnitsOfWork, now: Clock) -> None:
        self._store = store
        self._now = now

    async def entries(self, actor: Actor, kind: str, search: str = "", *, archived: bool = False) -> list[EntryView]:
        """In their order; `search`: a part of any value as people read it; `archived`: those instead of the open ones.

        Raises Forbidden, NotFound.
        """
        require(actor, Action.ROSTER_LIST)
        found = _kind(kind)
        async with self._store.read() as work:
            known = await _known(work, {found.name, *(field.of for field in found.fields if field.of)})
        views = [_view(entry, known) for entry in known.all(kind) if entry.archived is archived]
        wanted = search.casefold().split()
        return [view for view in views if all(word in _readable(view, known) for word in wanted)]

    async def create(self, actor: Actor, kind: str, raw: Mapping[str, object]) -> EntryView:
        """Raises Forbidden, NotFound, InvalidFields."""
        require(actor, Action.ROSTER_MANAGE)
        found, now = _kind(kind), self._now()
        async with self._store.write() as work:
            await work.roster.lock()
            known = await _known(work)
            values, problems = read_values(found, raw, known)
            entry = Entry(kind, new_id(found.prefix, now), values)
            known.put(entry)
            _refuse(problems or among(entry, known))
            await work.roster.add_entry(entry, now)
            await self._audit(work, actor, "roster.create", entry, None)
        return _view(entry, known)

    async def update(
        self, actor: Actor, kind: str, entry_id: str, version: int, raw: Mapping[str, object]
    ) -> EntryView:
        """Fields that `raw` does not name stay. Raises Forbidden, NotFound, InvalidFields, Stale."""
        require(actor, Action.ROSTER_MANAGE)
        found = _kind(kind)
        async with self._store.write() as work:
            await work.roster.lock()
            known = await _known(work)
            before = _found(known, kind, entry_id)
            if before.version != version:
                raise Stale(_current(before, known))
            values, problems = read_values(found, dict(before.values) | dict(raw), known)
            kept = {key: value for key, value in before.values.items() if raw.get(key, value) == value}
            entry = replace(before, values=values | kept, version=version + 1)
            known.put(entry)
            problems = [problem for problem in problems if problem.field not in kept]
            _refuse(problems or among(entry, known) or _others(entry, known))
            if not await work.roster.save_entry(entry, seen_version=version):
                raise Stale(_current(before, known))
            await self._audit(work, actor, "roster.update", entry, before)
        return _view(entry, known)

    async def set_archived(self, actor: Actor, kind: str, entry_id: str, version: int, *, archived: bool) -> EntryView:
        """Archive or restore; what it is already is answered as it is. An account's sessions end when it is archived.

        Raises Forbidden, NotFound, Stale, Conflict (`in_use`: it names what still needs it), InvalidFields.
        """
        require(actor, Action.ROSTER_MANAGE)
        _kind(kind)
        async with self._store.write() as work:
            await work.roster.lock()
            known = await _known(work)
            before = _found(known, kind, entry_id)
            if before.archived is archived:
                return _view(before, known)
            if before.version != version:
                raise Stale(_current(before, known))
            entry = replace(before, archived=archived, version=version + 1)
            known.put(entry)
            if archived:
                open_lessons = await work.lessons.in_states((LessonState.SCHEDULED, LessonState.LIVE))
                _refuse_in_use(before, known, open_lessons)
            else:
                _refuse(among(entry, known) + _gone(entry, known))
            if not await work.roster.save_entry(entry, seen_version=version):
                raise Stale(_current(before, known))
            if archived and kind in ACCOUNTS:
                await work.sessions.delete_of_user(entry_id)
                await work.sessions.delete_of_device(entry_id)
            if archived and kind == "classrooms":
                await work.devices.clear_code(entry_id)
            await self._audit(work, actor, "roster.archive" if archived else "roster.restore", entry, before)
        return _view(entry, known)

    async def plan(self, actor: Actor, sheets: Sequence[Sheet]) -> Plan:
        """What importing the workbook would do; nothing changes. Raises Forbidden."""
        require(actor, Action.ROSTER_MANAGE)
        async with self._store.read() as work:
            return await self._plan(work, sheets)

    async def apply(self, actor: Actor, sheets: Sequence[Sheet]) -> Plan:
        """Import it, whole; with a problem in it nothing changes. Raises Forbidden."""
        require(actor, Action.ROSTER_MANAGE)
        now = self._now()
        async with self._store.write() as work:
            await work.roster.lock()
            plan = await self._plan(work, sheets)
            if not plan.possible:
                return plan
            for change in plan.changes:
                if change.before is None:
                    await work.roster.add_entry(change.entry, now)
                elif not await work.roster.save_entry(change.entry, seen_version=change.before.version):
                    raise Stale(_current(change.before, Known([change.before])))
                await self._audit(work, actor, "roster.import", change.entry, change.before)
        return plan

    async def export(self, actor: Actor, language: int, *, template: bool = False) -> list[NewSheet]:
        """The open entries (or none: the template) as sheets, in Chinese (0) or English (1). Raises Forbidden."""
        require(actor, Action.ROSTER_LIST)
        if template:
            return sheets_of(None, language)
        async with self._store.read() as work:
            return sheets_of(await _known(work), language)

    async def _plan(self, work: UnitOfWork, sheets: Sequence[Sheet]) -> Plan:
        now = self._now()
        entries = [entry for kind in KINDS for entry in await work.roster.entries(kind.name)]
        return plan_import(sheets, entries, lambda prefix: new_id(prefix, now))

    async def _audit(self, work: UnitOfWork, actor: Actor, action: str, entry: Entry, before: Entry | None) -> None:
        changed = {
            key: [None if before is None else before.values.get(key), value]
            for key, value in entry.values.items()
            if before is None or before.values.get(key) != value
        }
        detail = json.dumps(changed, ensure_ascii=False)
        await work.audit(AuditRow(self._now(), actor.id, action, f"{entry.kind}/{entry.id}", detail))


async def _known(work: UnitOfWork, kinds: set[str] | None = None) -> Known:
    return Known(
        [
            entry
            for kind in KINDS
            if kinds is None or kind.name in kinds
            for entry in await work.roster.entries(kind.name)
        ]
    )


def _kind(name: str) -> Kind:
    if name not in BY_NAME:
        raise NotFound("no_such_kind", "名册里没有这一类。", "The roster has no such kind.")
    return BY_NAME[name]


def _found(known: Known, kind: str, entry_id: str) -> Entry:
    entry = known.get(kind, entry_id)
    if entry is None:
        raise NotFound("no_such_entry", "名册里没有这一条。", "The roster has no such entry.")
    return entry


def _view(entry: Entry, known: Known) -> EntryView:
    labels = {
        field.key: known.label(field.of, entry.values[field.key])
        for field in entry.of.fields
        if field.type == "ref" and entry.values[field.key] is not None
    }
    return EntryView(entry, labels)


def _readable(view: EntryView, known: Known) -> str:
    entry = view.entry
    cells = [
        cell_of(entry.of, field.key, entry, known, language)
        for field in entry.of.fields
        for language in (CHINESE, ENGLISH)
    ]
    return " ".join(str(cell) for cell in cells if cell is not None).casefold()


def _current(entry: Entry, known: Known) -> dict[str, object]:
    view = _view(entry, known)
    return {
        "version": entry.version,
        "archived": entry.archived,
        "values": dict(entry.values),
        "labels": dict(view.labels),
    }


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise InvalidFields(
            [(one.field, f"{one.text[0]}（{one.fix[0]}）", f"{one.text[1]} ({one.fix[1]})") for one in problems]
        )


def _others(entry: Entry, known: Known) -> list[Problem]:
    """Entries that refer to this one and are wrong now."""
    found = []
    for other in known.users_of(entry):
        for problem in among(other, known):
            title, name = other.of.title, known.title(other)
            text = f"{title[0]}“{name}”：{problem.text[0]}", f"{title[1]} “{name}”: {problem.text[1]}"
            found.append(Problem("", text, problem.fix))
    return found


def _gone(entry: Entry, known: Known) -> list[Problem]:
    """References of an entry to be restored that are archived themselves."""
    found = []
    for field in entry.of.fields:
        target = known.get(field.of, entry.values[field.key]) if field.type == "ref" else None
        if target is not None and target.archived:
            name = known.title(target)
            text = f"“{name}”已归档", f"“{name}” is archived"
            found.append(Problem(field.key, text, ("请先恢复它", "restore it first")))
    return found


def _refuse_in_use(entry: Entry, known: Known, lessons: Sequence[Lesson]) -> None:
    """Raises Conflict."""
    users = known.users_of(entry)
    if users:
        names = [f"{other.of.title[0]}“{known.title(other)}”" for other in users[:5]]
        english = [f"{other.of.title[1]} “{known.title(other)}”" for other in users[:5]]
        raise Conflict(
            "in_use",
            f"还有 {len(users)} 条用到它：{'、'.join(names)}。请先改或归档它们。",
            f"{len(users)} entries still need it: {', '.join(english)}. Change or archive them first.",
        )
    taught = [lesson for lesson in lessons if entry.id in _named_by(lesson)]
    if taught:
        raise Conflict(
            "in_use",
            f"还有 {len(taught)} 节没上的课用到它，最近的是“{taught[0].topic}”。请先在课表里改课、代课或取消。",
            f"{len(taught)} lessons to come need it, “{taught[0].topic}” first. Change, substitute or cancel them.",
        )


def _named_by(lesson: Lesson) -> set[str | None]:
    return {
        lesson.pairing_id,
        lesson.subject_id,
        lesson.teacher_id,
        lesson.supporting_school_id,
        *lesson.receiving_school_ids,
    }
