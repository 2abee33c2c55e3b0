"""Logging in, the cookie, forged requests, devices."""

from __future__ import annotations

import pytest

PASSWORD = {"username": "admin", "password": "password"}


async def test_login_answers_a_token_and_a_cookie_that_both_work(site):
    answer = await site.client.post("/api/session", json=PASSWORD)
    body = await answer.json()
    assert answer.status == 200
    assert body["user"]["role"] == "admin"
    cookie = answer.cookies["tongke_session"]
    assert cookie.value == body["token"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["secure"]
    by_cookie = await site.client.get("/api/session")
    assert (await by_cookie.json())["user"]["username"] == "admin"
    by_token = await site.client.get("/api/session", headers={"Authorization": f"Bearer {body['token']}"})
    assert by_token.status == 200


async def test_over_https_the_cookie_is_secure(site):
    site.settings.secure = True
    answer = await site.client.post("/api/session", json=PASSWORD)
    assert answer.cookies["tongke_session"]["secure"]


async def test_a_wrong_password_is_401_and_guessing_slows_down(site):
    for _ in range(30):
        answer = await site.client.post("/api/session", json=PASSWORD | {"password": "wrong"})
        if answer.status == 429:
            break
        assert answer.status == 401
    assert answer.status == 429
    assert int(answer.headers["Retry-After"]) >= 1


async def test_logging_out_ends_the_session(site):
    answer = await site.call("DELETE", "/api/session", "teacher")
    assert answer.status == 204
    assert (await site.call("GET", "/api/session", "teacher")).status == 401


async def test_changing_the_password_keeps_this_session_and_ends_others(site):
    _, other = await site.county.services.accounts.login("admin", "password", "192.0.2.1")
    body = {"old": "password", "new": "a much better one 9"}
    assert (await site.call("POST", "/api/session/password", json=body)).status == 204
    assert (await site.call("GET", "/api/session")).status == 200
    gone = await site.client.get("/api/session", headers={"Authorization": f"Bearer {other}"})
    assert gone.status == 401


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({}, False),
        ({"X-Requested-With": "tongke"}, True),
        ({"Content-Type": "application/json"}, True),
    ],
)
async def test_a_request_by_cookie_alone_must_come_from_our_pages(site, headers, allowed):
    lesson = await site.lesson()
    await site.client.post("/api/session", json=PASSWORD)
    answer = await site.client.post(f"/api/lessons/{lesson.id}/start", headers=headers)
    assert (answer.status, (await answer.json()).get("code")) == ((200, None) if allowed else (403, "cross_site"))


async def test_our_own_pages_pass_with_their_origin(site):
    lesson = await site.lesson()
    await site.client.post("/api/session", json=PASSWORD)
    origin = f"http://{site.client.host}:{site.client.port}"
    answer = await site.client.post(f"/api/lessons/{lesson.id}/start", headers={"Origin": origin})
    assert answer.status == 200


async def test_a_device_code_works_once(site):
    made = await (await site.call("POST", "/api/devices", json={"school_id": "s04", "name": "三年级教室"})).json()
    answer = await site.client.post("/api/devices/redeem", json={"code": made["code"].lower()})
    assert answer.status == 200
    token = (await answer.json())["token"]
    who = await (await site.client.get("/api/session", headers={"Authorization": f"Bearer {token}"})).json()
    assert (who["user"]["role"], who["user"]["school_id"]) == ("device", "s04")
    assert (await site.client.post("/api/devices/redeem", json={"code": made["code"]})).status == 401
    fresh = await site.call("POST", f"/api/devices/{made['device']['id']}/code")
    assert (await fresh.json())["code"] != made["code"]
    assert (await site.client.get("/api/session", headers={"Authorization": f"Bearer {token}"})).status == 401
    assert (await site.call("DELETE", f"/api/devices/{made['device']['id']}")).status == 204


async def test_accounts_are_made_changed_and_shut_out(site):
    made = await site.call(
        "POST",
        "/api/users",
        json={
            "username": "newone",
            "name": "新老师",
            "role": "teacher",
            "school_id": "s01",
            "password": "long enough 1",
        },
    )
    assert made.status == 201
    user = await made.json()
    login = await site.client.post("/api/session", json={"username": "newone", "password": "long enough 1"})
    token = (await login.json())["token"]
    changed = await site.call("PATCH", f"/api/users/{user['id']}", json={"disabled": True})
    assert (await changed.json())["disabled"] is True
    assert (await site.client.get("/api/session", headers={"Authorization": f"Bearer {token}"})).status == 401
