"""Repository of classrooms' own checks and scans of agreements: `county.ports_readiness.ReadinessRepository`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from server.county.readiness.agreements import AgreementFile
from server.county.readiness.dates import Check
from server.county.readiness.standard import Item, figures_body, figures_of

from .rows import insert
from .tables_readiness import agreement_files, readiness_checks

if TYPE_CHECKING:
    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection


class SqlReadiness:
    """Checks are added, never changed."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def add(self, check: Check) -> None:
        values = {name: getattr(check, name) for name in Check.__dataclass_fields__}
        values |= {
            "day": check.day.isoformat(),
            "figures": figures_body(check.figures),
            "failed": [item.value for item in check.failed],
        }
        await self._db.execute(readiness_checks.insert().values(values))

    async def all(self) -> list[Check]:
        rows = await self._db.execute(select(readiness_checks).order_by(readiness_checks.c.at, readiness_checks.c.id))
        return [_check(row) for row in rows]

    async def files(self) -> dict[str, AgreementFile]:
        return {row.pairing_id: AgreementFile(*row) for row in await self._db.execute(select(agreement_files))}

    async def put_file(self, file: AgreementFile) -> None:
        values = asdict(file)
        statement = insert(self._db, agreement_files).values(values)
        await self._db.execute(
            statement.on_conflict_do_update(index_elements=[agreement_files.c.pairing_id], set_=values)
        )

    async def of_school(self, school_id: str, limit: int) -> list[Check]:
        checks = readiness_checks.c
        chosen = select(readiness_checks).where(checks.school_id == school_id)
        rows = await self._db.execute(chosen.order_by(checks.at.desc(), checks.id.desc()).limit(limit))
        return [_check(row) for row in rows]


def _check(row: Row[Any]) -> Check:
    return Check(
        **row._asdict()
        | {
            "day": date.fromisoformat(row.day),
            "figures": figures_of(row.figures),
            "failed": tuple(Item(name) for name in row.failed),
        }
    )
