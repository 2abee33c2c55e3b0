"""Lesson observation: the form and its versions, sheets from the first stroke to the signature, answers, averages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..errors import Conflict, Forbidden, Invalid, NotFound
from ..ids import new_id
from ..model import LessonState, Page, Role
from ..observation import (
    Grouping,
    Remark,
    Sheet,
    SheetEvent,
    SheetQuery,
    SheetState,
    Step,
    averages,
    check_draft,
    check_remarks,
    check_text,
    next_state,
)
from ..paging import check_limit, read_cursor
from ..permissions import Action, Scope, may, require, require_lesson
from ..ports import AuditRow
from ..ports_observation import RubricRecord
from ..rubric import check_marks, check_rubric, score
from ._life import check_reason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..model import Actor, Lesson
    from ..observation import Average
    from ..ports import Clock, UnitOfWork, UnitsOfWork
    from ..rubric import Rubric, Score

NOT_BEGUN = (LessonState.SCHEDULED, LessonState.CANCELLED, LessonState.MISSED)
MOST_ANSWER = 2000
FOREVER = (0.0, 1e11)


@dataclass(frozen=True, slots=True)
class SheetView:
    """A sheet with what a page shows of it, for one caller: whether it is theirs, and whether they may answer."""

    sheet: Sheet
    lesson: Lesson
    observer_name: str
    rubric: RubricRecord
    score: Score
    events: tuple[SheetEvent, ...]
    mine: bool
    may_answer: bool


class Observations:
    """Every method checks the actor. A sheet one may not see is NotFound."""

    def __init__(self, store: UnitsOfWork, rubric: Rubric, now: Clock) -> None:
        self._store = store
        self._first = rubric
        self._now = now

    # --- the form ---------------------------------------------------------------------------------------------------

    async def rubrics(self, actor: Actor) -> list[RubricRecord]:
        """All versions, newest first; at least the first one, of the configuration. Raises Forbidden."""
        require(actor, Action.RUBRIC_SEE)
        async with self._store.read() as work:
            return await self._versions(work)

    async def edit_rubric(self, actor: Actor, based_on: int, rubric: Rubric, note: str = "") -> RubricRecord:
        """A new version; sheets that were begun keep theirs. Raises Conflict (stale), Invalid, Forbidden."""
        require(actor, Action.RUBRIC_EDIT)
        check_rubric(rubric)
        now = self._now()
        async with self._store.write() as work:
            newest = (await self._ensured(work))[0]
            if newest.version != based_on:
                raise Conflict(
                    "stale",
                    f"评价表已有第 {newest.version} 版，请在它的基础上修改。",
                    f"There is a version {newest.version} of the form; edit that one.",
                )
            record = RubricRecord(based_on + 1, rubric, now, actor.id, actor.name, check_text("note", note, 500))
            await work.observations.add_rubric(record)
            await work.audit(AuditRow(now, actor.id, "rubric.edit", str(record.version), record.note))
        return record

    async def _versions(self, work: UnitOfWork) -> list[RubricRecord]:
        return await work.observations.rubrics() or [RubricRecord(1, self._first, 0.0, "", "")]

    async def _ensured(self, work: UnitOfWork) -> list[RubricRecord]:
        """All versions, the first of them kept from now on: a sheet must find its form whatever the file says later."""
        known = await work.observations.rubrics()
        if not known:
            known = [RubricRecord(1, self._first, self._now(), "", "")]
            await work.observations.add_rubric(known[0])
        return known

    # --- a sheet ----------------------------------------------------------------------------------------------------

    async def open(self, actor: Actor, lesson_id: str) -> SheetView:
        """The caller's own sheet on a lesson, begun if there is none; one without a word takes the newest form.

        Raises Conflict (the lesson has not begun), Forbidden, NotFound.
        """
        require(actor, Action.OBSERVE)
        now = self._now()
        async with self._store.write() as work:
            lesson = require_lesson(actor, Action.OBSERVE, await work.lessons.get(lesson_id, lock=True), lesson_id)
            if lesson.state in NOT_BEGUN:
                raise Conflict(
                    "not_begun", "这节课还没有上，不能评课。", "The lesson has not begun; there is nothing to observe."
                )
            newest = (await self._ensured(work))[0].version
            sheet = await work.observations.of_observer(lesson_id, actor.id)
            if sheet is None:
                sheet = Sheet(new_id("o", now), lesson_id, actor.id, newest, SheetState.DRAFT, now, now)
                await work.observations.add(sheet)
                await work.observations.add_event(SheetEvent(sheet.id, now, Step.OPENED, actor.id, actor.name))
            elif sheet.untouched and sheet.state is SheetState.DRAFT and sheet.rubric != newest:
                changed = replace(sheet, rubric=newest, version=sheet.version + 1)
                await work.observations.save(changed, seen_version=sheet.version)
                sheet = changed
            return await self._view(work, actor, sheet, lesson)

    async def get(self, actor: Actor, sheet_id: str) -> SheetView:
        """Raises NotFound."""
        async with self._store.read() as work:
            sheet, lesson = await self._seen(work, actor, sheet_id)
            return await self._view(work, actor, sheet, lesson)

    async def save(
        self,
        actor: Actor,
        sheet_id: str,
        version: int,
        *,
        marks: Mapping[str, float | None],
        remarks: Sequence[Remark],
        highlights: str,
        suggestions: str,
    ) -> SheetView:
        """Keep the draft as it stands. Raises Conflict (signed, or stale), Invalid, Forbidden, NotFound."""
        async with self._store.write() as work:
            sheet, lesson = await self._own(work, actor, sheet_id)
            check_draft(sheet)
            record = await self._form(work, sheet)
            now = self._now()
            changed = replace(
                sheet,
                marks=check_marks(record.rubric, marks),
                remarks=check_remarks(remarks, lesson, now),
                highlights=check_text("highlights", highlights),
                suggestions=check_text("suggestions", suggestions),
                updated_at=now,
                version=version + 1,
            )
            await work.observations.save(changed, seen_version=version)
            return await self._view(work, actor, changed, lesson)

    async def sign(self, actor: Actor, sheet_id: str, version: int, name: str) -> SheetView:
        """draft → signed: locked, with the observer's written name and the time; the teacher sees it from now on.

        Raises Conflict, Invalid (something is not filled in; the name is another's), Forbidden, NotFound.
        """
        async with self._store.write() as work:
            sheet, lesson = await self._own(work, actor, sheet_id)
            state = next_state(sheet.state, Step.SIGNED)
            result = score((await self._form(work, sheet)).rubric, sheet.marks)
            _check_complete(result, sheet)
            if name.strip() != actor.name:
                raise Invalid(
                    "bad_signature",
                    f"签名应与您的姓名“{actor.name}”一致。",
                    f"Sign with your own name as the account has it: {actor.name}.",
                )
            now = self._now()
            changed = replace(
                sheet,
                state=state,
                signed_at=now,
                signed_name=actor.name,
                total=result.total,
                band=result.band.at if result.band is not None else None,
                read_at=None,
                updated_at=now,
                version=version + 1,
            )
            await work.observations.save(changed, seen_version=version)
            await self._happened(work, actor, changed, Step.SIGNED, f"{result.total}")
            return await self._view(work, actor, changed, lesson)

    async def withdraw(self, actor: Actor, sheet_id: str, reason: str) -> SheetView:
        """signed → draft, by its observer; the reason stays with it. Raises Conflict, Invalid, Forbidden, NotFound."""
        reason = check_reason(reason)
        async with self._store.write() as work:
            sheet, lesson = await self._own(work, actor, sheet_id)
            changed = replace(
                sheet,
                state=next_state(sheet.state, Step.WITHDRAWN),
                signed_at=None,
                signed_name="",
                total=None,
                band=None,
                updated_at=self._now(),
                version=sheet.version + 1,
            )
            await work.observations.save(changed, seen_version=sheet.version)
            await self._happened(work, actor, changed, Step.WITHDRAWN, reason)
            await work.audit(AuditRow(changed.updated_at, actor.id, "observation.withdraw", sheet.id, reason))
            return await self._view(work, actor, changed, lesson)

    async def read(self, actor: Actor, sheet_id: str) -> SheetView:
        """The teacher has opened it; again changes nothing. Raises Conflict, Forbidden, NotFound."""
        async with self._store.write() as work:
            sheet, lesson = await self._seen(work, actor, sheet_id, lock=True)
            require(actor, Action.OBSERVATION_ANSWER, Scope.of_lesson(lesson))
            next_state(sheet.state, Step.READ)
            if sheet.read_at is None:
                changed = replace(sheet, read_at=self._now(), version=sheet.version + 1)
                await work.observations.save(changed, seen_version=sheet.version)
                await self._happened(work, actor, changed, Step.READ)
                sheet = changed
            return await self._view(work, actor, sheet, lesson)

    async def answer(self, actor: Actor, sheet_id: str, text: str) -> SheetView:
        """The teacher's answer, or the observer's to it. Raises Conflict (not signed), Invalid, Forbidden, NotFound."""
        text = check_text("answer", text, MOST_ANSWER)
        if not text:
            raise Invalid("no_answer", "请写下回复。", "Write an answer.")
        async with self._store.write() as work:
            sheet, lesson = await self._seen(work, actor, sheet_id, lock=True)
            if not _may_answer(actor, sheet, lesson):
                raise Forbidden("forbidden", "只有授课教师和评课人可以回复。", "Only teacher and observer may answer.")
            next_state(sheet.state, Step.ANSWERED)
            await self._happened(work, actor, sheet, Step.ANSWERED, text)
            return await self._view(work, actor, sheet, lesson)

    async def discard(self, actor: Actor, sheet_id: str) -> None:
        """Throw a draft away that was never signed. Raises Conflict, Forbidden, NotFound."""
        async with self._store.write() as work:
            sheet, _ = await self._own(work, actor, sheet_id)
            check_draft(sheet)
            if any(event.step is Step.SIGNED for event in await work.observations.events([sheet_id])):
                raise Conflict(
                    "was_signed",
                    "这份评课签过名，不能删除，可以修改后重新签名。",
                    "The sheet was signed once; it can be corrected and signed again, not thrown away.",
                )
            await work.observations.discard(sheet_id)

    # --- many sheets ------------------------------------------------------------------------------------------------

    async def page(
        self,
        actor: Actor,
        *,
        lesson_id: str | None = None,
        mine: bool = False,
        state: SheetState | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[SheetView]:
        """Own drafts, and the signed sheets one may see, newest first. Raises Forbidden, Invalid."""
        require(actor, Action.OBSERVATIONS_LIST)
        teaches = actor.role is Role.TEACHER
        query = SheetQuery(
            signed_or_of=actor.id,
            taught_by=actor.id if teaches else None,
            supporting_school=actor.school_id if teaches else None,
            lesson_id=lesson_id,
            observer_id=actor.id if mine else None,
            state=state,
            after=read_cursor(cursor),
            limit=check_limit(limit),
        )
        async with self._store.read() as work:
            found = await work.observations.page(query)
            pairs = []
            for sheet in found.items:
                lesson = await work.lessons.get(sheet.lesson_id)
                assert lesson is not None, sheet.lesson_id
                pairs.append((sheet, lesson))
            return Page(await self._views(work, actor, pairs), found.next)

    async def averages(
        self, actor: Actor, by: Grouping, since: float | None = None, until: float | None = None
    ) -> list[Average]:
        """Over signed sheets on lessons that began in [since, until); a teacher sees the own ones. Raises Forbidden."""
        require(actor, Action.OBSERVATIONS_LIST)
        own = actor.id if actor.role is Role.TEACHER else None
        first, last = since if since is not None else FOREVER[0], until if until is not None else FOREVER[1]
        async with self._store.read() as work:
            return averages(await work.observations.totals(first, last, own), by)

    # --- within -----------------------------------------------------------------------------------------------------

    async def _seen(self, work: UnitOfWork, actor: Actor, sheet_id: str, *, lock: bool = False) -> tuple[Sheet, Lesson]:
        sheet = await work.observations.get(sheet_id, lock=lock)
        lesson = await work.lessons.get(sheet.lesson_id) if sheet is not None else None
        if sheet is not None and lesson is not None:
            scope = Scope.of_lesson(lesson)
            own = sheet.observer_id == actor.id and may(actor, Action.OBSERVE, scope)
            if own or (sheet.state is SheetState.SIGNED and may(actor, Action.OBSERVATION_SEE, scope)):
                return sheet, lesson
        raise NotFound("no_such_sheet", "没有这份评课，或者它已被撤回。", "No such sheet, or it was withdrawn.")

    async def _own(self, work: UnitOfWork, actor: Actor, sheet_id: str) -> tuple[Sheet, Lesson]:
        sheet, lesson = await self._seen(work, actor, sheet_id, lock=True)
        if sheet.observer_id != actor.id:
            raise Forbidden("forbidden", "这是别人的评课，不能改。", "This is somebody else's sheet.")
        return sheet, lesson

    async def _form(self, work: UnitOfWork, sheet: Sheet) -> RubricRecord:
        record = await work.observations.rubric(sheet.rubric)
        assert record is not None, sheet.rubric
        return record

    async def _happened(self, work: UnitOfWork, actor: Actor, sheet: Sheet, step: Step, text: str = "") -> None:
        await work.observations.add_event(SheetEvent(sheet.id, self._now(), step, actor.id, actor.name, text))

    async def _view(self, work: UnitOfWork, actor: Actor, sheet: Sheet, lesson: Lesson) -> SheetView:
        return (await self._views(work, actor, [(sheet, lesson)]))[0]

    async def _views(self, work: UnitOfWork, actor: Actor, found: Sequence[tuple[Sheet, Lesson]]) -> list[SheetView]:
        forms = {sheet.rubric: await self._form(work, sheet) for sheet, _ in found}
        observers = {user_id: await work.users.get(user_id) for user_id in {sheet.observer_id for sheet, _ in found}}
        events = await work.observations.events([sheet.id for sheet, _ in found])
        return [
            SheetView(
                sheet=sheet,
                lesson=lesson,
                observer_name=observer.name if (observer := observers[sheet.observer_id]) else sheet.signed_name,
                rubric=forms[sheet.rubric],
                score=score(forms[sheet.rubric].rubric, sheet.marks),
                events=tuple(event for event in events if event.sheet_id == sheet.id),
                mine=sheet.observer_id == actor.id,
                may_answer=_may_answer(actor, sheet, lesson),
            )
            for sheet, lesson in found
        ]


def _may_answer(actor: Actor, sheet: Sheet, lesson: Lesson) -> bool:
    if sheet.state is not SheetState.SIGNED:
        return False
    return sheet.observer_id == actor.id or may(actor, Action.OBSERVATION_ANSWER, Scope.of_lesson(lesson))


def _check_complete(result: Score, sheet: Sheet) -> None:
    if result.open_items:
        n = len(result.open_items)
        raise Invalid(
            "not_complete",
            f"还有 {n} 项没有评分；没有观察到的请标为“未观察”。",
            f"{n} items have no mark yet; mark what you could not see as “not seen”.",
        )
    if result.total is None:
        raise Invalid(
            "too_little",
            "“未观察”的部分太多，评分不足一半的分值，不能签名。",
            "Too much was not seen: less than half of the points are judged.",
        )
    if not (sheet.suggestions or sheet.highlights or sheet.remarks):
        raise Invalid(
            "no_words", "请至少写一句评语或建议，再签名。", "Write at least one remark or suggestion, then sign."
        )
