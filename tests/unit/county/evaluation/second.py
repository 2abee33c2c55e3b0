"""The notice's annex 4 computed a second time: straight from a facts file's JSON, in tenths of points, item by item.

Written from the notice's text, not from the rule file, and shares no code with the engine: every county's failures are
laid out one by one as penalties, then taken off.
"""

from __future__ import annotations

from decimal import Decimal
from math import floor
from typing import Any

D = Decimal
FORMS = {
    "delivered": "delivered_lessons_short",
    "training": "training_sessions_short",
    "master": "schools_short_of_master_courses",
}


def papers(facts: dict[str, Any], level: str) -> dict[str, dict[str, Decimal]]:
    """Scores by paper and item id, `total` and `section N` among them."""
    city = level == "city"
    counties = facts["counties"] if city else [facts]
    return {"paper1": _paper1(counties, city), "paper2": _paper2(facts, counties, city)}


def _left(full: int, penalties: list[Decimal]) -> Decimal:
    left = D(full)
    for penalty in penalties:
        left = max(D(0), left - penalty)
    return left


def _each(counties: list[dict[str, Any]], name: str, penalty: str) -> list[Decimal]:
    return [D(penalty) for county in counties for _ in range(county[name])]


def _paper1(counties: list[dict[str, Any]], city: bool) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    shares = []
    for county in counties:
        short = D(str(county["share_required"])) - D(str(county["share_reached"]))
        while short >= 1:
            shares.append(D("0.1") if city else D("0.5"))
            short -= 1
    found["1.1"] = _left(5, shares) if all(county["pairing_list_published"] for county in counties) else D(0)
    found["1.2"] = D(5) if city else _left(5, _each(counties, "pairs_not_town_and_country", "0.5"))
    found["1.3"] = _left(10, _each(counties, "small_schools_without_pair", "0.1" if city else "1"))
    late = any(county["agreements_not_in_time"] for county in counties)
    found["1.4"] = D(5) - (D("0.1") if city else D("0.5")) if late else D(5)
    task, made = (sum(county[name] for county in counties) for name in ("pairs_task", "pairs_made"))
    tens = (made - task) * 10 // task if task and made > task else 0
    found["1.5"] = tens * (D("0.5") if city else D("0.1"))
    found["2.1"] = _left(20, _each(counties, "schools_equipment_late", "0.2" if city else "2"))
    found["2.2"] = _left(10, _each(counties, "schools_network_space_late", "0.1" if city else "1"))
    names = ("schools_short_of_subjects", "schools_short_in_subjects", "schools_short_of_lessons")
    for item, name in zip(("3.1a", "3.1b", "3.1c"), names, strict=True):
        found[item] = _left(10, _each(counties, name, "0.1" if city else "1"))
    found["3.2"] = _other_forms(counties, "0.1" if city else "1")
    found["section 1"] = min(D(30), sum((found[f"1.{n}"] for n in range(1, 6)), D(0)))
    found["section 2"] = found["2.1"] + found["2.2"]
    found["section 3"] = found["3.1a"] + found["3.1b"] + found["3.1c"] + found["3.2"]
    found["total"] = found["section 1"] + found["section 2"] + found["section 3"]
    return found


def _other_forms(counties: list[dict[str, Any]], penalty: str) -> Decimal:
    marks = []
    for form, name in FORMS.items():
        bound = [county for county in counties if not county["forms_pledged"] or form in county["forms_pledged"]]
        if bound:
            marks.append(_left(10, _each(bound, name, penalty)))
    return max(marks)


def _paper2(facts: dict[str, Any], counties: list[dict[str, Any]], city: bool) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    people = (("1.1", "pupils", 10), ("1.2", "teachers", 10), ("1.3", "parents", 10), ("1.4", "society", 20))
    for item, who, full in people:
        below = max(0, floor(D(90) - D(str(facts[f"satisfaction_{who}"]))))
        found[item] = _left(full, [D("0.01") if city else D("0.1")] * below)
    schools = sum(county["paired_schools"] for county in counties)
    due = -(-schools // 10)
    found["2.1"] = D(20) if facts["cases_submitted"] >= due else D(20) * facts["cases_submitted"] / due
    table = sorted([facts["cases_selected"], *facts["peers_cases_selected"]], reverse=True)
    place = table.index(facts["cases_selected"])
    found["2.2"] = D(10) - (D(3) * place / (len(table) - 1) if len(table) > 1 else 0)
    if facts["experimental_region"]:
        found["3.1"] = D(20)
    else:
        found["3.1"] = D(18) if city and any(county["experimental_region"] for county in counties) else D(14)
    found["total"] = sum(found.values(), D(0))
    return found


def counts_of(county: dict[str, Any]) -> dict[str, Any]:
    """The counts of a county that is given as rows of schools, pairs and small schools (year 2019)."""
    schools, pairs, small = county["schools"], county["pairs"], county["small_schools"]

    def late(day: str | None, deadline: str) -> bool:
        return day is None or day > deadline

    def missing(form: str) -> list[int]:
        bound = [school for school in schools if not school["pledged"] or form in school["pledged"]]
        return [12 - school[form] for school in bound if school[form] < 12]

    lessons = [sorted(school["lessons"].values(), reverse=True) for school in schools]
    counted = {
        "pairs_not_town_and_country": len([pair for pair in pairs if pair["town_and_country"] is not True]),
        "small_schools_without_pair": len(
            [one for one in small if not (one["paired"] or one["to_be_merged"] or one["without_pupils"])]
        ),
        "agreements_not_in_time": len([pair for pair in pairs if late(pair["agreement_signed_on"], "2019-05-31")]),
        "pairs_made": len(pairs),
        "schools_equipment_late": len([one for one in schools if late(one["equipment_met_on"], "2019-08-31")]),
        "schools_network_space_late": len(
            [one for one in schools if late(one["network_space_opened_on"], "2019-06-30")]
        ),
        "schools_short_of_subjects": len([each for each in lessons if len(each) < 2 or each[1] < 1]),
        "schools_short_in_subjects": len([each for each in lessons if len(each) < 2 or each[1] < 10]),
        "schools_short_of_lessons": len([each for each in lessons if sum(each) < 20]),
        "delivered_lessons_short": sum(missing("delivered")),
        "training_sessions_short": sum(missing("training")),
        "schools_short_of_master_courses": len(missing("master")),
        "paired_schools": len(schools),
    }
    pledged = {form for school in schools for form in (school["pledged"] or FORMS)}
    rest = {key: value for key, value in county.items() if key not in ("schools", "pairs", "small_schools")}
    return rest | counted | {"forms_pledged": sorted(pledged)}
