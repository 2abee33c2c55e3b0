"""The library: recordings found again, kept, put away and taken back, and who watched them.

A recording has its lesson's id. Whoever may see the lesson may see its recording (`permissions`), and so may the
schools of a course that shows it; what lies in the trash only who may put it there. Each view and download is in the
audit log before its first byte is sent.
"""

from __future__ import annotations

import asyncio
import math
from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import Conflict, CountyError, Invalid, NotFound
from ..paging import check_limit, read_cursor
from ..permissions import Action, Scope, lists_of, may, require, require_lesson
from ..ports import MAX_ADDRESS, AuditQuery, AuditRow, LessonQuery
from ..retention import DAY, PACE_DAYS, check_trash, finished, keep_until, night_of, weigh_space
from ..shelf import Position, Shelf, ShelfRecord, check_there
from ._life import SYSTEM, check_reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..model import Actor, Form, Lesson, LessonState, Page
    from ..policies import CountyConfig
    from ..ports import Clock, UnitOfWork, UnitsOfWork
    from ..retention import Space
    from ..shelf import Measure

MAX_WORDS, MAX_WORD = 8, 100
# Requests of one account for one recording within this time (s) of each other are one view.
ONE_VIEW = 1800.0
REMEMBERED = 10_000


class Library:
    """Every method that takes an actor checks its permission; a recording one may not see is NotFound."""

    def __init__(self, store: UnitsOfWork, config: CountyConfig, now: Clock) -> None:
        self._store = store
        self._now = now
        self._offset = config.targets.utc_offset_minutes
        self.policy = config.retention
        self._views: dict[tuple[str, str, str, str], float] = {}
        self._viewing = asyncio.Lock()

    # --- finding ----------------------------------------------------------------------------------------------------

    async def search(
        self,
        actor: Actor,
        *,
        words: str = "",
        states: Sequence[LessonState] = (),
        school_id: str | None = None,
        subject_id: str | None = None,
        teacher_id: str | None = None,
        since: float | None = None,
        until: float | None = None,
        shelf: Shelf = Shelf.OPEN,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Lesson]:
        """Lessons with a recording, newest first. `words`: each stands in the topic or a name.

        Raises Invalid, Forbidden (the trash).
        """
        if shelf is Shelf.TRASH:
            require(actor, Action.RECORDING_TRASH)
        involving, receiving = lists_of(actor)
        query = LessonQuery(
            states=tuple(states),
            school_id=school_id,
            involving=involving,
            receiving=receiving,
            subject_id=subject_id,
            teacher_id=teacher_id,
            words=tuple(word[:MAX_WORD] for word in words.split()[:MAX_WORDS]),
            shelf=shelf,
            since=since,
            until=until,
            after=read_cursor(cursor),
            limit=check_limit(limit),
        )
        async with self._store.read() as work:
            return await work.lessons.page(query)

    async def open(self, actor: Actor, lesson_id: str) -> Lesson:
        """The lesson whose recording may be watched. Raises NotFound."""
        async with self._store.read() as work:
            lesson = await self._opened(work, actor, lesson_id)
            record = (await work.shelf.of([lesson_id])).get(lesson_id)
        check_there(record, looking_into_trash=may(actor, Action.RECORDING_TRASH))
        return lesson

    async def _opened(self, work: UnitOfWork, actor: Actor, lesson_id: str) -> Lesson:
        """By the table, or because a published case or a course of the actor's school shows it, or the actor reviews
        such a case. Raises NotFound."""
        found = await work.lessons.get(lesson_id)
        cases = await work.cases.open_to(lesson_id, actor.id) if may(actor, Action.CASES_LIST) else []
        if found is not None and any(case.recording_id == lesson_id for case in cases):
            return found
        if found is not None and await _given(work, actor, found):
            return found
        return require_lesson(actor, Action.RECORDING_SEE, found, lesson_id)

    async def shelves(self, lesson_ids: Iterable[str]) -> dict[str, ShelfRecord]:
        """Shelf records of lessons whose permission was checked; without an entry: nothing known."""
        async with self._store.read() as work:
            return await work.shelf.of(lesson_ids)

    # --- watching ---------------------------------------------------------------------------------------------------

    async def watched(self, actor: Actor, lesson_id: str, action: str, detail: str, address: str) -> None:
        """Put a view or a download into the audit log, once for requests that follow each other."""
        now = self._now()
        key = (actor.id, lesson_id, action, detail)
        if now - self._views.get(key, -math.inf) >= ONE_VIEW:
            async with self._viewing:
                if now - self._views.get(key, -math.inf) >= ONE_VIEW:  # nobody else wrote it meanwhile
                    async with self._store.write() as work:
                        await _note(work, now, actor, action, lesson_id, detail, address)
        self._views[key] = now
        if len(self._views) > REMEMBERED:
            self._views = {one: at for one, at in self._views.items() if now - at < ONE_VIEW}

    async def stopped_at(self, actor: Actor, lesson_id: str, position: float, duration: float) -> None:
        """Remember how far the actor watched. Raises Invalid, NotFound."""
        if not (math.isfinite(position) and math.isfinite(duration) and 0 <= position <= duration + 1.0):
            raise Invalid("bad_position", "position 应在 0 和 duration 之间。", "position must be within duration.")
        lesson = await self.open(actor, lesson_id)
        async with self._store.write() as work:
            await work.positions.save(Position(actor.id, lesson.id, position, duration, self._now()))

    async def positions(self, actor: Actor, lesson_ids: Iterable[str]) -> dict[str, Position]:
        """Where the actor stopped, by lesson."""
        async with self._store.read() as work:
            return await work.positions.of(actor.id, lesson_ids)

    async def watching(self, actor: Actor, limit: int = 8) -> list[Lesson]:
        """Lessons whose recording the actor began and did not finish, the newest first."""
        async with self._store.read() as work:
            found: list[Lesson] = []
            for position in await work.positions.newest(actor.id, 50):
                lesson = await work.lessons.get(position.lesson_id)
                if finished(position.position, position.duration) or lesson is None:
                    continue
                if may(actor, Action.RECORDING_SEE, Scope.of_lesson(lesson)):
                    found.append(lesson)
                if len(found) == limit:
                    break
            return found

    # --- keeping and the trash --------------------------------------------------------------------------------------

    async def keep(self, actor: Actor, lesson_id: str, reason: str, address: str = "") -> ShelfRecord:
        """Mark to be kept for ever. Raises Invalid, Forbidden, NotFound, Conflict (in the trash)."""
        reason = check_reason(reason)
        async with self._store.write() as work:
            record = await _locked(work, actor, Action.RECORDING_KEEP, lesson_id)
            if record.trashed_at is not None:
                raise _in_trash()
            now = self._now()
            record = replace(record, kept_at=now, kept_by=actor.id, kept_reason=reason)
            await work.shelf.save(record)
            await _note(work, now, actor, "recording.keep", lesson_id, reason, address)
        return record

    async def release(self, actor: Actor, lesson_id: str, address: str = "") -> ShelfRecord:
        """Take that mark off; its term holds again. Raises Forbidden, NotFound."""
        async with self._store.write() as work:
            record = await _locked(work, actor, Action.RECORDING_KEEP, lesson_id)
            if record.kept_at is not None:
                record = replace(record, kept_at=None, kept_by="", kept_reason="")
                await work.shelf.save(record)
                await _note(work, self._now(), actor, "recording.release", lesson_id, address=address)
        return record

    async def trash(self, actor: Actor, lesson_id: str, reason: str, address: str = "") -> ShelfRecord:
        """Put into the trash; again is answered as it is.

        Raises Invalid, Forbidden, NotFound, Conflict (a rule keeps it).
        """
        reason = check_reason(reason)
        async with self._store.write() as work:
            record = await _locked(work, actor, Action.RECORDING_TRASH, lesson_id)
            if record.trashed_at is not None:
                return record
            lesson = await work.lessons.get(lesson_id)
            if lesson is None:
                raise _nothing()
            return await self._put_away(work, lesson, record, actor, reason, address)

    async def restore(self, actor: Actor, lesson_id: str, address: str = "") -> ShelfRecord:
        """Take back out of the trash. Raises Forbidden, NotFound, Conflict (its deletion began)."""
        async with self._store.write() as work:
            record = await _locked(work, actor, Action.RECORDING_TRASH, lesson_id)
            if record.deleting_at is not None:
                raise Conflict(
                    "recording_deleting",
                    "这个录像在回收站里的期限已到，正在删除，不能再恢复。",
                    "The time of this recording in the trash is over; it is being deleted.",
                )
            if record.trashed_at is not None:
                record = replace(record, trashed_at=None, trashed_by="", trash_reason="")
                await work.shelf.save(record)
                await _note(work, self._now(), actor, "recording.restore", lesson_id, address=address)
        return record

    async def _put_away(
        self, work: UnitOfWork, lesson: Lesson, record: ShelfRecord, actor: Actor, reason: str, address: str
    ) -> ShelfRecord:
        now = self._now()
        credited = bool((await work.ledger.credited_schools([lesson.id])).get(lesson.id))
        case = await work.cases.holds(lesson.id)
        title = case.title if case is not None else None
        courses = await work.courses.showing(lesson.id)
        check_trash(lesson, record, credited=credited, courses=courses, case=title, policy=self.policy, now=now)
        record = replace(record, trashed_at=now, trashed_by=actor.id, trash_reason=reason)
        await work.shelf.save(record)
        await _note(work, now, actor, "recording.trash", lesson.id, reason, address)
        return record

    # --- what happens by itself -------------------------------------------------------------------------------------

    def tonight(self) -> int:
        """A number for the night whose work is due; another one each night, from the policy's hour on."""
        return night_of(self._now(), self.policy.hour, self._offset)

    async def night(self) -> list[str]:
        """The nightly work, safe to repeat: recordings whose term ended go into the trash.

        Answers what lay there long enough, whose files are to be deleted now; there is no way back for these.
        """
        for form in self.policy.terms:
            await self._expire(form)
        now = self._now()
        async with self._store.write() as work:
            due = await work.shelf.trashed(now - self.policy.trash_term)
            records = await work.shelf.of(due)
            for lesson_id in due:
                if records[lesson_id].deleting_at is None:
                    await work.shelf.save(replace(records[lesson_id], deleting_at=now))
                    await _note(work, now, SYSTEM, "recording.delete", lesson_id)
        return due

    async def _expire(self, form: Form) -> None:
        term = self.policy.terms[form]
        if term is None:
            return
        async with self._store.read() as work:
            over = await work.shelf.expired(form, self._now() - term)
        for lesson_id in over:
            async with self._store.write() as work:
                lesson = await work.lessons.get(lesson_id, lock=True)
                record = (await work.shelf.of([lesson_id])).get(lesson_id, ShelfRecord(lesson_id))
                if lesson is None or record.trashed_at is not None:
                    continue
                try:
                    await self._put_away(work, lesson, record, SYSTEM, "保存期已满 / its term is over", "")
                except CountyError:  # another rule keeps it, as a lesson that nobody judged yet
                    continue

    async def deleted(self, lesson_id: str, objects: int = 0) -> None:
        """The files are gone, and so many objects of an object store; again changes nothing."""
        now = self._now()
        async with self._store.write() as work:
            record = (await work.shelf.of([lesson_id])).get(lesson_id)
            if record is not None and record.deleting_at is not None and record.deleted_at is None:
                await work.shelf.save(replace(record, deleted_at=now))
                detail = f"对象存储 {objects} 个对象 / {objects} objects on the store" if objects else ""
                await _note(work, now, SYSTEM, "recording.deleted", lesson_id, detail)

    async def unmeasured(self, limit: int = 100) -> list[str]:
        """Lessons whose closed recording is still to be measured."""
        async with self._store.read() as work:
            return await work.shelf.unmeasured(limit)

    async def measure(self, lesson_id: str, measure: Measure) -> None:
        """What a closed recording comes to."""
        async with self._store.write() as work:
            await work.lessons.get(lesson_id, lock=True)
            record = (await work.shelf.of([lesson_id])).get(lesson_id, ShelfRecord(lesson_id))
            await work.shelf.save(replace(record, measure=measure))

    async def space(self, free: int, total: int) -> Space:
        """How much room there is, and for how long; bytes of the recordings' disk."""
        now = self._now()
        async with self._store.read() as work:
            sizes = await work.shelf.sizes(now - PACE_DAYS * DAY)
        return weigh_space(free, total, sizes, self.policy, now)

    def keep_until(self, lesson: Lesson) -> float | None:
        """When the lesson's term ends; None: never."""
        return keep_until(lesson, self.policy)

    # --- the audit log ----------------------------------------------------------------------------------------------

    async def audit(self, actor: Actor, query: AuditQuery, cursor: str | None = None) -> Page[AuditRow]:
        """Who did what, newest first. Raises Forbidden, Invalid."""
        require(actor, Action.AUDIT_LOG_SEE)
        check_limit(query.limit)
        async with self._store.read() as work:
            return await work.audit_page(replace(query, after=read_cursor(cursor)))


async def _note(
    work: UnitOfWork, at: float, actor: Actor, action: str, lesson_id: str, detail: str = "", address: str = ""
) -> None:
    """A row of the audit log about a recording."""
    await work.audit(AuditRow(at, actor.id, action, lesson_id, detail, address[:MAX_ADDRESS]))


async def _given(work: UnitOfWork, actor: Actor, lesson: Lesson) -> bool:
    """Whether a course shows the lesson's recording to the actor's school, which then need not have been in it."""
    if actor.school_id is None or may(actor, Action.RECORDING_SEE, Scope.of_lesson(lesson)):
        return False
    courses = await work.courses.showing(lesson.id)
    return any(may(actor, Action.RECORDING_SEE, Scope.of_lesson(course)) for course in courses)


async def _locked(work: UnitOfWork, actor: Actor, action: Action, lesson_id: str) -> ShelfRecord:
    """The record, nobody else changing it until the unit of work ends. Raises Forbidden, NotFound."""
    found = await work.lessons.get(lesson_id, lock=True)
    require_lesson(actor, action, found, lesson_id)
    recording = await work.lessons.recording(lesson_id)
    record = (await work.shelf.of([lesson_id])).get(lesson_id, ShelfRecord(lesson_id))
    if recording is None or recording.opened_at is None or record.deleted_at is not None:
        raise _nothing()
    return record


def _nothing() -> NotFound:
    return NotFound("no_recording", "这节课没有录像。", "This lesson has no recording.")


def _in_trash() -> Conflict:
    return Conflict(
        "recording_in_trash", "这个录像在回收站里，请先恢复。", "This recording is in the trash; take it back first."
    )
