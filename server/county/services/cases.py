"""Exemplary cases as their authors work on them: begun from a lesson, written by several, submitted; and the lists."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from ..cases import (
    MOST_AUTHORS,
    MOST_MATERIALS,
    MOST_PICTURES,
    MOST_TITLE,
    REASONED,
    Case,
    CaseEvent,
    CaseState,
    CaseStep,
    Part,
    Placed,
    check_content,
    check_draft,
    check_part,
    check_whole,
    step_from,
)
from ..errors import Conflict, Forbidden, Invalid, NotFound
from ..ids import new_id
from ..lessons import OVER
from ..model import Actor, Page, Role
from ..paging import check_limit, read_cursor
from ..permissions import Action, Scope, may, require, require_lesson
from ..ports import AuditRow
from ..ports_cases import CaseQuery, Picture
from ..targets import year_span
from ._case import CaseLine, CaseView, keep, line_of, move, seen, stale, view_of
from ._life import check_reason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..cases import Section
    from ..model import Lesson, User
    from ..policies import CountyConfig
    from ..ports import Clock, UnitOfWork, UnitsOfWork


class Shown(StrEnum):
    """Which cases a list shows."""

    PUBLISHED = "published"
    MINE = "mine"
    REVIEW = "review"
    COUNTY = "county"


class Cases:
    """Every method checks the actor. A case one may not see is NotFound."""

    def __init__(self, store: UnitsOfWork, config: CountyConfig, now: Clock) -> None:
        self._store = store
        self._policy = config.cases
        self._targets = config.targets
        self._now = now

    # --- writing ----------------------------------------------------------------------------------------------------

    async def open(self, actor: Actor, lesson_id: str) -> CaseView:
        """The case on a lesson that the caller writes, begun if there is none.

        Raises Conflict (the lesson is not over; others write its case already), Forbidden, NotFound.
        """
        async with self._store.write() as work:
            found = await work.lessons.get(lesson_id, lock=True)
            lesson = require_lesson(actor, Action.CASE_WRITE, found, lesson_id)
            if lesson.state not in OVER:
                raise Conflict(
                    "not_over",
                    "这节课还没有上完，上完后再写案例。",
                    "The lesson is not over yet; write it up afterwards.",
                )
            case = await work.cases.of_lesson(lesson_id)
            if case is None:
                case = await self._begin(work, actor, lesson)
            elif actor.id not in case.author_ids:
                users = [await work.users.get(user_id) for user_id in case.author_ids]
                names = "、".join(user.name for user in users if user is not None)
                raise Conflict(
                    "case_exists",
                    f"这节课的案例已由 {names} 在写；请对方把您加为作者，一起写。",
                    f"{names} write this lesson's case already; ask them to add you as an author.",
                )
            return await self._view(work, actor, case)

    async def _begin(self, work: UnitOfWork, actor: Actor, lesson: Lesson) -> Case:
        now = self._now()
        school = await work.roster.school(lesson.supporting_school_id)
        case = Case(
            id=new_id("c", now),
            lesson_id=lesson.id,
            subject_id=lesson.subject_id,
            stage=school.stage if school is not None else "",
            author_ids=(actor.id,),
            state=CaseState.DRAFT,
            created_at=now,
            updated_at=now,
            changed_by=actor.id,
            title=lesson.topic[:MOST_TITLE],
            recording_id=lesson.id if await _recorded(work, lesson.id) else None,
        )
        await work.cases.add(case)
        await work.cases.add_event(CaseEvent(case.id, now, CaseStep.BEGUN, actor.id, actor.name))
        return case

    async def get(self, actor: Actor, case_id: str) -> CaseView:
        """Raises Forbidden, NotFound."""
        async with self._store.read() as work:
            case, reviews, parts = await seen(work, actor, case_id)
            return await view_of(work, actor, case, reviews, parts, self._policy)

    async def save(
        self,
        actor: Actor,
        case_id: str,
        version: int,
        *,
        title: str,
        texts: Mapping[Section, str],
        author_ids: Sequence[str],
        recording_id: str | None,
        material_ids: Sequence[str],
        pictures: Sequence[Placed],
    ) -> CaseView:
        """Keep the draft as it stands. Raises Stale (with what is stored), Conflict, Invalid, Forbidden, NotFound."""
        async with self._store.write() as work:
            case = await self._own(work, actor, case_id)
            check_draft(case)
            if case.version != version:
                raise await stale(work, case_id)
            title, kept, placed = check_content(title, texts, pictures)
            lesson = await work.lessons.get(case.lesson_id)
            assert lesson is not None, case.lesson_id
            changed = replace(
                case,
                title=title,
                texts=kept,
                pictures=await self._pictures(work, case, placed),
                author_ids=await _authors(work, actor, case, lesson, author_ids),
                recording_id=await self._recording(work, actor, case, recording_id),
                material_ids=await _materials(work, case, material_ids),
                updated_at=self._now(),
                changed_by=actor.id,
                version=version + 1,
            )
            await keep(work, changed, version)
            return await self._view(work, actor, changed)

    async def colleagues(self, actor: Actor, case_id: str) -> list[User]:
        """Who can be an author of the case: teachers of the lesson's schools and researchers, by name.

        Raises Forbidden, NotFound.
        """
        async with self._store.read() as work:
            case = await self._own(work, actor, case_id)
            lesson = await work.lessons.get(case.lesson_id)
            assert lesson is not None, case.lesson_id
            found = [user for user in await work.users.all() if _may_write(user, lesson)]
        return sorted(found, key=lambda user: (user.role is Role.RESEARCHER, user.school_id or "", user.name))

    async def add_picture(self, actor: Actor, case_id: str, data: bytes, width: int, height: int) -> str:
        """A picture for the draft, already looked at and made small; its id. Raises Conflict, Forbidden, NotFound."""
        now = self._now()
        async with self._store.write() as work:
            case = await self._own(work, actor, case_id)
            check_draft(case)
            if len(await work.cases.picture_ids(case_id)) >= 2 * MOST_PICTURES:  # some were taken out and may come back
                placed = {one.id for one in case.pictures}
                await work.cases.drop_pictures(set(await work.cases.picture_ids(case_id)) - placed)
            if len(case.pictures) >= MOST_PICTURES:
                raise Conflict(
                    "many_pictures", f"一个案例最多 {MOST_PICTURES} 张图片。", f"At most {MOST_PICTURES} pictures."
                )
            picture = Picture(new_id("i", now), case_id, actor.id, width, height, now, data)
            await work.cases.add_picture(picture)
        return picture.id

    async def picture(self, actor: Actor, case_id: str, picture_id: str) -> Picture:
        """Raises Forbidden, NotFound."""
        async with self._store.read() as work:
            await seen(work, actor, case_id)
            picture = await work.cases.picture(picture_id)
        if picture is None or picture.case_id != case_id:
            raise NotFound("no_such_picture", "没有这张图片。", "No such picture.")
        return picture

    async def discard(self, actor: Actor, case_id: str) -> None:
        """Throw a draft away that was never submitted; by who began it. Raises Conflict, Forbidden, NotFound."""
        async with self._store.write() as work:
            case = await self._own(work, actor, case_id)
            if case.author_ids[0] != actor.id:
                raise Forbidden("forbidden", "只有第一作者可以删除草稿。", "Only the first author may throw it away.")
            if case.state is not CaseState.DRAFT or case.round:
                raise Conflict(
                    "was_submitted",
                    "提交过的案例不能删除；不想再参评时请留作草稿。",
                    "A case that was submitted cannot be thrown away; leave it as a draft.",
                )
            await work.cases.discard(case_id)

    # --- steps ------------------------------------------------------------------------------------------------------

    async def step(self, actor: Actor, case_id: str, step: CaseStep, version: int, reason: str = "") -> CaseView:
        """A decision of an author or of the county; steps against somebody need a reason.

        Raises Stale, Conflict, Invalid, Forbidden, NotFound.
        """
        reason = check_reason(reason) if step in REASONED else reason.strip()[:500]
        async with self._store.write() as work:
            case, reviews, parts = await seen(work, actor, case_id, lock=True)
            check_part(step, parts)
            step_from(case, step)
            if case.version != version:
                raise await stale(work, case_id)
            now = self._now()
            if step is CaseStep.SUBMITTED:
                await self._check_submission(work, case)
            elif step is CaseStep.PUBLISHED and case.recording_id is not None:
                await _check_recording(work, case.recording_id)
            moved = await move(work, actor, case, step, now, reason, **_dates(case, step, now))
            if Part.COUNTY in parts:
                await work.audit(AuditRow(now, actor.id, f"case.{step}", case_id, reason or case.title))
            return await view_of(work, actor, moved, reviews, parts, self._policy)

    async def _check_submission(self, work: UnitOfWork, case: Case) -> None:
        check_whole(case)
        if case.recording_id is not None:
            await _check_recording(work, case.recording_id)
        placed = {one.id for one in case.pictures}
        await work.cases.drop_pictures(set(await work.cases.picture_ids(case.id)) - placed)

    # --- lists ------------------------------------------------------------------------------------------------------

    async def page(
        self,
        actor: Actor,
        shown: Shown,
        *,
        year: int | None = None,
        state: CaseState | None = None,
        subject_id: str | None = None,
        lesson_id: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[CaseLine]:
        """Newest first. `year`: of the lessons. Raises Forbidden, Invalid."""
        require(actor, Action.CASES_LIST)
        query = CaseQuery(
            author_id=actor.id if shown is Shown.MINE else None,
            reviewer_id=actor.id if shown is Shown.REVIEW else None,
            states=(state,) if state is not None else (),
            subject_id=subject_id,
            lesson_id=lesson_id,
            after=read_cursor(cursor),
            limit=check_limit(limit),
        )
        if year is not None:
            since, until = year_span(year, self._targets)
            query = replace(query, since=since, until=until)
        if shown is Shown.PUBLISHED:
            query = replace(query, states=(CaseState.PUBLISHED,))
        elif shown is Shown.COUNTY:
            require(actor, Action.CASE_DECIDE)
            wanted = (state,) if state not in (None, CaseState.DRAFT) else _BUT_DRAFTS
            query = replace(query, states=tuple(one for one in wanted if one is not None))
        async with self._store.read() as work:
            found = await work.cases.page(query)
            reviews = await work.cases.reviews([case.id for case in found.items])
            lines = [await line_of(work, actor, case, reviews, self._policy) for case in found.items]
        return Page(lines, found.next)

    # --- within -----------------------------------------------------------------------------------------------------

    async def _own(self, work: UnitOfWork, actor: Actor, case_id: str) -> Case:
        case, _, parts = await seen(work, actor, case_id, lock=True)
        if Part.AUTHOR not in parts:
            raise Forbidden("forbidden", "只有作者可以改这个案例。", "Only its authors may change this case.")
        return case

    async def _view(self, work: UnitOfWork, actor: Actor, case: Case) -> CaseView:
        _, reviews, parts = await seen(work, actor, case.id)
        return await view_of(work, actor, case, reviews, parts, self._policy)

    async def _pictures(self, work: UnitOfWork, case: Case, placed: Sequence[Placed]) -> tuple[Placed, ...]:
        known = set(await work.cases.picture_ids(case.id))
        if any(one.id not in known for one in placed):
            raise Invalid("no_such_picture", "有一张图片已不在，请重新上传。", "A picture is gone; upload it again.")
        return tuple(placed)

    async def _recording(self, work: UnitOfWork, actor: Actor, case: Case, recording_id: str | None) -> str | None:
        if recording_id is None or recording_id == case.recording_id:
            return recording_id
        lesson = await work.lessons.get(recording_id)
        if lesson is None or not may(actor, Action.RECORDING_SEE, Scope.of_lesson(lesson)):
            raise Invalid("no_such_recording", "没有这个录像。", "No such recording.")
        await _check_recording(work, recording_id)
        return recording_id


_BUT_DRAFTS = tuple(state for state in CaseState if state is not CaseState.DRAFT)


def _dates(case: Case, step: CaseStep, now: float) -> dict[str, object]:
    """The fields that a step sets beside the state."""
    changes: dict[CaseStep, dict[str, object]] = {
        CaseStep.SUBMITTED: {"submitted_at": now, "round": case.round + 1},
        CaseStep.RECALLED: {"submitted_at": None, "round": case.round - 1},  # nobody was assigned yet
        CaseStep.PUBLISHED: {"published_at": now},
        CaseStep.REPORTED: {"reported_at": now},
        CaseStep.UNREPORTED: {"reported_at": None},
        CaseStep.HONOURED: {"honoured_at": now},
        CaseStep.UNHONOURED: {"honoured_at": None},
    }
    return changes.get(step, {})


async def _recorded(work: UnitOfWork, lesson_id: str) -> bool:
    """Whether there is a recording that is neither in the trash nor deleted."""
    recording = await work.lessons.recording(lesson_id)
    record = (await work.shelf.of([lesson_id])).get(lesson_id)
    gone = record is not None and (record.trashed_at is not None or record.deleted_at is not None)
    return recording is not None and recording.opened_at is not None and not gone


async def _check_recording(work: UnitOfWork, recording_id: str) -> None:
    """Raises Conflict."""
    if not await _recorded(work, recording_id):
        raise Conflict(
            "recording_gone",
            "所选的录像在回收站里或已删除；请管理员恢复，或者换一个录像、不附录像。",
            "The chosen recording is in the trash or deleted: have it taken back, choose another, or none.",
        )


async def _authors(
    work: UnitOfWork, actor: Actor, case: Case, lesson: Lesson, author_ids: Sequence[str]
) -> tuple[str, ...]:
    """The first stays the one who began it. Raises Invalid."""
    if tuple(author_ids) == case.author_ids:
        return case.author_ids
    if not 1 <= len(author_ids) <= MOST_AUTHORS or len(set(author_ids)) != len(author_ids):
        raise Invalid("bad_authors", f"作者应为 1 到 {MOST_AUTHORS} 人。", f"A case has 1 to {MOST_AUTHORS} authors.")
    if author_ids[0] != case.author_ids[0] or actor.id not in author_ids:
        raise Invalid(
            "bad_authors",
            "第一作者不能换，也不能去掉自己。",
            "The first author stays, and you cannot take yourself out.",
        )
    for user_id in set(author_ids) - set(case.author_ids):
        user = await work.users.get(user_id)
        if user is None or not _may_write(user, lesson):
            raise Invalid(
                "bad_author",
                "作者应是这节课两校的教师或研训员。",
                "Authors are teachers of the lesson's schools, or researchers.",
            )
    return tuple(author_ids)


def _may_write(user: User, lesson: Lesson) -> bool:
    as_actor = Actor(user.id, user.role, user.name, user.school_id)
    return not user.disabled and may(as_actor, Action.CASE_WRITE, Scope.of_lesson(lesson))


async def _materials(work: UnitOfWork, case: Case, material_ids: Sequence[str]) -> tuple[str, ...]:
    """Raises Invalid."""
    there = {one.id for one in await work.materials.of_lesson(case.lesson_id) if one.ready_at is not None}
    chosen = tuple(dict.fromkeys(material_ids))
    fresh = set(chosen) - set(case.material_ids)  # one that was deleted since it was chosen is no reason to refuse
    if fresh - there or len(chosen) > MOST_MATERIALS:
        raise Invalid("no_such_material", "所选的材料已不在这节课里。", "A chosen file is not on the lesson any more.")
    return chosen
