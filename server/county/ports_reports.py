"""What the board and the reports need of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .model import Form
    from .progress import Lived
    from .reports.model import Scope
    from .reports.sent import SentLine, SentReport


class ReportRepository(Protocol):
    """Lessons with what became of them; reports that were sent (append-only)."""

    async def lived(self, since: float, until: float, form: Form) -> list[Lived]:
        """Lessons that began (or were to begin) in [since, until), newest first."""
        ...

    async def send(self, report: SentReport) -> bool:
        """False if that version is there already."""
        ...

    async def sent(
        self, *, scope: Scope | None = None, scope_id: str | None = None, month: str | None = None
    ) -> list[SentLine]:
        """Newest first."""
        ...

    async def sent_report(self, report_id: str) -> SentReport | None: ...
