"""One transaction over all repositories: `county.ports.UnitOfWork` on a connection."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from .evaluation import SqlEvaluations
from .evidence import SqlFlow, SqlLedger, SqlQuality
from .lessons import SqlLessons
from .materials import SqlMaterials
from .observations import SqlObservations
from .people import SqlDevices, SqlSessions, SqlUsers
from .roster import SqlRoster
from .tables import audit_log

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from server.county.ports import AuditRow


class SqlUnitOfWork:
    """Repositories sharing one connection and its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection
        self.roster = SqlRoster(connection)
        self.users = SqlUsers(connection)
        self.sessions = SqlSessions(connection)
        self.devices = SqlDevices(connection)
        self.lessons = SqlLessons(connection)
        self.flow = SqlFlow(connection)
        self.quality = SqlQuality(connection)
        self.ledger = SqlLedger(connection)
        self.evaluations = SqlEvaluations(connection)
        self.materials = SqlMaterials(connection)
        self.observations = SqlObservations(connection)

    async def audit(self, row: AuditRow) -> None:
        """Append to the audit log."""
        await self._db.execute(audit_log.insert().values(asdict(row)))
