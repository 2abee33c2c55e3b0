"""Repository of lesson observation: `county.ports_observation.ObservationRepository`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, or_, select, tuple_, update

from server.county.errors import Conflict
from server.county.model import Page
from server.county.observation import Remark, RemarkKind, Sheet, SheetEvent, SheetQuery, SheetState, SignedTotal, Step
from server.county.paging import write_cursor
from server.county.ports_observation import RubricRecord
from server.county.rubric import rubric_of

from .rows import insert
from .shelf import BEGAN
from .tables import lessons
from .tables_observation import observation_events, observations, rubrics

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.ext.asyncio import AsyncConnection


class SqlObservations:
    """Versions of the form, sheets, their events."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def rubrics(self) -> list[RubricRecord]:
        rows = await self._db.execute(select(rubrics).order_by(rubrics.c.version.desc()))
        return [_record_of(row) for row in rows]

    async def rubric(self, version: int) -> RubricRecord | None:
        row = (await self._db.execute(select(rubrics).where(rubrics.c.version == version))).one_or_none()
        return None if row is None else _record_of(row)

    async def add_rubric(self, record: RubricRecord) -> bool:
        values = asdict(record)
        values["body"] = values.pop("rubric")
        done = await self._db.execute(insert(self._db, rubrics).values(values).on_conflict_do_nothing())
        return done.rowcount == 1

    async def get(self, sheet_id: str, *, lock: bool = False) -> Sheet | None:
        statement = select(observations).where(observations.c.id == sheet_id)
        if lock:
            statement = statement.with_for_update()
        row = (await self._db.execute(statement)).one_or_none()
        return None if row is None else _sheet_of(row)

    async def of_observer(self, lesson_id: str, observer_id: str) -> Sheet | None:
        chosen = select(observations).where(
            observations.c.lesson_id == lesson_id, observations.c.observer_id == observer_id
        )
        row = (await self._db.execute(chosen)).one_or_none()
        return None if row is None else _sheet_of(row)

    async def page(self, query: SheetQuery) -> Page[Sheet]:
        statement = (
            select(observations)
            .join(lessons, lessons.c.id == observations.c.lesson_id)
            .where(*_conditions(query))
            .order_by(observations.c.created_at.desc(), observations.c.id.desc())
            .limit(query.limit + 1)
        )
        found = [_sheet_of(row) for row in await self._db.execute(statement)]
        items = found[: query.limit]
        more = len(found) > query.limit
        return Page(items, write_cursor(items[-1].created_at, items[-1].id) if more else None)

    async def add(self, sheet: Sheet) -> None:
        await self._db.execute(observations.insert().values(_values(sheet)))

    async def save(self, sheet: Sheet, *, seen_version: int) -> None:
        done = await self._db.execute(
            update(observations)
            .where(observations.c.id == sheet.id, observations.c.version == seen_version)
            .values(_values(sheet))
        )
        if done.rowcount != 1:
            raise Conflict("stale", "这份评课在别处改过，请重新打开。", "The sheet was changed elsewhere; reopen it.")

    async def discard(self, sheet_id: str) -> None:
        await self._db.execute(delete(observation_events).where(observation_events.c.sheet_id == sheet_id))
        await self._db.execute(delete(observations).where(observations.c.id == sheet_id))

    async def add_event(self, event: SheetEvent) -> None:
        await self._db.execute(observation_events.insert().values(asdict(event) | {"step": event.step.value}))

    async def events(self, sheet_ids: Iterable[str]) -> list[SheetEvent]:
        chosen = select(observation_events).where(observation_events.c.sheet_id.in_(list(sheet_ids)))
        rows = await self._db.execute(chosen.order_by(observation_events.c.seq))
        return [
            SheetEvent(row.sheet_id, row.at, Step(row.step), row.actor_id, row.actor_name, row.text) for row in rows
        ]

    async def totals(self, since: float, until: float, taught_by: str | None) -> list[SignedTotal]:
        chosen = (
            select(
                lessons.c.id,
                lessons.c.teacher_id,
                lessons.c.subject_id,
                lessons.c.pairing_id,
                observations.c.total,
                observations.c.band,
            )
            .join(lessons, lessons.c.id == observations.c.lesson_id)
            .where(observations.c.total.is_not(None), since <= BEGAN, until > BEGAN)
        )
        if taught_by is not None:
            chosen = chosen.where(lessons.c.teacher_id == taught_by)
        rows = await self._db.execute(chosen)
        return [SignedTotal(row[0], row[1] or "", *row[2:]) for row in rows]


def _conditions(query: SheetQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.signed_or_of is not None:
        signed = observations.c.state == SheetState.SIGNED.value
        found.append(or_(signed, observations.c.observer_id == query.signed_or_of))
    if query.taught_by is not None:
        nobody = and_(lessons.c.teacher_id.is_(None), lessons.c.supporting_school_id == query.supporting_school)
        found.append(or_(lessons.c.teacher_id == query.taught_by, nobody))
    if query.lesson_id is not None:
        found.append(observations.c.lesson_id == query.lesson_id)
    if query.observer_id is not None:
        found.append(observations.c.observer_id == query.observer_id)
    if query.state is not None:
        found.append(observations.c.state == query.state.value)
    if query.after is not None:
        found.append(tuple_(observations.c.created_at, observations.c.id) < query.after)
    return found


def _record_of(row: Row[Any]) -> RubricRecord:
    return RubricRecord(row.version, rubric_of(row.body), row.created_at, row.author_id, row.author_name, row.note)


def _sheet_of(row: Row[Any]) -> Sheet:
    body = row._asdict()
    remarks = tuple(
        Remark(each["key"], each["moment"], RemarkKind(each["kind"]), each["text"]) for each in body["remarks"]
    )
    return Sheet(**body | {"state": SheetState(body["state"]), "remarks": remarks})


def _values(sheet: Sheet) -> dict[str, Any]:
    return asdict(sheet) | {"state": sheet.state.value, "remarks": [asdict(remark) for remark in sheet.remarks]}
