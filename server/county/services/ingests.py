"""Room recorders as sources: what the auditor is to find of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..ports import AuditRow

if TYPE_CHECKING:
    from ..model import Actor
    from ..ports import Clock, UnitsOfWork


class IngestNotes:
    """Who let the server connect to which address, and who ended it."""

    def __init__(self, store: UnitsOfWork, now: Clock) -> None:
        self._store = store
        self._now = now

    async def note(self, actor: Actor, action: str, lesson_id: str, detail: str) -> None:
        """Keep one act; `detail` must hold no credentials."""
        async with self._store.write() as work:
            await work.audit(AuditRow(self._now(), actor.id, action, lesson_id, detail[:400]))
