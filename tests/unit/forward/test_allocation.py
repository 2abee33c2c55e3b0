from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from server.forward.allocation import UPGRADE_MARGIN, Demand, Option, allocate, ladder, wanted

CAMERA = ladder([(180, {0: 90e3, 1: 150e3}), (360, {0: 300e3, 1: 500e3}), (720, {0: 1000e3, 1: 1700e3})])
SCREEN = ladder([(540, {0: 60e3, 1: 200e3}), (1080, {0: 180e3, 1: 800e3})])


def teacher(current: int | None = None, height: int = 720) -> Demand:
    return Demand("teacher", 1, CAMERA, height, current=current)


def screen(current: int | None = None, height: int = 1080) -> Demand:
    return Demand("screen", 0, SCREEN, height, current=current, screen=True)


def classroom(name: str, current: int | None = None, height: int = 180) -> Demand:
    return Demand(name, 2, CAMERA, height, current=current)


def test_a_ladder_gives_up_frame_rate_before_resolution() -> None:
    assert [(option.layer, option.temporal) for option in CAMERA] == [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)]


def test_a_ladder_leaves_out_what_costs_more_than_something_sharper() -> None:
    assert [(option.layer, option.temporal) for option in SCREEN] == [(0, 0), (1, 0), (1, 1)]


def test_a_wide_link_gives_everyone_the_best_that_is_shown() -> None:
    given_ = allocate([teacher(), screen(), classroom("a"), classroom("b")], 20e6)
    assert given_ == {"teacher": 5, "screen": 2, "a": 1, "b": 1}


def test_the_screen_comes_first_then_the_teacher_then_the_others() -> None:
    given_ = allocate([classroom("a"), teacher(), screen()], 450e3)
    assert given_ == {"screen": 1, "teacher": 1, "a": 0}


def test_everybody_is_seen_before_anybody_is_seen_well() -> None:
    given_ = allocate([teacher(), classroom("a"), classroom("b")], 400e3)
    assert given_ == {"teacher": 1, "a": 0, "b": 0}


def test_below_a_hundred_kilobits_slides_go_on_and_cameras_are_off() -> None:
    assert allocate([teacher(current=0), screen(current=0)], 95e3) == {"teacher": None, "screen": 0}


def test_a_slide_may_cost_more_than_there_is_because_it_may_take_longer() -> None:
    assert allocate([screen()], 40e3) == {"screen": 0}
    assert allocate([screen()], 20e3) == {"screen": None}
    assert allocate([screen(current=0)], 20e3) == {"screen": 0}
    assert allocate([screen(current=0)], 5e3) == {"screen": None}


def test_better_is_given_with_a_margin_and_worse_at_once() -> None:
    assert allocate([teacher(current=2)], 520e3) == {"teacher": 2}
    assert allocate([teacher(current=2)], 500e3 * UPGRADE_MARGIN) == {"teacher": 3}
    assert allocate([teacher(current=3)], 500e3) == {"teacher": 3}
    assert allocate([teacher(current=3)], 499e3) == {"teacher": 2}


def test_a_picture_that_was_off_comes_back_with_a_margin() -> None:
    assert allocate([teacher()], 102e3) == {"teacher": None}
    assert allocate([teacher(current=0)], 102e3) == {"teacher": 0}
    assert allocate([teacher()], 104e3) == {"teacher": 0}


def test_nothing_taller_than_shown_is_sent() -> None:
    assert allocate([teacher(height=360)], 20e6) == {"teacher": 3}
    assert allocate([teacher(height=290)], 20e6) == {"teacher": 3}
    assert allocate([teacher(height=280)], 20e6) == {"teacher": 1}
    assert allocate([teacher(height=20)], 20e6) == {"teacher": 1}
    assert allocate([teacher(height=0)], 20e6) == {"teacher": None}


def test_a_choice_is_a_limit() -> None:
    def chosen(choice: str) -> int | None:
        return allocate([replace(teacher(height=360), choice=choice)], 20e6)["teacher"]

    assert [chosen(choice) for choice in ("high", "auto", "medium", "low", "sound")] == [5, 3, 3, 1, None]


def test_a_source_without_options_is_off() -> None:
    assert allocate([Demand("a", 0, [], 720)], 1e6) == {"a": None}


def test_what_is_wanted_is_the_best_that_is_shown_and_chosen() -> None:
    assert wanted([teacher(), classroom("a")]) == (1700e3 + 150e3) * UPGRADE_MARGIN
    assert wanted([replace(teacher(), choice="sound")]) == 0.0


@given(st.floats(0, 6e6), st.lists(st.tuples(st.integers(0, 5), st.sampled_from([0, 180, 360, 720])), max_size=5))
def test_cameras_never_cost_more_than_the_budget(budget: float, cameras: list[tuple[int, int]]) -> None:
    demands = [classroom(str(index), current, height) for index, (current, height) in enumerate(cameras)]
    given_ = allocate(demands, budget)
    assert sum(CAMERA[index].bitrate for index in given_.values() if index is not None) <= budget


@given(st.floats(0, 6e6), st.integers(1, 4))
def test_what_was_given_is_given_again(budget: float, count: int) -> None:
    demands = [teacher(), screen(), *(classroom(str(index)) for index in range(count))]
    first = allocate(demands, budget)
    again = [replace(demand, current=first[demand.key]) for demand in demands]
    assert all(_rank(allocate(again, budget)[key]) >= _rank(first[key]) for key in ("screen", "teacher"))


def test_options_that_grew_dearer_are_given_up_at_once() -> None:
    dearer = [Option(option.layer, option.temporal, option.bitrate * 1.5, option.height) for option in CAMERA]
    assert allocate([Demand("teacher", 1, dearer, 720, current=3)], 520e3) == {"teacher": 2}


def _rank(index: int | None) -> int:
    return -1 if index is None else index
