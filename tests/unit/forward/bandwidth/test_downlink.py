"""A forwarder over an impaired link in virtual time: what the issue asks of thin, lossy, growing and shared links."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fakes.link import Profile
from tests.unit.forward.bandwidth.kit import SLIDE_EVERY, SOUND_RATE, Room
from tests.unit.forward.test_allocation import CAMERA, SCREEN

SEEDS = range(1, 5)
THIN = Profile(rate=600e3, delay=0.02, queue=0.5)
WIDE = replace(THIN, rate=3e6)
TOP = len(CAMERA) - 1


@pytest.mark.parametrize("seed", SEEDS)
def test_a_thin_link_with_cross_traffic_settles_in_five_seconds(seed: int) -> None:
    room = Room(replace(THIN, cross=180e3), seed=seed)
    teacher = room.play("teacher", CAMERA)
    room.clock.run(40.0)
    assert teacher.seen.longest_freeze(1.0, 40.0) < 1.0
    assert teacher.seen.worst_delay(5.0) < 0.4
    assert teacher.seen.worst_sound(0.0) < 0.4
    assert 0.5 * 420e3 < teacher.seen.bitrate(5.0, 40.0) < 420e3


@pytest.mark.parametrize("seed", SEEDS)
def test_a_constant_thin_link_is_used_with_a_short_queue(seed: int) -> None:
    room = Room(THIN, seed=seed)
    teacher = room.play("teacher", CAMERA)
    room.clock.run(40.0)
    assert teacher.seen.bitrate(5.0, 40.0) > 0.55 * 600e3  # its options are 344 and 544 kbit/s with sound
    assert teacher.seen.worst_sound(5.0) < 0.2


@pytest.mark.parametrize("seed", SEEDS)
def test_a_link_that_grows_from_600_to_3000_carries_the_top_layer_within_ten_seconds(seed: int) -> None:
    room = Room(THIN, seed=seed)
    room.link.follow([(20.0, WIDE)])
    teacher = room.play("teacher", CAMERA)
    room.clock.run(45.0)
    at, index = teacher.levels[-1]
    assert index == TOP
    assert at < 30.0
    assert teacher.seen.bitrate(32.0, 45.0) > 0.9 * (CAMERA[TOP].bitrate + SOUND_RATE)
    assert teacher.seen.worst_sound(1.0) < 0.2  # probing did not hurt it


@pytest.mark.parametrize("seed", SEEDS)
def test_a_link_that_shrinks_to_a_fifth_freezes_for_less_than_a_second(seed: int) -> None:
    room = Room(WIDE, seed=seed)
    room.link.follow([(20.0, THIN)])
    teacher = room.play("teacher", CAMERA)
    room.clock.run(40.0)
    assert teacher.seen.longest_freeze(15.0, 40.0) < 1.0
    assert teacher.seen.worst_sound(23.0) < 0.25


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "bad", [{"loss": 0.05}, {"burst_loss": 0.1}, {"burst_loss": 0.1, "burst_length": 10.0, "jitter": 0.02}]
)
def test_loss_by_chance_does_not_take_the_top_layer(bad: dict[str, float], seed: int) -> None:
    room = Room(replace(WIDE, delay=0.05, **bad), seed=seed)
    teacher = room.play("teacher", CAMERA)
    room.clock.run(40.0)
    assert teacher.demand.current == TOP
    assert teacher.seen.bitrate(10.0, 40.0) > 0.8 * CAMERA[TOP].bitrate  # what arrives, so 5 to 10 % less than sent


@pytest.mark.parametrize("seed", SEEDS)
def test_loss_of_a_short_queue_is_congestion(seed: int) -> None:
    room = Room(replace(THIN, rate=1e6, queue=0.03), seed=seed)
    teacher = room.play("teacher", CAMERA)
    room.clock.run(30.0)
    late = room.link.counts.overflowed
    room.clock.run(60.0)
    assert room.link.counts.overflowed - late < 0.05 * 30.0 * 100  # of some hundred packets a second
    assert teacher.seen.bitrate(5.0, 60.0) > 0.5e6


@pytest.mark.parametrize("seed", SEEDS)
def test_jitter_is_no_overuse(seed: int) -> None:
    room = Room(replace(WIDE, jitter=0.03), seed=seed)
    teacher = room.play("teacher", CAMERA)
    room.clock.run(40.0)
    at, index = teacher.levels[-1]
    assert index == TOP
    assert at < 10.0


@pytest.mark.parametrize("seed", SEEDS)
def test_at_150_kbit_sound_goes_on_and_a_slide_is_there_within_five_seconds(seed: int) -> None:
    room = Room(Profile(rate=150e3, delay=0.05, queue=1.0), seed=seed)
    screen = room.play("screen", SCREEN, screen=True, priority=0, wanted_height=1080)
    screen.slides = 20_000
    teacher = room.play("teacher", CAMERA)
    room.clock.run(65.0)
    assert teacher.demand.current is None
    slides = [delay for at, delay in screen.seen.large if at > SLIDE_EVERY]
    assert len(slides) >= 5
    assert max(slides) < 5.0
    for session in (screen, teacher):
        assert session.seen.worst_sound(6.0) < 0.6
        assert len([at for at, _ in session.seen.sound if at > 10.0]) > 0.99 * 55.0 * 50


@pytest.mark.parametrize("seed", SEEDS)
def test_a_wide_line_that_falls_to_150_kbit_keeps_sound_and_slides(seed: int) -> None:
    room = Room(replace(WIDE, rate=5e6), seed=seed)
    room.link.follow([(20.0, Profile(rate=150e3, delay=0.05, queue=0.5))])
    screen = room.play("screen", SCREEN, screen=True, priority=0, wanted_height=1080)
    screen.slides = 20_000
    teacher = room.play("teacher", CAMERA)
    room.clock.run(80.0)
    assert teacher.demand.current is None
    assert teacher.seen.worst_sound(25.0) < 0.6
    slides = [delay for at, delay in screen.seen.large if at > 30.0]
    assert len(slides) >= 4
    assert max(slides) < 5.0
    assert len([at for at, _ in teacher.seen.sound if at > 25.0]) > 0.99 * 55.0 * 50


@pytest.mark.parametrize("seed", SEEDS)
def test_three_sessions_share_one_link_by_importance(seed: int) -> None:
    room = Room(replace(THIN, rate=1.5e6), seed=seed)
    screen = room.play("screen", SCREEN, screen=True, priority=0, wanted_height=1080)
    teacher = room.play("teacher", CAMERA)
    classroom = room.play("classroom", CAMERA, priority=2, wanted_height=180)
    room.clock.run(60.0)
    assert sum(each.seen.bitrate(5.0, 60.0) for each in room.sessions) > 0.7 * 1.5e6
    assert screen.seen.bitrate(5.0, 60.0) > teacher.seen.bitrate(5.0, 60.0) > classroom.seen.bitrate(5.0, 60.0)
    for session in room.sessions:
        assert session.seen.longest_freeze(1.0, 60.0) < 1.0
        assert session.seen.worst_sound(5.0) < 0.3


@pytest.mark.parametrize(
    "clock", [{"drift": 2e-4}, {"drift": -2e-4}, {"offset": 2**23 * 0.064 - 1015.0, "wraps": True}, {"offset": -5e5}]
)
def test_the_receivers_clock_may_drift_be_off_and_wrap(clock: dict[str, float]) -> None:
    room = Room(THIN, **clock)
    room.link.follow([(20.0, WIDE)])
    teacher = room.play("teacher", CAMERA)
    room.clock.run(40.0)
    assert teacher.demand.current == TOP
    assert teacher.seen.bitrate(5.0, 20.0) > 0.5 * 600e3
    assert teacher.seen.worst_sound(5.0) < 0.2


@pytest.mark.parametrize("seed", SEEDS)
def test_feedback_may_be_lost_and_reordered(seed: int) -> None:
    room = Room(THIN, seed=seed, feedback_loss=0.2)
    room.back_jitter = 0.15
    room.link.follow([(20.0, WIDE)])
    teacher = room.play("teacher", CAMERA)
    room.clock.run(40.0)
    assert teacher.demand.current == TOP
    assert teacher.seen.bitrate(5.0, 20.0) > 0.4 * 600e3
    assert teacher.seen.worst_sound(5.0) < 0.3


@pytest.mark.parametrize("seed", SEEDS)
def test_after_an_outage_of_twenty_seconds_sound_and_picture_are_back_at_once(seed: int) -> None:
    room = Room(WIDE, seed=seed)
    room.link.outages([(20.0, 40.0)])
    teacher = room.play("teacher", CAMERA)
    room.clock.run(60.0)
    assert min(at for at, _ in teacher.seen.sound if at > 39.0) < 40.1
    assert min(at for at in teacher.seen.frames if at > 39.0) < 41.0
    assert teacher.demand.current == TOP
    assert teacher.levels[-1][0] < 46.0


def test_nothing_decays_while_only_sound_is_sent() -> None:
    room = Room(WIDE)
    teacher = room.play("teacher", CAMERA)
    room.clock.run(20.0)
    before = room.budget.total(20.0)
    teacher.demand = replace(teacher.demand, wanted_height=0)
    room.clock.run(120.0)
    assert room.budget.total(120.0) == pytest.approx(before)
    assert before < 1.5 * 3e6
