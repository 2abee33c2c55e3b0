"""Looking for false lessons: of a lesson's evidence, what is worth a person's second look (docs/honesty.md).

One small function per kind of doubt; each reads figures that the media plane, the recorder and the county's own record
left behind, never anything a page claims. The report comes over a queue and is not trusted to be whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from .crediting import percent, same_teacher, spoken, spoken_en
from .doubts import Finding, Kind, Moment
from .evidence import TEACHER, Seconds, classroom_id
from .lines import borrowed, named
from .model import LessonState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .doubts import Publication
    from .evidence import Evidence
    from .honesty import HonestyPolicy
    from .model import FlowRow, Lesson, LessonEvent, School
    from .policies import CreditingPolicy

MOST_MOMENTS = 12


@dataclass(frozen=True, slots=True)
class Traces:
    """All that a lesson left behind. `others`: lessons that ran at the same time, with their flow; `known`: lessons
    that the report names; `lines`: publications of this lesson, of its schools before it, and from its addresses.
    `latest_before`: the latest time written anywhere before this lesson was started."""

    lesson: Lesson
    evidence: Evidence
    report: Mapping[str, Any]
    flow: Sequence[FlowRow]
    events: Sequence[LessonEvent] = ()
    latest_before: float | None = None
    others: Sequence[tuple[Lesson, Sequence[FlowRow]]] = ()
    known: Mapping[str, Lesson] | None = None
    lines: Sequence[Publication] = ()
    crediting: CreditingPolicy | None = None


def find(traces: Traces, schools: Mapping[str, School], policy: HonestyPolicy) -> list[Finding]:
    """Every doubt, the picture's first. `schools`: by id, for their names."""
    return [
        *_rooms(traces, schools, policy),
        *_loops(traces, schools, policy),
        *_copies(traces, schools, policy),
        *_at_once(traces, schools, policy),
        *_cut_short(traces, policy),
        *_short_plan(traces),
        *_clock(traces, policy),
        *borrowed(traces.lesson, traces.lines, schools, policy),
    ]


# --- the classroom's picture and sound ------------------------------------------------------------------------------


def _rooms(traces: Traces, schools: Mapping[str, School], policy: HonestyPolicy) -> Iterator[Finding]:
    for room in traces.evidence.classrooms:
        source = _source(traces.report, classroom_id(room.school_id))
        if source is None or not room.sent_seconds:
            continue  # what it did not send is the crediting's: present, two_way
        heard = _number(source, "heard_seconds")
        unheard = traces.evidence.live_seconds >= policy.muted_live and heard < policy.muted
        if _number(source, "picture_seconds") >= policy.picture:
            yield from _seen(room.school_id, source, schools, policy)
        elif unheard:
            name, name_en = named(schools, room.school_id)
            yield Finding(
                Kind.NOBODY,
                room.school_id,
                f"nobody:{room.school_id}",
                f"{name}整节课没有画面，也只听到 {spoken(heard)}声音：教室里可能没有人。",
                f"{name_en} was not seen in the whole lesson and heard for {spoken_en(heard)}: "
                "there may be nobody in the room.",
                {"picture_seconds": _number(source, "picture_seconds"), "heard_seconds": heard},
                _spans(source, "quiet"),
            )
            continue
        if unheard:
            yield _muted(room.school_id, source, schools)


def _seen(
    school_id: str, source: Mapping[str, Any], schools: Mapping[str, School], policy: HonestyPolicy
) -> Iterator[Finding]:
    """What a classroom's picture shows: nothing that changes at all, or next to nobody."""
    name, name_en = named(schools, school_id)
    picture, still, empty = (_number(source, f"{one}_seconds") for one in ("picture", "still", "empty"))
    figures = {"picture_seconds": picture, "heard_seconds": _number(source, "heard_seconds")}
    if still >= policy.still_share * picture:
        share = percent(still / picture)
        yield Finding(
            Kind.STILL,
            school_id,
            f"still:{school_id}",
            f"{name}的画面有 {spoken(still)}完全静止（{share}）：像是一张静止的图片，或教室里没有人。",
            f"The picture of {name_en} stood quite still for {spoken_en(still)} ({share}): "
            "a still picture in place of the camera, or nobody in the room.",
            figures | {"still_seconds": still},
            _spans(source, "still"),
        )
    elif empty >= policy.nobody_share * picture:
        share = percent(empty / picture)
        yield Finding(
            Kind.NOBODY,
            school_id,
            f"nobody:{school_id}",
            f"{name}的画面有 {spoken(empty)}几乎没有人活动（{share}）：教室里可能没有学生。",
            f"For {spoken_en(empty)} ({share}) next to nothing moved in the picture of {name_en}: "
            "there may be nobody in the room.",
            figures | {"empty_seconds": empty},
            _spans(source, "empty"),
        )


def _muted(school_id: str, source: Mapping[str, Any], schools: Mapping[str, School]) -> Finding:
    name, name_en = named(schools, school_id)
    heard = _number(source, "heard_seconds")
    return Finding(
        Kind.MUTED,
        school_id,
        f"muted:{school_id}",
        f"{name}整节课只听到 {spoken(heard)}声音：话筒可能一直静音，学生没有发言。",
        f"{name_en} was heard for {spoken_en(heard)} in the whole lesson: "
        "its microphone may have been muted throughout, no pupil spoke.",
        {"heard_seconds": heard, "sound_seconds": _number(source, "sound_seconds")},
        _spans(source, "quiet"),
    )


# --- pictures that were there before --------------------------------------------------------------------------------


def _loops(traces: Traces, schools: Mapping[str, School], policy: HonestyPolicy) -> Iterator[Finding]:
    for source in _sources(traces.report):
        loop = source.get("loop")
        picture = _number(source, "picture_seconds")
        if not isinstance(loop, dict) or picture < policy.picture:
            continue
        seconds, period = _number(loop, "seconds"), _number(loop, "period")
        if seconds < policy.loop or seconds < policy.loop_share * picture:
            continue
        whose, whose_en, school_id = _whose(source, schools)
        yield Finding(
            Kind.LOOP,
            school_id,
            f"loop:{source.get('source')}",
            f"{whose}的画面每隔 {spoken(period)}重复一次，共 {spoken(seconds)}是放过的：像是循环播放的视频。",
            f"The picture of {whose_en} comes again every {spoken_en(period)}, {spoken_en(seconds)} in all had been "
            "shown before: a looped video in place of the camera.",
            {"period": period, "seconds": seconds, "picture_seconds": picture},
            _stretches(loop, None),
        )


def _copies(traces: Traces, schools: Mapping[str, School], policy: HonestyPolicy) -> Iterator[Finding]:
    known = traces.known or {}
    for source in _sources(traces.report):
        for copy in _dicts(source, "copies"):
            seconds, other_id = _number(copy, "seconds"), str(copy.get("lesson_id"))
            other = known.get(other_id)
            if seconds < policy.copy or (other is not None and overlap(traces.lesson, other)):
                continue  # one camera in two lessons at once is another doubt
            whose, whose_en, school_id = _whose(source, schools)
            what = f"《{other.topic}》" if other is not None else "另一段录像"
            what_en = f"“{other.topic}”" if other is not None else "another recording"
            yield Finding(
                Kind.COPY,
                school_id,
                f"copy:{source.get('source')}:{other_id}",
                f"{whose}的画面有 {spoken(seconds)}与较早的{what}相同：像是把旧录像当作这节课播放。",
                f"{spoken_en(seconds)} of the picture of {whose_en} are those of {what_en}, recorded earlier: "
                "an old recording played as this lesson.",
                {"seconds": seconds, "lesson_id": other_id},
                _stretches(copy, other_id),
            )


# --- two lessons at once --------------------------------------------------------------------------------------------


def _at_once(traces: Traces, schools: Mapping[str, School], policy: HonestyPolicy) -> Iterator[Finding]:
    lesson = traces.lesson
    for other, rows in traces.others:
        shared = [(classroom_id(one), one) for one in lesson.receiving_school_ids if one in other.receiving_school_ids]
        one_teacher = lesson.teacher_id is not None and other.teacher_id is not None and same_teacher(lesson, other)
        if one_teacher and lesson.supporting_school_id == other.supporting_school_id:
            shared.append((TEACHER, lesson.supporting_school_id))
        for who, school_id in shared:
            mine = _sent(traces.flow, who)
            both = mine.shared(_sent(rows, who))
            if len(both) < policy.at_once:
                continue
            name, name_en = named(schools, school_id)
            yield Finding(
                Kind.AT_ONCE,
                school_id,
                f"at_once:{who}:{other.id}",
                f"{name}有 {spoken(len(both))}同时在两节课里发送画面或声音，另一节是《{other.topic}》："
                "一间教室不能同时上两节课。",
                f"{name_en} sent picture or sound to two lessons at once for {spoken_en(len(both))}, the other is "
                f"“{other.topic}”: one room cannot be in two lessons.",
                {"seconds": len(both), "lesson_id": other.id},
                _seconds_of(both, _number(traces.report, "clock_zero"), other.id),
            )


def _seconds_of(both: Seconds, zero: float, lesson_id: str) -> tuple[Moment, ...]:
    first, last = both.first(), both.last()
    if not zero or first is None or last is None:
        return ()
    return (Moment(max(0.0, first - zero), max(0.0, last + 1 - zero), None, lesson_id),)


def overlap(one: Lesson, other: Lesson) -> bool:
    """Whether two lessons ran at the same time."""
    if one.started_at is None or other.started_at is None:
        return False
    ends = [lesson.ended_at if lesson.ended_at is not None else float("inf") for lesson in (one, other)]
    return one.started_at < ends[1] and other.started_at < ends[0]


def _sent(rows: Sequence[FlowRow], who: str) -> Seconds:
    return Seconds.of(rows, participant_id=who, source=who, direction="in")


# --- its length and its time ----------------------------------------------------------------------------------------


def _cut_short(traces: Traces, policy: HonestyPolicy) -> Iterator[Finding]:
    """The lesson was over and its page was left running: nobody is heard at any end from some moment to the end."""
    evidence, report = traces.evidence, traces.report
    zero = _number(report, "clock_zero")
    heard = [_number(one, "last_heard") for one in _sources(report) if one.get("last_heard") is not None]
    if not zero or not heard or evidence.live_from is None or evidence.live_to is None:
        return
    ended = max(heard)
    idle, taught = evidence.live_to - zero - ended, zero + ended - evidence.live_from
    needed = evidence.planned_seconds * (traces.crediting.lasted_share if traces.crediting is not None else 1.0)
    if idle >= policy.idle and taught < needed <= evidence.live_seconds:
        yield Finding(
            Kind.CUT_SHORT,
            None,
            "cut_short",
            f"上课 {spoken(taught)}后，两端再没有声音，直到 {spoken(idle)}后才下课：课可能提前结束，页面一直开着。",
            f"After {spoken_en(taught)} nobody was heard at either end until the lesson was ended {spoken_en(idle)} "
            "later: it may have been over early, with the page left running.",
            {"taught_seconds": taught, "idle_seconds": idle, "planned_seconds": evidence.planned_seconds},
            (Moment(ended, evidence.live_to - zero),),
        )


def _short_plan(traces: Traces) -> Iterator[Finding]:
    planned, least = traces.lesson.planned_minutes, traces.crediting.min_planned_minutes if traces.crediting else 0
    if planned < least:
        yield Finding(
            Kind.SHORT_PLAN,
            None,
            "short_plan",
            f"这节课只计划了 {planned} 分钟，少于规定的最短 {least} 分钟。",
            f"The lesson was planned for {planned} min; a lesson has at least {least} min.",
            {"planned_minutes": planned, "min_planned_minutes": least},
        )


def _clock(traces: Traces, policy: HonestyPolicy) -> Iterator[Finding]:
    """The server's clock was set: back before the lesson, back or on during it. The pages' clocks count nowhere."""
    lesson, said, said_en = traces.lesson, [], []
    figures: dict[str, float] = {}
    begun = next((event.at for event in traces.events if event.to_state is LessonState.LIVE), None)
    if begun is not None and traces.latest_before is not None and traces.latest_before - begun > policy.clock:
        figures["back_before"] = back = traces.latest_before - begun
        said.append(f"开课前服务器时钟被拨回 {spoken(back)}")
        said_en.append(f"the server's clock was set back by {spoken_en(back)} before it began")
    steps = [event.at for event in traces.events]
    back = max((one - next_ for one, next_ in pairwise(steps)), default=0.0)
    if back > policy.clock:
        figures["back_during"] = back
        said.append(f"上课期间服务器时钟被拨回 {spoken(back)}")
        said_en.append(f"the server's clock was set back by {spoken_en(back)} during it")
    passed = _number(traces.report, "open_seconds")
    if passed and lesson.started_at is not None and lesson.ended_at is not None:
        on = lesson.ended_at - lesson.started_at - passed
        if on > policy.clock:
            figures["on_during"] = on
            took = on + passed
            said.append(f"按时钟上了 {spoken(took)}，实际只过去 {spoken(passed)}")
            said_en.append(f"by the clock it took {spoken_en(took)}, {spoken_en(passed)} really passed")
    if figures:
        text, text_en = "；".join(said), "; ".join(said_en)
        yield Finding(
            Kind.CLOCK,
            None,
            "clock",
            f"{text}：这节课的日期或长度可能不实。",
            f"{text_en[0].upper()}{text_en[1:]}: its day or length may not be what it says.",
            figures,
        )


# --- reading the report ---------------------------------------------------------------------------------------------


def _dicts(body: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = body.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _sources(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    return _dicts(report, "sources")


def _source(report: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    return next((one for one in _sources(report) if one.get("source") == name), None)


def _number(body: Mapping[str, Any], name: str) -> float:
    """A finite number, 0 without one."""
    value = body.get(name)
    good = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf")
    return float(value) if good and value is not None else 0.0


def _spans(source: Mapping[str, Any], name: str) -> tuple[Moment, ...]:
    found = source.get(name)
    pairs = [one for one in found if isinstance(one, list) and len(one) == 2] if isinstance(found, list) else []
    return tuple(Moment(float(start), float(end)) for start, end in pairs[:MOST_MOMENTS])


def _stretches(body: Mapping[str, Any], lesson_id: str | None) -> tuple[Moment, ...]:
    return tuple(
        Moment(_number(one, "start"), _number(one, "end"), _number(one, "there"), lesson_id)
        for one in _dicts(body, "stretches")[:MOST_MOMENTS]
    )


def _whose(source: Mapping[str, Any], schools: Mapping[str, School]) -> tuple[str, str, str | None]:
    """(whose picture, in English, the school; None for the teacher: it concerns everybody)."""
    name = str(source.get("source"))
    if not name.startswith(classroom_id("")):
        return "老师", "the teacher", None
    school_id = name.removeprefix(classroom_id(""))
    return *named(schools, school_id), school_id
