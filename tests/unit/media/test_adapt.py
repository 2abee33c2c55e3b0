"""What a participant is sent changes when its line does, and not in haste."""

from __future__ import annotations

from typing import Any

import pytest

from server.forward.allocation import Demand, Option
from server.forward.bandwidth.estimator import Estimator
from server.forward.lanes import ALL, KEYFRAMES, Lane
from server.forward.subscriptions import AT_ONCE, HELD, PATIENT, PROMPT
from server.media.adapt import Adaptation, Line, _living, _patience
from server.media.rates import Rates, SoundRate
from tests.unit.forward.kit import give, stream

OPTIONS = [
    Option(0, KEYFRAMES, 10_000, 180),
    Option(0, 1, 80_000, 180),
    Option(0, ALL, 120_000, 180),
    Option(1, 1, 300_000, 360),
    Option(1, ALL, 400_000, 360),
    Option(2, ALL, 1_500_000, 720),
]


def line() -> Line:
    nobody: Any = None
    return Line(nobody, nobody, None, 0.0, 0.0)


def chosen(on: Line, current: int | None, index: int | None, now: float, **more: Any) -> int | None:
    demand = Demand("a", 1, OPTIONS, more.pop("height", 720), current=current, **more)
    return Adaptation._steady(on, demand, index, now)


def test_a_larger_layer_comes_after_it_has_fitted_for_a_second():
    on = line()
    assert chosen(on, 2, 5, 10.0) == 2
    assert chosen(on, 2, 5, 10.9) == 2
    assert chosen(on, 2, 5, 11.0) == 5


def test_a_doubt_in_between_begins_the_second_anew():
    on = line()
    assert chosen(on, 1, 5, 10.0) == 2  # all pictures of the layer it has, meanwhile
    assert chosen(on, 2, 2, 10.5) == 2
    assert chosen(on, 2, 5, 11.2) == 2
    assert chosen(on, 2, 5, 12.2) == 5


def test_a_larger_layer_begins_with_the_fewest_of_its_pictures():
    on = line()
    assert chosen(on, 2, 4, 10.0) == 2
    assert chosen(on, 2, 4, 11.0) == 3
    assert chosen(on, 3, 4, 12.0) == 3
    assert chosen(on, 3, 4, 12.6) == 4


@pytest.mark.parametrize(
    ("keyframe", "current", "expected"),
    [(5_000, 2, 4), (20_000, 2, 2), (20_000, 4, 4), (40_000, 4, 2)],
    ids=["one that passes", "too large to begin", "as large, but begun", "too large to go on"],
)
def test_a_layer_is_not_sent_whose_keyframes_the_line_cannot_carry_in_time(keyframe, current, expected):
    on, larger = line(), stream()
    larger.keyframe_octets = keyframe
    on.estimator = Estimator(start=500_000)
    on.options = [(larger if option.layer else stream(), option.temporal) for option in OPTIONS]
    assert Adaptation._prompt(on, Demand("a", 1, OPTIONS, 720, current=current), 4, 10.0) == expected
    slide = Demand("a", 0, OPTIONS, 720, current=current, screen=True)
    assert Adaptation._prompt(on, slide, 4, 10.0) == 4  # a slide is stretched


def test_where_no_smaller_layer_is_left_its_fewest_pictures_are_sent():
    on, larger, options = line(), stream(), OPTIONS[3:5]
    larger.keyframe_octets = 40_000
    on.estimator = Estimator(start=500_000)
    on.options = [(larger, option.temporal) for option in options]
    assert Adaptation._prompt(on, Demand("a", 1, options, 720), 1, 10.0) == 0


def test_sound_is_measured_in_the_form_that_is_sent():
    rate, redundant, plain = SoundRate(), Lane(stream()), Lane(stream())
    assert rate.bitrate == 60_000
    rate.update(redundant, 0.0)
    redundant.packets, redundant.octets = 50, 50 * 176
    rate.update(redundant, 1.0)
    assert rate.bitrate == 80_000
    rate.update(plain, 1.1)
    plain.packets, plain.octets = 50, 50 * 76
    rate.update(plain, 2.1)
    assert rate.bitrate == pytest.approx(40_000)


def test_down_at_once_and_up_again_not_before_four_seconds():
    on = line()
    assert chosen(on, 5, 2, 10.0) == 2
    assert chosen(on, 2, 5, 10.1) == 2
    assert chosen(on, 2, 5, 13.0) == 2
    assert chosen(on, 2, 5, 14.1) == 5


def test_a_moment_s_trouble_makes_no_slide_show_and_no_black_picture():
    for worst in (0, None):
        on = line()
        assert chosen(on, 5, worst, 10.0) == 1
        assert chosen(on, 1, worst, 11.0) == 1
        assert chosen(on, 1, worst, 11.6) == worst


@pytest.mark.parametrize("more", [{"choice": "sound"}, {"height": 0}])
def test_what_nobody_looks_at_is_off_at_once(more):
    assert chosen(line(), 5, None, 10.0, **more) is None


def test_rates_add_up_and_name_the_uppermost_layer_all():
    video = stream()
    rates = Rates(video, 0.0)
    video.temporal_octets[:3] = [10_000, 5_000, 10_000]
    rates.update(video, 0.5)
    assert rates.upto() == {}
    rates.update(video, 1.0)
    assert rates.upto() == {0: 80_000, 1: 120_000, ALL: 200_000}
    video.temporal_octets[:3] = [30_000, 10_000, 20_000]
    rates.update(video, 2.0)
    assert rates.upto()[0] == pytest.approx(80_000 + 0.3 * 80_000)


def test_a_still_screen_s_layer_lives_while_its_encoder_saves_up_and_a_camera_s_does_not():
    large, small = stream(), stream(ssrc=0x2222)
    small.last_arrival, large.last_arrival = 10.0, 12.0
    assert _living([small, large], 12.5, screen=True) == [small, large]
    assert _living([small, large], 12.5, screen=False) == [large]
    large.last_arrival = 14.0
    assert _living([small, large], 14.5, screen=True) == [large]
    assert _living([small, large], 60.0, screen=False) == []


@pytest.mark.parametrize(
    ("screen", "held_back", "here", "there", "delay"),
    [
        (True, True, True, True, AT_ONCE),
        (True, False, False, False, PATIENT),
        (False, False, False, False, PATIENT),
        (False, True, False, False, PROMPT),
        (False, True, True, False, PATIENT),
        (False, False, False, True, HELD),
        (False, True, True, True, HELD),
    ],
)
def test_a_slide_is_shown_as_soon_as_it_is_whole_and_a_face_waits_for_what_is_repaired(
    screen, held_back, here, there, delay
):
    demand = Demand("a", 0, OPTIONS, 720, screen=screen)
    assert _patience(demand, held_back=held_back, lossy_here=here, lossy_there=there) == delay


def test_a_sender_s_line_is_lossy_from_two_percent_on_until_nearly_nothing_is_lost():
    video = stream()
    rates = Rates(video, 0.0)
    sequence, seen = 0, []
    for second, lost_every in enumerate([0, 0, 10, 10, 10, 40, 40, 40, 40, 0, *[0] * 12], start=1):
        for _ in range(100):
            sequence += 1
            if not lost_every or sequence % lost_every:
                give(video, sequence, now=float(second))
        rates.update(video, float(second))
        seen.append(rates.lossy)
    assert seen[:2] == [False, False]
    assert all(seen[4:9])  # 2.5 % keep it lossy
    assert not seen[-1]
