"""Which rule file holds for a year."""

from __future__ import annotations

from server.county.evaluation.files import of_year, parse_rule_file
from server.county.evaluation.rules import TallyKind

from .kit import TEXT

FILE = parse_rule_file(TEXT, "zhejiang-2019.toml")
LATER = parse_rule_file(TEXT.replace("year = 2019", "year = 2022"), "zhejiang-2022.toml")


def test_the_years_own_file_holds_and_else_the_newest_older_one_with_its_dates_moved():
    assert of_year((FILE, LATER), 2019) is FILE
    moved = of_year((FILE, LATER), 2025)
    assert (moved.rules.year, moved.of_year) == (2025, 2022)
    assert (of_year((FILE, LATER), 2020).of_year, of_year((LATER,), 2019).of_year) == (2019, 2022)
    assert of_year((), 2025) is None
    # a day of the year only, so that it moves with it; and the text that is frozen says the moved year
    assert moved.rules.facts["schools_equipment_late"].tally.deadline == (8, 31)
    assert parse_rule_file(moved.text, "again").rules == moved.rules
    assert {fact.tally.kind for fact in moved.rules.facts.values() if fact.tally} >= {TallyKind.LATE, TallyKind.SHORT}
