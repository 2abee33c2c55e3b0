"""Repositories of the library: shelf records and positions."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select

from server.county.lessons import OVER
from server.county.shelf import Measure, Position, Shelf, ShelfRecord, Sizes

from .rows import insert
from .tables import lessons, positions, recordings, shelf

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from server.county.model import Form

BEGAN = func.coalesce(lessons.c.started_at, lessons.c.starts_at)  # county.lessons.began_at
MEASURES = ("duration", "bytes", "tracks", "gap_seconds")


def on_shelf(which: Shelf) -> ColumnElement[bool]:
    """Lessons with a recording on that shelf."""
    recorded = lessons.c.id.in_(select(recordings.c.lesson_id).where(recordings.c.opened_at.is_not(None)))
    trashed = lessons.c.id.in_(select(shelf.c.lesson_id).where(shelf.c.trashed_at.is_not(None), _THERE))
    if which is Shelf.TRASH:
        return and_(recorded, trashed)
    gone = select(shelf.c.lesson_id).where(or_(shelf.c.trashed_at.is_not(None), shelf.c.deleted_at.is_not(None)))
    there = and_(recorded, lessons.c.id.not_in(gone))
    if which is Shelf.KEPT:
        return and_(there, lessons.c.id.in_(select(shelf.c.lesson_id).where(shelf.c.kept_at.is_not(None))))
    return there


_THERE = shelf.c.deleted_at.is_(None)


def _record(row: Row[Any]) -> ShelfRecord:
    body = row._asdict()
    measures = {name: body.pop(name) for name in MEASURES}
    return ShelfRecord(**body, measure=None if measures["bytes"] is None else Measure(**measures))


class SqlShelf:
    """`county.shelf.ShelfRepository`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def of(self, lesson_ids: Iterable[str]) -> dict[str, ShelfRecord]:
        chosen = select(shelf).where(shelf.c.lesson_id.in_(list(lesson_ids)))
        return {row.lesson_id: _record(row) for row in await self._db.execute(chosen)}

    async def save(self, record: ShelfRecord) -> None:
        values = asdict(record)
        measure = values.pop("measure") or dict.fromkeys(MEASURES)
        rest = {name: value for name, value in (values | measure).items() if name != "lesson_id"}
        statement = insert(self._db, shelf).values(values | measure)
        await self._db.execute(statement.on_conflict_do_update(index_elements=[shelf.c.lesson_id], set_=rest))

    async def unmeasured(self, limit: int) -> list[str]:
        chosen = (
            select(recordings.c.lesson_id)
            .outerjoin(shelf, shelf.c.lesson_id == recordings.c.lesson_id)
            .where(recordings.c.closed_at.is_not(None), shelf.c.bytes.is_(None), shelf.c.deleted_at.is_(None))
            .order_by(recordings.c.closed_at.desc())
            .limit(limit)
        )
        return list((await self._db.execute(chosen)).scalars())

    async def expired(self, form: Form, before: float) -> list[str]:
        over = [state.value for state in OVER]
        kept = select(shelf.c.lesson_id).where(shelf.c.kept_at.is_not(None))
        chosen = select(lessons.c.id).where(
            lessons.c.form == form.value,
            before > BEGAN,
            lessons.c.state.in_(over),
            lessons.c.id.not_in(kept),
            on_shelf(Shelf.OPEN),
        )
        return list((await self._db.execute(chosen.order_by(BEGAN))).scalars())

    async def trashed(self, before: float) -> list[str]:
        chosen = select(shelf.c.lesson_id).where(shelf.c.trashed_at <= before, shelf.c.kept_at.is_(None), _THERE)
        return list((await self._db.execute(chosen.order_by(shelf.c.trashed_at))).scalars())

    async def sizes(self, since: float) -> Sizes:
        known = func.coalesce(shelf.c.bytes, 0)
        chosen = (
            select(
                func.sum(known).filter(_THERE),
                func.sum(known).filter(shelf.c.trashed_at.is_not(None), _THERE),
                func.sum(known).filter(since <= BEGAN),
                func.min(BEGAN),
            )
            .select_from(shelf)
            .join(lessons, lessons.c.id == shelf.c.lesson_id)
            .where(shelf.c.bytes.is_not(None))
        )
        total, trash, recent, first_at = (await self._db.execute(chosen)).one()
        return Sizes(int(total or 0), int(trash or 0), int(recent or 0), first_at)


class SqlPositions:
    """`county.shelf.PositionRepository`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def of(self, account_id: str, lesson_ids: Iterable[str]) -> dict[str, Position]:
        chosen = select(positions).where(
            positions.c.account_id == account_id, positions.c.lesson_id.in_(list(lesson_ids))
        )
        return {row.lesson_id: Position(*row) for row in await self._db.execute(chosen)}

    async def save(self, position: Position) -> None:
        values = asdict(position)
        key = [positions.c.account_id, positions.c.lesson_id]
        rest = {name: values[name] for name in ("position", "duration", "at")}
        statement = insert(self._db, positions).values(values)
        await self._db.execute(statement.on_conflict_do_update(index_elements=key, set_=rest))

    async def newest(self, account_id: str, limit: int) -> list[Position]:
        there = select(lessons.c.id).where(on_shelf(Shelf.OPEN))
        chosen = (
            select(positions)
            .where(positions.c.account_id == account_id, positions.c.lesson_id.in_(there))
            .order_by(positions.c.at.desc())
            .limit(limit)
        )
        return [Position(*row) for row in await self._db.execute(chosen)]
