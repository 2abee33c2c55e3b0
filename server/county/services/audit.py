"""The audit as a service: all of the ledger and every frozen evaluation computed again; each run is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING

from ..audit.frozen import frozen_differences
from ..audit.ledger import JUDGED, Case, LedgerAudit
from ..ids import new_id
from ..model import LessonState
from ..permissions import Action, require
from ..ports_evaluation import AuditRun
from ..targets import local_zone
from .evaluation import credited_then

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from ..audit.findings import Difference
    from ..model import Actor, Lesson
    from ..policies import CountyConfig
    from ..ports import Clock, UnitsOfWork

AT_ONCE = 100  # lessons whose flow is in memory at a time: about 50,000 rows
KEPT = 500  # differences that are kept of a run
NIGHT = 2  # the hour, on the county's clock, from which a night's audit is due
LOST = 6 * 3600.0  # a run that has not ended by then (s) never will


class Audits:
    """Reads everything and changes nothing but its own list of runs."""

    def __init__(self, store: UnitsOfWork, config: CountyConfig, now: Clock, key: str) -> None:
        self._store = store
        self._config = config
        self._now = now
        self._key = key

    async def due(self) -> str | None:
        """The key of tonight's audit if it is due and nobody began it."""
        local = datetime.fromtimestamp(self._now(), UTC).astimezone(local_zone(self._config.targets))
        key = f"night:{local.date()}"
        if local.hour < NIGHT:
            return None
        async with self._store.read() as work:
            return None if any(run.key == key for run in await work.evaluations.audits(20)) else key

    async def last(self, actor: Actor, limit: int = 10) -> list[AuditRun]:
        """Newest first; one that was lost is told as failed. Administrator."""
        require(actor, Action.AUDIT_SEE)
        async with self._store.read() as work:
            runs = await work.evaluations.audits(limit)
        return [
            replace(run, ended_at=run.begun_at + LOST, failed="没有做完，可能当时停机 / it never ended")
            if run.ended_at is None and self._now() - run.begun_at > LOST
            else run
            for run in runs
        ]

    async def run(
        self, by: str, key: str | None = None, told: Callable[[Difference], None] = lambda difference: None
    ) -> AuditRun | None:
        """Compute everything again and keep what was found. None: another process has that key's run.

        `told`: called with every difference, also those beyond the kept ones.
        """
        now = self._now()
        run = AuditRun(id=new_id("a", now), key="", by=by, begun_at=now)
        run = replace(run, key=key or run.id)
        async with self._store.write() as work:
            if not await work.evaluations.begin_audit(run):
                return None
        try:
            run = await self._compute(run, told)
        except Exception as problem:
            run = replace(run, failed=f"{type(problem).__name__}: {problem}"[:500])
            raise
        finally:
            async with self._store.write() as work:
                await work.evaluations.end_audit(replace(run, ended_at=self._now()))
        return replace(run, ended_at=self._now())

    async def _compute(self, run: AuditRun, told: Callable[[Difference], None]) -> AuditRun:
        ledger = LedgerAudit(self._config.policies)
        async for case in self._cases():
            ledger.look(case)
        found = ledger.differences()
        async with self._store.read() as work:
            every = await work.evaluations.all_frozen()
        for frozen in every:
            async with self._store.read() as work:
                credited = await credited_then(work, frozen, self._config)
            found += frozen_differences(frozen, self._key, credited)
        for difference in found:
            told(difference)
        return replace(
            run,
            lessons=ledger.lessons,
            entries=ledger.entries,
            evaluations=len(every),
            found=len(found),
            differences=tuple(difference.as_dict() for difference in found[:KEPT]),
        )

    async def _cases(self) -> AsyncIterator[Case]:
        """Every lesson that was judged, and every other that has an entry."""
        async with self._store.read() as work:
            lessons = {one.id: one for one in await work.lessons.in_states([*JUDGED, LessonState.NEEDS_REVIEW])}
            for lesson_id in await work.ledger.lesson_ids() - lessons.keys():
                lesson = await work.lessons.get(lesson_id)
                if lesson is not None:
                    lessons[lesson_id] = lesson
        for ids in _parts(iter(lessons), AT_ONCE):
            async with self._store.read() as work:
                flow = await work.flow.of_lessons(ids)
                entries = await work.ledger.of_lessons(ids)
                recordings = await work.lessons.recordings(ids)
                played = await work.courses.played(ids)
                fresh: dict[str, Lesson | None] = {one: await work.lessons.get(one) for one in ids}
            for one in ids:
                lesson = fresh[one]
                if lesson is not None:
                    own = [each for each in played if each.lesson_id == one]
                    yield Case(lesson, flow.get(one, ()), recordings.get(one), entries.get(one, ()), own)


def _parts(ids: Iterator[str], size: int) -> Iterator[list[str]]:
    while part := list(islice(ids, size)):
        yield part
