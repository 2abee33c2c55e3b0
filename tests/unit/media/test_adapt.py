"""What a participant is sent changes when its line does, and not in haste."""

from __future__ import annotations

from typing import Any

import pytest

from server.forward.allocation import Demand, Option
from server.forward.lanes import ALL, KEYFRAMES
from server.media.adapt import Adaptation, Line, Rates
from tests.unit.forward.kit import stream

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
