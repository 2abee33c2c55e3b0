"""`county.ports_reports.ReportRepository` in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.county.lessons import began_at
from server.county.model import LessonState
from server.county.progress import Lived

if TYPE_CHECKING:
    from server.county.model import Form
    from server.county.ports import LedgerRepository
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
