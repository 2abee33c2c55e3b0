"""What the board and the reports need of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .model import Form
    from .progress import Lived


class ReportRepository(Protocol):
    """Lessons with what became of them."""

    async def lived(self, since: float, until: float, form: Form) -> list[Lived]:
        """Lessons that began (or were to begin) in [since, until), newest first."""
        ...
