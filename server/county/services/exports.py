"""Who may take a recording away as a film, and that it is kept for the auditor.

While the recording lies in the trash its films are not there for anybody; they come back with it, and are deleted
with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..permissions import Action, require_lesson
from ..ports import AuditRow
from ..shelf import check_there

if TYPE_CHECKING:
    from ..model import Actor, Lesson
    from ..ports import Clock, UnitOfWork, UnitsOfWork


class Exports:
    """Every method answers the lesson. Raises NotFound (no lesson to see, in the trash, deleted), Forbidden."""

    def __init__(self, store: UnitsOfWork, now: Clock) -> None:
        self._store = store
        self._now = now

    async def see(self, actor: Actor, lesson_id: str) -> Lesson:
        """For looking at what there is."""
        async with self._store.read() as work:
            return await _allowed(work, actor, lesson_id)

    async def act(self, actor: Actor, lesson_id: str, what: str, export_id: str, detail: str = "") -> Lesson:
        """For an act that is kept: `what` is `make`, `cancel`, `resume`, `delete` or `download`."""
        async with self._store.write() as work:
            lesson = await _allowed(work, actor, lesson_id)
            subject = f"{lesson_id}/{export_id}"
            await work.audit(AuditRow(self._now(), actor.id, f"recording.export.{what}", subject, detail))
        return lesson


async def _allowed(work: UnitOfWork, actor: Actor, lesson_id: str) -> Lesson:
    lesson = require_lesson(actor, Action.RECORDING_EXPORT, await work.lessons.get(lesson_id), lesson_id)
    check_there((await work.shelf.of([lesson_id])).get(lesson_id))
    return lesson
