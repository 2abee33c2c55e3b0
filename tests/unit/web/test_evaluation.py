"""The evaluation and the audit over HTTP."""

from __future__ import annotations

import json


async def test_the_years_evaluation_with_its_rows_entries_and_levers(site):
    body = await (await site.call("GET", "/api/evaluation", "researcher")).json()
    assert [paper["id"] for paper in body["papers"]] == ["paper1", "paper2"]
    assert (body["year"], body["rules_year"]) == (2025, 2019)
    item = next(item for section in body["papers"][0]["sections"] for item in section["items"] if item["id"] == "2.1")
    [fact] = item["facts"]
    assert (fact["origin"], fact["value"], fact["enter"], fact["column_kind"]) == ("missing", None, True, "date")
    entry = {"name": "schools.equipment_met_on", "subject": "s02", "value": "2025-08-30", "source": "验收单"}
    answer = await site.call("POST", "/api/evaluation/facts", "researcher", json=entry)
    assert answer.status == 201
    rows = await (await site.call("GET", "/api/evaluation/facts/schools_equipment_late/rows", "researcher")).json()
    assert rows["total"] == sum(row["adds"] for row in rows["items"]) == 19
    mine = next(row for row in rows["items"] if row["id"] == "s02")
    assert (mine["value"], mine["adds"], mine["entered"]["source"]) == ("2025-08-30", 0, "验收单")
    lever = next(lever for lever in body["levers"] if lever["fact"] == "schools_equipment_late")
    assert (lever["now"], lever["best"], lever["gain"]) == (None, 0, 20)


async def test_what_if_answers_both_scores(site):
    asked = {"changes": {"schools_equipment_late": 0}}
    body = await (await site.call("POST", "/api/evaluation/what-if", "researcher", json=asked)).json()
    assert body["total"] - body["was"] == 20
    wrong = {"changes": {"schools_equipment_late": -1}}
    answer = await site.call("POST", "/api/evaluation/what-if", "researcher", json=wrong)
    assert (answer.status, (await answer.json())["code"]) == (400, "bad_fact")


async def test_a_frozen_one_is_listed_and_computed_again(site):
    answer = await site.call("POST", "/api/evaluation/frozen", "researcher", json={"note": "期中"})
    assert answer.status == 201
    frozen = await answer.json()
    [listed] = (await (await site.call("GET", "/api/evaluation/frozen", "admin")).json())["items"]
    assert listed == frozen
    assert frozen["genuine"]
    detail = await (await site.call("GET", f"/api/evaluation/frozen/{frozen['id']}", "admin")).json()
    assert detail["differences"] == []
    assert detail["result"]["paper1"]["total"] == frozen["totals"]["paper1"]
    assert json.loads(detail["facts"])["schools"][0]["id"] == "s01"


async def test_the_administrator_sees_audits_and_begins_one(site):
    assert (await site.call("POST", "/api/audits", "researcher")).status == 403
    assert (await site.call("POST", "/api/audits", "admin")).status == 204
    assert len(site.system.audits) == 1
    run = await site.county.services.audits.run("单元测试")
    [listed] = (await (await site.call("GET", "/api/audits", "admin")).json())["items"]
    assert (listed["id"], listed["found"], listed["failed"], listed["differences"]) == (run.id, 0, "", [])
    assert listed["ended_at"] is not None
