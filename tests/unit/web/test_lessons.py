"""The contract of scripts: lessons, tokens, board, ledger; times and pages."""

from __future__ import annotations

from server.web.openapi import openapi_document
from tests.fakes.county import county_config, good_report

LESSON = {
    "pairing_id": "p01",
    "subject": "chinese",
    "topic": "秋天的雨",
    "starts_at": "2025-11-24T08:00:00+08:00",
    "planned_minutes": 40,
}


async def test_the_roster_is_told(site):
    for path, fields in (
        ("/api/schools", {"id", "name"}),
        ("/api/subjects", {"id", "name"}),
        ("/api/pairings", {"id", "supporting_school_id", "receiving_school_id", "researcher"}),
    ):
        body = await (await site.call("GET", path, "device")).json()
        assert body["next"] is None
        assert body["items"]
        assert fields <= body["items"][0].keys()


async def test_a_lesson_from_schedule_to_end(site):
    made = await site.call("POST", "/api/lessons", "teacher", json=LESSON)
    assert made.status == 201
    lesson = await made.json()
    assert lesson["starts_at"] == "2025-11-24T00:00:00.000Z"
    assert (lesson["state"], lesson["subject_name"], lesson["recording_id"]) == ("scheduled", "语文", None)
    assert lesson["subject"] == "chinese"
    assert "subject_id" not in lesson
    assert made.headers["Location"] == f"/api/lessons/{lesson['id']}"
    path = f"/api/lessons/{lesson['id']}"
    changed = await site.call("PATCH", path, "teacher", json={"version": lesson["version"], "topic": "观潮"})
    assert (await changed.json())["topic"] == "观潮"
    stale = await site.call("PATCH", path, "teacher", json={"version": lesson["version"], "topic": "又改"})
    assert stale.status == 409
    for _ in range(2):
        started = await site.call("POST", f"{path}/start", "teacher")
        assert (started.status, (await started.json())["state"]) == (200, "live")
    for _ in range(2):
        ended = await site.call("POST", f"{path}/end", "teacher")
        assert (ended.status, (await ended.json())["state"]) == (200, "ended")
    assert site.plane.closed == [lesson["id"]]
    assert site.plane.recordings_closed == [lesson["id"]]
    detail = await (await site.call("GET", path, "teacher")).json()
    assert [event["to"] for event in detail["events"]] == ["scheduled", "live", "ended"]
    assert detail["events"][0]["from"] is None
    assert detail["evidence"]["planned_seconds"] == 2400
    rules = detail["policy_rules"]
    assert (rules["name"], rules["lasted_share"], rules["max_gap_seconds"]) == ("default", 0.8, 30)
    assert rules["version"] == county_config().policies["default"].version
    refused = await site.call("POST", f"{path}/cancel", "teacher", json={"reason": "下雨"})
    assert refused.status == 409


async def test_a_verified_lesson_is_on_board_and_ledger_and_can_be_reversed(site):
    lesson = await site.county.taught()
    await site.county.services.lessons.verified(lesson.id, good_report(lesson.id))
    await site.county.services.crediting.run(lesson.id)
    body = await (await site.call("GET", f"/api/ledger?lesson_id={lesson.id}", "teacher")).json()
    assert {row["school_id"] for row in body["items"]} == {"s01", "s02"}
    wanted = {"lesson_id", "school_id", "subject_id", "form", "amount", "reverses", "reason", "evidence"}
    assert wanted <= body["items"][0].keys()
    board = await (await site.call("GET", "/api/board?year=2025", "researcher")).json()
    items = {(item["school_id"], item["subject_id"]): item for item in board["items"]}
    assert items["s02", "chinese"]["credited"] == 1
    assert items["s02", "chinese"]["target"] == 10
    entry = body["items"][0]["id"]
    reverse = await site.call("POST", f"/api/ledger/{entry}/reverse", "researcher", json={"reason": "登记错误"})
    assert (reverse.status, (await reverse.json())["amount"]) == (201, -1)
    again = await site.call("POST", f"/api/ledger/{entry}/reverse", "researcher", json={"reason": "登记错误"})
    assert again.status == 409


async def test_a_list_goes_on_where_it_stopped(site):
    for day in range(5):
        await site.county.lesson(starts_at=site.county.clock.at + day * 86400)
    seen, cursor = [], ""
    for _ in range(3):
        body = await (await site.call("GET", f"/api/lessons?order=starts_at&limit=2{cursor}")).json()
        seen += [item["starts_at"] for item in body["items"]]
        cursor = f"&cursor={body['next']}"
    assert body["next"] is None
    assert len(seen) == 5
    assert seen == sorted(seen)
    nothing = await (await site.call("GET", "/api/lessons?state=live,ended")).json()
    assert nothing["items"] == []


async def test_who_gets_which_token(site):
    lesson = await site.lesson()
    expected = {
        "admin": {"teacher", "classroom", "observer"},
        "researcher": {"observer"},
        "teacher": {"teacher"},
        "device": {"classroom"},
    }
    for role, allowed in expected.items():
        for wanted in ("teacher", "classroom", "observer"):
            body = {"role": wanted} | ({"school_id": "s02"} if wanted == "classroom" else {})
            answer = await site.call("POST", f"/api/lessons/{lesson.id}/tokens", role, json=body)
            assert answer.status == (201 if wanted in allowed else 403), f"{role} as {wanted}"
            if answer.status == 201:
                body = await answer.json()
                assert body["expires_at"].endswith("Z")
                assert site.tokens.read(body["token"]).lesson_id == lesson.id
    elsewhere = await site.lesson(pairing_id="p02")
    for role in ("teacher", "device"):
        answer = await site.call("POST", f"/api/lessons/{elsewhere.id}/tokens", role, json={"role": "classroom"})
        assert answer.status == 404


async def test_verifying_again_needs_something_to_verify(site):
    lesson = await site.lesson()
    assert (await site.call("POST", f"/api/lessons/{lesson.id}/verify", "researcher")).status == 409
    taught = await site.county.taught()
    assert (await site.call("POST", f"/api/lessons/{taught.id}/verify", "researcher")).status == 202
    assert site.jobs.verifications == [taught.id]


async def test_the_openapi_document_is_served_and_whole(site):
    body = await (await site.client.get("/api/openapi.json")).json()
    assert body == openapi_document()
    assert body["openapi"].startswith("3.1")
    known = set(body["components"]["schemas"])

    def refs(value):
        if isinstance(value, dict):
            for key, inner in value.items():
                if key == "$ref":
                    yield inner.rpartition("/")[2]
                else:
                    yield from refs(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from refs(inner)

    assert set(refs(body)) <= known
    assert {"RoomPageMessage", "RoomServerMessage", "Problem"} <= known
