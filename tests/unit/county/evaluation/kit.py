"""The rule file of 2019, facts to start from, and strategies that draw facts."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from server.county.evaluation.engine import Evaluation, evaluate
from server.county.evaluation.facts import read_facts
from server.county.evaluation.reading import parse_rules
from server.county.evaluation.report import as_json
from server.county.evaluation.rules import Level

FILE = Path(__file__).resolve().parents[4] / "config" / "evaluation" / "zhejiang-2019.toml"
TEXT = FILE.read_text(encoding="utf-8")
RULES = parse_rules(TEXT, FILE.name)

COUNTS = (
    "pairs_not_town_and_country",
    "small_schools_without_pair",
    "agreements_not_in_time",
    "schools_equipment_late",
    "schools_network_space_late",
    "schools_short_of_subjects",
    "schools_short_in_subjects",
    "schools_short_of_lessons",
    "delivered_lessons_short",
    "training_sessions_short",
    "schools_short_of_master_courses",
)
SATISFACTION = tuple(f"satisfaction_{who}" for who in ("pupils", "teachers", "parents", "society"))
FORMS = ("delivered", "training", "master")


def completion(**changed: object) -> dict[str, Any]:
    """A county's facts for paper 1, all well."""
    return {
        "pairing_list_published": True,
        "share_required": 60,
        "share_reached": 60,
        "pairs_task": 10,
        "pairs_made": 10,
        "forms_pledged": [],
        "paired_schools": 20,
        **dict.fromkeys(COUNTS, 0),
        **changed,
    }


def performance(**changed: object) -> dict[str, Any]:
    """Facts for paper 2, all well."""
    return {
        **dict.fromkeys(SATISFACTION, 95),
        "cases_submitted": 100,
        "cases_selected": 5,
        "peers_cases_selected": [4, 3],
        "experimental_region": True,
        **changed,
    }


def county(**changed: object) -> dict[str, Any]:
    return completion() | performance() | changed


def city(*counties: dict[str, Any], **changed: object) -> dict[str, Any]:
    return performance() | {"counties": list(counties)} | changed


def judged(facts: dict[str, Any], level: str = "county", rules: Any = RULES) -> Evaluation:
    return evaluate(rules, read_facts(json.dumps(facts), rules, Level(level)))


def scores(facts: dict[str, Any], level: str = "county") -> dict[str, dict[str, float]]:
    """By paper and item, with `total` and `section N`, from the JSON that the command prints."""
    found: dict[str, dict[str, float]] = {}
    for paper, body in as_json(judged(facts, level)).items():
        found[paper] = {"total": body["total"]}
        for section in body["sections"]:
            found[paper][f"section {section['id']}"] = section["score"]
            found[paper] |= {item["id"]: item["score"] for item in section["items"]}
    return found


# ---- strategies

small = st.integers(0, 30)
percents = st.one_of(st.integers(0, 100), st.decimals(0, 100, places=2).map(float))
pledges = st.lists(st.sampled_from(FORMS), unique=True)
days = st.one_of(
    st.none(),
    st.sampled_from(["2019-05-31", "2019-06-01", "2019-06-30", "2019-07-01", "2019-08-31", "2019-09-01"]),
    st.dates(date(2000, 1, 1)).map(str),
)

completions = st.fixed_dictionaries(
    {
        "pairing_list_published": st.sampled_from([True, True, True, False]),
        "share_required": percents,
        "share_reached": percents,
        "pairs_task": st.integers(0, 40),
        "pairs_made": st.integers(0, 80),
        "forms_pledged": pledges,
        "paired_schools": st.integers(0, 60),
        **dict.fromkeys(COUNTS, small),
    }
)
performances = st.fixed_dictionaries(
    {
        **dict.fromkeys(SATISFACTION, percents),
        "cases_submitted": st.integers(0, 12),
        "cases_selected": st.integers(0, 6),
        "peers_cases_selected": st.lists(st.integers(0, 6), max_size=12),
        "experimental_region": st.booleans(),
    }
)
county_facts = st.builds(lambda one, other: one | other, completions, performances)
city_facts = st.builds(
    lambda own, counties: own | {"counties": counties},
    performances,
    st.lists(
        st.builds(lambda one, flag: one | {"experimental_region": flag}, completions, st.booleans()),
        min_size=1,
        max_size=6,
    ),
)

schools = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.just("学校"),
            "equipment_met_on": days,
            "network_space_opened_on": days,
            "lessons": st.dictionaries(st.sampled_from(["chinese", "music", "art"]), st.integers(0, 13)),
            "pledged": pledges,
            **dict.fromkeys(FORMS, st.integers(0, 14)),
        }
    ),
    max_size=8,
)
pairs = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.just("结对"),
            "town_and_country": st.one_of(st.none(), st.booleans()),
            "agreement_signed_on": days,
        }
    ),
    max_size=8,
)
small_schools = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.just("小规模学校"),
            "paired": st.booleans(),
            "to_be_merged": st.booleans(),
            "without_pupils": st.booleans(),
        }
    ),
    max_size=8,
)
FROM_ROWS = {*COUNTS, "pairs_made", "forms_pledged", "paired_schools"}
county_rows = st.builds(
    lambda facts, one, two, three: (
        {key: value for key, value in facts.items() if key not in FROM_ROWS}
        | {"schools": one, "pairs": two, "small_schools": three}
    ),
    county_facts,
    schools.filter(bool),
    pairs,
    small_schools,
)
