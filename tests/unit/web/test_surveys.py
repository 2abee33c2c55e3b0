"""Surveys over HTTP: codes to print, answers without a login, results, the rows behind the evaluation's figure."""

from __future__ import annotations

import pytest

SURVEY = {"audience": "parents", "title": "期末家长满意度", "closes_on": "2025-12-20"}
ORIGIN = "https://tongke.example"


async def _survey(site, *groups):
    survey = await (await site.call("POST", "/api/surveys", "researcher", json=SURVEY)).json()
    body = {"origin": ORIGIN, "groups": list(groups)}
    answer = await site.call("POST", f"/api/surveys/{survey['id']}/groups", "researcher", json=body)
    assert answer.status == 201, await answer.text()
    sheet = await answer.json()
    return survey, [[code["address"].partition("#")[2] for code in group["codes"]] for group in sheet["groups"]]


async def _answers(site, code, choice=0):
    asked = await site.call("POST", "/api/survey-answers/questions", None, json={"code": code})
    questions = (await asked.json())["sheet"]["questions"]
    body = {"code": code, "answers": {one["id"]: choice if one["overall"] else 0 for one in questions}}
    return await site.call("POST", "/api/survey-answers", None, json=body)


async def test_a_survey_from_its_codes_to_the_evaluations_rows(site):
    survey, [codes, few] = await _survey(
        site, {"school_id": "s02", "name": "三年级", "codes": 7}, {"school_id": "s04", "codes": 2}
    )
    assert (survey["state"], survey["results"], survey["title_en"]) == ("open", None, SURVEY["title"])
    for index, code in enumerate(codes[:6]):
        assert (await _answers(site, code, index)).status == (204 if index < 5 else 400)
    assert (await _answers(site, few[0])).status == 204
    assert (await _answers(site, codes[5], 1)).status == 204
    listed = (await (await site.call("GET", "/api/surveys", "admin")).json())["items"]
    assert [(one["id"], one["issued"], one["answered"]) for one in listed] == [(survey["id"], 9, 7)]
    closed = await (await site.call("POST", f"/api/surveys/{survey['id']}/close", "researcher")).json()
    assert (closed["state"], closed["closes_on"]) == ("closed", "2025-11-24")
    total, school, *rest = closed["results"]
    assert (total["kind"], total["answered"], total["satisfied"]) == ("total", 7, 4)
    assert (school["school_id"], school["answered"], school["counts"]) == ("s02", 6, None)  # else 7 − 6 tells of one
    assert (rest[-1]["kind"], rest[-1]["parts"], rest[-1]["answered"]) == ("rest", 2, 7)
    body = await (await site.call("GET", "/api/evaluation", "researcher")).json()
    items = {item["id"]: item for section in body["papers"][1]["sections"] for item in section["items"]}
    [fact] = items["1.3"]["facts"]
    assert (fact["origin"], fact["surveyed"], fact["enter"], fact["value"]) == ("counted", True, False, 57.1429)
    path = "/api/evaluation/facts/satisfaction_parents/surveyed"
    rows = await (await site.call("GET", path, "researcher")).json()
    assert (rows["satisfied"], rows["answered"], rows["left_out"]) == (4, 7, [])
    assert [(row["parts"], row["satisfied"], row["answered"]) for row in rows["items"]] == [(2, 4, 7)]


async def test_a_code_stands_behind_the_hash_and_its_picture_beside_it(site):
    survey = await (await site.call("POST", "/api/surveys", "admin", json=SURVEY)).json()
    body = {"origin": ORIGIN, "groups": [{"name": "桥头镇", "codes": 2}]}
    sheet = await (await site.call("POST", f"/api/surveys/{survey['id']}/groups", "admin", json=body)).json()
    [group] = sheet["groups"]
    assert (group["group"]["school_id"], group["group"]["name"], len(group["codes"])) == (None, "桥头镇", 2)
    assert all(code["address"].startswith(f"{ORIGIN}/survey#") for code in group["codes"])
    assert all("<svg" in code["svg"] for code in group["codes"])
    again = await site.call(
        "POST", f"/api/survey-groups/{group['group']['id']}/codes", "admin", json={"origin": ORIGIN}
    )
    new = (await again.json())["groups"][0]["codes"]
    assert {code["address"] for code in new}.isdisjoint(code["address"] for code in group["codes"])
    assert (await site.call("DELETE", f"/api/survey-groups/{group['group']['id']}", "admin")).status == 204


async def test_used_unknown_and_late_codes_are_told_apart(site):
    survey, [[first, second]] = await _survey(site, {"school_id": "s02", "codes": 2})
    await _answers(site, first)
    for code, status, problem in ((first, 409, "code_used"), ("x", 404, "no_such_code")):
        answer = await site.call("POST", "/api/survey-answers/questions", None, json={"code": code})
        assert (answer.status, (await answer.json())["code"]) == (status, problem)
    await site.call("POST", f"/api/surveys/{survey['id']}/withdraw", "admin")
    answer = await site.call("POST", "/api/survey-answers/questions", None, json={"code": second})
    assert (answer.status, (await answer.json())["code"]) == (409, "survey_closed")
    restored = await (await site.call("POST", f"/api/surveys/{survey['id']}/restore", "admin")).json()
    assert restored["state"] == "open"
    assert (await _answers(site, second)).status == 204


async def test_the_questions_are_edited_as_a_new_version(site):
    [first] = (await (await site.call("GET", "/api/survey-sheets/pupils", "researcher")).json())["items"]
    assert (first["number"], first["author"], first["created_at"]) == (1, "", None)
    sheet = first["sheet"] | {"questions": first["sheet"]["questions"][:2]}
    edit = {"audience": "pupils", "based_on": 1, "sheet": sheet, "note": "短一些"}
    answer = await site.call("POST", "/api/survey-sheets", "researcher", json=edit)
    assert answer.status == 201
    second = await answer.json()
    assert (second["number"], second["sheet"], second["note"]) == (2, sheet, "短一些")
    assert (await site.call("POST", "/api/survey-sheets", "researcher", json=edit)).status == 409
    none = edit | {"based_on": 2, "sheet": sheet | {"questions": sheet["questions"][1:]}}
    answer = await site.call("POST", "/api/survey-sheets", "researcher", json=none)
    assert (answer.status, (await answer.json())["code"]) == (400, "bad_overall")
    assert (await site.call("GET", "/api/survey-sheets/nobody", "researcher")).status == 404


async def test_title_and_last_day_can_be_changed_while_it_is_open(site):
    survey, _ = await _survey(site, {"school_id": "s02", "codes": 1})
    change = {"version": 1, "title": "家长满意度", "closes_on": "2025-12-31"}
    changed = await (await site.call("PATCH", f"/api/surveys/{survey['id']}", "admin", json=change)).json()
    assert (changed["title"], changed["closes_on"], changed["version"]) == ("家长满意度", "2025-12-31", 2)
    answer = await site.call("PATCH", f"/api/surveys/{survey['id']}", "admin", json=change)
    assert (answer.status, (await answer.json())["code"]) == (409, "stale")


@pytest.mark.parametrize("body", [{}, {"code": 1}, {"code": "x" * 101}, {"code": "x", "answers": {"q": "a"}}])
async def test_what_strangers_send_is_refused_with_a_reason(site, body):
    answer = await site.call("POST", "/api/survey-answers", None, json=body)
    assert (answer.status, answer.content_type) == (400, "application/problem+json")
