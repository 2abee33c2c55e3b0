"""Storage of what the evaluation and the audit keep: `county.ports` continued."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from .audit.frozen import Frozen
    from .evaluation.gather import Entry


@dataclass(frozen=True, slots=True)
class AuditRun:
    """One audit. `key` is unique, so that of several processes one does the night's. `ended_at` None: under way.

    `differences`: as JSON, the first of them; `found`: how many there were. `failed`: why it could not be done.
    """

    id: str
    key: str
    by: str
    begun_at: float
    ended_at: float | None = None
    lessons: int = 0
    entries: int = 0
    evaluations: int = 0
    found: int = 0
    differences: tuple[dict[str, Any], ...] = ()
    failed: str = ""


class EvaluationRepository(Protocol):
    """Entered facts and frozen evaluations (append-only), and runs of the audit."""

    async def enter(self, entry: Entry) -> None: ...
    async def entries(self, year: int) -> list[Entry]:
        """In the order they were written."""
        ...

    async def freeze(self, frozen: Frozen) -> None: ...
    async def frozen(self, frozen_id: str) -> Frozen | None: ...
    async def all_frozen(self) -> list[Frozen]:
        """Newest first."""
        ...

    async def begin_audit(self, run: AuditRun) -> bool:
        """False if a run with that key is there already."""
        ...

    async def end_audit(self, run: AuditRun) -> None: ...
    async def audits(self, limit: int) -> list[AuditRun]:
        """Newest first."""
        ...
