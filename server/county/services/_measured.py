"""What the media plane and the recorder report of lessons, and the sweep that settles what nobody settled."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from ..crediting import spoken
from ..errors import Conflict
from ..evidence import TEACHER
from ..lessons import is_missed
from ..model import LessonState
from ..ports import ParticipantRecord, Reason, RecordingRecord
from ._life import apply, in_one_sentence, weigh

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..model import FlowRow, Lesson, QualityMinute, TokenRole
    from ..policies import CountyConfig
    from ..ports import Clock, LessonNotices, UnitOfWork, UnitsOfWork
    from .crediting import Crediting

log = logging.getLogger("tongke.county")

LessonIds = list[str]

_S = LessonState
UNSETTLED = (_S.SCHEDULED, _S.LIVE, _S.ENDED, _S.RECORDED, _S.VERIFIED)


class Silence(NamedTuple):
    """A live lesson's last media `seen` (Unix s), found so at steady time `since`, when it was `before` seconds old."""

    seen: float
    since: float
    before: float


class Measured:
    """The part of the lessons service that no person calls: the event pump does."""

    def __init__(
        self,
        store: UnitsOfWork,
        notices: LessonNotices,
        config: CountyConfig,
        crediting: Crediting,
        now: Clock,
        steady: Clock,
    ) -> None:
        self._store = store
        self._notices = notices
        self._config = config
        self._crediting = crediting
        self._now = now
        self._steady = steady
        # by lesson that is live
        self._silences: dict[str, Silence] = {}
        self._heard: dict[str, float] = {}  # steady time at which this process was told of the teacher's media

    async def record_flow(self, rows: Sequence[FlowRow]) -> None:
        """Merge measured flow, durably; the same rows again change nothing that counts."""
        if rows:
            async with self._store.write() as work:
                await work.flow.merge(rows)
        for row in rows:
            if row.participant_id == row.source == TEACHER and row.direction == "in":
                self._heard[row.lesson_id] = self._steady()

    async def record_quality(self, rows: Sequence[QualityMinute]) -> None:
        """Merge how good the media was, durably; a repeated look is counted once."""
        if rows:
            async with self._store.write() as work:
                await work.quality.merge(rows)

    async def participant_seen(
        self, lesson_id: str, participant_id: str, role: TokenRole, school_id: str | None, name: str
    ) -> None:
        """Somebody joined the room or the media. Unknown lessons are ignored."""
        seen = ParticipantRecord(lesson_id, participant_id, role, school_id, name, self._now())
        async with self._store.write() as work:
            if await work.lessons.get(lesson_id) is not None:
                await work.lessons.see_participant(seen)

    async def recording_opened(self, lesson_id: str) -> None:
        """The recorder writes this lesson (again, after a restart: then it is not closed any more)."""
        async with self._store.write() as work:
            if await work.lessons.get(lesson_id) is None:
                return
            known = await work.lessons.recording(lesson_id) or RecordingRecord(lesson_id)
            opened_at = known.opened_at if known.opened_at is not None else self._now()
            await work.lessons.save_recording(replace(known, opened_at=opened_at, closed_at=None))

    async def recording_closed(self, lesson_id: str) -> Lesson | None:
        """ended → recorded. The caller queues the verification. None: no such lesson."""
        now = self._now()
        changed = False
        async with self._store.write() as work:
            lesson = await work.lessons.get(lesson_id, lock=True)
            if lesson is None:
                return None
            known = await work.lessons.recording(lesson_id) or RecordingRecord(lesson_id)
            opened_at = known.opened_at if known.opened_at is not None else now
            await work.lessons.save_recording(replace(known, opened_at=opened_at, closed_at=now, queued_at=now))
            if lesson.state is _S.ENDED:
                lesson = await apply(work, lesson, _S.RECORDED, at=now)
                changed = True
        if changed:
            await self._notices.lesson_changed(lesson)
        return lesson

    async def verified(self, lesson_id: str, report: dict[str, Any]) -> Lesson | None:
        """Keep the report (docs/protocols.md, section 5); → verified. The caller runs the crediting.

        None: no such lesson. A credited lesson stays credited. A report of a lesson that is not over is not kept.
        """
        now = self._now()
        changed = False
        async with self._store.write() as work:
            lesson = await work.lessons.get(lesson_id, lock=True)
            if lesson is None:
                return None
            if lesson.state in (_S.SCHEDULED, _S.LIVE, _S.CANCELLED, _S.MISSED):
                log.warning("verification of a lesson that is %s is not kept: %s", lesson.state, lesson_id)
                return lesson
            known = await work.lessons.recording(lesson_id) or RecordingRecord(lesson_id, opened_at=now, closed_at=now)
            await work.lessons.save_recording(replace(known, report=report, verified_at=now))
            if lesson.state is _S.ENDED:  # its `recording.closed` was lost
                lesson = await apply(work, lesson, _S.RECORDED, at=now)
            if lesson.state in (_S.RECORDED, _S.REJECTED, _S.NEEDS_REVIEW):
                lesson = await apply(work, lesson, _S.VERIFIED, at=now)
                changed = True
        if changed:
            await self._notices.lesson_changed(lesson)
        return lesson

    async def sweep(self) -> LessonIds:
        """Marks missed lessons, ends abandoned ones, settles what a crash left; runs crediting that is due.

        An abandoned lesson ends at the last media seen. Answers the lessons whose verification must be queued.
        Ended ones are told through `lesson_changed` (state `ended`): their media is to be closed then. Safe to call
        from several processes.
        """
        async with self._store.read() as work:
            unsettled = await work.lessons.in_states(UNSETTLED)
        live = {lesson.id for lesson in unsettled if lesson.state is _S.LIVE}
        self._silences = {lesson_id: silence for lesson_id, silence in self._silences.items() if lesson_id in live}
        self._heard = {lesson_id: at for lesson_id, at in self._heard.items() if lesson_id in live}
        wanted: LessonIds = []
        for seen in unsettled:
            if seen.state is _S.VERIFIED:
                await self._crediting.run(seen.id)
                continue
            if seen.state is _S.SCHEDULED and not is_missed(seen, self._config.life, self._now()):
                continue
            try:
                if await self._settle(seen.id):
                    wanted.append(seen.id)
            except Conflict:
                log.info("lesson changed while it was swept, left for the next sweep: %s", seen.id)
        return wanted

    async def _settle(self, lesson_id: str) -> bool:
        """One lesson, looked at again under its lock. True: queue its verification."""
        now = self._now()
        steps = {
            _S.SCHEDULED: self._miss,
            _S.LIVE: self._end_abandoned,
            _S.ENDED: self._settle_ended,
            _S.RECORDED: self._settle_recorded,
        }
        async with self._store.write() as work:
            before = await work.lessons.get(lesson_id, lock=True)
            step = steps.get(before.state) if before is not None else None
            if before is None or step is None:
                return False
            after, queue = await step(work, before, now)
        if after.state is not before.state:
            await self._notices.lesson_changed(after)
        return queue

    async def _miss(self, work: UnitOfWork, lesson: Lesson, now: float) -> tuple[Lesson, bool]:
        if is_missed(lesson, self._config.life, now):
            lesson = await apply(work, lesson, _S.MISSED, at=now, reason="过了下课时间仍没有开始。")
        return lesson, False

    async def _end_abandoned(self, work: UnitOfWork, lesson: Lesson, now: float) -> tuple[Lesson, bool]:
        last = await work.flow.last_in(lesson.id, TEACHER)
        started = lesson.started_at if lesson.started_at is not None else now
        seen = max(started, last + 1) if last is not None else started
        if self._silent_for(lesson.id, seen, now) >= self._config.life.abandoned_after:
            waited = spoken(self._config.life.abandoned_after)
            reason = f"老师超过 {waited}没有画面和声音，按最后一次收到的时间下课。"
            lesson = await apply(work, lesson, _S.ENDED, at=now, reason=reason, ended_at=seen)
        return lesson, False

    def _silent_for(self, lesson_id: str, seen: float, now: float) -> float:
        """Seconds since the teacher's media was last seen to go on. A clock that is set in mid-lesson ends no lesson:
        by Unix time is judged only what this process finds when it first looks, after that steady time passes."""
        known, steady = self._silences.get(lesson_id), self._steady()
        if known is None:
            known = self._silences[lesson_id] = Silence(seen, steady, max(0.0, now - seen))
        elif known.seen != seen:
            known = self._silences[lesson_id] = Silence(seen, steady, 0.0)
        silent = known.before + steady - known.since
        return min(silent, steady - self._heard.get(lesson_id, float("-inf")))

    async def _settle_ended(self, work: UnitOfWork, lesson: Lesson, now: float) -> tuple[Lesson, bool]:
        life = self._config.life
        recording = await work.lessons.recording(lesson.id)
        if recording is not None and recording.closed_at is not None:  # it closed before the lesson ended
            await work.lessons.save_recording(replace(recording, queued_at=now))
            return await apply(work, lesson, _S.RECORDED, at=now), True
        ended_at = (await work.lessons.events(lesson.id))[-1].at
        if recording is None or recording.opened_at is None:
            if now - ended_at >= life.no_recording_grace:
                lesson = await self._give_up(work, lesson, now, "没有录像", "There is no recording")
        elif now - ended_at >= life.unclosed_recording_grace:
            lesson = await self._give_up(work, lesson, now, "录像没有正常结束", "The recording was never closed")
        return lesson, False

    async def _settle_recorded(self, work: UnitOfWork, lesson: Lesson, now: float) -> tuple[Lesson, bool]:
        life = self._config.life
        recording = await work.lessons.recording(lesson.id) or RecordingRecord(lesson.id, closed_at=now)
        if now - (recording.closed_at or now) >= life.unverified_grace:
            return await self._give_up(work, lesson, now, "录像没有核验结果", "The recording was never verified"), False
        if now - (recording.queued_at or 0.0) < life.requeue_verification_after:
            return lesson, False
        await work.lessons.save_recording(replace(recording, queued_at=now))
        return lesson, True

    async def _give_up(self, work: UnitOfWork, lesson: Lesson, now: float, what: str, what_en: str) -> Lesson:
        """Without a verified recording: a person decides, or nobody needs to when the teacher never sent anything."""
        evidence, _ = await weigh(work, lesson, now)
        if evidence.teacher_seconds == 0:
            state = _S.REJECTED
            reason = Reason(None, "lasted", "老师没有发出画面或声音。", "The teacher sent neither picture nor sound.")
        else:
            state = _S.NEEDS_REVIEW
            reason = Reason(None, "recorded", f"{what}，需要人工审核。", f"{what_en}; a person must decide.")
        await work.lessons.replace_reasons(lesson.id, [reason])
        return await apply(work, lesson, state, at=now, reason=in_one_sentence([reason]))
