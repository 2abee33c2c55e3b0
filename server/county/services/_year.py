"""The year that somebody asks about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import Invalid
from ..targets import year_of

if TYPE_CHECKING:
    from ..policies import Targets

FIRST_YEAR, LAST_YEAR = 2000, 2100


def year_asked(year: int | None, now: float, targets: Targets) -> int:
    """`year` None: this year on the county's clock. Raises Invalid."""
    year = year_of(now, targets) if year is None else year
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid(
            "bad_year",
            f"year 应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间。",
            f"year must be {FIRST_YEAR} to {LAST_YEAR}.",
        )
    return year
