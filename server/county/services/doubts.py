"""Doubts: looked for when a lesson is judged, kept until a person decides, credit withdrawn and given back by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..crediting import last_of, standing
from ..doubts import TOLD, Doubt, DoubtEvent, DoubtQuery, DoubtState, DoubtStep, Publication, next_state
from ..errors import Conflict, Forbidden, NotFound
from ..ids import new_id
from ..lines import line_of
from ..model import Form, LessonState, Page
from ..paging import check_limit, read_cursor
from ..permissions import Action, Scope, lists_of, may, require
from ..ports import AuditRow
from ..suspicion import Traces, find
from ._life import SYSTEM, check_reason, weigh

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..doubts import Finding, Kind
    from ..model import Actor, Lesson, MediaGrant
    from ..policies import CountyConfig
    from ..ports import Clock, LessonNotices, UnitOfWork, UnitsOfWork
    from .crediting import Crediting

# A rejected lesson has nothing to lose: why it does not count is said already.
WORTH_DOUBTING = (LessonState.CREDITED, LessonState.NEEDS_REVIEW)
# s: longer than a lesson waits for its verification and a school's line is known by (`line_days`).
KEPT_LINES = 90 * 86_400.0
DECIDING = (DoubtStep.DISMISS, DoubtStep.REOPEN, DoubtStep.CONFIRM, DoubtStep.UPHOLD, DoubtStep.GRANT)


@dataclass(frozen=True, slots=True)
class DoubtView:
    """A doubt with what a page shows of it. `may_take`: the steps that this caller may take now."""

    doubt: Doubt
    lesson: Lesson
    events: tuple[DoubtEvent, ...]
    stands: frozenset[str]  # schools for which the lesson stands credited
    may_take: tuple[DoubtStep, ...]


class Doubts:
    """Every method with an actor checks it. A doubt one may not see is NotFound."""

    def __init__(
        self, store: UnitsOfWork, notices: LessonNotices, config: CountyConfig, crediting: Crediting, now: Clock
    ) -> None:
        self._store = store
        self._notices = notices
        self._config = config
        self._crediting = crediting
        self._now = now

    # --- what nobody asks for: the event pump and the media sessions do ----------------------------------------------

    async def published(self, grant: MediaGrant, address: str) -> None:
        """Somebody sends from there. This machine itself is no line."""
        line = line_of(address)
        if line is not None:
            now = self._now()
            async with self._store.write() as work:
                await work.doubts.publish(
                    Publication(grant.lesson_id, grant.participant_id, grant.school_id, line, now)
                )

    async def night(self) -> None:
        """The nightly work, safe to repeat: addresses that no doubt can need any more are forgotten."""
        async with self._store.write() as work:
            await work.doubts.forget_publications(self._now() - KEPT_LINES)

    async def look(self, lesson_id: str) -> list[Doubt]:
        """Look at a judged lesson's evidence, keep what is new, take back what is no longer shown; the open doubts.

        What a person decided stays decided. Looking again changes nothing.
        """
        now = self._now()
        async with self._store.write() as work:
            lesson = await work.lessons.get(lesson_id, lock=True)
            if lesson is None:
                return []
            worth = lesson.state in WORTH_DOUBTING and lesson.form is Form.SYNCHRONOUS
            found = await self._findings(work, lesson, now) if worth else []
            known = {doubt.finding.key: doubt for doubt in await work.doubts.of_lesson(lesson_id)}
            for finding in found:
                await self._keep(work, lesson, finding, known.get(finding.key), now)
            keys = {finding.key for finding in found}
            for doubt in known.values():
                if doubt.finding.key not in keys and doubt.state is DoubtState.OPEN:
                    await self._step(work, SYSTEM, doubt, DoubtStep.VANISHED, now)
            return [doubt for doubt in await work.doubts.of_lesson(lesson_id) if doubt.state is DoubtState.OPEN]

    async def _findings(self, work: UnitOfWork, lesson: Lesson, now: float) -> list[Finding]:
        evidence, report = await weigh(work, lesson, now)
        policy = self._config.honesty
        at_once = await work.lessons.overlapping(lesson)
        flow = await work.flow.of_lessons([lesson.id, *(other.id for other in at_once)])
        schools = (lesson.supporting_school_id, *lesson.receiving_school_ids)
        own = await work.doubts.publications(0.0, now, lesson_id=lesson.id)
        begun = lesson.started_at if lesson.started_at is not None else now
        since = begun - max(policy.line_known, policy.line)
        theirs = await work.doubts.publications(since, begun + policy.line, schools=schools)
        there = {one.address for one in (*own, *theirs)}
        lines = dict.fromkeys([*theirs, *await work.doubts.publications(since, begun + policy.line, addresses=there)])
        traces = Traces(
            lesson=lesson,
            evidence=evidence,
            report=report or {},
            flow=flow.get(lesson.id, []),
            events=await work.lessons.events(lesson.id),
            latest_before=await work.lessons.latest_before_start(lesson.id),
            others=[(other, flow.get(other.id, [])) for other in at_once],
            known=await self._named(work, report or {}),
            lines=list(lines),
            crediting=self._config.policies.get(lesson.policy),
        )
        return find(traces, {school.id: school for school in await work.roster.schools()}, policy)

    async def _keep(self, work: UnitOfWork, lesson: Lesson, finding: Finding, known: Doubt | None, now: float) -> None:
        if known is None:
            doubt = Doubt(new_id("q", now), lesson.id, finding, DoubtState.OPEN, now)
            if await work.doubts.add(doubt):
                await work.doubts.add_event(DoubtEvent(doubt.id, now, DoubtStep.FOUND, SYSTEM.id, SYSTEM.name))
        elif known.state is DoubtState.GONE:
            await self._step(work, SYSTEM, replace(known, finding=finding), DoubtStep.FOUND, now)
        elif known.state is DoubtState.OPEN and known.finding != finding:
            await work.doubts.save(
                replace(known, finding=finding, version=known.version + 1), seen_version=known.version
            )

    # --- what people do ----------------------------------------------------------------------------------------------

    async def page(
        self,
        actor: Actor,
        *,
        states: Sequence[DoubtState] = (),
        kind: Kind | None = None,
        lesson_id: str | None = None,
        school_id: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[DoubtView]:
        """Newest first. A teacher sees what was confirmed of the own school's lessons. Raises Forbidden, Invalid."""
        require(actor, Action.DOUBTS_LIST)
        decides = may(actor, Action.DOUBT_DECIDE)
        wanted = tuple(states) or (() if decides else TOLD)
        query = DoubtQuery(
            states=wanted if decides else tuple(state for state in wanted if state in TOLD) or TOLD,
            kind=kind,
            lesson_id=lesson_id,
            school_id=school_id,
            involving=lists_of(actor)[0],
            after=read_cursor(cursor),
            limit=check_limit(limit),
        )
        async with self._store.read() as work:
            found = await work.doubts.page(query)
            return Page(await self._views(work, actor, found.items), found.next)

    async def take(self, actor: Actor, doubt_id: str, version: int, step: DoubtStep, reason: str) -> DoubtView:
        """A person's step with its written reason: see `county.doubts`. Confirming withdraws the credits it concerns,
        granting gives back what was withdrawn by it.

        Raises Conflict (stale, or not from here), Invalid, Forbidden, NotFound.
        """
        now = self._now()
        async with self._store.write() as work:
            await work.ledger.lock()
            doubt, lesson = await self._seen(work, actor, doubt_id)
            require(
                actor, Action.DOUBT_APPEAL if step is DoubtStep.APPEAL else Action.DOUBT_DECIDE, Scope.of_lesson(lesson)
            )
            reason = check_reason(reason)
            next_state(doubt.state, step)
            if doubt.version != version:
                raise Conflict("stale", "这条存疑刚被别人处理过，请刷新。", "Somebody else has dealt with it; reload.")
            before = await work.doubts.events([doubt.id])
            _check_other_person(actor, doubt, step, before)
            entries: tuple[str, ...] = ()
            if step is DoubtStep.CONFIRM:
                lesson, entries = await self._withdraw(work, actor, lesson, doubt, reason, now)
            elif step is DoubtStep.GRANT:
                lesson, entries = await self._give_back(work, actor, lesson, before, reason, now)
            doubt = await self._step(work, actor, doubt, step, now, reason, entries)
            await work.audit(AuditRow(now, actor.id, f"doubt.{step}", lesson.id, f"{doubt.finding.kind}: {reason}"))
            (view,) = await self._views(work, actor, [doubt])
        if entries:
            await self._notices.lesson_changed(lesson)
        return view

    async def _withdraw(
        self, work: UnitOfWork, actor: Actor, lesson: Lesson, doubt: Doubt, reason: str, now: float
    ) -> tuple[Lesson, tuple[str, ...]]:
        """Of a doubt about one classroom its credit, and the supporting school's when no classroom is left."""
        ledger = await work.ledger.of_lesson(lesson.id)
        stands = {school for school, amount in standing(ledger).items() if amount > 0}
        about = doubt.finding.school_id
        concerned = stands if about in (None, lesson.supporting_school_id) else stands & {about}
        if not (stands & set(lesson.receiving_school_ids)) - concerned:
            concerned = stands
        entries = []
        for school_id in sorted(concerned):
            entry = last_of(ledger, school_id)
            assert entry is not None, school_id
            lesson, reversal = await self._crediting.reverse_in(work, actor, lesson, entry, reason, now)
            entries.append(reversal.id)
        return lesson, tuple(entries)

    async def _give_back(
        self, work: UnitOfWork, actor: Actor, lesson: Lesson, events: Sequence[DoubtEvent], reason: str, now: float
    ) -> tuple[Lesson, tuple[str, ...]]:
        """What was withdrawn by this doubt, where nobody has credited it meanwhile."""
        withdrawn = {entry for event in events if event.step is DoubtStep.CONFIRM for entry in event.entries}
        ledger = await work.ledger.of_lesson(lesson.id)
        entries = []
        for entry in ledger:
            if entry.id in withdrawn and last_of(ledger, entry.school_id) is entry:
                lesson, credit = await self._crediting.credit_in(work, actor, lesson, entry.school_id, reason, now)
                entries.append(credit.id)
        return lesson, tuple(entries)

    # --- within -----------------------------------------------------------------------------------------------------

    async def _named(self, work: UnitOfWork, report: dict[str, object]) -> dict[str, Lesson]:
        """The lessons whose recordings the report names."""
        sources = report.get("sources")
        ids = {
            str(copy.get("lesson_id"))
            for source in (sources if isinstance(sources, list) else [])
            if isinstance(source, dict)
            for copy in source.get("copies") or []
            if isinstance(copy, dict)
        }
        found = [await work.lessons.get(lesson_id) for lesson_id in sorted(ids)]
        return {lesson.id: lesson for lesson in found if lesson is not None}

    async def _seen(self, work: UnitOfWork, actor: Actor, doubt_id: str) -> tuple[Doubt, Lesson]:
        doubt = await work.doubts.get(doubt_id, lock=True)
        lesson = await work.lessons.get(doubt.lesson_id, lock=True) if doubt is not None else None
        if doubt is None or lesson is None or not _may_see(actor, doubt, lesson):
            raise NotFound("no_such_doubt", f"没有这条存疑：{doubt_id}", f"No such doubt: {doubt_id}")
        return doubt, lesson

    async def _step(
        self,
        work: UnitOfWork,
        actor: Actor,
        doubt: Doubt,
        step: DoubtStep,
        now: float,
        text: str = "",
        entries: tuple[str, ...] = (),
    ) -> Doubt:
        changed = replace(doubt, state=next_state(doubt.state, step), version=doubt.version + 1)
        await work.doubts.save(changed, seen_version=doubt.version)
        await work.doubts.add_event(DoubtEvent(doubt.id, now, step, actor.id, actor.name, text, entries))
        return changed

    async def _views(self, work: UnitOfWork, actor: Actor, doubts: Sequence[Doubt]) -> list[DoubtView]:
        ids = {doubt.lesson_id for doubt in doubts}
        lessons = {lesson_id: await work.lessons.get(lesson_id) for lesson_id in ids}
        stands = await work.ledger.credited_schools(ids)
        events: dict[str, list[DoubtEvent]] = {doubt.id: [] for doubt in doubts}
        for event in await work.doubts.events(events):
            events[event.doubt_id].append(event)
        views = []
        for doubt in doubts:
            lesson, known = lessons[doubt.lesson_id], tuple(events[doubt.id])
            assert lesson is not None, doubt.lesson_id
            credited = stands.get(lesson.id, frozenset())
            views.append(DoubtView(doubt, lesson, known, credited, _may_take(actor, doubt, lesson, known)))
        return views


def _may_see(actor: Actor, doubt: Doubt, lesson: Lesson) -> bool:
    scope = Scope.of_lesson(lesson)
    return may(actor, Action.DOUBT_SEE, scope) and (doubt.state in TOLD or may(actor, Action.DOUBT_DECIDE, scope))


def _may_take(actor: Actor, doubt: Doubt, lesson: Lesson, events: Sequence[DoubtEvent]) -> tuple[DoubtStep, ...]:
    """The steps from here that this caller is not refused."""
    scope = Scope.of_lesson(lesson)
    steps = []
    for step in (*DECIDING, DoubtStep.APPEAL):
        action = Action.DOUBT_APPEAL if step is DoubtStep.APPEAL else Action.DOUBT_DECIDE
        try:
            next_state(doubt.state, step)
            _check_other_person(actor, doubt, step, events)
        except (Conflict, Forbidden):
            continue
        if may(actor, action, scope):
            steps.append(step)
    return tuple(steps)


def _check_other_person(actor: Actor, doubt: Doubt, step: DoubtStep, events: Sequence[DoubtEvent]) -> None:
    """An appeal is not decided by whoever withdrew the credit. Raises Forbidden."""
    confirmed_by = [event.actor_id for event in events if event.step is DoubtStep.CONFIRM]
    if doubt.state is DoubtState.APPEALED and step in (DoubtStep.UPHOLD, DoubtStep.GRANT) and actor.id in confirmed_by:
        raise Forbidden(
            "own_decision",
            "撤销是您认定的，申诉要由另一位研训员或管理员处理。",
            "You withdrew the credit; another researcher or an administrator decides the appeal.",
        )
