"""The six conditions, each alone, and what they mean for each school."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.county.crediting import (
    condition_failed,
    credit_key,
    judge,
    overlaps,
    percent,
    spoken,
    spoken_en,
)
from server.county.evidence import ClassroomEvidence, Evidence
from server.county.model import Form, Lesson, LessonState
from tests.fakes.county import county_config, good_report

POLICY = county_config().policies["default"]
LESSON = Lesson(
    "l1", Form.SYNCHRONOUS, "p01", "s01", ("s02",), "art", "水彩", "u-1", 0.0, 40, "default", LessonState.VERIFIED, 0.0,
    started_at=0.0, ended_at=2400.0,
)  # fmt: skip
ROOM = ClassroomEvidence("s02", 2400, 2400, 1.0, 1.0)
GOOD = Evidence(2400, 0.0, 2400.0, 2400, 2400, 1.0, (ROOM,), True, 2400.0, 0.0, 0.0, 0.1)
REPORT = good_report("l1")


def run(evidence=GOOD, report=REPORT, lesson=LESSON, taken=None):
    outcome = judge(lesson, evidence, report, POLICY, taken or {})
    return outcome.state, set(outcome.credited), [(reason.school_id, reason.code) for reason in outcome.reasons]


def room(**changes):
    return replace(GOOD, classrooms=(replace(ROOM, **changes),))


def test_a_lesson_that_meets_all_conditions_credits_both_schools():
    assert run() == (LessonState.CREDITED, {"s01", "s02"}, [])


@pytest.mark.parametrize(
    ("evidence", "code"),
    [
        (replace(GOOD, teacher_seconds=1919), "lasted"),
        (replace(GOOD, gap_seconds=30.1), "recorded"),
        (replace(GOOD, recording_opens=False), "recorded"),
        (replace(GOOD, black_or_frozen_share=0.2), "seen_and_heard"),
        (replace(GOOD, silent_share=0.6), "seen_and_heard"),
    ],
)
def test_each_condition_of_the_lesson_rejects_it_with_its_code(evidence, code):
    assert run(evidence) == (LessonState.REJECTED, set(), [(None, code)])


@pytest.mark.parametrize(
    ("evidence", "code"), [(room(received_seconds=1919), "present"), (room(sent_seconds=1199), "two_way")]
)
def test_each_condition_of_the_classroom_rejects_it_with_its_code(evidence, code):
    assert run(evidence) == (LessonState.REJECTED, set(), [("s02", code), ("s01", "no_classroom")])


@pytest.mark.parametrize(
    "evidence",
    [
        replace(GOOD, teacher_seconds=1920),
        room(received_seconds=1920),
        room(sent_seconds=1200),
        replace(GOOD, gap_seconds=30.0),
        replace(GOOD, black_or_frozen_share=0.1999),
        replace(GOOD, silent_share=0.5999),
    ],
)
def test_the_limits_themselves_are_enough(evidence):
    assert run(evidence)[0] is LessonState.CREDITED


def test_one_classroom_of_two_is_enough_for_the_supporting_school():
    lesson = replace(LESSON, receiving_school_ids=("s02", "s04"))
    evidence = replace(GOOD, classrooms=(ROOM, ClassroomEvidence("s04", 0, 0, 0.0, 0.0)))
    state, credited, reasons = run(evidence, lesson=lesson)
    assert (state, credited) == (LessonState.CREDITED, {"s01", "s02"})
    assert reasons == [("s04", "present"), ("s04", "two_way")]


def test_a_school_credited_at_the_same_time_elsewhere_is_not_credited_twice():
    other = replace(LESSON, id="l0", topic="音乐欣赏")
    assert run(taken={"s02": other}) == (
        LessonState.REJECTED,
        set(),
        [("s02", "not_twice"), ("s01", "no_classroom")],
    )
    assert run(taken={"s01": other}) == (LessonState.CREDITED, {"s02"}, [("s01", "not_twice")])


def test_without_a_verification_a_person_decides():
    missing = replace(GOOD, recording_opens=None, gap_seconds=None, black_or_frozen_share=None, silent_share=None)
    assert run(missing, None) == (LessonState.NEEDS_REVIEW, set(), [(None, "not_verified")])


def test_a_verification_that_broke_off_is_for_a_person_and_a_recording_that_does_not_open_is_not():
    broken = replace(GOOD, recording_opens=None, gap_seconds=None, black_or_frozen_share=None, silent_share=None)
    report = {"problems": [{"code": "no_recording", "track": None, "value": None}]}
    assert run(broken, report) == (LessonState.NEEDS_REVIEW, set(), [(None, "not_verified")])
    assert run(replace(broken, recording_opens=False)) == (LessonState.REJECTED, set(), [(None, "recorded")])


@pytest.mark.parametrize("field", ["black_or_frozen_share", "silent_share"])
def test_a_share_that_could_not_be_measured_is_for_a_person(field):
    assert run(replace(GOOD, **{field: None})) == (LessonState.NEEDS_REVIEW, set(), [(None, "not_verified")])


def test_a_recording_without_measured_flow_is_for_a_person():
    lost = replace(GOOD, teacher_seconds=0, live_seconds=0, live_from=None, live_to=None)
    state, credited, reasons = run(lost)
    assert (state, credited) == (LessonState.NEEDS_REVIEW, set())
    assert reasons[0] == (None, "no_evidence")


def test_what_is_surely_wrong_is_rejected_even_if_something_is_missing():
    state, _, reasons = run(replace(GOOD, teacher_seconds=60, silent_share=None))
    assert state is LessonState.REJECTED
    assert (None, "lasted") in reasons


def test_reasons_say_figures_in_both_languages():
    outcome = judge(LESSON, replace(GOOD, teacher_seconds=1270), REPORT, POLICY, {})
    reason = outcome.reasons[0]
    assert reason.text == "老师的画面或声音共 21 分 10 秒，不足计划 40 分钟的 80%（32 分钟）。"
    assert reason.text_en == (
        "The teacher was seen or heard for 21 min 10 s, less than 80% of the planned 40 min (32 min)."
    )
    assert condition_failed(outcome.reasons, "s02") is reason
    assert condition_failed((), "s02") is None


def test_overlap_is_of_the_same_classroom():
    other = replace(LESSON, id="l0")
    same_room = replace(other, supporting_school_id="s03", teacher_id="u-3")
    assert overlaps(LESSON, [(same_room, "s02")]) == {"s02": same_room}
    assert overlaps(LESSON, [(LESSON, "s02")]) == {}


def test_two_teachers_of_one_supporting_school_may_teach_at_the_same_time():
    other = replace(LESSON, id="l0", teacher_id="u-2", receiving_school_ids=("s04",))
    assert overlaps(LESSON, [(other, "s01")]) == {}
    unnamed = replace(other, teacher_id=None)
    assert overlaps(LESSON, [(unnamed, "s01")]) == {"s01": unnamed}
    same = replace(other, teacher_id="u-1")
    assert overlaps(LESSON, [(same, "s01")]) == {"s01": same}


def test_keys_and_words():
    assert credit_key("l1", "s01") == "credit:l1:s01"
    assert credit_key("l1", "s01", "e9") == "credit:l1:s01:after:e9"
    assert [spoken(s) for s in (45, 60, 1270, 0)] == ["45 秒", "1 分钟", "21 分 10 秒", "0 秒"]
    assert [spoken_en(s) for s in (45, 60, 1270)] == ["45 s", "1 min", "21 min 10 s"]
    assert [percent(s) for s in (0.8, 0.2044, 1.0)] == ["80%", "20.4%", "100%"]
