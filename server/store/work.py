"""One transaction over all repositories: `county.ports.UnitOfWork` on a connection."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from server.county.model import Page
from server.county.paging import write_cursor
from server.county.ports import AuditRow

from .cases import SqlCases
from .courses import SqlCourses
from .doubts import SqlDoubts
from .evaluation import SqlEvaluations
from .evidence import SqlFlow, SqlLedger, SqlQuality
from .feeds import SqlFeeds
from .lessons import SqlLessons
from .materials import SqlMaterials
from .observations import SqlObservations
from .people import SqlDevices, SqlSessions, SqlUsers
from .readiness import SqlReadiness
from .reports import SqlReports
from .roster import SqlRoster
from .shelf import SqlPositions, SqlShelf
from .surveys import SqlSurveys
from .tables import audit_log

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from server.county.ports import AuditQuery


class SqlUnitOfWork:
    """Repositories sharing one connection and its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection
        self.roster = SqlRoster(connection)
        self.users = SqlUsers(connection)
        self.sessions = SqlSessions(connection)
        self.devices = SqlDevices(connection)
        self.feeds = SqlFeeds(connection)
        self.lessons = SqlLessons(connection)
        self.flow = SqlFlow(connection)
        self.quality = SqlQuality(connection)
        self.ledger = SqlLedger(connection)
        self.cases = SqlCases(connection)
        self.evaluations = SqlEvaluations(connection)
        self.courses = SqlCourses(connection)
        self.materials = SqlMaterials(connection)
        self.observations = SqlObservations(connection)
        self.reports = SqlReports(connection)
        self.doubts = SqlDoubts(connection)
        self.shelf = SqlShelf(connection)
        self.positions = SqlPositions(connection)
        self.surveys = SqlSurveys(connection)
        self.readiness = SqlReadiness(connection)

    async def audit(self, row: AuditRow) -> None:
        """Append to the audit log."""
        await self._db.execute(audit_log.insert().values(asdict(row)))

    async def audit_page(self, query: AuditQuery) -> Page[AuditRow]:
        """Newest first; the cursor's id is the row's number."""
        log = audit_log.c
        chosen = select(audit_log).order_by(log.seq.desc()).limit(query.limit + 1)
        if query.action is not None:
            group = query.action.endswith(".")
            chosen = chosen.where(
                log.action.startswith(query.action, autoescape=True) if group else log.action == query.action
            )
        for column, value in ((log.actor_id, query.actor_id), (log.subject, query.subject)):
            if value is not None:
                chosen = chosen.where(column == value)
        if query.since is not None:
            chosen = chosen.where(log.at >= query.since)
        if query.until is not None:
            chosen = chosen.where(log.at < query.until)
        if query.after is not None:
            chosen = chosen.where(log.seq < row_number(query.after))
        found = list(await self._db.execute(chosen))
        items = [AuditRow(*row[1:]) for row in found[: query.limit]]
        last = found[query.limit - 1] if len(found) > query.limit else None
        return Page(items, None if last is None else write_cursor(last.at, str(last.seq)))


def row_number(after: tuple[float, str]) -> int:
    """The row number in a cursor; one that nobody was given shows nothing."""
    return int(after[1]) if after[1].isascii() and after[1].isdigit() and len(after[1]) < 19 else 0
