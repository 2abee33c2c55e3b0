"""The engine against the second computation, and what must hold whatever the facts are."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from . import second
from .kit import (
    COUNTS,
    SATISFACTION,
    city_facts,
    completions,
    county_facts,
    county_rows,
    judged,
    performances,
    scores,
)


def _equal(facts: dict[str, Any], counts: dict[str, Any], level: str) -> None:
    found, expected = scores(facts, level), second.papers(counts, level)
    for paper, items in expected.items():
        for item, mark in items.items():
            assert found[paper][item] == pytest.approx(float(mark), abs=1e-9), f"{paper} {item}"


@given(county_facts)
@settings(max_examples=300, deadline=None)
def test_a_county_scores_as_the_second_computation_says(facts: dict[str, Any]) -> None:
    _equal(facts, facts, "county")


@given(city_facts)
@settings(max_examples=200, deadline=None)
def test_a_city_scores_as_the_second_computation_says(facts: dict[str, Any]) -> None:
    _equal(facts, facts, "city")


@given(county_rows)
@settings(max_examples=200, deadline=None)
def test_rows_are_counted_as_the_second_computation_counts_them(facts: dict[str, Any]) -> None:
    _equal(facts, second.counts_of(facts), "county")


@given(performances, st.lists(county_rows, min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_a_city_of_rows_scores_as_the_second_computation_says(
    own: dict[str, Any], counties: list[dict[str, Any]]
) -> None:
    _equal(own | {"counties": counties}, own | {"counties": [second.counts_of(each) for each in counties]}, "city")


@given(st.one_of(county_facts.map(lambda f: (f, "county")), city_facts.map(lambda f: (f, "city"))))
@settings(max_examples=200, deadline=None)
def test_no_item_is_below_0_or_above_its_full_mark_and_all_adds_up(drawn: tuple[dict[str, Any], str]) -> None:
    found = judged(*drawn)
    for paper in found.papers:
        assert paper.total == sum(section.score for section in paper.sections)
        assert 0 <= paper.total <= paper.paper.full
        for section in paper.sections:
            assert section.score == min(section.section.cap, sum((item.score for item in section.items), Fraction(0)))
            for item in section.items:
                assert item.score >= 0
                if item.item.full is not None:
                    assert item.score + item.deducted == item.item.full
                    assert item.score <= item.item.full


WORSE_BY_MORE = (*COUNTS, "share_required")
BETTER_BY_MORE = ("share_reached", "pairs_made", "cases_submitted", "cases_selected", *SATISFACTION)


@given(county_facts, st.sampled_from(WORSE_BY_MORE + BETTER_BY_MORE), st.integers(1, 20))
@settings(max_examples=300, deadline=None)
def test_every_count_moves_every_item_one_way_only(facts: dict[str, Any], name: str, more: int) -> None:
    ceiling = 100 if name.startswith(("share", "satisfaction")) else 10_000
    raised = facts | {name: min(ceiling, facts[name] + more)}
    less, more_of_it = judged(facts), judged(raised)
    for before, after in zip(_items(less), _items(more_of_it), strict=True):
        if name in WORSE_BY_MORE:
            assert after <= before
        else:
            assert after >= before


@given(completions, performances)
@settings(max_examples=100, deadline=None)
def test_a_fact_that_becomes_known_never_lowers_the_score(one: dict[str, Any], own: dict[str, Any]) -> None:
    known = judged(one | own)
    for name in (*SATISFACTION, "schools_equipment_late", "cases_submitted"):
        unknown = judged(one | own | {name: None})
        assert all(before <= after for before, after in zip(_items(unknown), _items(known), strict=True))


SUMMED = ("1.3", "2.1", "2.2", "3.1a", "3.1b", "3.1c")


@given(st.lists(completions, min_size=1, max_size=5), performances)
@settings(max_examples=150, deadline=None)
def test_a_city_loses_what_its_counties_rows_lose_at_city_rates(
    counties: list[dict[str, Any]], own: dict[str, Any]
) -> None:
    """Each county evaluated as a city of one: the losses of the items that count rows add up to the whole city's."""
    whole = judged(own | {"counties": counties}, "city")
    alone = [judged(own | {"counties": [each]}, "city") for each in counties]
    for item in SUMMED:
        parts = [each.item("paper1", item) for each in alone]
        assert whole.item("paper1", item).deducted == min(
            whole.item("paper1", item).item.full or 0, sum(part.deducted for part in parts)
        )


def _items(found: Any) -> list[Fraction]:
    return [item.score for paper in found.papers for section in paper.sections for item in section.items]
