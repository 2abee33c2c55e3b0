"""The board's arithmetic."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from server.county.targets import is_behind, pace_needed, season, year_of, year_span
from tests.fakes.county import county_config

TARGETS = county_config().targets


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def test_a_year_is_the_countys_own():
    assert year_of(at("2025-12-31T15:59:59"), TARGETS) == 2025
    assert year_of(at("2025-12-31T16:00:00"), TARGETS) == 2026  # midnight at UTC+8
    since, until = year_span(2026, TARGETS)
    assert (since, until) == (at("2025-12-31T16:00:00"), at("2026-12-31T16:00:00"))


def test_the_deadlines_day_counts():
    begin, deadline = season(2026, TARGETS)
    assert begin == at("2026-08-31T16:00:00")
    assert deadline == at("2026-12-31T16:00:00")


@pytest.mark.parametrize(
    ("total", "weeks_left", "pace"), [(0, 10, 2.0), (15, 2, 2.5), (20, 2, None), (25, 2, None), (0, 0, None)]
)
def test_the_pace_is_what_is_missing_over_the_weeks_left(total, weeks_left, pace):
    assert pace_needed(total, 20, 1e9, 1e9 - weeks_left * 7 * 86400) == pace


def test_the_last_hours_do_not_ask_for_thousands_a_week():
    assert pace_needed(19, 20, 1e9, 1e9 - 60) == 7.0


@pytest.mark.parametrize(
    ("total", "elapsed", "behind"),
    [(0, -0.5, False), (0, 0.04, False), (0, 0.05, True), (9, 0.5, True), (10, 0.5, False), (19, 0.99, False)],
)
def test_behind_is_less_than_an_even_pace(total, elapsed, behind):
    assert is_behind(total, 0, TARGETS, 0.0, 1e6, elapsed * 1e6) is behind


def test_at_the_deadline_both_targets_count():
    assert is_behind(20, 1, TARGETS, 0.0, 1e6, 1e6)
    assert is_behind(19, 2, TARGETS, 0.0, 1e6, 1e6)
    assert not is_behind(20, 2, TARGETS, 0.0, 1e6, 1e6)
