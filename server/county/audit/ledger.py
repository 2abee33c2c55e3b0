"""Every lesson judged again from its flow, its recording's report and its policy, and held against the ledger.

DOMAIN's conditions, written a second time. What a person did by hand is not judged again, only whether it is written
down as it must be. Two lessons at once are looked for at the end, over all that stands.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..model import ON_DEMAND, LessonState
from .findings import Difference
from .on_demand import on_demand_differences
from .tape import Tape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..courses import Played
    from ..model import FlowRow, LedgerEntry, Lesson
    from ..policies import CreditingPolicy
    from ..ports import RecordingRecord

JUDGED = (LessonState.CREDITED, LessonState.REJECTED)


@dataclass(frozen=True, slots=True)
class Case:
    """What is stored of one lesson."""

    lesson: Lesson
    flow: Sequence[FlowRow]
    recording: RecordingRecord | None
    entries: Sequence[LedgerEntry]  # in the order they were written
    played: Sequence[Played] = ()  # of a course on demand


@dataclass(frozen=True, slots=True)
class Again:
    """The figures once more. `rooms`: by receiving school, seconds (received, sent)."""

    planned: int
    live: tuple[int, int] | None
    teacher: int
    rooms: Mapping[str, tuple[int, int]]

    @property
    def live_seconds(self) -> int:
        return self.live[1] - self.live[0] if self.live is not None else 0


@dataclass(frozen=True, slots=True)
class Stand:
    """A credit that stands, for the search for two at once."""

    lesson: Lesson
    school_id: str
    at: float
    by_hand: bool


@dataclass(slots=True)
class LedgerAudit:
    """Feed it every case, then ask for `differences`. `policies`: for lessons without an entry that names its own."""

    policies: Mapping[str, CreditingPolicy]
    lessons: int = 0
    entries: int = 0
    found: list[Difference] = field(default_factory=list)
    _stands: list[Stand] = field(default_factory=list)
    _ever: list[Stand] = field(default_factory=list)  # reversed ones too
    _missing: list[tuple[Lesson, frozenset[str], frozenset[str]]] = field(default_factory=list)  # earned, not standing

    def look(self, case: Case) -> None:
        """One lesson."""
        self.lessons += 1
        self.entries += len(case.entries)
        self.found += _chain_differences(case)
        if case.lesson.form in ON_DEMAND:
            self.found += on_demand_differences(case.lesson, case.played, case.entries)
            self.found += _state_differences(case.lesson, any(amount > 0 for amount in _sums(case.entries).values()))
            return
        again = count_again(case.lesson, case.flow)
        for entry in case.entries:
            if entry.amount > 0:
                self.found += _entry_differences(entry, case, again)
        self._judge(case, again)

    def _judge(self, case: Case, again: Again) -> None:
        lesson, sums = case.lesson, _sums(case.entries)
        credits = [entry for entry in case.entries if entry.amount > 0]
        self._ever += [Stand(lesson, entry.school_id, entry.at, _by_hand(entry)) for entry in credits]
        standing = {school: entry for school, entry in _last(credits).items() if sums.get(school, 0) > 0}
        self._stands += [Stand(lesson, school, entry.at, _by_hand(entry)) for school, entry in standing.items()]
        self.found += _state_differences(lesson, bool(standing))
        policy = _policy(credits, self.policies.get(lesson.policy))
        if policy is None or lesson.state not in (*JUDGED, LessonState.NEEDS_REVIEW):
            return
        review, failing = conditions(again, case.recording, policy)
        earned = set() if review else _earned(lesson, failing)
        touched = {entry.school_id for entry in case.entries if entry.amount < 0 or _by_hand(entry)}
        for school, entry in standing.items():
            if school not in touched and school not in earned:
                why = "、".join(sorted({code for owner, code in failing if owner in (None, school)} | review))
                self.found.append(
                    Difference(
                        "entry",
                        entry.id,
                        "not_earned",
                        f"计入了 {school}，按证据不应计入（{why or 'no_classroom'}）。",
                        f"Credited to {school}, the evidence does not earn it ({why or 'no_classroom'}).",
                    )
                )
        missing = frozenset(earned - standing.keys() - touched)
        if missing:
            self._missing.append((lesson, frozenset(earned), missing))

    def differences(self) -> list[Difference]:
        """Everything found, the search over all lessons included."""
        return [*self.found, *self._twice(), *self._not_credited()]

    def _twice(self) -> list[Difference]:
        by_school: dict[str, list[Stand]] = {}
        for stand in self._stands:
            if stand.lesson.started_at is not None and stand.lesson.ended_at is not None:
                by_school.setdefault(stand.school_id, []).append(stand)
        found = []
        for school, stands in by_school.items():
            stands.sort(key=lambda stand: stand.lesson.started_at or 0.0)
            open_ones: list[Stand] = []
            for stand in stands:
                open_ones = [one for one in open_ones if _overlap(one.lesson, stand.lesson)]
                for one in open_ones:
                    later, earlier = (stand, one) if stand.at >= one.at else (one, stand)
                    if not later.by_hand and _same_room(later.lesson, earlier.lesson, school):
                        found.append(
                            Difference(
                                "lesson",
                                later.lesson.id,
                                "twice",
                                f"{school} 同一时间另有一节课已计入：{earlier.lesson.id}。",
                                f"{school} stands credited for another lesson at the same time: {earlier.lesson.id}.",
                            )
                        )
                open_ones.append(stand)
        return found

    def _not_credited(self) -> list[Difference]:
        """What was earned and does not stand, unless another lesson at the same time had the credit."""
        ever: dict[str, list[Stand]] = {}
        for stand in self._ever:
            ever.setdefault(stand.school_id, []).append(stand)
        found = []
        for lesson, earned, missing in self._missing:

            def taken(school: str, lesson: Lesson = lesson) -> bool:
                return any(
                    one.lesson.id != lesson.id
                    and _overlap(one.lesson, lesson)
                    and _same_room(one.lesson, lesson, school)
                    for one in ever.get(school, ())
                )

            rooms = earned - {lesson.supporting_school_id}
            for school in sorted(missing):
                alone = school == lesson.supporting_school_id and all(taken(room) for room in rooms)
                if not alone and not taken(school):
                    text = f"按证据应计入 {school}，台账里没有。"
                    text_en = f"The evidence earns {school} a credit that the ledger does not have."
                    found.append(Difference("lesson", lesson.id, "not_credited", text, text_en))
        return found


def count_again(lesson: Lesson, flow: Sequence[FlowRow]) -> Again:
    """The lesson's seconds from its flow."""
    planned = lesson.planned_minutes * 60
    none = dict.fromkeys(lesson.receiving_school_ids, (0, 0))
    if lesson.started_at is None or lesson.ended_at is None:
        return Again(planned, None, 0, none)
    teacher = Tape(flow, lambda row: row.participant_id == row.source == "teacher" and row.direction == "in")
    live = teacher.span(lesson.started_at, lesson.ended_at)
    if live is None:
        return Again(planned, None, 0, none)
    rooms = {}
    for school in lesson.receiving_school_ids:
        who = f"classroom-{school}"
        own = [row for row in flow if row.participant_id == who]
        received = Tape(own, lambda row: row.source == "teacher" and row.direction == "out")
        sent = Tape(own, lambda row, who=who: row.source == who and row.direction == "in")  # type: ignore[misc]
        rooms[school] = (received.seconds(*live), sent.seconds(*live))
    return Again(planned, live, teacher.seconds(lesson.started_at, lesson.ended_at), rooms)


Failing = set[tuple[str | None, str]]
"""(receiving school or None for the whole lesson, condition)."""


def conditions(again: Again, recording: RecordingRecord | None, policy: Mapping[str, Any]) -> tuple[set[str], Failing]:
    """(why a person must decide, what does not hold)."""

    def limit(name: str) -> Fraction:
        return Fraction(str(policy[name]))

    report = recording.report if recording is not None else None
    if report is None:
        return {"not_verified"}, set()
    failing: Failing = set()
    review: set[str] = set()
    teacher = report.get("teacher") or {}
    opens, gap = report.get("opens"), _exact(report.get("gap_seconds"))
    dark, silent = _exact(teacher.get("black_or_frozen_share")), _exact(teacher.get("silent_share"))
    if opens is not False and gap is None:
        review.add("not_verified")
    elif again.teacher == 0 and _exact(report.get("duration")):
        review.add("no_evidence")
    elif opens is True and (dark is None or silent is None):
        review.add("not_verified")
    if again.teacher < limit("lasted_share") * again.planned and "no_evidence" not in review:
        failing.add((None, "lasted"))
    if opens is False or (gap is not None and gap > limit("max_gap_seconds")):
        failing.add((None, "recorded"))
    for share, name in ((dark, "max_black_or_frozen_share"), (silent, "max_silent_share")):
        if share is not None and share >= limit(name):
            failing.add((None, "seen_and_heard"))
    for school, (received, sent) in again.rooms.items():
        for seconds, name, code in ((received, "present_share", "present"), (sent, "two_way_share", "two_way")):
            if seconds < 1 or seconds < limit(name) * again.live_seconds:
                failing.add((school, code))
    return review, failing


def _earned(lesson: Lesson, failing: Failing) -> set[str]:
    if any(school is None for school, _ in failing):
        return set()
    rooms = set(lesson.receiving_school_ids) - {school for school, _ in failing if school is not None}
    return rooms | {lesson.supporting_school_id} if rooms else set()


def _policy(credits: Sequence[LedgerEntry], known: CreditingPolicy | None) -> Mapping[str, Any] | None:
    """The policy that the lesson's credit carries, else the one of its name as it is today."""
    for entry in credits:
        carried = entry.evidence.get("policy")
        if isinstance(carried, dict):
            return carried
    return {name: getattr(known, name) for name in type(known).__slots__} if known is not None else None


def _entry_differences(entry: LedgerEntry, case: Case, again: Again) -> list[Difference]:
    """The figures that an entry carries, against those of the flow and the report."""
    lesson = case.lesson
    expected: dict[str, Any] = {
        "planned_seconds": again.planned,
        "live_from": again.live[0] if again.live else None,
        "live_to": again.live[1] if again.live else None,
        "live_seconds": again.live_seconds,
        "teacher_seconds": again.teacher,
        "started_at": lesson.started_at,
        "ended_at": lesson.ended_at,
        "planned_minutes": lesson.planned_minutes,
        "teacher_id": lesson.teacher_id,
    }
    recording = case.recording
    if recording is not None and recording.report is not None and (recording.verified_at or 0.0) <= entry.at:
        report, teacher = recording.report, recording.report.get("teacher") or {}
        expected |= {
            "recording_opens": report.get("opens"),
            "recording_seconds": report.get("duration"),
            "gap_seconds": report.get("gap_seconds"),
            "black_or_frozen_share": teacher.get("black_or_frozen_share"),
            "silent_share": teacher.get("silent_share"),
        }
    carried = dict(entry.evidence)
    for room in carried.get("classrooms") or ():
        school = room.get("school_id")
        received, sent = again.rooms.get(school, (0, 0))
        carried |= {f"{school} received": room.get("received_seconds"), f"{school} sent": room.get("sent_seconds")}
        expected |= {f"{school} received": received, f"{school} sent": sent}
    found = [
        Difference(
            "entry",
            entry.id,
            "figure",
            f"{name}：台账写 {carried.get(name)}，证据给出 {value}。",
            f"{name}: the entry says {carried.get(name)}, the evidence gives {value}.",
        )
        for name, value in expected.items()
        if not _same(carried.get(name), value)
    ]
    same = (entry.subject_id, entry.form) == (lesson.subject_id, lesson.form)
    takes_part = entry.school_id in (lesson.supporting_school_id, *lesson.receiving_school_ids)
    if not same or not takes_part:
        text, text_en = "学科、形式或学校与这节课不符。", "Subject, form or school are not the lesson's."
        found.append(Difference("entry", entry.id, "not_its_lesson", text, text_en))
    return found


def _chain_differences(case: Case) -> list[Difference]:
    """Per school: credit, reversal of it, credit after it, …; whatever a person wrote has a reason."""
    found = []
    last: dict[str, LedgerEntry] = {}
    for entry in case.entries:
        before = last.get(entry.school_id)
        if entry.amount == 1:
            key = f"credit:{case.lesson.id}:{entry.school_id}"
            good = entry.key == (key if before is None else f"{key}:after:{before.id}") and entry.reverses is None
            good = good and (before is None or before.amount == -1)
        else:
            good = entry.amount == -1 and before is not None and before.amount == 1
            good = good and before is not None and entry.reverses == before.id and entry.key == f"reverse:{before.id}"
        if not good:
            text, text_en = "与前一笔接不上。", "It does not follow the entry before it."
            found.append(Difference("entry", entry.id, "chain", text, text_en))
        if _by_hand(entry) and not entry.reason.strip():
            text, text_en = "人工的一笔没有写原因。", "Written by a person, without a reason."
            found.append(Difference("entry", entry.id, "no_reason", text, text_en))
        last[entry.school_id] = entry
    return found


def _state_differences(lesson: Lesson, stands: bool) -> list[Difference]:
    if (lesson.state is LessonState.CREDITED) == stands:
        return []
    text = f"课的状态是 {lesson.state}，台账里{'有' if stands else '没有'}计入。"
    text_en = f"The lesson is {lesson.state}; in the ledger {'a credit stands' if stands else 'no credit stands'}."
    return [Difference("lesson", lesson.id, "state", text, text_en)]


def _sums(entries: Sequence[LedgerEntry]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for entry in entries:
        sums[entry.school_id] = sums.get(entry.school_id, 0) + entry.amount
    return sums


def _last(entries: Sequence[LedgerEntry]) -> dict[str, LedgerEntry]:
    return {entry.school_id: entry for entry in entries}


def _by_hand(entry: LedgerEntry) -> bool:
    return bool(entry.evidence.get("by_hand"))


def _overlap(one: Lesson, other: Lesson) -> bool:
    if one.started_at is None or other.started_at is None or one.ended_at is None or other.ended_at is None:
        return False
    return one.started_at < other.ended_at and other.started_at < one.ended_at


def _same_room(one: Lesson, other: Lesson, school: str) -> bool:
    """A receiving school has one classroom; a supporting one has one per teacher, where both are named."""
    teaches_both = school == one.supporting_school_id == other.supporting_school_id
    named = one.teacher_id is not None and other.teacher_id is not None
    return not (teaches_both and named and one.teacher_id != other.teacher_id)


def _exact(value: object) -> Fraction | None:
    """A number of a report, rounded to a millionth: what is stored in binary is compared in decimal."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < float("inf"):
        return None
    return Fraction(str(round(value, 6)))


def _same(one: object, other: object) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == other or abs(one - other) < 1e-6
    return one == other
