"""A year's targets: its span and season, the pace needed, who is behind. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from math import floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from .policies import Targets

WEEK = 7 * 86400.0
SHORTEST = WEEK / 7  # a pace is never asked for less than a day's remainder


def local_zone(targets: Targets) -> timezone:
    """The county's clock."""
    return timezone(timedelta(minutes=targets.utc_offset_minutes))


def year_of(moment: float, targets: Targets) -> int:
    """The year of a moment on the county's clock."""
    return datetime.fromtimestamp(moment, UTC).astimezone(local_zone(targets)).year


def day_of(moment: float, targets: Targets) -> date:
    """The day of a moment on the county's clock."""
    return datetime.fromtimestamp(moment, UTC).astimezone(local_zone(targets)).date()


def year_span(year: int, targets: Targets) -> tuple[float, float]:
    """[begin, end) of a year on the county's clock, Unix seconds."""
    zone = local_zone(targets)
    return datetime(year, 1, 1, tzinfo=zone).timestamp(), datetime(year + 1, 1, 1, tzinfo=zone).timestamp()


def season(year: int, targets: Targets) -> tuple[float, float]:
    """[first moment, end of the deadline's day) in which the pace is judged."""
    zone = local_zone(targets)
    begin = datetime(year, *targets.begins, tzinfo=zone)
    end = datetime(year, *targets.deadline, tzinfo=zone) + timedelta(days=1)
    return begin.timestamp(), end.timestamp()


def pace_needed(credited: int, target: int, deadline: float, now: float) -> float | None:
    """Lessons per week from now to the deadline; None when reached or too late."""
    missing = target - credited
    if missing <= 0 or now >= deadline:
        return None
    return round(missing / (max(deadline - now, SHORTEST) / WEEK), 2)


def is_behind(total: int, reached: int, targets: Targets, begin: float, deadline: float, now: float) -> bool:
    """Less than an even pace from the season's begin would have brought; at the deadline: a target is not met."""
    if now >= deadline:
        return total < targets.total or reached < targets.subjects
    elapsed = max(0.0, now - begin) / (deadline - begin)
    return total < floor(targets.total * elapsed)
