"""Every error is a problem that a person can act on, in the caller's language; nothing secret is logged."""

from __future__ import annotations

import logging

import pytest
from aiohttp.test_utils import make_mocked_request

from server.cluster.connection import redis_away
from server.web.app import _around

LESSON = {
    "pairing_id": "p01",
    "subject": "chinese",
    "topic": "秋天的雨",
    "starts_at": "2025-11-25T08:00:00+08:00",
    "planned_minutes": 40,
}


async def problem_of(answer):
    assert answer.content_type == "application/problem+json"
    body = await answer.json()
    assert body["status"] == answer.status
    assert body["detail"]
    assert body["code"]
    assert body["title"]
    return body


async def test_an_unknown_api_address_is_a_problem(site):
    answer = await site.call("GET", "/api/nothing")
    assert answer.status == 404
    assert (await problem_of(answer))["code"] == "not_found"


@pytest.mark.parametrize(
    ("header", "english"),
    [("en", True), ("en-GB,en;q=0.9,zh;q=0.8", True), ("zh-CN,zh;q=0.9,en;q=0.8", False), ("fr", False), ("", False)],
)
async def test_the_language_follows_the_caller(site, header, english):
    answer = await site.client.get("/api/session", headers={"Accept-Language": header})
    detail = (await problem_of(answer))["detail"]
    assert detail == ("Log in first." if english else "请先登录。")


@pytest.mark.parametrize("body", [b"", b"{", b"[1", b"\xff\xfe", b'{"username":"a\\u0000"}', b"[" * 100_000])
async def test_malformed_json_is_400(site, body):
    answer = await site.client.post("/api/session", data=body, headers={"Content-Type": "application/json"})
    assert answer.status == 400
    assert (await problem_of(answer))["code"] == "bad_json"


@pytest.mark.parametrize("body", ["null", "[]", "3", '"text"', "{}", '{"username":1,"password":"x"}', "NaN"])
async def test_json_of_another_shape_is_400(site, body):
    answer = await site.client.post("/api/session", data=body, headers={"Content-Type": "application/json"})
    assert answer.status == 400
    assert (await problem_of(answer))["code"] == "invalid"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_another_content_type_is_415(site, kind):
    answer = await site.client.post("/api/session", data=b"{}", headers={"Content-Type": kind})
    assert answer.status == 415
    assert "application/json" in (await problem_of(answer))["detail"]


async def test_a_body_that_is_too_large_is_413(site):
    answer = await site.client.post("/api/session", data=b" " * 300_000, headers={"Content-Type": "application/json"})
    assert answer.status == 413
    await problem_of(answer)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"planned_minutes": "x"}, "planned_minutes"),
        ({"planned_minutes": 0}, "planned_minutes"),
        ({"starts_at": "2025-11-25T08:00:00"}, "starts_at"),
        ({"starts_at": "soon"}, "starts_at"),
        ({"topic": "  "}, "topic"),
        ({"topic": "长" * 201}, "topic"),
        ({"topic": "\ud800"}, "topic"),
        ({"subject": None}, "subject"),
        ({"receiving_school_ids": "s02"}, "receiving_school_ids"),
    ],
)
async def test_the_field_that_is_wrong_is_named(site, change, field):
    answer = await site.call("POST", "/api/lessons", json=LESSON | change)
    assert answer.status == 400
    body = await problem_of(answer)
    assert [error["field"] for error in body["errors"]] == [field]
    assert field in body["detail"]


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=x", "from=yesterday", "state=happy", "cursor=%00"])
async def test_a_query_that_is_wrong_is_400(site, query):
    answer = await site.call("GET", f"/api/lessons?{query}")
    assert answer.status == 400
    await problem_of(answer)


@pytest.mark.parametrize("path", ["/api/lessons/a%00b", "/api/lessons/..%2F..%2Fetc", "/api/lessons/%F0%9F%98%80"])
async def test_an_id_that_cannot_be_one_is_404(site, path):
    answer = await site.call("GET", path)
    assert answer.status == 404
    await problem_of(answer)


async def test_a_failure_is_logged_with_its_route_and_without_what_was_sent(site, monkeypatch, caplog):
    async def broken(*args: object) -> None:
        raise RuntimeError("secret-in-the-text")

    monkeypatch.setattr(site.context.services.accounts, "login", broken)
    with caplog.at_level(logging.ERROR, "tongke.web"):
        answer = await site.client.post("/api/session", json={"username": "a", "password": "secret-password"})
    assert answer.status == 500
    assert "secret" not in (await problem_of(answer))["detail"]
    assert "POST /api/session failed: RuntimeError" in caplog.text
    assert "secret" not in "".join(
        record.getMessage() for record in caplog.records if record.name == "tongke.web"
    ).replace('raise RuntimeError("secret-in-the-text")', "")


async def test_every_answer_has_the_security_headers(site):
    for path in ("/api/session", "/", "/healthz"):
        answer = await site.client.get(path)
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"], path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer = await site.client.get("/api/session", headers={"Host": "evil;script-src *"})
    assert "evil" not in answer.headers["Content-Security-Policy"]


async def test_what_cannot_be_done_without_redis_or_disk_is_503_and_no_stack_is_logged(site, monkeypatch, caplog):
    lesson = await site.lesson(live=True)

    async def away(*_: str) -> None:
        raise redis_away()

    monkeypatch.setattr(site.rooms, "get", away)
    monkeypatch.setattr(site.jobs, "verify", away)
    for method, path in (("GET", "/api/live"), ("POST", f"/api/lessons/{lesson.id}/verify")):
        if method == "POST":
            await site.call("POST", f"/api/lessons/{lesson.id}/end")
        answer = await site.call(method, path)
        assert (answer.status, answer.headers["Retry-After"]) == (503, "2"), path
        assert (await problem_of(answer))["code"] == "redis_away"
    assert "Traceback" not in caplog.text
    assert "failed" not in caplog.text


async def test_a_caller_that_goes_away_in_mid_request_is_no_error(site, caplog):
    # aiohttp's test server cancels a handler whose caller has gone; the real one lets its reading fail, as here
    async def reading(request):
        raise ConnectionResetError("Connection lost")

    request = make_mocked_request("PATCH", "/whip/l1/w0.1", app=site.client.server.app)
    with pytest.raises(ConnectionResetError):
        await _around(request, reading)  # the caller is there: what was lost is a connection of our own
    request.protocol.transport = None
    assert (await _around(request, reading)).status == 400
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []
