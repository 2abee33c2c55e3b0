"""The forecast: a property for each thing it promises, and how often its interval holds."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.county.forecast import MIN_TAUGHT, Week, coming, dispersion, forecast, school_weeks
from server.county.timetable.days import SchoolYear, SpecialDays, Term

MONDAY = date(2026, 9, 7)


def weeks(taught: int, left: int) -> tuple[Week, ...]:
    return tuple(Week(MONDAY, 5, 0) for _ in range(taught)) + tuple(Week(MONDAY, 0, 5) for _ in range(left))


seen, days, spreads = st.integers(0, 300), st.integers(1, 90), st.floats(1.0, 10.0)


@given(seen, days, days, spreads, st.integers(-20, 60))
def test_the_ends_are_in_order_and_the_chance_is_one(seen, taught, left, spread, missing):
    low, likely, high, chance = coming(seen, taught, left, spread, missing)
    assert 0 <= low <= likely <= high
    assert 0.0 <= chance <= 1.0
    assert chance == 1.0 or missing > 0


@given(seen, days, days, spreads, st.integers(1, 40))
def test_more_lessons_so_far_or_more_days_left_never_lower_it(seen, taught, left, spread, missing):
    here = coming(seen, taught, left, spread, missing)
    for better in (coming(seen + 1, taught, left, spread, missing), coming(seen, taught, left + 1, spread, missing)):
        assert better[1] >= here[1]
        assert better[2] >= here[2]
    assert coming(seen + 1, taught, left, spread, missing)[3] >= here[3] - 1e-9
    assert coming(seen, taught, left, spread, missing + 1)[3] <= here[3] + 1e-9


@given(seen, days, days, spreads)
def test_the_interval_agrees_with_the_chances(seen, taught, left, spread):
    low, _, high, _ = coming(seen, taught, left, spread, 1)
    assert coming(seen, taught, left, spread, low)[3] >= 0.9 - 1e-9  # P(X >= low)
    assert coming(seen, taught, left, spread, high + 1)[3] <= 0.1 + 1e-9  # P(X > high)


@given(st.integers(0, 40), st.lists(st.integers(0, 4), min_size=4, max_size=16), st.integers(0, 12))
def test_nothing_that_is_credited_is_taken_away(before, per_week, left):
    done = before + sum(per_week)
    found = forecast(done, [*per_week, *[0] * left], weeks(len(per_week), left), 20)
    assert found is not None
    assert done <= found.low <= found.likely <= found.high
    if left == 0:
        assert (found.low, found.high, found.chance) == (done, done, float(done >= 20))
    if done >= 20:
        assert found.chance == 1.0


def test_before_two_weeks_of_school_nothing_is_said():
    early = (Week(MONDAY, 5, 0), Week(MONDAY, MIN_TAUGHT - 6, 1), *weeks(0, 10))
    assert forecast(3, [2, 1, *[0] * 10], early, 20) is None
    assert forecast(3, [2, 1, *[0] * 10], weeks(2, 10), 20) is not None


def test_weeks_that_vary_more_than_chance_widen_it_and_even_ones_do_not_narrow_it():
    even, clumped = [1] * 8 + [0] * 8, [8, 0, 0, 0, 0, 0, 0, 0] + [0] * 8
    here = weeks(8, 8)
    assert dispersion(even, here) == 1.0
    assert dispersion(clumped, here) == pytest.approx((56 + 1) / 7)  # chi-square 56 over 7, and one unseen
    one, other = forecast(8, even, here, 20), forecast(8, clumped, here, 20)
    assert one is not None
    assert other is not None
    assert other.high - other.low > one.high - one.low


def by_chance(random_: random.Random, rate: float) -> int:
    """Lessons of a week that come by chance alone: ten hours, each with a small chance."""
    return sum(random_.random() < rate / 10 for _ in range(10))


def by_timetable(random_: random.Random, rate: float) -> int:
    """A lesson for each slot of the timetable, one in twelve of which does not count."""
    slots = int(rate) + (random_.random() < rate % 1)
    return sum(random_.random() < 11 / 12 for _ in range(slots))


def in_clumps(random_: random.Random, rate: float) -> int:
    """Nothing in most weeks, three at once in others."""
    return 3 if random_.random() < rate / 3 else 0


@pytest.mark.parametrize("week", [by_chance, by_timetable, in_clumps])
@pytest.mark.parametrize("taught", [3, 4, 8, 12])
def test_eight_schools_in_ten_end_inside(week, taught):
    random_, inside, schools = random.Random(7), 0, 600
    for _ in range(schools):
        rate = random_.uniform(0.4, 2.4)
        past = [week(random_, rate) for _ in range(taught)]
        future = sum(week(random_, rate) for _ in range(16 - taught))
        found = forecast(sum(past), [*past, *[0] * (16 - taught)], weeks(taught, 16 - taught), 20)
        assert found is not None
        inside += found.low <= sum(past) + future <= found.high
    assert inside >= 0.78 * schools  # 80 % but for the chance of 600 draws


def test_holidays_and_days_outside_the_term_are_no_school_days():
    term = Term("t", "上", date(2026, 9, 1), date(2026, 12, 18))
    year = SchoolYear(
        (term,),
        (
            SpecialDays("国庆节", date(2026, 10, 1), date(2026, 10, 7)),
            SpecialDays("补课", date(2026, 10, 10), date(2026, 10, 10), follows=3),
        ),
    )
    found = school_weeks(year, date(2026, 9, 1), date(2026, 12, 31), date(2026, 10, 8))
    by_day = {week.begins: (week.taught, week.left) for week in found}
    assert by_day[date(2026, 9, 1)] == (4, 0)  # from Tuesday on
    assert by_day[date(2026, 9, 28)] == (3, 0)
    assert by_day[date(2026, 10, 5)] == (1, 2)  # the 8th; the 9th and the make-up Saturday are left
    assert by_day[date(2026, 12, 14)] == (0, 5)
    assert by_day[date(2026, 12, 28)] == (0, 0)
    unknown = school_weeks(SchoolYear(), date(2026, 9, 1), date(2026, 12, 31), date(2026, 8, 1))
    assert sum(week.left for week in unknown) == 88
    assert sum(week.taught for week in unknown) == 0
