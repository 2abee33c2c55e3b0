"""Repository of entered facts, frozen evaluations and audit runs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from server.county.audit.frozen import Frozen
from server.county.evaluation.gather import Entry
from server.county.ports_evaluation import AuditRun

from .rows import insert
from .tables_evaluation import audit_runs, entered_facts, evaluations

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection


class SqlEvaluations:
    """`county.ports_evaluation.EvaluationRepository`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def enter(self, entry: Entry) -> None:
        await self._db.execute(entered_facts.insert().values(asdict(entry)))

    async def entries(self, year: int) -> list[Entry]:
        chosen = select(entered_facts).where(entered_facts.c.year == year).order_by(entered_facts.c.seq)
        return [Entry(*row[1:]) for row in await self._db.execute(chosen)]

    async def freeze(self, frozen: Frozen) -> None:
        await self._db.execute(evaluations.insert().values(asdict(frozen)))

    async def frozen(self, frozen_id: str) -> Frozen | None:
        row = (await self._db.execute(select(evaluations).where(evaluations.c.id == frozen_id))).one_or_none()
        return None if row is None else Frozen(*row)

    async def all_frozen(self) -> list[Frozen]:
        chosen = select(evaluations).order_by(evaluations.c.at.desc(), evaluations.c.id.desc())
        return [Frozen(*row) for row in await self._db.execute(chosen)]

    async def begin_audit(self, run: AuditRun) -> bool:
        statement = insert(self._db, audit_runs).values(_values(run))
        done = await self._db.execute(statement.on_conflict_do_nothing(index_elements=[audit_runs.c.key]))
        return done.rowcount == 1

    async def end_audit(self, run: AuditRun) -> None:
        await self._db.execute(update(audit_runs).where(audit_runs.c.id == run.id).values(_values(run)))

    async def audits(self, limit: int) -> list[AuditRun]:
        chosen = select(audit_runs).order_by(audit_runs.c.begun_at.desc(), audit_runs.c.id.desc()).limit(limit)
        return [_run(row) for row in await self._db.execute(chosen)]


def _values(run: AuditRun) -> dict[str, Any]:
    return asdict(run) | {"differences": list(run.differences)}


def _run(row: Row[Any]) -> AuditRun:
    return AuditRun(**row._asdict() | {"differences": tuple(row.differences)})
