"""Flow masks become seconds; repeating and reordering never change them."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor

from hypothesis import given
from hypothesis import strategies as st

from server.county.evidence import Seconds, gather, window_mask
from server.county.model import FlowRow, Form, Lesson, LessonState
from tests.fakes.county import flow_rows, good_report

LESSON = Lesson(
    "l1", Form.SYNCHRONOUS, "p01", "s01", ("s02", "s04"), "art", "x", None, 6000.0, 1, "default",
    LessonState.ENDED, 0.0, started_at=6010.5, ended_at=6070.0,
)  # fmt: skip

rows_of_a_lesson = st.lists(
    st.builds(
        FlowRow,
        lesson_id=st.just("l1"),
        participant_id=st.sampled_from(["teacher", "classroom-s02"]),
        source=st.sampled_from(["teacher", "classroom-s02"]),
        direction=st.sampled_from(["in", "out"]),
        kind=st.sampled_from(["audio", "video"]),
        minute=st.integers(98, 104),
        mask=st.integers(0, (1 << 60) - 1),
    ),
    max_size=12,
)


@given(rows_of_a_lesson, st.randoms(use_true_random=False))
def test_merging_is_commutative_and_idempotent(rows, random):
    shuffled = rows * 2
    random.shuffle(shuffled)
    for row in rows:  # each way media flowed, not only those that decide
        way = {"participant_id": row.participant_id, "source": row.source, "direction": row.direction}
        assert Seconds.of(shuffled, **way)._minutes == Seconds.of(rows, **way)._minutes
    assert gather(LESSON, shuffled, None, 7000.0) == gather(LESSON, rows, None, 7000.0)


@given(rows_of_a_lesson)
def test_nothing_outside_the_lesson_counts(rows):
    evidence = gather(LESSON, rows, None, 7000.0)
    assert evidence.teacher_seconds <= 60  # 6010 to 6069
    assert evidence.teacher_seconds <= evidence.live_seconds <= 60
    for room in evidence.classrooms:
        assert 0 <= room.received_seconds <= evidence.live_seconds
        assert 0.0 <= room.sent_share <= 1.0


@given(st.integers(0, 20), st.floats(0, 1200), st.floats(0, 1200))
def test_a_window_has_the_seconds_that_touch_it(minute, since, until):
    mask = window_mask(minute, since, until)
    for second in range(60):
        at = minute * 60 + second
        assert bool(mask >> second & 1) is (floor(since) <= at < ceil(until))
    assert mask < 1 << 60


def test_the_live_span_goes_from_the_teachers_first_media_to_the_last():
    rows = flow_rows("l1", "teacher", "teacher", "in", 6020, 10) + flow_rows("l1", "teacher", "teacher", "in", 6050, 5)
    evidence = gather(LESSON, rows, None, 7000.0)
    assert (evidence.live_from, evidence.live_to, evidence.live_seconds) == (6020.0, 6055.0, 35)
    assert evidence.teacher_seconds == 15
    assert evidence.teacher_share == 0.25
    assert evidence.recording_opens is None


def test_audio_and_video_in_one_second_are_one_second():
    rows = flow_rows("l1", "teacher", "teacher", "in", 6020, 10) + flow_rows(
        "l1", "teacher", "teacher", "in", 6020, 12, kind="audio"
    )
    assert gather(LESSON, rows, None, 7000.0).teacher_seconds == 12


def test_a_classroom_receives_the_teacher_and_sends_itself():
    rows = [
        *flow_rows("l1", "teacher", "teacher", "in", 6020, 40),
        *flow_rows("l1", "classroom-s02", "teacher", "out", 6010, 30),  # 20 of them in the live span
        *flow_rows("l1", "classroom-s02", "classroom-s04", "out", 6020, 40),  # not the teacher
        *flow_rows("l1", "classroom-s02", "classroom-s02", "in", 6050, 40),  # 10 of them in the live span
        *flow_rows("l1", "observer-1", "teacher", "out", 6020, 40),
    ]
    first, second = gather(LESSON, rows, None, 7000.0).classrooms
    assert (first.school_id, first.received_seconds, first.sent_seconds) == ("s02", 20, 10)
    assert (first.received_share, first.sent_share) == (0.5, 0.25)
    assert (second.received_seconds, second.sent_share) == (0, 0.0)


def test_a_screen_share_alone_is_not_the_teacher():
    rows = flow_rows("l1", "teacher", "screen", "in", 6020, 40)
    assert gather(LESSON, rows, None, 7000.0).live_from is None


def test_the_reports_figures_are_taken_and_nonsense_is_not():
    evidence = gather(LESSON, [], good_report("l1", 60.0), 7000.0)
    assert (evidence.recording_opens, evidence.recording_seconds, evidence.gap_seconds) == (True, 60.0, 0.4)
    assert (evidence.black_or_frozen_share, evidence.silent_share) == (0.02, 0.2)
    odd = good_report("l1", gap_seconds="much", duration=float("nan"), teacher=None)
    evidence = gather(LESSON, [], odd, 7000.0)
    assert (evidence.gap_seconds, evidence.recording_seconds, evidence.silent_share) == (None, None, None)


def test_a_running_lesson_counts_up_to_now():
    running = replace(LESSON, ended_at=None)
    rows = flow_rows("l1", "teacher", "teacher", "in", 6020, 40)
    assert gather(running, rows, None, 6030.0).teacher_seconds == 10


def test_seconds_know_their_ends():
    seconds = Seconds.of(flow_rows("l", "p", "s", "in", 119, 2), participant_id="p", direction="in")
    assert (len(seconds), seconds.first(), seconds.last()) == (2, 119, 120)
    assert Seconds({}).first() is None
    assert Seconds({}).last() is None
