"""Lessons: scheduling, their life, and who may be what in them."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from ..crediting import standing
from ..errors import Conflict, Forbidden, Invalid, NotFound, Unauthorized
from ..evidence import TEACHER, classroom_id
from ..hashes import hash_secret
from ..lessons import OVER, STATE_NAMES
from ..model import ON_DEMAND, Actor, Form, Lesson, LessonEvent, LessonState, MediaGrant, Role, TokenRole
from ..paging import check_limit, read_cursor
from ..permissions import TOKEN_ACTIONS, Action, Scope, lists_of, may, require_lesson, sources_of
from ..ports import LessonQuery
from ..views import LessonDetail, LessonExtras
from ._draft import Wish, draft_lesson
from ._life import apply, check_reason, in_one_sentence, in_one_sentence_en, weigh
from ._measured import Measured
from ._participants import participants_of
from ._schedule import (
    check_minutes,
    check_starts_at,
    check_subject,
    check_teacher,
    check_topic,
    not_one_of,
)
from .crediting import open_reasons

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..model import Page
    from ..ports import Reason, RecordingRecord, UnitOfWork
    from ..shelf import ShelfRecord

_S = LessonState
ORDERS = {"starts_at": False, "-starts_at": True}
CHANGEABLE = ("topic", "subject_id", "starts_at", "planned_minutes", "teacher_id")
GRANT_SPARE = 2 * 3600.0  # a media token outlives the plan by this: lessons run late
GRANT_AHEAD = 12 * 3600.0  # and reaches at most this far ahead of a lesson that is still to begin
CREDENTIAL = 16  # hex digits of a password hash's own hash: enough to tell one password from the next
CLOCK_SET = 10.0  # media this much (s) later than now: more than two machines' clocks differ
EXPLAINED = (_S.REJECTED, _S.NEEDS_REVIEW)


class Lessons(Measured):
    """Every method that takes an actor checks its permission; a lesson one may not see is NotFound."""

    async def create(
        self,
        actor: Actor,
        *,
        pairing_id: str,
        subject_id: str,
        topic: str,
        starts_at: float,
        planned_minutes: int,
        teacher_id: str | None = None,
        receiving_school_ids: Sequence[str] | None = None,
        policy: str = "default",
    ) -> Lesson:
        """Schedule a lesson. A teacher's own lesson is taught by that teacher unless another is named.

        Raises Invalid (field and allowed values in the text), Forbidden.
        """
        now = self._now()
        async with self._store.write() as work:
            lesson = await draft_lesson(
                work,
                actor,
                self._config.policies,
                now,
                Wish(
                    pairing_id, subject_id, topic, starts_at, planned_minutes, teacher_id, receiving_school_ids, policy
                ),
            )
            await work.lessons.add(lesson)
            await work.lessons.add_event(LessonEvent(lesson.id, now, None, _S.SCHEDULED, actor.id, actor.name))
        await self._notices.lesson_changed(lesson)
        return lesson

    async def get(self, actor: Actor, lesson_id: str) -> Lesson:
        """Raises NotFound."""
        async with self._store.read() as work:
            return require_lesson(actor, Action.LESSON_SEE, await work.lessons.get(lesson_id), lesson_id)

    async def list(
        self,
        actor: Actor,
        *,
        states: Sequence[LessonState] = (),
        forms: Sequence[Form] = (),
        school_id: str | None = None,
        subject_id: str | None = None,
        since: float | None = None,
        until: float | None = None,
        order: str = "-starts_at",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Lesson]:
        """Only what the actor may see; `since` <= starts_at < `until`; order `starts_at` or `-starts_at`.

        Raises Invalid.
        """
        if order not in ORDERS:
            raise not_one_of("order", order, ORDERS)
        involving, receiving = lists_of(actor)
        query = LessonQuery(
            states=tuple(states),
            forms=tuple(forms),
            school_id=school_id,
            involving=involving,
            receiving=receiving,
            subject_id=subject_id,
            since=since,
            until=until,
            descending=ORDERS[order],
            after=read_cursor(cursor),
            limit=check_limit(limit),
        )
        async with self._store.read() as work:
            return await work.lessons.page(query)

    async def topics(self, ids: Iterable[str]) -> dict[str, str]:
        """Topics of the lessons among these ids (for lists of what was done to them; the caller checks permissions)."""
        async with self._store.read() as work:
            return await work.lessons.topics(ids)

    async def extras(self, lessons: Sequence[Lesson]) -> dict[str, LessonExtras]:
        """Teacher's name, recording id and reason for each lesson of a list, by lesson id."""
        async with self._store.read() as work:
            return await _extras(work, lessons)

    async def detail(self, actor: Actor, lesson_id: str) -> LessonDetail:
        """Raises NotFound."""
        async with self._store.read() as work:
            found = await work.lessons.get(lesson_id)
            lesson = require_lesson(actor, Action.LESSON_SEE, found, lesson_id)
            credits_ = await work.ledger.of_lesson(lesson_id)
            reasons = (await work.lessons.reasons([lesson_id])).get(lesson_id, [])
            stands = frozenset(school for school, amount in standing(credits_).items() if amount > 0)
            known = await work.lessons.participants(lesson_id)
            evidence, _ = await weigh(work, lesson, self._now())
            watched = may(actor, Action.BE_OBSERVER)
            rows = await work.flow.of_lesson(lesson_id)
            names = {school.id: school.name for school in await work.roster.schools()}
            return LessonDetail(
                lesson=lesson,
                extras=(await _extras(work, [lesson]))[lesson_id],
                participants=participants_of(lesson, known, rows, names, with_observers=watched),
                evidence=evidence if lesson.state in OVER and lesson.form not in ON_DEMAND else None,
                policy=self._config.policies.get(lesson.policy),
                credits=tuple(credits_),
                reasons=open_reasons(lesson, reasons, stands),
                events=tuple(await work.lessons.events(lesson_id)),
            )

    async def update(self, actor: Actor, lesson_id: str, version: int, **changes: object) -> Lesson:
        """While scheduled: topic, subject_id, starts_at, planned_minutes, teacher_id.

        Raises Conflict (stale, or not scheduled), Invalid, Forbidden, NotFound.
        """
        for field in changes:
            if field not in CHANGEABLE:
                raise not_one_of("field", field, CHANGEABLE)
        async with self._store.write() as work:
            found = await work.lessons.get(lesson_id, lock=True)
            lesson = require_lesson(actor, Action.LESSON_UPDATE, found, lesson_id)
            if lesson.state is not _S.SCHEDULED:
                raise Conflict(
                    "not_scheduled",
                    f"这节课现在是“{STATE_NAMES[lesson.state]}”（{lesson.state}），只有待上课（{_S.SCHEDULED}）的课能改。",
                    f"The lesson is {lesson.state}; only a {_S.SCHEDULED} one can be changed.",
                )
            changed = replace(await _checked(work, lesson, changes), version=version + 1)
            await work.lessons.save(changed, seen_version=version)
        await self._notices.lesson_changed(changed)
        return changed

    async def start(self, actor: Actor, lesson_id: str) -> Lesson:
        """scheduled → live; a live lesson is answered as it is. A lesson without a teacher gets the one who starts it.

        Raises Conflict, Forbidden, NotFound.
        """
        return await self._step(actor, lesson_id, Action.LESSON_START, _S.LIVE)

    async def end(self, actor: Actor, lesson_id: str) -> Lesson:
        """live → ended; a lesson past its end is answered as it is. The caller then closes its media.

        Raises Conflict, Forbidden, NotFound.
        """
        return await self._step(actor, lesson_id, Action.LESSON_END, _S.ENDED)

    async def cancel(self, actor: Actor, lesson_id: str, reason: str) -> Lesson:
        """scheduled → cancelled; again is answered as it is.

        Raises Conflict, Invalid (no reason), Forbidden, NotFound.
        """
        return await self._step(actor, lesson_id, Action.LESSON_CANCEL, _S.CANCELLED, check_reason(reason))

    async def grant(self, actor: Actor, lesson_id: str, role: TokenRole, school_id: str | None = None) -> MediaGrant:
        """What a media token for this actor says.

        Raises Forbidden, Conflict (lesson over), Invalid (school_id), NotFound.
        """
        now = self._now()
        async with self._store.read() as work:
            found = await work.lessons.get(lesson_id)
            lesson = require_lesson(actor, TOKEN_ACTIONS[role], found, lesson_id)
            _check_open(lesson)
            school_id = _school_of_grant(actor, lesson, role, school_id)
            teacher = await work.users.get(lesson.teacher_id) if lesson.teacher_id is not None else None
            school = await work.roster.school(school_id) if school_id is not None else None
            account = await _account_of(work, actor.id)
        school_name = school.name if school is not None else ""
        participant_id, name = {
            TokenRole.TEACHER: ("teacher", teacher.name if teacher is not None else actor.name),
            TokenRole.CLASSROOM: (classroom_id(school_id or ""), school_name),
            TokenRole.OBSERVER: (f"observer-{secrets.token_hex(6)}", actor.name),
        }[role]
        begins = max(now, min(lesson.starts_at, now + GRANT_AHEAD))
        expires_at = begins + lesson.planned_minutes * 60 + GRANT_SPARE
        credential = account[1] if account is not None else ""
        return MediaGrant(lesson.id, participant_id, role, school_id, name, expires_at, actor.id, credential)

    async def check_grant(self, grant: MediaGrant) -> None:
        """The account behind a media token still is one, with the same password or code, and may still be that in this
        lesson.

        Raises Unauthorized (`account_ended`), NotFound.
        """
        lesson = await self._lesson_of(grant)
        if grant.account_id is None:
            return
        async with self._store.read() as work:
            actor, credential = await _account_of(work, grant.account_id) or (None, "")
        wanted, scope = (Action.LESSON_SEE, TOKEN_ACTIONS[grant.role]), Scope.of_lesson(lesson)
        known = actor is not None and credential == grant.credential
        if actor is None or not known or not all(may(actor, action, scope) for action in wanted):
            raise Unauthorized(
                "account_ended",
                "发放这个媒体令牌的账号或设备已停用、换了密码或设备码，或不再属于这节课；请重新获取。",
                "The account or device this media token was given to was disabled, has a new password or code, or is "
                "no longer in this lesson; get a new one.",
            )

    async def publishing(self, grant: MediaGrant, source: str | None) -> tuple[Lesson, str]:
        """The lesson and the source a bearer of `grant` may publish now (`source` None: its main one).

        A teacher's grant starts a scheduled lesson. Raises Forbidden, Conflict (not live), NotFound.
        """
        allowed = sources_of(grant.role, grant.school_id)
        chosen = source or next(iter(allowed), "")
        if chosen not in allowed:
            raise Forbidden(
                "not_your_source",
                f"这个令牌不能发布 {chosen or '任何画面'}。",
                f"This token may not publish {chosen or 'anything'}.",
            )
        lesson = await self._lesson_of(grant)
        if lesson.state in (_S.SCHEDULED, _S.MISSED) and grant.role is TokenRole.TEACHER:
            lesson = await self._start_by_media(grant)
        if lesson.state is not _S.LIVE:
            raise Conflict(
                "not_live",
                f"这节课现在是“{STATE_NAMES[lesson.state]}”（{lesson.state}），上课（{_S.LIVE}）时才能发送画面和声音。",
                f"The lesson is {lesson.state}; media can be sent while it is {_S.LIVE}.",
            )
        return lesson, chosen

    async def playing(self, grant: MediaGrant, source: str | None) -> tuple[Lesson, str]:
        """The lesson and the source to play (None: `teacher`). A source that does not send yet is no error.

        Raises Invalid (no such source here), Conflict (over), NotFound.
        """
        lesson = await self._lesson_of(grant)
        _check_open(lesson)
        chosen = source or "teacher"
        known = ("teacher", "screen", *(classroom_id(school) for school in lesson.receiving_school_ids))
        if chosen not in known:
            raise not_one_of("source", chosen, known)
        return lesson, chosen

    async def _lesson_of(self, grant: MediaGrant) -> Lesson:
        async with self._store.read() as work:
            lesson = await work.lessons.get(grant.lesson_id)
        if lesson is None:
            raise NotFound("no_such_lesson", "没有这节课。", "No such lesson.")
        return lesson

    async def _start_by_media(self, grant: MediaGrant) -> Lesson:
        now = self._now()
        bearer = Actor(grant.participant_id, Role.TEACHER, grant.name, grant.school_id)
        async with self._store.write() as work:
            lesson = await work.lessons.get(grant.lesson_id, lock=True)
            if lesson is None or lesson.state is _S.LIVE:
                return lesson or await self._lesson_of(grant)
            lesson = await apply(work, lesson, _S.LIVE, at=now, actor=bearer, started_at=now)
        await self._notices.lesson_changed(lesson)
        return lesson

    async def _step(self, actor: Actor, lesson_id: str, action: Action, to: LessonState, reason: str = "") -> Lesson:
        """A person's step in a lesson's life; one that already took effect changes nothing."""
        now = self._now()
        took_effect = OVER if to is _S.ENDED else {to}
        async with self._store.write() as work:
            found = await work.lessons.get(lesson_id, lock=True)
            lesson = require_lesson(actor, action, found, lesson_id)
            if lesson.state in took_effect:
                return lesson
            changes: dict[str, object] = {}
            if to is _S.LIVE:
                changes["started_at"] = now
                if lesson.teacher_id is None and actor.role is Role.TEACHER:
                    changes["teacher_id"] = actor.id
            if to is _S.ENDED:
                changes["ended_at"] = await _end_of(work, lesson, now)
            lesson = await apply(work, lesson, to, at=now, actor=actor, reason=reason, **changes)
        await self._notices.lesson_changed(lesson)
        return lesson


async def _account_of(work: UnitOfWork, account_id: str) -> tuple[Actor, str] | None:
    """Who a user's or device's id stands for now, with the mark of its password (which tells nothing of it) or code.

    None: nobody any more (disabled, revoked, waiting for its code).
    """
    user = await work.users.get(account_id)
    if user is not None:
        credential = hash_secret(user.password_hash or "")[:CREDENTIAL]
        return None if user.disabled else (Actor(user.id, user.role, user.name, user.school_id), credential)
    device = await work.devices.get(account_id)
    if device is None or device.revoked or device.redeemed_at is None:
        return None
    return Actor(device.id, Role.DEVICE, device.name, device.school_id), repr(device.redeemed_at)


async def _end_of(work: UnitOfWork, lesson: Lesson, now: float) -> float:
    """Now, unless the teacher's media was seen far later: then the clock was set back in mid-lesson, and a lesson that
    ends before its media would lose its evidence."""
    last = await work.flow.last_in(lesson.id, TEACHER)
    seen = last + 1 if last is not None and last > now + CLOCK_SET else now
    return max(seen, lesson.started_at or seen)


def _check_open(lesson: Lesson) -> None:
    """Media and room are there before and during the lesson, not after. Raises Conflict."""
    if lesson.form in ON_DEMAND:
        raise Conflict(
            "on_demand",
            "这是点播课程，没有直播课堂；请打开课程播放。",
            "This is a course on demand, there is no live room; open the course and play it.",
        )
    if lesson.state not in (_S.SCHEDULED, _S.LIVE, _S.MISSED):
        raise Conflict(
            "lesson_over",
            f"这节课现在是“{STATE_NAMES[lesson.state]}”（{lesson.state}），不能再进入。",
            f"The lesson is {lesson.state} and can no longer be joined.",
        )


def _school_of_grant(actor: Actor, lesson: Lesson, role: TokenRole, school_id: str | None) -> str | None:
    """Which school the token speaks for. Raises Forbidden, Invalid."""
    if role is TokenRole.TEACHER:
        return lesson.supporting_school_id
    if role is TokenRole.OBSERVER:
        return None
    if actor.role is Role.DEVICE:
        if school_id not in (None, actor.school_id):
            raise Forbidden(
                "forbidden", "教室设备只能代表自己的学校。", "A classroom's screen speaks for its own school only."
            )
        return actor.school_id
    if school_id is None and len(lesson.receiving_school_ids) == 1:
        return lesson.receiving_school_ids[0]
    if school_id not in lesson.receiving_school_ids:
        raise not_one_of("school_id", school_id, lesson.receiving_school_ids)
    return school_id


async def _checked(work: UnitOfWork, lesson: Lesson, changes: dict[str, object]) -> Lesson:
    """The lesson with checked changes. Raises Invalid."""
    values = dict(changes)
    wanted: dict[str, type | tuple[type, ...]] = {
        "topic": str,
        "subject_id": str,
        "starts_at": (int, float),
        "planned_minutes": int,
        "teacher_id": (str, type(None)),
    }
    for field, value in values.items():
        if not isinstance(value, wanted[field]) or isinstance(value, bool):
            raise Invalid(f"bad_{field}", f"{field} 的类型不对。", f"{field} has the wrong type.")
    lesson = replace(lesson, **values)  # type: ignore[arg-type]  # each value's type was checked just now
    check_starts_at(lesson.starts_at)
    check_minutes(lesson.planned_minutes)
    if "subject_id" in values:
        await check_subject(work, lesson.subject_id)
    if "teacher_id" in values and lesson.teacher_id is not None:
        await check_teacher(work, lesson.teacher_id, lesson.supporting_school_id)
    return replace(lesson, topic=check_topic(lesson.topic))


async def _extras(work: UnitOfWork, lessons: Iterable[Lesson]) -> dict[str, LessonExtras]:
    lessons = list(lessons)
    ids = [lesson.id for lesson in lessons]
    recordings = await work.lessons.recordings(ids)
    shelves = await work.shelf.of(ids)
    reasons = await work.lessons.reasons([lesson.id for lesson in lessons if lesson.state in EXPLAINED])
    names = {user.id: user.name for user in await work.users.all()}
    return {
        lesson.id: _extra(lesson, names, recordings.get(lesson.id), shelves.get(lesson.id), reasons.get(lesson.id, []))
        for lesson in lessons
    }


def _extra(
    lesson: Lesson,
    names: dict[str, str],
    recording: RecordingRecord | None,
    shelf: ShelfRecord | None,
    reasons: Sequence[Reason],
) -> LessonExtras:
    there = recording is not None and recording.opened_at is not None and (shelf is None or shelf.trashed_at is None)
    return LessonExtras(
        teacher_name=names.get(lesson.teacher_id) if lesson.teacher_id is not None else None,
        recording_id=lesson.id if there else None,
        reason=in_one_sentence(reasons),
        reason_en=in_one_sentence_en(reasons),
    )
