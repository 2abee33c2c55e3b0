"""What counts as played: merged, in order, bounded by the clock."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.county.config import ConfigError
from server.county.courses import allowance, check_claims, covered, enough, merged, parse_courses, take
from server.county.errors import Invalid
from tests.fakes.county import CONFIG

TEXT = (CONFIG / "courses.toml").read_text()
POLICY = parse_courses(TEXT)
SPANS = st.lists(
    st.tuples(st.integers(0, 100), st.integers(0, 100)).map(lambda ends: (float(min(ends)), float(max(ends)))),
    max_size=12,
)


def test_stretches_that_overlap_or_touch_are_one():
    assert merged([(10, 20), (0, 5), (5.2, 8), (15, 30)]) == ((0, 8), (10, 30))
    assert merged([(3, 3), (5, 4)]) == ()


@given(SPANS)
def test_merging_counts_every_second_once_and_again_changes_nothing(spans):
    seconds = {second for start, end in spans for second in range(int(start), int(end))}
    once = merged(spans)
    assert covered(once) == len(seconds)
    assert merged(once) == once


@given(SPANS, SPANS, st.floats(0, 200))
def test_no_report_adds_more_than_it_may_nor_loses_what_was_played(known, claims, allowed):
    before = merged(known)
    after = take(before, claims, allowed, 90.0)
    assert covered(after) <= covered(before) + allowed + 1e-6 + 0.25 * (len(claims) + len(before))
    assert all(any(a <= start and end <= b for a, b in after) for start, end in before)
    assert not claims or max((end for _, end in after), default=0) <= max(90.0, *(end for _, end in before or [(0, 0)]))


def test_what_is_claimed_first_is_taken_first():
    assert take((), [(0, 10), (50, 60)], 12.0, 100.0) == ((0, 10), (50, 52))
    assert take((), [(95, 120)], 60.0, 100.0) == ((95, 100),)


def test_nothing_can_be_claimed_faster_than_the_clock_times_the_speed():
    assert allowance(POLICY, 1.0, 110.0, 100.0, 100.0) == 10.0
    assert allowance(POLICY, 1.25, 110.0, 100.0, 100.0) == 12.5
    assert allowance(POLICY, 16.0, 110.0, 100.0, 100.0) == 15.0  # faster counts as 1.5
    assert allowance(POLICY, 1.0, 110.0, 100.0, 108.0) == 2.0  # the account was in another course until then
    assert allowance(POLICY, 1.0, 9000.0, 100.0, 100.0) == 60.0  # a long silence
    assert allowance(POLICY, 1.0, 90.0, 100.0, 100.0) == 0.0  # the clock was set back
    assert allowance(POLICY, 1.0, 110.0, None, 100.0) == 0.0  # the first report starts the clock


def test_four_fifths_are_enough_and_a_second_less_is_not():
    assert enough(80.0, 100.0, POLICY)
    assert enough(0.1 + 0.7, 1.0, POLICY)  # 0.7999999999999999 in binary
    assert not enough(79.0, 100.0, POLICY)
    assert not enough(1.0, 0.0, POLICY)


@pytest.mark.parametrize(
    ("claims", "speed"),
    [
        ([(float("nan"), 1.0)], 1.0),
        ([(0.0, float("inf"))], 1.0),
        ([(-1.0, 1.0)], 1.0),
        ([(0.0, 1.0)] * 101, 1.0),
        ([], 0.0),
        ([], 100.0),
    ],
)
def test_what_no_player_reports_is_refused(claims, speed):
    with pytest.raises(Invalid):
        check_claims(claims, speed)


def test_a_misspelt_key_is_named():
    with pytest.raises(ConfigError, match="played_share: is missing"):
        parse_courses(TEXT.replace("played_share", "playd_share"))
