"""Each way to a false lesson is played and is doubted; what a doubt says, and that it takes nothing away by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.county.config import ConfigError
from server.county.doubts import DoubtState, Kind
from server.county.honesty import parse_honesty
from server.county.lines import line_of
from server.county.model import LessonState, MediaGrant, TokenRole
from tests.fakes.county import ADMIN, CONFIG, RESEARCHER, County, good_report

MINUTES = 60


def end(source: str, **changes: object) -> dict[str, object]:
    """What a recording of 40 minutes shows of an honest end."""
    return {
        "source": source,
        "picture_seconds": 2390.0,
        "still_seconds": 0.0,
        "still": [],
        "empty_seconds": 60.0,
        "empty": [[600.0, 660.0]],
        "sound_seconds": 2400.0,
        "heard_seconds": 1500.0,
        "last_heard": 2398.0,
        "quiet": [],
        "loop": None,
        "copies": [],
    } | changes


async def judged(county: County, *, room: dict[str, object] | None = None, **changes: object):
    """A lesson of 40 minutes whose classroom's end is as `room` says: the open doubts, and the lesson."""
    teacher = changes.pop("teacher_end", {})
    report = changes.pop("report", {})
    lesson = await county.taught(**changes)  # type: ignore[arg-type]
    zero = lesson.started_at
    sources = [end("teacher", **teacher), end("classroom-s02", **(room or {}))]  # type: ignore[arg-type]
    body = {"clock_zero": zero, "open_seconds": 2400.0, "sources": sources} | report  # type: ignore[operator]
    await county.services.lessons.verified(lesson.id, good_report(lesson.id, **body))
    await county.services.crediting.run(lesson.id)
    found = await county.services.doubts.look(lesson.id)
    county.clock.at += 3600
    return [doubt.finding for doubt in found], (await county.services.lessons.detail(ADMIN, lesson.id)).lesson


async def test_an_honest_lesson_is_credited_and_not_doubted(county: County):
    findings, lesson = await judged(county)
    assert (findings, lesson.state) == ([], LessonState.CREDITED)


ROOMS = {
    "nobody is in the room": ({"empty_seconds": 1800.0, "empty": [[120.0, 1920.0]]}, Kind.NOBODY, (120.0, 1920.0)),
    "a picture stands for the camera": (
        {"still_seconds": 2300.0, "still": [[5.0, 2305.0]], "empty_seconds": 2340.0},
        Kind.STILL,
        (5.0, 2305.0),
    ),
    "a video of two minutes runs again and again": (
        {
            "loop": {
                "period": 120.0,
                "seconds": 2270.0,
                "stretches": [{"start": 120.0, "end": 2390.0, "there": 0.0}],
            }
        },
        Kind.LOOP,
        (120.0, 2390.0),
    ),
    "the microphone is off all the time": (
        {"heard_seconds": 4.0, "last_heard": 300.0, "quiet": [[304.0, 2400.0]]},
        Kind.MUTED,
        (304.0, 2400.0),
    ),
    "neither camera nor microphone shows anybody": (
        {"picture_seconds": 0.0, "heard_seconds": 0.0, "last_heard": None, "quiet": [[0.0, 2400.0]]},
        Kind.NOBODY,
        (0.0, 2400.0),
    ),
}


@pytest.mark.parametrize("played", ROOMS)
async def test_a_false_classroom_is_doubted_with_its_seconds_and_stays_credited(county: County, played: str):
    room, kind, (start, stop) = ROOMS[played]
    findings, lesson = await judged(county, room=room)
    assert [(one.kind, one.school_id) for one in findings] == [(kind, "s02")]
    assert (findings[0].moments[0].start, findings[0].moments[0].end) == (start, stop)
    assert "西岙小学" in findings[0].text
    assert "Xi'ao" in findings[0].text_en or "Xiao" in findings[0].text_en, findings[0].text_en
    assert lesson.state is LessonState.CREDITED


async def test_a_still_picture_of_the_teacher_is_refused_by_the_crediting_itself(county: County):
    shares = {"black_or_frozen_share": 0.97, "silent_share": 0.2}
    findings, lesson = await judged(county, report={"teacher": shares})
    assert (findings, lesson.state) == ([], LessonState.REJECTED)
    reasons = (await county.services.lessons.detail(ADMIN, lesson.id)).reasons
    assert [reason.code for reason in reasons if reason.school_id is None] == ["seen_and_heard"]


async def test_a_looped_teacher_concerns_everybody(county: County):
    loop = {"period": 300.0, "seconds": 2000.0, "stretches": []}
    findings, _ = await judged(county, teacher_end={"loop": loop})
    assert [(one.kind, one.school_id) for one in findings] == [(Kind.LOOP, None)]


async def test_a_film_shown_twice_is_no_loop(county: County):
    loop = {"period": 600.0, "seconds": 170.0, "stretches": []}
    assert (await judged(county, teacher_end={"loop": loop}))[0] == []


async def test_an_old_lesson_played_as_a_new_one_is_doubted_at_both_places(county: County):
    _, first = await judged(county, topic="旧课")
    copy = {
        "lesson_id": first.id,
        "source": "teacher",
        "seconds": 2200.0,
        "stretches": [{"start": 30.0, "end": 2230.0, "there": 110.0}],
    }
    findings, second = await judged(county, topic="新课", teacher_end={"copies": [copy]})
    assert [one.kind for one in findings] == [Kind.COPY]
    assert "《旧课》" in findings[0].text
    moment = findings[0].moments[0]
    assert (moment.start, moment.there, moment.lesson_id) == (30.0, 110.0, first.id)
    assert second.state is LessonState.CREDITED


async def test_two_lessons_at_once_in_one_room_doubt_each_other(county: County):
    one, two = await county.lesson(topic="甲"), await county.lesson(topic="乙", subject_id="music")
    begin = int(county.clock.at)
    for lesson in (one, two):
        await county.services.lessons.start(ADMIN, lesson.id)
        await county.services.lessons.recording_opened(lesson.id)
        for who, source, way in (
            ("teacher", "teacher", "in"),
            ("classroom-s02", "teacher", "out"),
            ("classroom-s02", "classroom-s02", "in"),
        ):
            await county.flow(lesson, who, source, way, begin, 2400)
    county.clock.at += 2400
    found = []
    for lesson in (one, two):
        await county.services.lessons.end(ADMIN, lesson.id)
        await county.services.lessons.recording_closed(lesson.id)
        report = good_report(lesson.id, clock_zero=begin, open_seconds=2400.0)
        await county.services.lessons.verified(lesson.id, report)
        await county.services.crediting.run(lesson.id)
    for lesson in (one, two):
        found.append([doubt.finding for doubt in await county.services.doubts.look(lesson.id)])
    # the second is not credited (not_twice): nothing is left to doubt; the first is, for a person to say which was real
    assert [len(one) for one in found] == [2, 0]
    assert {finding.kind for finding in found[0]} == {Kind.AT_ONCE}
    assert {finding.school_id for finding in found[0]} == {"s01", "s02"}
    assert all("《乙》" in finding.text for finding in found[0])
    assert found[0][0].moments[0].end == 2400.0


async def test_a_lesson_cut_short_is_refused_and_one_left_running_is_doubted(county: County):
    _, short = await judged(county, minutes=30)
    assert short.state is LessonState.REJECTED
    findings, lesson = await judged(county, teacher_end={"last_heard": 1500.0}, room={"last_heard": 1490.0})
    assert [one.kind for one in findings] == [Kind.CUT_SHORT]
    assert findings[0].figures["idle_seconds"] == 900.0
    assert findings[0].moments[0].start == 1500.0
    assert lesson.state is LessonState.CREDITED


async def test_quiet_work_at_the_end_of_a_whole_lesson_is_honest(county: County):
    findings, _ = await judged(county, teacher_end={"last_heard": 2000.0}, room={"last_heard": 1990.0})
    assert findings == []


async def test_a_lesson_planned_for_a_minute_counts_and_is_doubted(county: County):
    findings, lesson = await judged(county, minutes=2, planned_minutes=1)
    assert [(one.kind, one.figures["min_planned_minutes"]) for one in findings] == [(Kind.SHORT_PLAN, 30)]
    assert lesson.state is LessonState.CREDITED
    findings, _ = await judged(county, minutes=2, planned_minutes=1, policy="accelerated")
    assert findings == []


async def test_a_clock_that_jumps_on_during_a_lesson_is_found_by_the_time_that_passed(county: County):
    findings, _ = await judged(county, report={"open_seconds": 1500.0})
    assert [one.kind for one in findings] == [Kind.CLOCK]
    assert findings[0].figures["on_during"] == 900.0


async def test_a_lesson_on_a_clock_set_back_is_found_by_what_was_written_before(county: County):
    await judged(county)
    county.clock.at -= 30 * 86_400
    findings, _ = await judged(county)
    assert [one.kind for one in findings] == [Kind.CLOCK]
    assert findings[0].figures["back_before"] > 29 * 86_400
    assert "拨回" in findings[0].text


async def send(county: County, lesson_id: str, school_id: str, address: str) -> None:
    room = school_id not in ("s01", "s03")
    grant = MediaGrant(
        lesson_id,
        f"classroom-{school_id}" if room else "teacher",
        TokenRole.CLASSROOM if room else TokenRole.TEACHER,
        school_id,
        "",
        0.0,
    )
    await county.services.doubts.published(grant, address)


async def taught_from(county: County, teacher: str, room: str):
    """A lesson with the addresses of both ends."""
    lesson = await county.lesson()
    await send(county, lesson.id, "s01", teacher)
    await send(county, lesson.id, "s02", room)
    await county.services.lessons.start(ADMIN, lesson.id)
    begin = county.clock.at
    await county.services.lessons.recording_opened(lesson.id)
    await county.flow(lesson, "teacher", "teacher", "in", begin, 2400)
    await county.flow(lesson, "classroom-s02", "teacher", "out", begin, 2400)
    await county.flow(lesson, "classroom-s02", "classroom-s02", "in", begin, 2400)
    county.clock.at += 2400
    await county.services.lessons.end(ADMIN, lesson.id)
    await county.services.lessons.recording_closed(lesson.id)
    await county.services.lessons.verified(lesson.id, good_report(lesson.id))
    await county.services.crediting.run(lesson.id)
    county.clock.at += 86_400
    return [doubt.finding for doubt in await county.services.doubts.look(lesson.id)]


async def test_a_classroom_that_comes_from_the_teachers_line_was_played_by_the_teacher(county: County):
    for day in range(3):
        assert await taught_from(county, "203.0.113.7", f"198.51.100.{day}") == []
    findings = await taught_from(county, "203.0.113.7", "203.0.113.7")
    assert [(one.kind, one.school_id, one.figures["schools"]) for one in findings] == [(Kind.BORROWED, "s02", ["s01"])]
    assert "203.0.113.7" in findings[0].text


async def test_addresses_are_forgotten_once_no_doubt_can_need_them(county: County):
    await taught_from(county, "203.0.113.7", "198.51.100.1")
    await county.services.doubts.night()
    async with county.store.read() as work:
        assert len(await work.doubts.publications(0, 1e11, schools=["s01", "s02"])) == 2
    county.clock.at += 91 * 86_400
    await county.services.doubts.night()
    async with county.store.read() as work:
        assert await work.doubts.publications(0, 1e11, schools=["s01", "s02"]) == []


async def test_schools_that_always_share_a_line_are_not_doubted_and_new_ones_are_not_known(county: County):
    for _ in range(5):
        assert await taught_from(county, "203.0.113.7", "203.0.113.7") == []


async def test_a_new_address_of_ones_own_is_no_doubt(county: County):
    for day in range(4):
        assert await taught_from(county, f"203.0.113.{day}", f"2001:db8:{day}::1") == []


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("127.0.0.1", None),
        ("::1", None),
        ("", None),
        ("unknown", None),
    ],
)
def test_a_line_is_an_address_or_a_net_of_64_bits(address: str, line: str | None):
    assert line_of(address) == line


async def test_looking_again_changes_nothing_and_takes_back_what_is_no_longer_shown(county: County):
    findings, lesson = await judged(county, room=ROOMS["nobody is in the room"][0])
    again = await county.services.doubts.look(lesson.id)
    assert [doubt.finding for doubt in again] == findings
    assert again[0].version == 1
    await county.services.lessons.verified(lesson.id, good_report(lesson.id))
    assert await county.services.doubts.look(lesson.id) == []
    page = await county.services.doubts.page(RESEARCHER, lesson_id=lesson.id)
    assert [(view.doubt.state, [event.step for event in view.events]) for view in page.items] == [
        (DoubtState.GONE, ["found", "vanished"])
    ]


@pytest.mark.parametrize(
    "report",
    [
        {"sources": None},
        {"sources": "x"},
        {
            "sources": [
                None,
                1,
                {"source": 5},
                {"source": "classroom-s02", "picture_seconds": "x", "loop": [], "copies": [1]},
            ]
        },
        {"sources": [end("classroom-s02", loop={"seconds": 1e9, "period": None, "stretches": "x"}, copies=[{}])]},
        {"sources": [end("teacher", still=[[1]], last_heard="late")], "clock_zero": True, "open_seconds": float("nan")},
    ],
)
async def test_a_report_that_is_not_whole_breaks_nothing(county: County, report: dict[str, object]):
    _, lesson = await judged(county, report=report)
    assert lesson.state is LessonState.CREDITED


def test_the_numbers_are_configuration_and_a_wrong_one_is_refused_by_its_line():
    text = (CONFIG / "honesty.toml").read_text()
    policy = parse_honesty(text)
    assert (policy.loop, policy.line_lessons) == (180.0, 3)
    assert replace(policy, loop=1.0) != policy
    with pytest.raises(ConfigError, match=r"honesty\.toml:\d+: honesty\.nobody_share"):
        parse_honesty(text.replace("nobody_share = 0.50", "nobody_share = 50"))
    with pytest.raises(ConfigError, match="nobody_shares"):
        parse_honesty(text.replace("nobody_share = 0.50", "nobody_share = 0.50\nnobody_shares = 1"))
