"""When a lesson counts: the six conditions of DOMAIN, each with its own reason code when it does not hold.

    code            holds for   when it does not
    lasted          lesson      the teacher's audio or video flowed for too small a share of the planned length
    present         classroom   it received the teacher for too small a share of the live time
    two_way         classroom   it sent audio or video itself for too small a share of the live time
    recorded        lesson      the recording has gaps that are too long in total, or does not open
    seen_and_heard  lesson      too much of the teacher's recording is black or frozen, or silent
    not_twice       school      it stands credited for another lesson at the same time in the same classroom
    no_classroom    supporting  no receiving school is credited, so neither is the supporting one
    not_verified    lesson      (review) there is no usable verification of the recording
    no_evidence     lesson      (review) there is a recording, but no flow of the teacher's media was measured
    reversed        school      a person reversed this lesson's credit; running again does not bring it back

A receiving school is credited when the lesson's conditions and its own hold; the supporting school when the lesson's
hold and at least one receiving school is credited. Where a figure is missing, nobody is rejected: a person decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

from .model import LessonState
from .ports import Reason

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from .evidence import ClassroomEvidence, Evidence
    from .model import LedgerEntry, Lesson
    from .policies import CreditingPolicy

EPSILON = 1e-9  # 0.8 * 2400 is 1920.0000000000002 in binary


@dataclass(frozen=True, slots=True)
class Outcome:
    """The judgement of one run. `credited`: schools that earn a credit; `state`: the lesson's next state."""

    state: LessonState
    credited: tuple[str, ...]
    reasons: tuple[Reason, ...]


def credit_key(lesson_id: str, school_id: str, after_reversal: str | None = None) -> str:
    """Unique key of a credit. A later one names the reversal it follows, so entries of one school and lesson form one
    chain (credit, reversal, credit, …) and at most one credit can stand whatever runs at once."""
    base = f"credit:{lesson_id}:{school_id}"
    return base if after_reversal is None else f"{base}:after:{after_reversal}"


def reversal_key(entry_id: str) -> str:
    """Unique key of a reversal: an entry can be reversed once."""
    return f"reverse:{entry_id}"


def standing(entries: Sequence[LedgerEntry]) -> dict[str, int]:
    """Sum of amounts per school (0 or 1) of one lesson's entries."""
    sums: dict[str, int] = {}
    for entry in entries:
        sums[entry.school_id] = sums.get(entry.school_id, 0) + entry.amount
    return sums


def last_of(entries: Sequence[LedgerEntry], school_id: str) -> LedgerEntry | None:
    """The end of a school's chain in one lesson's entries (in the order they were written)."""
    return next((entry for entry in reversed(entries) if entry.school_id == school_id), None)


def same_teacher(one: Lesson, other: Lesson) -> bool:
    """Whether two lessons of one supporting school can only be one classroom: the same teacher, or one names none."""
    return one.teacher_id is None or other.teacher_id is None or one.teacher_id == other.teacher_id


def overlaps(lesson: Lesson, credited: Sequence[tuple[Lesson, str]]) -> dict[str, Lesson]:
    """Schools of `lesson` credited for another lesson at the same time in the same classroom, with that lesson.

    `credited`: (other lesson, credited school) pairs whose live time overlaps this one's.
    """
    found: dict[str, Lesson] = {}
    for other, school_id in credited:
        if other.id == lesson.id:
            continue
        teaching = school_id == lesson.supporting_school_id
        if teaching and other.supporting_school_id == school_id and not same_teacher(lesson, other):
            continue
        if teaching or school_id in lesson.receiving_school_ids:
            found.setdefault(school_id, other)
    return found


def judge(
    lesson: Lesson,
    evidence: Evidence,
    report: Mapping[str, Any] | None,
    policy: CreditingPolicy,
    taken: Mapping[str, Lesson],
) -> Outcome:
    """The six conditions on one lesson. `taken`: as `overlaps` answers."""
    review = _review_reasons(evidence, report)
    whole = _lesson_reasons(lesson, evidence, policy)
    if any(reason.code == "no_evidence" for reason in review):
        whole = [reason for reason in whole if reason.code != "lasted"]
    rooms: list[Reason] = []
    credited: list[str] = []
    for room in evidence.classrooms:
        own = _classroom_reasons(room, evidence, policy) + _twice(room.school_id, taken)
        rooms += own
        if not own and not whole and not review:
            credited.append(room.school_id)
    if credited:
        twice = _twice(lesson.supporting_school_id, taken)
        rooms += twice
        credited += [] if twice else [lesson.supporting_school_id]
        return Outcome(LessonState.CREDITED, tuple(credited), tuple(rooms))
    if review and not whole:
        return Outcome(LessonState.NEEDS_REVIEW, (), (*review, *rooms))
    if not whole:
        rooms.append(
            Reason(
                lesson.supporting_school_id,
                "no_classroom",
                "没有一所受援学校达到计入条件，支援学校不能单独计入。",
                "No receiving school met the conditions, so the supporting school is not credited either.",
            )
        )
    return Outcome(LessonState.REJECTED, (), (*whole, *review, *rooms))


def condition_failed(reasons: Collection[Reason], school_id: str) -> Reason | None:
    """The first reason that concerns a school: its own, else one of the whole lesson."""
    own = [reason for reason in reasons if reason.school_id == school_id]
    return next(iter(own), None) or next((reason for reason in reasons if reason.school_id is None), None)


def _review_reasons(evidence: Evidence, report: Mapping[str, Any] | None) -> list[Reason]:
    """Figures that are missing: the machine cannot say, a person must."""
    if report is None or (evidence.recording_opens is not False and evidence.gap_seconds is None):
        return [
            Reason(
                None,
                "not_verified",
                "录像没有核验结果，需要人工审核。",
                "The recording has no verification result; a person must decide.",
            )
        ]
    if evidence.teacher_seconds == 0 and evidence.recording_seconds:
        return [
            Reason(
                None,
                "no_evidence",
                f"没有测得老师的画面或声音，但有 {spoken(evidence.recording_seconds)}录像，需要人工审核。",
                f"No picture or sound of the teacher was measured, yet there is a recording of "
                f"{spoken_en(evidence.recording_seconds)}; a person must decide.",
            )
        ]
    missing = []
    if evidence.recording_opens:
        if evidence.black_or_frozen_share is None:
            missing.append(("画面", "picture"))
        if evidence.silent_share is None:
            missing.append(("声音", "sound"))
    return [
        Reason(
            None,
            "not_verified",
            f"录像里没有可核验的老师{zh}，需要人工审核。",
            f"The recording has no teacher's {en} that could be verified; a person must decide.",
        )
        for zh, en in missing
    ]


def _lesson_reasons(lesson: Lesson, evidence: Evidence, policy: CreditingPolicy) -> list[Reason]:
    reasons = []
    needed = seconds_needed(policy.lasted_share, evidence.planned_seconds)
    if evidence.teacher_seconds < needed:
        reasons.append(
            Reason(
                None,
                "lasted",
                f"老师的画面或声音共 {spoken(evidence.teacher_seconds)}，不足计划 {lesson.planned_minutes} 分钟的 "
                f"{percent(policy.lasted_share)}（{spoken(needed)}）。",
                f"The teacher was seen or heard for {spoken_en(evidence.teacher_seconds)}, less than "
                f"{percent(policy.lasted_share)} of the planned {lesson.planned_minutes} min ({spoken_en(needed)}).",
            )
        )
    if evidence.recording_opens is False:
        reasons.append(Reason(None, "recorded", "录像打不开。", "The recording does not open."))
    if evidence.gap_seconds is not None and evidence.gap_seconds > policy.max_gap_seconds + EPSILON:
        gap = ceil(evidence.gap_seconds)
        reasons.append(
            Reason(
                None,
                "recorded",
                f"录像中断共 {spoken(gap)}，超过允许的 {spoken(policy.max_gap_seconds)}。",
                f"The recording has gaps of {spoken_en(gap)}; {spoken_en(policy.max_gap_seconds)} are allowed.",
            )
        )
    reasons += _seen_and_heard(evidence, policy)
    return reasons


def _seen_and_heard(evidence: Evidence, policy: CreditingPolicy) -> list[Reason]:
    checks = (
        (evidence.black_or_frozen_share, policy.max_black_or_frozen_share, "黑屏或静止", "black or frozen"),
        (evidence.silent_share, policy.max_silent_share, "无声", "silent"),
    )
    return [
        Reason(
            None,
            "seen_and_heard",
            f"老师的录像有 {percent(share)} {zh}，应低于 {percent(limit)}。",
            f"{percent(share)} of the teacher's recording is {en}; it must stay under {percent(limit)}.",
        )
        for share, limit, zh, en in checks
        if share is not None and share >= limit - EPSILON
    ]


def _classroom_reasons(room: ClassroomEvidence, evidence: Evidence, policy: CreditingPolicy) -> list[Reason]:
    checks = (
        ("present", room.received_seconds, policy.present_share, "收到老师画面或声音", "received the teacher"),
        ("two_way", room.sent_seconds, policy.two_way_share, "发出画面或声音", "sent its own picture or sound"),
    )
    reasons = []
    for code, seconds, share, zh, en in checks:
        needed = max(1, seconds_needed(share, evidence.live_seconds))
        if seconds < needed:
            reasons.append(
                Reason(
                    room.school_id,
                    code,
                    f"教室{zh}共 {spoken(seconds)}，不足上课时间 {spoken(evidence.live_seconds)}的 "
                    f"{percent(share)}（{spoken(needed)}）。",
                    f"The classroom {en} for {spoken_en(seconds)}, less than {percent(share)} of the live time of "
                    f"{spoken_en(evidence.live_seconds)} ({spoken_en(needed)}).",
                )
            )
    return reasons


def _twice(school_id: str, taken: Mapping[str, Lesson]) -> list[Reason]:
    other = taken.get(school_id)
    if other is None:
        return []
    return [
        Reason(
            school_id,
            "not_twice",
            f"同一时间同一教室的另一节课《{other.topic}》已经计入。",
            f"Another lesson at the same time in the same classroom is credited already: {other.topic}.",
        )
    ]


def seconds_needed(share: float, whole: float) -> int:
    """Whole seconds that make up the share."""
    return ceil(share * whole - EPSILON)


def percent(share: float) -> str:
    """`80%`, or with a decimal where it matters: `20.4%`."""
    return f"{share * 100:.1f}".removesuffix(".0") + "%"


def spoken(seconds: float) -> str:
    """`21 分 10 秒`, `32 分钟`, `45 秒`."""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest} 秒"
    return f"{minutes} 分 {rest} 秒" if rest else f"{minutes} 分钟"


def spoken_en(seconds: float) -> str:
    """`21 min 10 s`."""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest} s"
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"
