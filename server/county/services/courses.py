"""Delivered and master courses: given to classes, watched, counted when enough was really played."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from ..courses import Course, Played, allowance, check_claims, covered, enough, take
from ..crediting import credit_key, standing
from ..errors import Invalid, NotFound
from ..ids import new_id
from ..model import ON_DEMAND, LedgerEntry, Lesson, LessonEvent, LessonState
from ..permissions import Action, Scope, require, require_lesson
from ._life import SYSTEM, apply
from ._schedule import check_pairing, check_receiving, check_starts_at, check_topic, not_one_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..courses import CoursePolicy, Span
    from ..model import Actor, Form
    from ..ports import Clock, LessonNotices, UnitOfWork, UnitsOfWork

_S = LessonState
SHORTEST = 60.0  # s of a recording that is a course


@dataclass(frozen=True, slots=True)
class CourseView:
    """A course, what each of its schools has played, and for which of them a credit stands."""

    lesson: Lesson
    course: Course
    played: tuple[Played, ...]
    credited: frozenset[str]
    needed_share: float


class Courses:
    """Every method checks the actor; a lesson one may not see is NotFound."""

    def __init__(self, store: UnitsOfWork, notices: LessonNotices, policy: CoursePolicy, now: Clock) -> None:
        self._store = store
        self._notices = notices
        self._policy = policy
        self._now = now

    async def create(
        self,
        actor: Actor,
        *,
        form: Form,
        source_id: str,
        duration: float,
        pairing_id: str,
        starts_at: float,
        topic: str | None = None,
        receiving_school_ids: Sequence[str] | None = None,
    ) -> Lesson:
        """Give a recorded lesson (`duration` s) to classes. The supporting school is the one that taught it.

        Raises Invalid, Forbidden, NotFound.
        """
        if form not in ON_DEMAND:
            raise not_one_of("form", form, ON_DEMAND)
        if duration < SHORTEST:
            raise Invalid("too_short", "录像不足一分钟，不能作为课程。", "The recording is shorter than a minute.")
        now = self._now()
        async with self._store.write() as work:
            pairing = await check_pairing(work, pairing_id)
            require(actor, Action.LESSON_CREATE, Scope.of_pairing(pairing))
            source = require_lesson(actor, Action.RECORDING_SEE, await work.lessons.get(source_id), source_id)
            if source.supporting_school_id != pairing.supporting_school_id:
                raise Invalid(
                    "not_its_recording",
                    "这份录像不是该结对支援学校的课，请选择支援学校相同的结对。",
                    "The recording is not of this pairing's supporting school; choose a pairing of that school.",
                )
            lesson = Lesson(
                id=new_id("l", now),
                form=form,
                pairing_id=pairing.id,
                supporting_school_id=pairing.supporting_school_id,
                receiving_school_ids=await check_receiving(work, pairing, receiving_school_ids),
                subject_id=source.subject_id,
                topic=check_topic(topic or source.topic),
                teacher_id=source.teacher_id,
                starts_at=check_starts_at(starts_at),
                planned_minutes=max(1, round(duration / 60)),
                policy="default",
                state=_S.SCHEDULED,
                created_at=now,
            )
            await work.lessons.add(lesson)
            await work.lessons.add_event(LessonEvent(lesson.id, now, None, _S.SCHEDULED, actor.id, actor.name))
            await work.courses.add(Course(lesson.id, source_id, duration))
        await self._notices.lesson_changed(lesson)
        return lesson

    async def get(self, actor: Actor, lesson_id: str) -> CourseView:
        """Raises NotFound."""
        async with self._store.read() as work:
            lesson, course = await self._seen(work, actor, Action.LESSON_SEE, lesson_id)
            return await self._view(work, lesson, course)

    async def play(self, actor: Actor, lesson_id: str, claims: Sequence[Span], speed: float) -> CourseView:
        """A class's page reports what it has played since its last report; counts when it is enough.

        Raises Invalid (claims no player makes), Forbidden (not a receiving school's), NotFound.
        """
        check_claims(claims, speed)
        now = self._now()
        async with self._store.write() as work:
            await work.ledger.lock()
            lesson, course = await self._seen(work, actor, Action.COURSE_PLAY, lesson_id, lock=True)
            school_id = actor.school_id or ""
            known = {each.school_id: each for each in await work.courses.played([lesson_id])}.get(school_id)
            last = known.last_at if known is not None else None
            allowed = allowance(self._policy, speed, now, last, await work.courses.clock(actor.id))
            spans = take(known.spans if known is not None else (), claims, allowed, course.duration)
            played = Played(lesson_id, school_id, spans, known.first_at if known is not None else now, now)
            await work.courses.save_played(played)
            await work.courses.set_clock(actor.id, now)
            changed = await self._count(work, lesson, course, played, now)
            view = await self._view(work, changed or lesson, course)
        if changed is not None:
            await self._notices.lesson_changed(changed)
        return view

    async def _count(
        self, work: UnitOfWork, lesson: Lesson, course: Course, played: Played, now: float
    ) -> Lesson | None:
        """Credit the class, and with the first one the supporting school; the lesson if something changed."""
        if lesson.state not in (_S.SCHEDULED, _S.CREDITED) or not enough(
            covered(played.spans), course.duration, self._policy
        ):
            return None
        added = False
        for school_id in (played.school_id, lesson.supporting_school_id):
            added = await work.ledger.append(self._entry(lesson, course, played, school_id, now)) or added
        if not added:
            return None
        return lesson if lesson.state is _S.CREDITED else await apply(work, lesson, _S.CREDITED, at=now)

    def _entry(self, lesson: Lesson, course: Course, played: Played, school_id: str, now: float) -> LedgerEntry:
        proof = {
            "source_id": course.source_id,
            "duration": course.duration,
            "played_seconds": round(covered(played.spans), 3),
            "played_by": played.school_id,
            "spans": [list(span) for span in played.spans],
            "first_at": played.first_at,
            "last_at": played.last_at,
            "policy": asdict(self._policy),
            "by_hand": False,
        }
        return LedgerEntry(
            id=new_id("e", now),
            key=credit_key(lesson.id, school_id),
            lesson_id=lesson.id,
            school_id=school_id,
            subject_id=lesson.subject_id,
            form=lesson.form,
            amount=1,
            reverses=None,
            reason="",
            evidence=proof,
            policy_version=self._policy.version,
            actor_id=SYSTEM.id,
            at=now,
        )

    async def _seen(
        self, work: UnitOfWork, actor: Actor, action: Action, lesson_id: str, *, lock: bool = False
    ) -> tuple[Lesson, Course]:
        lesson = require_lesson(actor, Action.LESSON_SEE, await work.lessons.get(lesson_id, lock=lock), lesson_id)
        course = await work.courses.get(lesson_id)
        if course is None:
            raise NotFound("no_course", "这节课不是点播课程。", "This lesson is no course on demand.")
        require(actor, action, Scope.of_lesson(lesson))
        return lesson, course

    async def _view(self, work: UnitOfWork, lesson: Lesson, course: Course) -> CourseView:
        entries = await work.ledger.of_lesson(lesson.id)
        stands = frozenset(school for school, amount in standing(entries).items() if amount > 0)
        played = tuple(await work.courses.played([lesson.id]))
        return CourseView(lesson, course, played, stands, self._policy.played_share)
