"""Crediting as a service: run the policy on a verified lesson, credit and reverse by hand, read the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..model import Actor, LedgerEntry, Lesson, Page
    from ..policies import CountyConfig
    from ..ports import Clock, LessonNotices, UnitsOfWork


class Crediting:
    """At most one credit stands per lesson and school, whatever is run, reversed or credited in whatever order."""

    def __init__(self, store: UnitsOfWork, notices: LessonNotices, config: CountyConfig, now: Clock) -> None:
        self._store = store
        self._notices = notices
        self._config = config
        self._now = now

    async def run(self, lesson_id: str) -> Lesson | None:
        """verified → credited | rejected | needs_review with ledger entries and reasons in one transaction.

        A lesson in any other state is answered unchanged. None: no such lesson.
        """
        ...

    async def credit_by_hand(self, actor: Actor, lesson_id: str, school_id: str, reason: str) -> LedgerEntry:
        """Admin, researcher. Raises Conflict (`already_credited`, or the lesson never ran), Invalid (reason, school), NotFound, Forbidden."""
        ...

    async def reverse(self, actor: Actor, entry_id: str, reason: str) -> LedgerEntry:
        """A new entry of -1 naming the reversed one. Admin, researcher. Raises Conflict (`already_reversed`, `is_reversal`), Invalid, NotFound, Forbidden."""
        ...

    async def ledger(
        self,
        actor: Actor,
        lesson_id: str | None = None,
        school_id: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[LedgerEntry]:
        """Newest first. A teacher sees only lessons in which the own school takes part. Raises Forbidden, Invalid."""
        ...
