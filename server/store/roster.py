"""Repository of the roster: every kind of entry by the table of kinds, and schools, subjects, pairings as values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text, update

from server.county.model import Pairing, Role, School, Subject
from server.county.ports import ExpertGroup
from server.county.roster.entries import Entry
from server.county.roster.kinds import BY_NAME

from .tables import (
    devices,
    expert_groups,
    holidays,
    milestones,
    pairings,
    schools,
    subjects,
    terms,
    users,
)
from .tables_readiness import agreements, school_readiness, small_schools

if TYPE_CHECKING:
    from sqlalchemy import Row, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

ROSTER_LOCK = 0x726F73746572  # "roster": PostgreSQL's advisory lock of editors of the roster
# Where entries of a kind are kept, and the column that says they are archived.
TABLES: dict[str, tuple[Table, str]] = {
    "schools": (schools, "archived"),
    "subjects": (subjects, "archived"),
    "researchers": (users, "disabled"),
    "teachers": (users, "disabled"),
    "groups": (expert_groups, "archived"),
    "pairings": (pairings, "archived"),
    "classrooms": (devices, "revoked"),
    "terms": (terms, "archived"),
    "holidays": (holidays, "archived"),
    "milestones": (milestones, "archived"),
    "readiness": (school_readiness, "archived"),
    "agreements": (agreements, "archived"),
    "small_schools": (small_schools, "archived"),
}
ROLES = {"researchers": Role.RESEARCHER, "teachers": Role.TEACHER}
ORDERS: dict[str, tuple[Any, ...]] = {
    "schools": (schools.c.position,),
    "subjects": (subjects.c.position,),
    "researchers": (users.c.created_at, users.c.username),
    "teachers": (users.c.school_id, users.c.username),
    "pairings": (pairings.c.number, pairings.c.id),
    "classrooms": (devices.c.school_id, devices.c.created_at, devices.c.id),
    "terms": (terms.c.begins,),
    "holidays": (holidays.c.begins,),
    "milestones": (milestones.c.due,),
    "readiness": (school_readiness.c.school_id,),
    "agreements": (agreements.c.pairing_id,),
    "small_schools": (small_schools.c.name,),
}
SCHOOL_FIELDS = (schools.c.id, schools.c.name, schools.c.name_en, schools.c.kind, schools.c.stage, schools.c.archived)
SUBJECT_FIELDS = (subjects.c.id, subjects.c.name, subjects.c.name_en, subjects.c.archived)
PAIRING_FIELDS = (
    pairings.c.id,
    pairings.c.number,
    pairings.c.supporting_school_id,
    pairings.c.receiving_school_id,
    pairings.c.researcher_id,
    pairings.c.archived,
)


class SqlRoster:
    """`county.ports.RosterRepository`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def schools(self) -> list[School]:
        rows = await self._db.execute(select(*SCHOOL_FIELDS).order_by(schools.c.position))
        return [School(*row) for row in rows]

    async def school(self, school_id: str) -> School | None:
        row = (await self._db.execute(select(*SCHOOL_FIELDS).where(schools.c.id == school_id))).one_or_none()
        return None if row is None else School(*row)

    async def subjects(self) -> list[Subject]:
        rows = await self._db.execute(select(*SUBJECT_FIELDS).order_by(subjects.c.position))
        return [Subject(*row) for row in rows]

    async def pairings(self) -> list[Pairing]:
        rows = await self._db.execute(select(*PAIRING_FIELDS).order_by(pairings.c.number, pairings.c.id))
        return [Pairing(*row) for row in rows]

    async def pairing(self, pairing_id: str) -> Pairing | None:
        row = (await self._db.execute(select(*PAIRING_FIELDS).where(pairings.c.id == pairing_id))).one_or_none()
        return None if row is None else Pairing(*row)

    async def expert_groups(self) -> list[ExpertGroup]:
        chosen = (
            select(expert_groups).select_from(expert_groups.join(subjects)).where(expert_groups.c.archived.is_(False))
        )
        rows = await self._db.execute(chosen.order_by(subjects.c.position, expert_groups.c.stage.desc()))
        return [ExpertGroup(row.id, row.subject_id, row.stage, tuple(row.leads), tuple(row.members)) for row in rows]

    async def lock(self) -> None:
        # On SQLite BEGIN IMMEDIATE has let in one writer already.
        if self._db.dialect.name == "postgresql":
            await self._db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ROSTER_LOCK})

    async def entries(self, kind: str) -> list[Entry]:
        table, _ = TABLES[kind]
        chosen = select(table)
        if kind == "groups":
            chosen = select(table).select_from(table.join(subjects)).order_by(subjects.c.position, table.c.stage.desc())
        else:
            chosen = chosen.order_by(*ORDERS[kind])
        if kind in ROLES:
            chosen = chosen.where(users.c.role == ROLES[kind].value)
        return [_entry_of(kind, row) for row in await self._db.execute(chosen)]

    async def add_entry(self, entry: Entry, now: float) -> None:
        table, archived = TABLES[entry.kind]
        values = _columns_of(entry) | {"id": entry.id, "version": 1, archived: entry.archived}
        if "position" in table.c:
            place = await self._db.execute(select(func.coalesce(func.max(table.c.position), 0) + 1))
            values["position"] = place.scalar_one()
        if "created_at" in table.c:
            values["created_at"] = now
        if entry.kind in ROLES:
            values["role"] = ROLES[entry.kind].value
        await self._db.execute(table.insert().values(values))

    async def save_entry(self, entry: Entry, *, seen_version: int) -> bool:
        table, archived = TABLES[entry.kind]
        values = _columns_of(entry) | {"version": seen_version + 1, archived: entry.archived}
        where = [table.c.id == entry.id, table.c.version == seen_version]
        if entry.kind in ROLES:
            where.append(users.c.role == ROLES[entry.kind].value)
        done = await self._db.execute(update(table).where(*where).values(values))
        return done.rowcount == 1


def _columns_of(entry: Entry) -> dict[str, Any]:
    """An empty text is stored as "" where the column takes no null."""
    table, _ = TABLES[entry.kind]
    values: dict[str, Any] = {}
    for field in entry.of.fields:
        value = entry.values[field.key]
        if value is None and not table.c[field.key].nullable:
            value = ""
        values[field.key] = list(value) if isinstance(value, tuple) else value
    return values


def _entry_of(kind: str, row: Row[Any]) -> Entry:
    body = row._asdict()
    values = {}
    for field in BY_NAME[kind].fields:
        value = body[field.key]
        values[field.key] = tuple(value) if isinstance(value, list) else None if value == "" else value
    return Entry(kind, row.id, values, row.version, body[TABLES[kind][1]])
