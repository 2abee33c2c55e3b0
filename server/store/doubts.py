"""Repository of doubts: `county.doubts.DoubtRepository`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, or_, select, tuple_, update

from server.county.doubts import (
    Doubt,
    DoubtEvent,
    DoubtQuery,
    DoubtState,
    DoubtStep,
    Finding,
    Kind,
    Moment,
    Publication,
)
from server.county.errors import Conflict
from server.county.model import Page
from server.county.paging import write_cursor

from .lessons import takes_part
from .rows import insert
from .tables import lessons
from .tables_doubts import doubt_events, doubts, publications

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.ext.asyncio import AsyncConnection


class SqlDoubts:
    """Doubts, their events, the lines of publications."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def get(self, doubt_id: str, *, lock: bool = False) -> Doubt | None:
        statement = select(doubts).where(doubts.c.id == doubt_id)
        if lock:
            statement = statement.with_for_update()
        row = (await self._db.execute(statement)).one_or_none()
        return None if row is None else _doubt_of(row)

    async def of_lesson(self, lesson_id: str) -> list[Doubt]:
        chosen = select(doubts).where(doubts.c.lesson_id == lesson_id).order_by(doubts.c.found_at, doubts.c.id)
        return [_doubt_of(row) for row in await self._db.execute(chosen)]

    async def page(self, query: DoubtQuery) -> Page[Doubt]:
        statement = (
            select(doubts)
            .join(lessons, lessons.c.id == doubts.c.lesson_id)
            .where(*_conditions(query))
            .order_by(doubts.c.found_at.desc(), doubts.c.id.desc())
            .limit(query.limit + 1)
        )
        found = [_doubt_of(row) for row in await self._db.execute(statement)]
        items = found[: query.limit]
        more = len(found) > query.limit
        return Page(items, write_cursor(items[-1].found_at, items[-1].id) if more else None)

    async def add(self, doubt: Doubt) -> bool:
        done = await self._db.execute(insert(self._db, doubts).values(_values(doubt)).on_conflict_do_nothing())
        return done.rowcount == 1

    async def save(self, doubt: Doubt, *, seen_version: int) -> None:
        done = await self._db.execute(
            update(doubts).where(doubts.c.id == doubt.id, doubts.c.version == seen_version).values(_values(doubt))
        )
        if done.rowcount != 1:
            raise Conflict("stale", "这条存疑刚被别人处理过，请刷新。", "Somebody else has dealt with it; reload.")

    async def add_event(self, event: DoubtEvent) -> None:
        values = asdict(event) | {"step": event.step.value, "entries": list(event.entries)}
        await self._db.execute(doubt_events.insert().values(values))

    async def events(self, doubt_ids: Iterable[str]) -> list[DoubtEvent]:
        chosen = select(doubt_events).where(doubt_events.c.doubt_id.in_(list(doubt_ids))).order_by(doubt_events.c.seq)
        return [
            DoubtEvent(
                row.doubt_id, row.at, DoubtStep(row.step), row.actor_id, row.actor_name, row.text, tuple(row.entries)
            )
            for row in await self._db.execute(chosen)
        ]

    async def publish(self, publication: Publication) -> None:
        await self._db.execute(publications.insert().values(asdict(publication)))

    async def forget_publications(self, before: float) -> None:
        await self._db.execute(delete(publications).where(publications.c.at < before))

    async def publications(
        self,
        since: float,
        until: float,
        *,
        lesson_id: str | None = None,
        schools: Iterable[str] = (),
        addresses: Iterable[str] = (),
    ) -> list[Publication]:
        log = publications.c
        chosen = (
            select(publications)
            .where(log.at >= since, log.at < until)
            .where(or_(log.lesson_id == lesson_id, log.school_id.in_(list(schools)), log.address.in_(list(addresses))))
            .order_by(log.seq)
        )
        return [Publication(*row[1:]) for row in await self._db.execute(chosen)]


def _conditions(query: DoubtQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.states:
        found.append(doubts.c.state.in_([state.value for state in query.states]))
    if query.kind is not None:
        found.append(doubts.c.kind == query.kind.value)
    if query.lesson_id is not None:
        found.append(doubts.c.lesson_id == query.lesson_id)
    found += [takes_part(one) for one in (query.school_id, query.involving) if one is not None]
    if query.after is not None:
        found.append(tuple_(doubts.c.found_at, doubts.c.id) < query.after)
    return found


def _doubt_of(row: Row[Any]) -> Doubt:
    moments = tuple(Moment(**moment) for moment in row.moments)
    finding = Finding(Kind(row.kind), row.school_id, row.key, row.text, row.text_en, row.figures, moments)
    return Doubt(row.id, row.lesson_id, finding, DoubtState(row.state), row.found_at, row.version)


def _values(doubt: Doubt) -> dict[str, Any]:
    body = asdict(doubt)
    finding: dict[str, Any] = body.pop("finding")
    return body | finding | {"state": doubt.state.value, "kind": doubt.finding.kind.value}
