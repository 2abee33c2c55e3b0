"""Repositories of measured flow and quality, and of the append-only ledger."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import func, select, text, tuple_

from server.county.evidence import MINUTE_BITS
from server.county.model import FlowRow, LedgerEntry, Page, QualityMinute
from server.county.paging import write_cursor
from server.county.ports import CreditTotal, LedgerQuery

from .rows import entry_of, entry_values, insert, insert_in
from .shelf import BEGAN
from .tables import flow, ledger, lesson_schools, lessons, quality

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Insert
    from sqlalchemy.ext.asyncio import AsyncConnection

    from server.county.model import Form

CREDIT_LOCK = 0x6C6564676572  # "ledger": PostgreSQL's advisory lock of writers of credits


@cache
def _merging_flow(dialect: str) -> Insert:
    """Kept, as the next one too: both run all through a lesson, and putting one together costs more than running it."""
    statement = insert_in(dialect, flow)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=list(flow.primary_key.columns),
        set_={
            "mask": flow.c.mask.op("|")(new.mask),
            "packets": flow.c.packets + new.packets,
            "bytes": flow.c.bytes + new.bytes,
        },
    )


@cache
def _merging_quality(dialect: str) -> Insert:
    statement = insert_in(dialect, quality)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=list(quality.primary_key.columns),
        set_={
            "looks": quality.c.looks.op("|")(new.looks),
            "bad": quality.c.bad.op("|")(new.bad),
            "loss": quality.c.loss + new.loss,
            "samples": quality.c.samples + new.samples,
        },
    )


class SqlFlow:
    """`county.ports.FlowRepository`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def merge(self, rows: Sequence[FlowRow]) -> None:
        if not rows:
            return
        # Sorted, so that two writers of one lesson lock its rows in the same order.
        ordered = sorted(rows, key=lambda row: (row.lesson_id, row.participant_id, row.source, row.direction, row.kind))
        await self._db.execute(
            _merging_flow(self._db.dialect.name),
            [
                {
                    "lesson_id": row.lesson_id,
                    "participant_id": row.participant_id,
                    "source": row.source,
                    "direction": row.direction,
                    "kind": row.kind,
                    "minute": row.minute,
                    "mask": row.mask & MINUTE_BITS,
                    "packets": row.packets,
                    "bytes": row.bytes,
                }
                for row in ordered
            ],
        )

    async def of_lesson(self, lesson_id: str) -> list[FlowRow]:
        rows = await self._db.execute(select(flow).where(flow.c.lesson_id == lesson_id).order_by(flow.c.minute))
        return [FlowRow(*row) for row in rows]

    async def of_lessons(self, lesson_ids: Iterable[str]) -> dict[str, list[FlowRow]]:
        found: dict[str, list[FlowRow]] = {}
        for row in await self._db.execute(select(flow).where(flow.c.lesson_id.in_(list(lesson_ids)))):
            found.setdefault(row.lesson_id, []).append(FlowRow(*row))
        return found

    async def last_in(self, lesson_id: str, participant_id: str) -> float | None:
        rows = await self._db.execute(
            select(flow.c.minute, flow.c.mask)
            .where(
                flow.c.lesson_id == lesson_id,
                flow.c.participant_id == participant_id,
                flow.c.direction == "in",
                flow.c.mask != 0,
            )
            .order_by(flow.c.minute.desc())
            .limit(8)  # at most kinds x sources of the newest minute matter
        )
        ends = [row.minute * 60 + row.mask.bit_length() - 1 for row in rows]
        return float(max(ends)) if ends else None


class SqlQuality:
    """`county.ports.QualityRepository`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def merge(self, rows: Sequence[QualityMinute]) -> None:
        if not rows:
            return
        ordered = sorted(rows, key=lambda row: (row.lesson_id, row.participant_id, row.direction, row.minute))
        await self._db.execute(_merging_quality(self._db.dialect.name), [asdict(row) for row in ordered])

    async def of_lesson(self, lesson_id: str) -> list[QualityMinute]:
        chosen = select(quality).where(quality.c.lesson_id == lesson_id).order_by(quality.c.minute)
        return [QualityMinute(*row) for row in await self._db.execute(chosen)]


class SqlLedger:
    """`county.ports.LedgerRepository`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def lock(self) -> None:
        # On SQLite BEGIN IMMEDIATE has let in one writer already.
        if self._db.dialect.name == "postgresql":
            await self._db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CREDIT_LOCK})

    async def append(self, entry: LedgerEntry) -> bool:
        statement = insert(self._db, ledger).values(entry_values(entry))
        done = await self._db.execute(statement.on_conflict_do_nothing(index_elements=[ledger.c.key]))
        return done.rowcount == 1

    async def get(self, entry_id: str) -> LedgerEntry | None:
        row = (await self._db.execute(select(ledger).where(ledger.c.id == entry_id))).one_or_none()
        return None if row is None else entry_of(row)

    async def of_lesson(self, lesson_id: str) -> list[LedgerEntry]:
        chosen = select(ledger).where(ledger.c.lesson_id == lesson_id).order_by(ledger.c.seq)
        return [entry_of(row) for row in await self._db.execute(chosen)]

    async def of_lessons(self, lesson_ids: Iterable[str]) -> dict[str, list[LedgerEntry]]:
        chosen = select(ledger).where(ledger.c.lesson_id.in_(list(lesson_ids))).order_by(ledger.c.seq)
        found: dict[str, list[LedgerEntry]] = {}
        for row in await self._db.execute(chosen):
            found.setdefault(row.lesson_id, []).append(entry_of(row))
        return found

    async def lesson_ids(self) -> set[str]:
        return set(await self._db.scalars(select(ledger.c.lesson_id).distinct()))

    async def page(self, query: LedgerQuery) -> Page[LedgerEntry]:
        statement = select(ledger).order_by(ledger.c.at.desc(), ledger.c.id.desc()).limit(query.limit + 1)
        if query.lesson_id is not None:
            statement = statement.where(ledger.c.lesson_id == query.lesson_id)
        if query.school_id is not None:
            statement = statement.where(ledger.c.school_id == query.school_id)
        if query.involving is not None:
            inside = select(lesson_schools.c.lesson_id).where(lesson_schools.c.school_id == query.involving)
            statement = statement.where(ledger.c.lesson_id.in_(inside))
        if query.after is not None:
            statement = statement.where(tuple_(ledger.c.at, ledger.c.id) < query.after)
        found = [entry_of(row) for row in await self._db.execute(statement)]
        items = found[: query.limit]
        more = len(found) > query.limit
        return Page(items, write_cursor(items[-1].at, items[-1].id) if more else None)

    async def credited_schools(self, lesson_ids: Iterable[str]) -> dict[str, frozenset[str]]:
        rows = await self._db.execute(
            select(ledger.c.lesson_id, ledger.c.school_id)
            .where(ledger.c.lesson_id.in_(list(lesson_ids)))
            .group_by(ledger.c.lesson_id, ledger.c.school_id)
            .having(func.sum(ledger.c.amount) > 0)
        )
        found: dict[str, frozenset[str]] = {}
        for lesson_id, school_id in rows:
            found[lesson_id] = found.get(lesson_id, frozenset()) | {school_id}
        return found

    async def totals(
        self, since: float, until: float, form: Form, *, written_until: float | None = None
    ) -> list[CreditTotal]:
        written = [] if written_until is None else [ledger.c.at <= written_until]
        rows = await self._db.execute(
            select(ledger.c.school_id, ledger.c.subject_id, func.sum(ledger.c.amount))
            .join(lessons, lessons.c.id == ledger.c.lesson_id)
            .where(since <= BEGAN, until > BEGAN, ledger.c.form == form.value, *written)
            .group_by(ledger.c.school_id, ledger.c.subject_id)
        )
        return [CreditTotal(school_id, subject_id, int(amount)) for school_id, subject_id, amount in rows]
