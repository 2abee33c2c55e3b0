"""Weekly lessons over a term: holidays skipped, make-up days taken, nothing twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.county.timetable.days import SchoolYear, Skipped, SpecialDays, Term, weekly
from tests.fakes.county import sample_entries

DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
TERM = Term("t", "学期", date(2026, 9, 1), date(2027, 1, 29))


@st.composite
def special(draw):
    begins = draw(DAYS)
    follows = draw(st.none() | st.integers(1, 7))
    length = 0 if follows else draw(st.integers(0, 20))
    return SpecialDays("假", begins, begins + timedelta(days=length), follows)


YEARS = st.builds(SchoolYear, st.just((TERM,)), st.lists(special(), max_size=6).map(tuple))


@given(YEARS, DAYS, st.integers(0, 200), st.integers(1, 3))
def test_every_day_is_in_the_span_taught_as_the_first_and_comes_once(year, first, length, every):
    last = first + timedelta(days=length)
    taken, skipped = weekly(year, first, last, every)
    weekday = year.taught_as(first) or first.isoweekday()
    assert taken == sorted(set(taken))
    assert all(first <= day <= last and year.taught_as(day) == weekday for day in taken)
    assert not {one.day for one in skipped} & set(taken)


@given(YEARS, DAYS, st.integers(0, 200), st.integers(1, 3))
def test_no_week_is_forgotten(year, first, length, every):
    """A day of the weekday in a week that counts is either taken, or skipped with a name, or taught as another day."""
    last = first + timedelta(days=length)
    taken, skipped = weekly(year, first, last, every)
    weekday = year.taught_as(first) or first.isoweekday()
    monday = first - timedelta(days=first.isoweekday() - 1)
    for n in range(length + 1):
        day = first + timedelta(days=n)
        if day.isoweekday() == weekday and (day - monday).days // 7 % every == 0:
            assert (day in taken) != (day in {one.day for one in skipped})


@given(DAYS, st.integers(0, 300), st.integers(1, 4))
def test_without_special_days_it_is_every_nth_week(first, length, every):
    taken, skipped = weekly(SchoolYear(), first, first + timedelta(days=length), every)
    assert taken == [first + timedelta(weeks=n * every) for n in range(length // (7 * every) + 1)]
    assert skipped == []


def test_the_national_day_of_the_sample_county_is_skipped_and_made_up():
    entries = sample_entries()
    year = SchoolYear.of(
        [one for one in entries if one.kind == "terms"], [one for one in entries if one.kind == "holidays"]
    )
    taken, skipped = weekly(year, date(2026, 9, 23), date(2026, 10, 21))
    assert skipped == [Skipped(date(2026, 10, 7), "国庆节")]
    assert taken == [date(2026, 9, 23), date(2026, 9, 30), date(2026, 10, 10), date(2026, 10, 14), date(2026, 10, 21)]
    assert year.term_on(date(2026, 10, 7)).name == "2026学年第一学期"
    assert year.term_on(date(2027, 2, 10)) is None


def test_a_step_below_one_is_our_own_mistake():
    with pytest.raises(ValueError, match="every"):
        weekly(SchoolYear(), date(2026, 9, 1), date(2026, 9, 2), 0)
