"""`county.ports_reports.ReportRepository` in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.county.lessons import began_at
from server.county.model import LessonState
from server.county.progress import Lived

if TYPE_CHECKING:
    from server.county.model import Form
    from server.county.ports import LedgerRepository
    from server.county.reports.model import Scope
    from server.county.reports.sent import SentLine, SentReport
    from tests.fakes.county import State


class MemoryReports:
    def __init__(self, state: State, ledger: LedgerRepository) -> None:
        self._state = state
        self._ledger = ledger

    async def lived(self, since: float, until: float, form: Form) -> list[Lived]:
        lessons = [one for one in self._state.lessons.values() if one.form is form and since <= began_at(one) < until]
        credited = await self._ledger.credited_schools([one.id for one in lessons])
        said = {one.lesson_id: one.reason for one in self._state.events if one.to_state is LessonState.CANCELLED}
        return [
            Lived(
                one,
                tuple(self._state.reasons.get(one.id, ())),
                credited.get(one.id, frozenset()),
                said.get(one.id, ""),
            )
            for one in sorted(lessons, key=lambda one: (began_at(one), one.id), reverse=True)
        ]

    async def send(self, report: SentReport) -> bool:
        line = report.line
        if any(one.version == line.version for one in await self._of(line.scope, line.scope_id, line.month)):
            return False
        self._state.sent_reports[line.id] = report
        return True

    async def sent(
        self, *, scope: Scope | None = None, scope_id: str | None = None, month: str | None = None
    ) -> list[SentLine]:
        found = await self._of(scope, scope_id, month)
        return sorted(found, key=lambda one: (-one.at, -one.version, one.id))

    async def _of(self, scope: Scope | None, scope_id: str | None, month: str | None) -> list[SentLine]:
        return [
            one.line
            for one in self._state.sent_reports.values()
            if scope in (None, one.line.scope)
            and scope_id in (None, one.line.scope_id)
            and month in (None, one.line.month)
        ]

    async def sent_report(self, report_id: str) -> SentReport | None:
        return self._state.sent_reports.get(report_id)
