"""The county's timetable: what is when, what clashes, weekly series, lessons given another time, substitution."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from ..errors import Conflict, Invalid
from ..ids import new_id
from ..lessons import STATE_NAMES
from ..model import LIVE_FORMS, LessonEvent, LessonState, Role
from ..permissions import Action, Scope, lists_of, may, require, require_lesson
from ..ports import LessonQuery
from ..targets import local_zone
from ..timetable.clashes import Slot, all_clashes, clashes_of, free_times
from ..timetable.days import SchoolYear, weekly
from ..timetable.warnings import Notice, Warner
from ._draft import Wish, draft_lesson
from ._life import apply
from ._schedule import check_starts_at, check_teacher

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from ..model import Actor, Lesson, User
    from ..policies import CountyConfig
    from ..ports import Clock, LessonNotices, UnitOfWork, UnitsOfWork

_S = LessonState
TAKING_TIME = (_S.SCHEDULED, _S.LIVE)  # what a new lesson can clash with
MOST_LESSONS = 5000
CLASHES_WITHIN = 16 * 86400.0  # clashes are looked for among everybody's lessons in spans up to this
MOST_DAYS = 400
MOST_IN_SERIES = 200
LONGEST = 4 * 3600.0  # of a lesson (check_minutes): how far back one may have begun that is still running
DAY = 86400.0


@dataclass(frozen=True, slots=True)
class Timetable:
    """A span of the timetable. `clashes`: pairs of lesson ids by kind; `truncated`: there are more lessons."""

    since: float
    until: float
    lessons: tuple[Lesson, ...]
    notices: tuple[Notice, ...]
    year: SchoolYear
    zone: tzinfo
    truncated: bool


@dataclass(frozen=True, slots=True)
class Series:
    """Lessons of a weekly series (made, or as they would be), the holidays it skips, what to know about it."""

    lessons: tuple[Lesson, ...]
    skipped: tuple[tuple[date, str], ...]
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """Lessons as they are (or would be) after a change, and what to know about it."""

    lessons: tuple[Lesson, ...]
    notices: tuple[Notice, ...]


class Timetables:
    """Every method checks its permission. Warnings never forbid: a person decides."""

    def __init__(self, store: UnitsOfWork, notices: LessonNotices, config: CountyConfig, now: Clock) -> None:
        self._store = store
        self._notices = notices
        self._config = config
        self._now = now
        self._zone = local_zone(config.targets)

    async def show(
        self,
        actor: Actor,
        since: float,
        until: float,
        *,
        school_id: str | None = None,
        subject_id: str | None = None,
        researcher_id: str | None = None,
    ) -> Timetable:
        """Lessons in [since, until) that the actor may see. Raises Forbidden, Invalid (longer than MOST_DAYS)."""
        require(actor, Action.TIMETABLE_SEE)
        check_starts_at(since)
        if not since < until <= since + MOST_DAYS * DAY:
            raise Invalid("bad_span", f"to 应晚于 from，最多 {MOST_DAYS} 天。", f"`to` after `from`, {MOST_DAYS} days.")
        query = LessonQuery(
            school_id=school_id,
            involving=lists_of(actor)[0],
            subject_id=subject_id,
            since=since,
            until=until,
            descending=False,
            limit=MOST_LESSONS,
        )
        async with self._store.read() as work:
            if researcher_id is not None:
                pairings = await work.roster.pairings()
                ids = tuple(one.id for one in pairings if one.researcher_id == researcher_id)
                query = replace(query, pairing_ids=ids)
            page = await work.lessons.page(query)
            shown = {lesson.id for lesson in page.items}
            others = page.items
            if until - since <= CLASHES_WITHIN:
                others = await _taking_time(work, since, until)
            warner = await self._warner(work, actor, [*others, *page.items])
        slots = [Slot.of(one) for one in others if one.state in TAKING_TIME and one.form in LIVE_FORMS]
        clashes = [one for one in all_clashes(slots) if {one.one.id, one.other.id} & shown]
        clashes = [one if one.one.id in shown else replace(one, one=one.other, other=one.one) for one in clashes]
        notices = tuple(warner.clash(clash) for clash in clashes)
        return Timetable(since, until, tuple(page.items), notices, warner.year, self._zone, page.next is not None)

    async def check(
        self, actor: Actor, lesson_id: str, *, starts_at: float, teacher_id: str | None = None
    ) -> tuple[Notice, ...]:
        """What to know before a lesson is moved there (or given that teacher). Raises NotFound, Forbidden, Invalid."""
        check_starts_at(starts_at)
        async with self._store.read() as work:
            found = await work.lessons.get(lesson_id)
            lesson = require_lesson(actor, Action.LESSON_UPDATE, found, lesson_id)
            moved = replace(lesson, starts_at=starts_at, teacher_id=teacher_id or lesson.teacher_id)
            return await self._notices_of(work, actor, [moved])

    async def series(self, actor: Actor, wish: Wish, *, until: date, every: int = 1, dry_run: bool = False) -> Series:
        """A lesson each `every` weeks from `wish.starts_at` to `until`, on days that are taught; all of them or none.

        Raises Invalid, Forbidden.
        """
        now = self._now()
        async with self._store.write() as work:
            draft = await draft_lesson(work, actor, self._config.policies, now, wish)
            year = await _school_year(work)
            first = datetime.fromtimestamp(draft.starts_at, self._zone)
            if not first.date() <= until <= first.date() + timedelta(days=MOST_DAYS):
                raise Invalid(
                    "bad_until", "until 应在第一节课之后、一学年之内。", "`until`: after the first, in a year."
                )
            taken, skipped = weekly(year, first.date(), until, every)
            if not taken or len(taken) > MOST_IN_SERIES:
                raise Invalid(
                    "bad_series",
                    f"这样会排 {len(taken)} 节课；应是 1 到 {MOST_IN_SERIES} 节，请改起止日期。",
                    f"That makes {len(taken)} lessons; it must be 1 to {MOST_IN_SERIES}. Change the dates.",
                )
            lessons = tuple(
                replace(
                    draft,
                    id=new_id("l", now),
                    starts_at=datetime.combine(day, first.time(), self._zone).timestamp(),
                )
                for day in taken
            )
            notices = await self._notices_of(work, actor, lessons)
            if not dry_run:
                for lesson in lessons:
                    await work.lessons.add(lesson)
                    made = LessonEvent(lesson.id, now, None, _S.SCHEDULED, actor.id, actor.name)
                    await work.lessons.add_event(made)
        if not dry_run:
            await self._tell(lessons)
        return Series(lessons, tuple((one.day, one.name) for one in skipped), notices)

    async def suggestion(self, actor: Actor, lesson_id: str) -> float | None:
        """The next free start for a lesson that is to have another time: same hour, a taught day, no clash.

        None: there is none in the next two months. Raises NotFound, Forbidden.
        """
        now = self._now()
        async with self._store.read() as work:
            found = await work.lessons.get(lesson_id)
            lesson = require_lesson(actor, Action.LESSON_UPDATE, found, lesson_id)
            others = await _taking_time(work, now, now + 62 * DAY)
            year = await _school_year(work)
        slots = [Slot.of(other) for other in others if other.id != lesson.id]
        return next(free_times(Slot.of(lesson), slots, year, self._zone, now), None)

    async def reschedule(self, actor: Actor, lesson_id: str, version: int, starts_at: float) -> Changed:
        """missed → scheduled, at a time to come. Raises NotFound, Forbidden, Conflict (stale, not missed), Invalid."""
        now = self._now()
        if check_starts_at(starts_at) <= now:
            raise Invalid("bad_starts_at", "starts_at：请选将来的时间。", "starts_at: choose a time to come.")
        async with self._store.write() as work:
            found = await work.lessons.get(lesson_id, lock=True)
            lesson = require_lesson(actor, Action.LESSON_UPDATE, found, lesson_id)
            if lesson.version != version:
                raise Conflict("stale", "这节课刚被别人改过，请刷新后再改。", "The lesson was changed; reload it.")
            if lesson.state is not _S.MISSED:
                raise Conflict(
                    "not_missed",
                    f"这节课现在是“{STATE_NAMES[lesson.state]}”，只有未开课的课要补排。",
                    f"The lesson is {lesson.state}; only a missed one is given another time.",
                )
            reason = f"改期：{self._said(lesson.starts_at)} → {self._said(starts_at)}"
            lesson = await apply(work, lesson, _S.SCHEDULED, at=now, actor=actor, reason=reason, starts_at=starts_at)
            notices = await self._notices_of(work, actor, [lesson])
        await self._tell([lesson])
        return Changed((lesson,), notices)

    async def substitute(
        self,
        actor: Actor,
        teacher_id: str,
        substitute_id: str,
        since: float,
        until: float,
        reason: str = "",
        *,
        dry_run: bool = False,
    ) -> Changed:
        """Scheduled lessons of a teacher in [since, until) get another teacher of the school; all of them or none.

        Only lessons the actor may change. Raises Forbidden, Invalid (nobody of that school), Conflict.
        """
        require(actor, Action.TIMETABLE_SEE)
        now = self._now()
        async with self._store.write() as work:
            query = LessonQuery(
                states=(_S.SCHEDULED,),
                forms=LIVE_FORMS,
                teacher_id=teacher_id,
                since=since,
                until=until,
                descending=False,
                limit=MOST_IN_SERIES,
            )
            found = (await work.lessons.page(query)).items
            mine = [lesson for lesson in found if may(actor, Action.LESSON_UPDATE, Scope.of_lesson(lesson))]
            changed = []
            for lesson in mine:
                await check_teacher(work, substitute_id, lesson.supporting_school_id)
                changed.append(replace(lesson, teacher_id=substitute_id, version=lesson.version + 1))
            notices = await self._notices_of(work, actor, changed)
            names = {user.id: user.name for user in await work.users.all()}
            said = f"代课：{names.get(teacher_id, teacher_id)} → {names.get(substitute_id, substitute_id)}"
            said += f"。{reason.strip()[:400]}" if reason.strip() else ""
            for lesson in [] if dry_run else changed:
                await work.lessons.save(lesson, seen_version=lesson.version - 1)
                event = LessonEvent(lesson.id, now, _S.SCHEDULED, _S.SCHEDULED, actor.id, actor.name, said)
                await work.lessons.add_event(event)
        if not dry_run:
            await self._tell(changed)
        return Changed(tuple(changed), notices)

    async def teachers(self, actor: Actor, school_id: str | None = None) -> list[User]:
        """Teachers who can be given lessons, by name; a teacher sees those of the own school. Raises Forbidden."""
        require(actor, Action.TIMETABLE_SEE)
        wanted = actor.school_id if actor.role is Role.TEACHER else school_id
        async with self._store.read() as work:
            users = await work.users.all()
        found = [
            user
            for user in users
            if user.role is Role.TEACHER and not user.disabled and (wanted is None or user.school_id == wanted)
        ]
        return sorted(found, key=lambda user: user.name)

    async def _notices_of(self, work: UnitOfWork, actor: Actor, wanted: Sequence[Lesson]) -> tuple[Notice, ...]:
        if not wanted:
            return ()
        others: dict[str, Lesson] = {}
        for lesson in wanted:  # a series is spread over a term: look beside each of its lessons
            end = lesson.starts_at + lesson.planned_minutes * 60
            others |= {one.id: one for one in await _taking_time(work, lesson.starts_at, end)}
        warner = await self._warner(work, actor, [*others.values(), *wanted])
        slots = [Slot.of(lesson) for lesson in wanted if lesson.form in LIVE_FORMS]
        clashes = clashes_of(slots, [Slot.of(other) for other in others.values()])
        return tuple(warner.clash(clash) for clash in clashes) + tuple(warner.days(wanted))

    async def _warner(self, work: UnitOfWork, actor: Actor, lessons: Sequence[Lesson]) -> Warner:
        return Warner(
            lessons={lesson.id: lesson for lesson in lessons},
            schools={school.id: school.name for school in await work.roster.schools()},
            people={user.id: user.name for user in await work.users.all()},
            visible=lambda lesson: may(actor, Action.LESSON_SEE, Scope.of_lesson(lesson)),
            year=await _school_year(work),
            zone=self._zone,
        )

    def _said(self, at: float) -> str:
        return datetime.fromtimestamp(at, self._zone).strftime("%Y-%m-%d %H:%M")

    async def _tell(self, lessons: Sequence[Lesson]) -> None:
        for lesson in lessons:
            await self._notices.lesson_changed(lesson)


async def _school_year(work: UnitOfWork) -> SchoolYear:
    return SchoolYear.of(await work.roster.entries("terms"), await work.roster.entries("holidays"))


async def _taking_time(work: UnitOfWork, since: float, until: float) -> list[Lesson]:
    """Everybody's lessons that run or are to run in [since, until); a course on demand takes nobody's time."""
    query = LessonQuery(
        states=TAKING_TIME,
        forms=LIVE_FORMS,
        since=since - LONGEST,
        until=until,
        descending=False,
        limit=MOST_LESSONS,
    )
    found = (await work.lessons.page(query)).items
    return [lesson for lesson in found if lesson.starts_at + lesson.planned_minutes * 60 > since]
