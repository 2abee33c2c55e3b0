"""Facts that are wrong are refused with the path in the file and what to write, all of them at once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.county.evaluation.facts import FactsError, parse_facts, read_facts
from server.county.evaluation.rules import Level

from .kit import RULES, city, completion, county


def _problems(facts: object, level: str = "county") -> tuple[str, ...]:
    with pytest.raises(FactsError) as caught:
        read_facts(facts if isinstance(facts, str) else json.dumps(facts), RULES, Level(level), "f.json")
    return caught.value.problems


@pytest.mark.parametrize(
    ("facts", "path", "fix"),
    [
        (county(schools_equipment_late=-1), "schools_equipment_late: is -1", "a whole number of 0 or more"),
        (county(schools_equipment_late=1.5), "schools_equipment_late: is", "a whole number"),
        (county(schools_equipment_late=True), "schools_equipment_late: is true", "a whole number"),
        (county(share_reached=101), "share_reached: is 101", "a percentage from 0 to 100"),
        (county(forms_pledged=["deliverd"]), "forms_pledged: is", "delivered, training, master"),
        (county(experimental_region="yes"), 'experimental_region: is "yes"', "true or false"),
        (county(peers_cases_selected=3), "peers_cases_selected: is 3", "a list of whole numbers"),
        (county(cases_submited=3), "cases_submited: is not known here", "write cases_submitted"),
        (county(year=2020), "year: is 2020", "the rule file of that year"),
        (county(level="city"), 'level: is "city"', "--level city"),
        (county(counties=[]), "counties: is a city's list", "--level city"),
        (county(schools=[{"name": "甲", "equipment_met_on": "31.8.2019"}]), "schools[0].equipment_met_on: is", "YYYY-"),
        (county(schools=[{"equipment_met_on": None}]), "schools[0].name: is missing", "the row's name"),
        (county(schools=[{"name": "甲", "lesons": {}}]), "schools[0].lesons: is not known", "write lessons"),
        (county(pairs=[{"name": "一", "town_and_country": True}]), "pairs_made: is 10", "leave one of them out"),
        ([], "the file must hold one object", ""),
        ('{"share_reached": NaN}', "NaN is no number", "null if it is not known"),
        ('{"name": "a", "name": "b"}', "name is given twice", "leave one out"),
        ('{"name": "a",\n "year" 2019}', "f.json:2:9", "mend it there"),
        ("[" * 100_000, "f.json", ""),
    ],
)
def test_a_wrong_fact_of_a_county_is_named_with_its_path(facts: object, path: str, fix: str) -> None:
    told = _problems(facts)
    assert any(path in line and fix in line for line in told), told


@pytest.mark.parametrize(
    ("facts", "path", "fix"),
    [
        (city(completion(), completion(schools_equipment_late="2")), "counties[1].schools_equipment_late", "a whole"),
        (city(completion()) | {"share_reached": 3}, "share_reached: is counted in the counties", "move it"),
        (city(), "counties: is missing", "the list of the city's counties"),
        (city(completion()) | {"counties": {"a": 1}}, "counties: is", "a list of objects"),
        (city(completion(), 7), "counties[1]: is 7", "give an object"),  # type: ignore[arg-type]
    ],
)
def test_a_wrong_fact_of_a_city_is_named_with_its_path(facts: object, path: str, fix: str) -> None:
    told = _problems(facts, "city")
    assert any(path in line and fix in line for line in told), told


def test_every_missing_fact_is_named_at_once_unless_rows_or_the_pledge_make_it_needless() -> None:
    facts = county(forms_pledged=["training"])
    for name in ("delivered_lessons_short", "training_sessions_short", "schools_equipment_late", "share_required"):
        del facts[name]
    told = _problems(facts)
    assert [line.split(":")[0] for line in told] == [
        "share_required",
        "schools_equipment_late",
        "training_sessions_short",
    ]
    assert "or schools with equipment_met_on to count it from" in told[1]


def test_a_column_that_some_rows_lack_is_asked_for() -> None:
    facts = county(
        schools=[{"name": "甲", "equipment_met_on": None}, {"name": "乙"}], schools_equipment_late=2, paired_schools=2
    )
    assert any("schools[1].equipment_met_on: is missing" in line for line in _problems(facts))


def test_a_county_of_a_city_may_bring_its_own_papers_facts_along() -> None:
    facts = parse_facts(city(county(), county()), RULES, Level.CITY)
    assert [region.values["experimental_region"] for region in facts.counties] == [True, True]


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=6,
)


@given(st.sampled_from(sorted(county() | {"schools": 0, "pairs": 0, "year": 0, "name": 0, "level": 0})), JSON)
@settings(max_examples=300, deadline=None)
def test_whatever_stands_in_a_facts_file_is_read_or_refused_but_nothing_else(name: str, value: Any) -> None:
    for body, level in ((county(**{name: value}), Level.COUNTY), (city(county(**{name: value})), Level.CITY)):
        try:
            outcome: object = parse_facts(body, RULES, level).counties
        except FactsError as problem:
            outcome = problem.problems
        assert outcome
