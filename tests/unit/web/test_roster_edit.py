"""The roster over HTTP: fields, conflicts with both values, workbooks up and down, QR codes."""

from __future__ import annotations

import io
import re

from openpyxl import load_workbook

from server.documents.workbook import MAX_BYTES, XLSX


async def test_kinds_describe_their_fields(site):
    kinds = {one["name"]: one for one in (await (await site.call("GET", "/api/roster")).json())["items"]}
    fields = {one["key"]: one for one in kinds["pairings"]["fields"]}
    assert fields["researcher_id"]["of"] == "researchers"
    assert [one["title"] for one in kinds["schools"]["fields"][1]["choices"]] == ["支援学校", "受援学校"]


async def test_the_second_of_two_editors_gets_both_values(site):
    path = "/api/roster/schools/s01"
    first = await site.call("PATCH", path, json={"version": 1, "values": {"name": "第一实验小学"}})
    assert (await first.json())["version"] == 2
    second = await site.call("PATCH", path, json={"version": 1, "values": {"name": "城关小学"}})
    problem = await second.json()
    assert (second.status, problem["code"]) == (409, "stale")
    assert problem["current"]["values"]["name"] == "第一实验小学"
    assert problem["current"]["version"] == 2
    names = [one["name"] for one in (await (await site.call("GET", "/api/schools")).json())["items"]]
    assert "第一实验小学" in names
    assert "城关小学" not in names


async def test_a_wrong_field_is_named_in_the_callers_language(site):
    body = {"values": {"name": "甲", "kind": "x", "stage": "primary"}}
    answer = await site.call("POST", "/api/roster/schools", json=body, headers={"Accept-Language": "en"})
    problem = await answer.json()
    assert answer.status == 400
    assert problem["errors"] == [
        {"field": "kind", "detail": "“x” is not one of the choices (one of: supporting, receiving)"}
    ]


async def test_archive_and_restore(site):
    path = "/api/roster/pairings/p01"
    assert (await site.call("POST", f"{path}/archive", json={"version": 1})).status == 200
    listed = (await (await site.call("GET", "/api/roster/pairings?archived=1")).json())["items"]
    assert [one["id"] for one in listed] == ["p01"]
    pairings = (await (await site.call("GET", "/api/pairings")).json())["items"]
    assert next(one for one in pairings if one["id"] == "p01")["archived"]
    assert (await site.call("POST", f"{path}/restore", json={"version": 2})).status == 200
    in_use = await site.call("POST", "/api/roster/schools/s01/archive", json={"version": 1})
    assert (in_use.status, (await in_use.json())["code"]) == (409, "in_use")


async def test_an_export_is_changed_checked_and_imported(site):
    exported = await site.call("GET", "/api/roster-workbook")
    assert exported.content_type == XLSX
    assert "filename*=UTF-8''%E5%90%8D%E5%86%8C.xlsx" in exported.headers["Content-Disposition"]
    book = load_workbook(io.BytesIO(await exported.read()))
    book["学校"]["A2"] = "永嘉县第一实验小学"
    out = io.BytesIO()
    book.save(out)
    headers = {"Content-Type": XLSX}
    dry = await site.call("POST", "/api/roster-workbook?dry_run=1", data=out.getvalue(), headers=headers)
    told = await dry.json()
    assert (told["applied"], told["possible"], told["created"], told["updated"]) == (False, True, 0, 1)
    done = await (await site.call("POST", "/api/roster-workbook", data=out.getvalue(), headers=headers)).json()
    assert (done["applied"], done["rows"][0]["fields"]) == (True, ["name"])
    # Pairings name their schools: the old name still meant the school that this workbook renamed.
    pairings = (await (await site.call("GET", "/api/pairings")).json())["items"]
    assert pairings[0]["supporting_school"] == "永嘉县第一实验小学"
    fresh = io.BytesIO(await (await site.call("GET", "/api/roster-workbook")).read())
    again = await (await site.call("POST", "/api/roster-workbook", data=fresh, headers=headers)).json()
    assert (again["created"], again["updated"], again["problems"]) == (0, 0, [])


async def test_a_workbook_with_a_problem_changes_nothing(site):
    book = load_workbook(io.BytesIO(await (await site.call("GET", "/api/roster-workbook?lang=en")).read()))
    book["Schools"]["A2"] = "Another name"
    book["Pairings"]["D3"] = "nobody"
    out = io.BytesIO()
    book.save(out)
    answer = await site.call("POST", "/api/roster-workbook", data=out.getvalue(), headers={"Content-Type": XLSX})
    told = await answer.json()
    assert (told["applied"], told["possible"]) == (False, False)
    (problem,) = told["problems"]
    assert (problem["sheet"], problem["cell"], problem["text_en"]) == ("Pairings", "D3", "there is no “nobody”")
    names = [one["name"] for one in (await (await site.call("GET", "/api/schools")).json())["items"]]
    assert "Another name" not in names


async def test_what_is_no_workbook_or_too_large_is_refused(site):
    async def code(data, kind=XLSX):
        answer = await site.call("POST", "/api/roster-workbook", data=data, headers={"Content-Type": kind})
        return answer.status, (await answer.json())["code"]

    assert await code(b"name,kind\n") == (400, "bad_workbook")
    assert await code(b"x", "text/csv") == (400, "bad_upload")
    assert await code(io.BytesIO(b"x" * (MAX_BYTES + 1))) == (413, "too_large")


async def test_codes_come_with_a_picture_that_holds_the_address(site):
    devices = (await (await site.call("GET", "/api/devices")).json())["items"]
    ids = [one["id"] for one in devices[2:4]]
    body = {"device_ids": ids, "origin": "https://tongke.example"}
    sheet = await (await site.call("POST", "/api/devices/qr-codes", json=body)).json()
    assert [one["device"]["id"] for one in sheet["items"]] == ids
    one = sheet["items"][0]
    assert re.fullmatch(r"https://tongke\.example/classroom#[A-Z0-9]{8}", one["address"])
    assert one["svg"].startswith("<?xml")
    redeemed = await site.call("POST", "/api/devices/redeem", None, json={"code": one["code"]})
    assert redeemed.status == 200
    bad = await site.call("POST", "/api/devices/qr-codes", json=body | {"origin": "javascript:alert(1)"})
    assert bad.status == 400


async def test_an_archived_screen_is_put_out_at_once(site):
    screen = next(
        one for one in (await (await site.call("GET", "/api/devices")).json())["items"] if one["school_id"] == "s02"
    )
    assert (await site.call("GET", "/api/session", "device")).status == 200
    entries = (await (await site.call("GET", "/api/roster/classrooms?search=西岙")).json())["items"]
    version = next(one["version"] for one in entries if one["id"] == screen["id"])
    await site.call("POST", f"/api/roster/classrooms/{screen['id']}/archive", json={"version": version})
    assert (await site.call("GET", "/api/session", "device")).status == 401
