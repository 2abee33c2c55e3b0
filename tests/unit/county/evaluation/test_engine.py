"""Hand-worked cases of annex 4, item by item."""

from __future__ import annotations

import json

import pytest

from server.county.evaluation.reading import parse_rules
from server.county.evaluation.report import as_json, table_rows

from .kit import RULES, TEXT, city, completion, county, judged, scores


def test_a_county_where_all_is_well_has_95_points_and_100_for_its_performance() -> None:
    found = scores(county())
    assert found["paper1"]["total"] == 95  # the published items of section 1 add up to 25
    assert found["paper2"]["total"] == 100


@pytest.mark.parametrize(
    ("facts", "item", "expected"),
    [
        ({"share_reached": 58.1}, "1.1", 4.5),  # 1.9 points below count as 1
        ({"share_reached": 58}, "1.1", 4),
        ({"share_reached": 59.01}, "1.1", 5),
        ({"share_reached": 70}, "1.1", 5),
        ({"share_reached": 3}, "1.1", 0),
        ({"pairing_list_published": False}, "1.1", 0),
        ({"pairs_not_town_and_country": 3}, "1.2", 3.5),
        ({"pairs_not_town_and_country": 11}, "1.2", 0),
        ({"small_schools_without_pair": 4}, "1.3", 6),
        ({"agreements_not_in_time": 1}, "1.4", 4.5),
        ({"agreements_not_in_time": 9}, "1.4", 4.5),  # once
        ({"pairs_made": 12}, "1.5", 0.2),
        ({"pairs_made": 9}, "1.5", 0),
        ({"pairs_task": 7, "pairs_made": 9}, "1.5", 0.2),  # 28.57 points beyond
        ({"pairs_task": 0, "pairs_made": 9}, "1.5", 0),
        ({"schools_equipment_late": 3}, "2.1", 14),
        ({"schools_equipment_late": 11}, "2.1", 0),
        ({"schools_network_space_late": 3}, "2.2", 7),
        ({"schools_short_of_subjects": 1}, "3.1a", 9),
        ({"schools_short_in_subjects": 2}, "3.1b", 8),
        ({"schools_short_of_lessons": 30}, "3.1c", 0),
        ({"delivered_lessons_short": 3, "training_sessions_short": 4, "schools_short_of_master_courses": 5}, "3.2", 7),
        ({"delivered_lessons_short": 3, "training_sessions_short": 0, "forms_pledged": ["delivered"]}, "3.2", 7),
    ],
)
def test_an_item_of_completion_loses_what_the_notice_says(facts: dict[str, object], item: str, expected: float) -> None:
    assert scores(county(**facts))["paper1"][item] == expected


@pytest.mark.parametrize(
    ("facts", "item", "expected"),
    [
        ({"satisfaction_pupils": 90}, "1.1", 10),
        ({"satisfaction_pupils": 89.99}, "1.1", 10),  # less than a whole point
        ({"satisfaction_teachers": 88.1}, "1.2", 9.9),
        ({"satisfaction_parents": 40}, "1.3", 5),
        ({"satisfaction_society": 0}, "1.4", 11),
        ({"paired_schools": 21, "cases_submitted": 3}, "2.1", 20),
        ({"paired_schools": 21, "cases_submitted": 2}, "2.1", 40 / 3),  # a tenth, rounded up, is 3
        ({"paired_schools": 0, "cases_submitted": 0}, "2.1", 20),
        ({"cases_selected": 5, "peers_cases_selected": [5, 2, 1]}, "2.2", 10),  # shares the better rank
        ({"cases_selected": 2, "peers_cases_selected": [5, 2, 1]}, "2.2", 9),
        ({"cases_selected": 0, "peers_cases_selected": [5, 2, 1]}, "2.2", 7),
        ({"cases_selected": 0, "peers_cases_selected": []}, "2.2", 10),  # alone
        ({"experimental_region": True}, "3.1", 20),
        ({"experimental_region": False}, "3.1", 14),
    ],
)
def test_an_item_of_performance_is_what_the_notice_says(facts: dict[str, object], item: str, expected: float) -> None:
    assert scores(county(**facts))["paper2"][item] == pytest.approx(expected, abs=1e-12)


def test_a_city_counts_the_schools_of_all_its_counties_at_its_own_rates() -> None:
    found = scores(
        city(
            completion(share_reached=57.5, schools_equipment_late=3, delivered_lessons_short=5, pairs_made=15),
            completion(
                share_reached=59, schools_equipment_late=1, agreements_not_in_time=2, pairs_not_town_and_country=4
            ),
            experimental_region=False,
        ),
        "city",
    )["paper1"]
    assert found["1.1"] == pytest.approx(5 - 0.3)  # 2 whole points and 1
    assert found["1.2"] == 5  # only counties lose here
    assert found["1.4"] == pytest.approx(4.9)
    assert found["1.5"] == 1  # 25 pairs of 20: two whole tens, 0.5 each
    assert found["2.1"] == pytest.approx(20 - 0.8)
    assert found["3.2"] == 10  # training and master are pledged too, and full


def test_a_city_scores_only_forms_that_a_county_pledged_and_only_that_countys_schools() -> None:
    found = scores(
        city(
            completion(forms_pledged=["delivered"], delivered_lessons_short=20),
            completion(forms_pledged=["training"], training_sessions_short=30, delivered_lessons_short=999),
        ),
        "city",
    )
    assert found["paper1"]["3.2"] == 8  # delivered: 20 short; training: 7


@pytest.mark.parametrize(("own", "of_a_county", "mark"), [(True, False, 20), (False, True, 18), (False, False, 14)])
def test_a_city_has_18_points_for_a_county_that_is_an_experimental_region(
    own: bool, of_a_county: bool, mark: int
) -> None:
    counties = (completion(), completion(experimental_region=of_a_county))
    assert scores(city(*counties, experimental_region=own), "city")["paper2"]["3.1"] == mark


def test_a_city_that_gives_no_cases_of_its_own_has_its_counties_cases() -> None:
    facts = city(completion(cases_submitted=1, cases_selected=1), completion(cases_submitted=2, cases_selected=0))
    del facts["cases_submitted"], facts["cases_selected"]
    facts["peers_cases_selected"] = [2, 1, 0]
    found = scores(facts, "city")["paper2"]
    assert found["2.1"] == 15  # 3 of 4: a tenth of 40 schools
    assert found["2.2"] == 9


def test_the_deadline_day_is_on_time_and_no_date_is_late() -> None:
    days = ["2019-08-31", "2019-09-01", None, "2018-01-01"]
    school = {"network_space_opened_on": "2019-06-30", "lessons": {}, "pledged": [], "delivered": 12}
    rows = [school | {"name": f"学校 {n}", "equipment_met_on": day} for n, day in enumerate(days)]
    facts = county(schools=rows)
    for name in ("schools_equipment_late", "schools_network_space_late", "paired_schools"):
        del facts[name]
    for name in ("schools_short_of_subjects", "schools_short_in_subjects", "schools_short_of_lessons"):
        facts[name] = 4
    found = scores(facts)["paper1"]
    assert (found["2.1"], found["2.2"]) == (16, 10)


def test_a_small_school_to_be_merged_or_without_pupils_needs_no_pair() -> None:
    rows = [
        {"name": "甲", "paired": True},
        {"name": "乙", "paired": False, "to_be_merged": True},
        {"name": "丙", "paired": False, "without_pupils": True},
        {"name": "丁", "paired": False},
    ]
    facts = county(small_schools=rows)
    del facts["small_schools_without_pair"]
    assert scores(facts)["paper1"]["1.3"] == 9


def test_a_fact_that_is_not_known_scores_nothing_and_says_so() -> None:
    found = judged(county(satisfaction_parents=None, schools_equipment_late=None))
    for paper, item in (("paper2", "1.3"), ("paper1", "2.1")):
        scored = found.item(paper, item)
        assert not scored.known
        assert scored.score == 0
        assert "没有数据" in scored.note.zh


def test_a_section_stays_within_its_cap() -> None:
    found = scores(county(pairs_made=100))["paper1"]
    assert found["1.5"] == 9
    assert found["section 1"] == 30


def test_points_below_may_count_in_parts_where_the_rule_file_says_so() -> None:
    text = TEXT.replace('reached = "share_reached"\n', 'reached = "share_reached"\npoints = "prorata"\n')
    rules = parse_rules(text, "prorata.toml")
    assert judged(county(share_reached=58.1), rules=rules).item("paper1", "1.1").deducted * 100 == 95


def test_the_json_has_the_shape_that_is_promised() -> None:
    found = json.loads(json.dumps(as_json(judged(county()))))
    assert list(found) == ["paper1", "paper2"]
    for paper in found.values():
        assert set(paper) == {"total", "sections"}
        for section in paper["sections"]:
            assert set(section) == {"id", "score", "items"}
            for item in section["items"]:
                assert set(item) == {"id", "full", "score", "deducted", "note"}
    bonus = found["paper1"]["sections"][0]["items"][-1]
    assert bonus["full"] is None
    assert "合计 25 分" in bonus["note"]  # the section's own note


def test_the_table_has_a_line_for_every_item_in_both_languages() -> None:
    for language in ("zh", "en"):
        rows = table_rows(judged(county()), language)
        assert len(rows) == 2 + sum(len(paper.sections) for paper in RULES.papers) + len(RULES.items())
        assert ("2.1", "20") in {(row[0], row[2]) for row in rows}
