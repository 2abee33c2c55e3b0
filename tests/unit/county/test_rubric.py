"""The rubric's arithmetic: weights, what could not be judged, bands at their bounds."""

from __future__ import annotations

from dataclasses import asdict, replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.county.config import ConfigError
from server.county.errors import Invalid
from server.county.rubric import End, check_marks, check_rubric, parse_rubric, rubric_of, score, tenth
from tests.fakes.county import CONFIG

TEXT = (CONFIG / "observation.toml").read_text()
RUBRIC = parse_rubric(TEXT)
FULL = {name: float(item.full) for name, item in RUBRIC.items().items()}
MARKS = st.fixed_dictionaries(
    {
        name: st.none() | st.integers(0, item.full * 2).map(lambda halves: halves / 2)
        for name, item in RUBRIC.items().items()
    }
)


def test_the_first_form_has_five_parts_a_hundred_points_and_items_for_every_end():
    assert len(RUBRIC.parts) == 5
    assert sum(part.weight for part in RUBRIC.parts) == 100
    assert [band.at for band in RUBRIC.bands] == [90, 75, 60, 0]
    assert {item.end for item in RUBRIC.items().values()} == set(End)


def test_full_marks_are_a_hundred_and_none_are_nothing():
    assert score(RUBRIC, FULL).total == 100.0
    nothing = score(RUBRIC, dict.fromkeys(FULL, 0.0))
    assert nothing.total == 0.0
    assert nothing.band is not None
    assert nothing.band.name == "待改进"


def test_a_part_is_its_weight_times_the_share_of_its_marks():
    result = score(RUBRIC, FULL | {"aims": 5.0})
    assert result.parts["design"] == 15.0
    assert result.total == 95.0


def test_what_could_not_be_judged_is_left_out_of_its_part():
    result = score(RUBRIC, FULL | {"order": None, "attention": 0.0})
    assert result.parts["rural"] == 13.3  # 20 × 10 / 15
    assert result.total == 93.3


def test_a_part_that_nobody_could_judge_leaves_the_others_in_proportion():
    unseen = {item.id: None for part in RUBRIC.parts if part.id == "rural" for item in part.items}
    result = score(RUBRIC, FULL | unseen | {"aims": 5.0})
    assert result.parts["rural"] is None
    assert result.judged_share == 0.8
    assert result.total == 93.8  # 75 of 80


def test_there_is_no_total_while_an_item_is_open_or_when_too_little_was_seen():
    result = score(RUBRIC, {name: mark for name, mark in FULL.items() if name != "aims"})
    assert (result.total, result.open_items) == (None, ("aims",))
    only = {item.id for item in RUBRIC.parts[0].items}
    assert score(RUBRIC, {name: mark if name in only else None for name, mark in FULL.items()}).total is None


@pytest.mark.parametrize(
    ("points", "band"), [("90", 90), ("89.95", 90), ("89.9", 75), ("75", 75), ("60", 60), ("59.9", 0)]
)
def test_a_band_begins_at_its_bound_and_goes_by_the_total_that_is_shown(points, band):
    one = replace(RUBRIC.parts[0], weight=100, items=(replace(RUBRIC.parts[0].items[0], full=100),))
    form = check_rubric(replace(RUBRIC, parts=(one,)))
    result = score(form, {one.items[0].id: float(points)})
    assert result.total == tenth(Fraction(points))
    assert result.band is not None
    assert result.band.at == band


@given(MARKS)
def test_a_total_is_within_its_bounds_and_never_falls_when_a_mark_rises(marks):
    result = score(RUBRIC, marks)
    assert result.total is None or 0 <= result.total <= 100
    name = next((name for name, mark in marks.items() if mark is not None and mark < FULL[name]), None)
    if result.total is not None and name is not None:
        better = score(RUBRIC, marks | {name: marks[name] + 0.5})
        assert better.total is not None
        assert better.total >= result.total


@pytest.mark.parametrize("mark", [-0.5, 10.5, 5.25, float("nan"), float("inf")])
def test_a_mark_beyond_its_item_is_refused_by_name(mark):
    with pytest.raises(Invalid, match="目标明确"):
        check_marks(RUBRIC, {"aims": mark})


def test_a_mark_for_an_item_that_the_form_has_not_is_refused():
    with pytest.raises(Invalid, match="nothing"):
        check_marks(RUBRIC, {"nothing": 1.0})


def test_a_form_survives_its_json():
    assert rubric_of(asdict(RUBRIC)) == RUBRIC


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"parts": RUBRIC.parts[:4]}, "bad_weights"),
        ({"parts": ()}, "bad_parts"),
        ({"parts": (*RUBRIC.parts[:4], replace(RUBRIC.parts[4], id="design"))}, "bad_ids"),
        ({"parts": (*RUBRIC.parts[:4], replace(RUBRIC.parts[4], items=()))}, "bad_items"),
        ({"bands": RUBRIC.bands[::-1]}, "bad_bands"),
        ({"bands": RUBRIC.bands[:3]}, "bad_bands"),
        ({"bands": ()}, "bad_bands"),
    ],
)
def test_a_form_that_cannot_be_scored_is_refused(change, code):
    with pytest.raises(Invalid) as refused:
        check_rubric(replace(RUBRIC, **change))
    assert refused.value.code == code


def test_a_mistake_in_the_file_names_the_file_and_the_key():
    with pytest.raises(ConfigError, match=r"observation\.toml.*add up to 100; they add up to 105"):
        parse_rubric(TEXT.replace("weight = 20", "weight = 25", 1))
    with pytest.raises(ConfigError, match=r"full.*whole number of 1 or more"):
        parse_rubric(TEXT.replace("full = 10", "full = 0", 1))
    with pytest.raises(ConfigError, match="colour"):
        parse_rubric(TEXT.replace("[rubric]", '[rubric]\ncolour = "red"', 1))
