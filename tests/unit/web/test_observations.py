"""Lesson observation over HTTP: a sheet's way from the draft to the answer, and the seconds of its remarks."""

from __future__ import annotations

import pytest

from server.web.schemas import rfc3339
from tests.unit.web.recording_folder import write_manifest, write_track

CLOCK_ZERO = 1_763_942_400.0  # of recording_folder's manifest


@pytest.fixture
async def lesson(site):
    return await site.county.taught()


async def begin(site, lesson, role="researcher"):
    answer = await site.call("POST", "/api/observations", role, json={"lesson_id": lesson.id})
    assert answer.status == 200, await answer.text()
    return await answer.json()


def filled(sheet, moment, **changes):
    marks = {item["id"]: item["full"] for part in sheet["rubric"]["parts"] for item in part["items"]}
    remark = {"key": "k1", "moment": rfc3339(moment), "kind": "praise", "text": "追问及时"}
    return {
        "version": sheet["version"],
        "marks": marks,
        "remarks": [remark],
        "highlights": "互动充分",
        "suggestions": "",
    } | changes


async def sign(site, sheet, moment):
    path = f"/api/observations/{sheet['id']}"
    saved = await (await site.call("PATCH", path, "researcher", json=filled(sheet, moment))).json()
    body = {"version": saved["version"], "name": "单志明"}
    return await (await site.call("POST", f"{path}/sign", "researcher", json=body)).json()


async def test_a_sheet_goes_from_draft_to_signature_to_answer(site, lesson):
    sheet = await begin(site, lesson)
    assert (sheet["state"], sheet["mine"], sheet["total"], len(sheet["open_items"])) == ("draft", True, None, 14)
    signed = await sign(site, sheet, lesson.started_at + 30)
    assert (signed["state"], signed["total"], signed["band"]["name"]) == ("signed", 100.0, "优秀")
    assert signed["signed_name"] == "单志明"

    listed = await (await site.call("GET", "/api/observations", "teacher")).json()
    assert [(item["id"], item["observer"], item["read_at"]) for item in listed["items"]] == [
        (sheet["id"], "单志明", None)
    ]
    path = f"/api/observations/{sheet['id']}"
    read = await (await site.call("POST", f"{path}/read", "teacher")).json()
    assert read["read_at"] is not None
    assert read["may_answer"]
    answer = await site.call("POST", f"{path}/answers", "teacher", json={"text": "谢谢"})
    assert [(event["step"], event["text"]) for event in (await answer.json())["events"]][-1] == ("answered", "谢谢")
    averages = await (await site.call("GET", "/api/observation-averages?by=pairing", "teacher")).json()
    assert averages["items"][0]["name"] == "永嘉县实验小学 → 永嘉县巽宅镇西岙小学"
    assert averages["items"][0]["mean"] == 100.0


async def test_a_remark_made_live_lands_on_its_second_of_the_recording(site):
    lesson = await site.lesson(live=True)
    sheet = await begin(site, lesson)
    site.county.clock.at += 75
    path = f"/api/observations/{sheet['id']}"
    saved = await (await site.call("PATCH", path, "researcher", json=filled(sheet, CLOCK_ZERO + 72.25))).json()
    assert saved["remarks"][0]["second"] is None
    piece = (0.5, 90.0, b"piece")
    track = write_track(site.recordings, lesson.id, "teacher-audio-opus", "teacher", "audio", [piece])
    write_manifest(site.recordings, lesson.id, [track])
    later = await (await site.call("GET", path, "researcher")).json()
    assert later["remarks"][0]["second"] == 72.25


async def test_what_was_saved_elsewhere_is_not_overwritten(site, lesson):
    sheet = await begin(site, lesson)
    path = f"/api/observations/{sheet['id']}"
    body = filled(sheet, lesson.started_at)
    assert (await site.call("PATCH", path, "researcher", json=body)).status == 200
    again = await site.call("PATCH", path, "researcher", json=body)
    assert (again.status, (await again.json())["code"]) == (409, "stale")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"marks": {"aims": 11}}, "bad_mark"),
        ({"marks": {"nothing": 1}}, "bad_item"),
        ({"remarks": [{"key": "k", "moment": "2031-01-01T00:00:00Z", "kind": "note", "text": "x"}]}, "bad_moment"),
        ({"remarks": [{"key": "k", "moment": "2031-01-01T00:00:00Z", "kind": "shout", "text": "x"}]}, "invalid"),
        ({"highlights": "长" * 4001}, "invalid"),
    ],
)
async def test_what_does_not_fit_the_form_is_refused(site, lesson, changes, code):
    sheet = await begin(site, lesson)
    body = filled(sheet, lesson.started_at, **changes)
    answer = await site.call("PATCH", f"/api/observations/{sheet['id']}", "researcher", json=body)
    assert (answer.status, (await answer.json())["code"]) == (400, code)


async def test_a_teacher_never_sees_a_draft(site, lesson):
    sheet = await begin(site, lesson)
    path = f"/api/observations/{sheet['id']}"
    assert (await site.call("GET", path, "teacher")).status == 404
    assert (await site.call("GET", path, "admin")).status == 404
    assert (await (await site.call("GET", "/api/observations", "teacher")).json())["items"] == []
    signed = await sign(site, sheet, lesson.started_at)
    assert (await site.call("GET", path, "teacher")).status == 200
    await site.call("POST", f"{path}/withdraw", "researcher", json={"reason": "再看一遍"})
    assert (await site.call("GET", path, "teacher")).status == 404
    assert (await site.call("DELETE", path, "researcher")).status == 409
    assert signed["events"][-1]["step"] == "signed"


async def test_the_form_is_edited_from_its_newest_version_only(site):
    newest = (await (await site.call("GET", "/api/rubrics", "teacher")).json())["items"][0]
    assert (newest["version"], newest["author"]) == (1, "")
    body = {"based_on": 1, "rubric": newest["rubric"] | {"name": "县评价表"}, "note": "改名"}
    made = await site.call("POST", "/api/rubrics", "researcher", json=body)
    assert made.status == 201
    assert (await made.json())["version"] == 2
    assert (await site.call("POST", "/api/rubrics", "admin", json=body)).status == 409
    found = (await (await site.call("GET", "/api/rubrics", "admin")).json())["items"]
    assert [(one["version"], one["rubric"]["name"]) for one in found] == [
        (2, "县评价表"),
        (1, newest["rubric"]["name"]),
    ]


@pytest.mark.parametrize("path", ["/api/observations?state=lost", "/api/observation-averages?by=moon"])
async def test_unknown_filters_are_named(site, path):
    answer = await site.call("GET", path)
    assert answer.status == 400
    assert (await answer.json())["errors"][0]["field"] in ("state", "by")
