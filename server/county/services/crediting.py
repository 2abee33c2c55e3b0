"""Crediting as a service: run the policy on a verified lesson, credit and reverse by hand, read the ledger."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ..crediting import Outcome, credit_key, judge, last_of, overlaps, reversal_key, standing
from ..errors import Conflict, Invalid, NotFound
from ..ids import new_id
from ..lessons import JUDGED, STATE_NAMES
from ..model import LedgerEntry, LessonState
from ..paging import check_limit, read_cursor
from ..permissions import Action, lists_of, require, require_lesson
from ..ports import AuditRow, LedgerQuery, Reason
from ._life import SYSTEM, apply, check_reason, in_one_sentence, weigh

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..evidence import Evidence
    from ..model import Actor, Lesson, Page
    from ..policies import CountyConfig, CreditingPolicy
    from ..ports import Clock, LessonNotices, UnitOfWork, UnitsOfWork


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
        now = self._now()
        async with self._store.write() as work:
            await work.ledger.lock()
            lesson = await work.lessons.get(lesson_id, lock=True)
            if lesson is None or lesson.state is not LessonState.VERIFIED:
                return lesson
            outcome = await self._judge_and_append(work, lesson, now)
            await work.lessons.replace_reasons(lesson_id, outcome.reasons)
            reason = in_one_sentence(outcome.reasons)
            lesson = await apply(work, lesson, outcome.state, at=now, reason=reason)
        await self._notices.lesson_changed(lesson)
        return lesson

    async def credit_by_hand(self, actor: Actor, lesson_id: str, school_id: str, reason: str) -> LedgerEntry:
        """Admin, researcher. A person may overrule every condition, but not credit twice.

        Raises Conflict (`already_credited`, or the lesson never ran), Invalid (reason, school), NotFound, Forbidden.
        """
        now = self._now()
        async with self._store.write() as work:
            await work.ledger.lock()
            found = await work.lessons.get(lesson_id, lock=True)
            lesson = require_lesson(actor, Action.CREDIT_BY_HAND, found, lesson_id)
            lesson, entry = await self.credit_in(work, actor, lesson, school_id, check_reason(reason), now)
        await self._notices.lesson_changed(lesson)
        return entry

    async def credit_in(
        self, work: UnitOfWork, actor: Actor, lesson: Lesson, school_id: str, reason: str, now: float
    ) -> tuple[Lesson, LedgerEntry]:
        """The same within a transaction that holds ledger and lesson; the caller has checked actor and reason."""
        _check_can_credit(lesson, school_id)
        chain_end = last_of(await work.ledger.of_lesson(lesson.id), school_id)
        key = credit_key(lesson.id, school_id, None if chain_end is None else chain_end.id)
        evidence, report = await weigh(work, lesson, now)
        policy = self._config.policies.get(lesson.policy) or self._config.policies["default"]
        entry = _credit(lesson, school_id, key, evidence, report, policy, actor=actor, reason=reason, now=now)
        if (chain_end is not None and chain_end.amount > 0) or not await work.ledger.append(entry):
            raise Conflict(
                "already_credited", "这节课已经计入这所学校。", "This lesson is credited to this school already."
            )
        if lesson.state is not LessonState.CREDITED:
            lesson = await apply(work, lesson, LessonState.CREDITED, at=now, actor=actor, reason=reason)
        await work.audit(AuditRow(now, actor.id, "ledger.credit", entry.id, reason))
        return lesson, entry

    async def reverse(self, actor: Actor, entry_id: str, reason: str) -> LedgerEntry:
        """A new entry of -1 naming the reversed one. Admin, researcher.

        Raises Conflict (`already_reversed`, `is_reversal`), Invalid, NotFound, Forbidden.
        """
        require(actor, Action.REVERSE)
        now = self._now()
        async with self._store.write() as work:
            await work.ledger.lock()
            entry = await work.ledger.get(entry_id)
            lesson = await work.lessons.get(entry.lesson_id, lock=True) if entry is not None else None
            if entry is None or lesson is None:
                raise NotFound("no_such_entry", f"没有这笔记录：{entry_id}", f"No such entry: {entry_id}")
            lesson, reversal = await self.reverse_in(work, actor, lesson, entry, check_reason(reason), now)
        await self._notices.lesson_changed(lesson)
        return reversal

    async def reverse_in(
        self, work: UnitOfWork, actor: Actor, lesson: Lesson, entry: LedgerEntry, reason: str, now: float
    ) -> tuple[Lesson, LedgerEntry]:
        """The same within a transaction that holds ledger and lesson; the caller has checked actor and reason."""
        if entry.amount < 0:
            raise Conflict(
                "is_reversal",
                "这笔本身就是撤销，不能再撤销；可以重新计入。",
                "This is a reversal itself; credit again instead.",
            )
        reversal = _reversal(entry, actor, reason, now)
        if not await work.ledger.append(reversal):
            raise Conflict("already_reversed", "这笔已经撤销过了。", "This entry was reversed already.")
        await self._note_reversal(work, lesson, entry.school_id, reason)
        stands = standing(await work.ledger.of_lesson(lesson.id))
        if lesson.state is LessonState.CREDITED and not any(stands.values()):
            lesson = await apply(work, lesson, LessonState.REJECTED, at=now, actor=actor, reason=reason)
        await work.audit(AuditRow(now, actor.id, "ledger.reverse", reversal.id, reason))
        return lesson, reversal

    async def ledger(
        self,
        actor: Actor,
        lesson_id: str | None = None,
        school_id: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[LedgerEntry]:
        """Newest first. A teacher sees only lessons in which the own school takes part. Raises Forbidden, Invalid."""
        require(actor, Action.LEDGER_SEE)
        query = LedgerQuery(
            lesson_id=lesson_id,
            school_id=school_id,
            involving=lists_of(actor)[0],
            after=read_cursor(cursor),
            limit=check_limit(limit),
        )
        async with self._store.read() as work:
            return await work.ledger.page(query)

    async def _judge_and_append(self, work: UnitOfWork, lesson: Lesson, now: float) -> Outcome:
        """Judge, append the credits earned, and say what stands now."""
        policy = self._config.policies.get(lesson.policy)
        if policy is None:
            return Outcome(LessonState.NEEDS_REVIEW, (), (_no_policy(lesson),))
        evidence, report = await weigh(work, lesson, now)
        taken = overlaps(lesson, await work.lessons.credited_overlapping(lesson))
        outcome = judge(lesson, evidence, report, policy, taken)
        for school_id in outcome.credited:
            key = credit_key(lesson.id, school_id)
            await work.ledger.append(
                _credit(lesson, school_id, key, evidence, report, policy, actor=SYSTEM, reason="", now=now)
            )
        stands = standing(await work.ledger.of_lesson(lesson.id))
        # A credit that a person reversed is in the ledger already: the append changed nothing and it stays reversed.
        undone = tuple(_reversed(school_id, "") for school_id in outcome.credited if not stands.get(school_id))
        reasons = (*outcome.reasons, *undone)
        if any(stands.values()):
            return Outcome(LessonState.CREDITED, outcome.credited, reasons)
        state = LessonState.REJECTED if outcome.state is LessonState.CREDITED else outcome.state
        return Outcome(state, (), reasons)

    async def _note_reversal(self, work: UnitOfWork, lesson: Lesson, school_id: str, reason: str) -> None:
        known = (await work.lessons.reasons([lesson.id])).get(lesson.id, [])
        kept = [old for old in known if (old.school_id, old.code) != (school_id, "reversed")]
        await work.lessons.replace_reasons(lesson.id, [*kept, _reversed(school_id, reason)])


def _check_can_credit(lesson: Lesson, school_id: str) -> None:
    schools = (lesson.supporting_school_id, *lesson.receiving_school_ids)
    if school_id not in schools:
        raise Invalid(
            "bad_school_id",
            f"school_id 应是这节课的学校：{'、'.join(schools)}。",
            f"school_id must be a school of this lesson: {', '.join(schools)}.",
        )
    if lesson.state not in JUDGED:
        raise Conflict(
            "not_judged",
            f"这节课现在是“{STATE_NAMES[lesson.state]}”（{lesson.state}），核验完成后才能人工计入（{LessonState.CREDITED}）。",
            f"The lesson is {lesson.state}; it cannot become {LessonState.CREDITED} by hand before it was verified.",
        )


def _credit(
    lesson: Lesson,
    school_id: str,
    key: str,
    evidence: Evidence,
    report: dict[str, Any] | None,
    policy: CreditingPolicy,
    *,
    actor: Actor,
    reason: str,
    now: float,
) -> LedgerEntry:
    """A credit with all an auditor needs to judge it again."""
    proof = evidence.as_dict() | {
        "started_at": lesson.started_at,
        "ended_at": lesson.ended_at,
        "planned_minutes": lesson.planned_minutes,
        "teacher_id": lesson.teacher_id,
        "recording_id": lesson.id if report is not None else None,
        "problems": list((report or {}).get("problems") or []),
        "policy": asdict(policy),
        "by_hand": actor is not SYSTEM,
    }
    return LedgerEntry(
        id=new_id("e", now),
        key=key,
        lesson_id=lesson.id,
        school_id=school_id,
        subject_id=lesson.subject_id,
        form=lesson.form,
        amount=1,
        reverses=None,
        reason=reason,
        evidence=proof,
        policy_version=policy.version,
        actor_id=actor.id,
        at=now,
    )


def _reversal(entry: LedgerEntry, actor: Actor, reason: str, now: float) -> LedgerEntry:
    return LedgerEntry(
        id=new_id("e", now),
        key=reversal_key(entry.id),
        lesson_id=entry.lesson_id,
        school_id=entry.school_id,
        subject_id=entry.subject_id,
        form=entry.form,
        amount=-entry.amount,
        reverses=entry.id,
        reason=reason,
        evidence={"reverses": entry.id, "by_hand": True},
        policy_version=entry.policy_version,
        actor_id=actor.id,
        at=now,
    )


def _reversed(school_id: str, reason: str) -> Reason:
    return Reason(
        school_id,
        "reversed",
        f"已由人工撤销：{reason}" if reason else "已由人工撤销，重新核验不会恢复，可人工重新计入。",
        f"Reversed by a person: {reason}" if reason else "Reversed by a person; verifying again does not restore it.",
    )


def _no_policy(lesson: Lesson) -> Reason:
    return Reason(
        None,
        "not_verified",
        f"没有名为 {lesson.policy} 的计入规则，需要人工审核。",
        f"There is no crediting policy named {lesson.policy}; a person must decide.",
    )


def open_reasons(lesson: Lesson, reasons: Sequence[Reason], stands: frozenset[str]) -> tuple[Reason, ...]:
    """Reasons that still concern a school for which no credit stands."""
    schools = {lesson.supporting_school_id, *lesson.receiving_school_ids}
    if schools <= stands:
        return ()
    return tuple(reason for reason in reasons if reason.school_id not in stands)
