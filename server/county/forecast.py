"""Where a school's lessons will stand at the deadline, with an interval that admits what it cannot know. Pure.

The model. Credited lessons come at an unknown rate per school day. After `done` of them in `taught` school days the
rate is Gamma(done + 1/2, taught) (Jeffreys' prior), so what comes in the `left` school days to the deadline is negative
binomial: its spread holds both the chance of each week and our ignorance of the rate. Where the weeks so far varied
more than chance alone would (their dispersion is above 1), the variance is widened by that factor; it is never
narrowed. Before MIN_TAUGHT school days nothing is said. The interval's ends are the 10 % and 90 % quantiles, so eight
schools in ten should end inside (docs/board.md; tests/unit/county/test_forecast.py measures it).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import exp, lgamma, log, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from .timetable.days import SchoolYear

LOW, LIKELY, HIGH = 0.1, 0.5, 0.9
MIN_TAUGHT = 10  # two weeks of school
MIN_WEEKS = 4  # below, the spread of the weeks says nothing
UNKNOWN = 2.0  # and this one is taken: three lessons in one week and none in the next are common
MOST_DISPERSED = 10.0
UNSEEN = 1.0  # added to chi-square: a few weeks seldom show all of their spread
_FRIDAY = 5


@dataclass(frozen=True, slots=True)
class Week:
    """School days of one calendar week within the season. `begins`: its Monday, or the season's first day."""

    begins: date
    taught: int  # up to and with today
    left: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the count will be at the deadline. `chance`: of reaching the target, 0..1."""

    low: int
    likely: int
    high: int
    chance: float


def school_weeks(year: SchoolYear, first: date, last: date, today: date) -> tuple[Week, ...]:
    """The weeks from `first` to `last`. Where no term is known in that span, every Monday to Friday is a school day."""
    known = any(term.begins <= last and term.ends >= first for term in year.terms)
    found: list[Week] = []
    for day in _days(first, last):
        if not found or day.isoweekday() == 1:
            found.append(Week(day, 0, 0))
        weekday = year.taught_as(day)
        if weekday is None or weekday > _FRIDAY or (known and year.term_on(day) is None):
            continue
        week = found[-1]
        found[-1] = (
            Week(week.begins, week.taught + 1, week.left)
            if day <= today
            else Week(week.begins, week.taught, week.left + 1)
        )
    return tuple(found)


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def dispersion(per_week: Sequence[int], weeks: Sequence[Week]) -> float:
    """How much more the finished weeks vary than chance would make them, at least 1: Pearson's chi-square per week."""
    pairs = [(count, week.taught) for count, week in zip(per_week, weeks, strict=True) if week.taught and not week.left]
    total, taught = sum(count for count, _ in pairs), sum(days for _, days in pairs)
    if len(pairs) < MIN_WEEKS or not total:
        return UNKNOWN
    squares = sum((count - total * days / taught) ** 2 / (total * days / taught) for count, days in pairs)
    return min(max(1.0, (squares + UNSEEN) / (len(pairs) - 1)), MOST_DISPERSED)


def forecast(
    done: int, per_week: Sequence[int], weeks: Sequence[Week], target: int, *, spread: float | None = None
) -> Forecast | None:
    """The count at the deadline. `done`: credited so far in the year; `per_week`: of these, in each week of the season.

    `spread`: the dispersion to use (a subject's few lessons borrow their school's). None: too early to say.
    """
    taught, left = sum(week.taught for week in weeks), sum(week.left for week in weeks)
    if left == 0:
        return Forecast(done, done, done, 1.0 if done >= target else 0.0)
    if taught < MIN_TAUGHT:
        return None
    wide = dispersion(per_week, weeks) if spread is None else spread
    low, likely, high, chance = coming(sum(per_week), taught, left, wide, target - done)
    return Forecast(done + low, done + likely, done + high, chance)


def coming(seen: int, taught: int, left: int, spread: float, missing: int) -> tuple[int, int, int, float]:
    """(low, likely, high) of what comes in `left` days after `seen` in `taught`, and the chance of `missing` more.

    Negative binomial with mean (seen + 1/2) left / taught and variance mean (1 + left / taught) spread.
    """
    mean = (seen + 0.5) * left / taught
    share = 1.0 / (spread * (1.0 + left / taught))  # p: mean over variance
    shape = mean * share / (1.0 - share)
    most = int(mean + 12 * sqrt(mean / share)) + 12
    ends: list[int] = []
    sum_, chance = 0.0, 1.0 if missing <= 0 else 0.0
    for count in range(most + 1):
        if count == missing and missing > 0:
            chance = max(0.0, 1.0 - sum_)
        sum_ += _mass(count, shape, share)
        while len(ends) < 3 and sum_ >= (LOW, LIKELY, HIGH)[len(ends)]:
            ends.append(count)
        if len(ends) == 3 and count >= missing:
            break
    return (*ends, chance)  # type: ignore[return-value]  # the sum passes 0.9 long before `most`


def _mass(count: int, shape: float, share: float) -> float:
    logged = lgamma(count + shape) - lgamma(shape) - lgamma(count + 1) + shape * log(share) + count * log(1.0 - share)
    return exp(logged)
