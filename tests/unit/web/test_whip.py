"""WHIP (RFC 9725) and WHEP as a stranger's client sees them."""

from __future__ import annotations

import json

import pytest

from server.live.ports import MediaError
from tests.fakes.county import ADMIN
from tests.unit.web.site import OFFER

TRICKLE = "application/trickle-ice-sdpfrag"


def fragment(ufrag="clnt", pwd="c" * 24):
    return (
        f"a=ice-ufrag:{ufrag}\r\na=ice-pwd:{pwd}\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n"
        "a=candidate:1 1 udp 2130706431 abc.local 50000 typ host\r\na=end-of-candidates\r\n"
    )


async def patch(site, location, body, etag, kind=TRICKLE, **headers):
    more = {"If-Match": etag} if etag is not None else {}
    return await site.client.patch(location, data=body, headers={"Content-Type": kind} | more | headers)


async def test_publishing_answers_as_the_rfc_says(site):
    lesson = await site.lesson(live=True)
    answer = await site.whip(f"/whip/{lesson.id}", await site.media(lesson.id, "teacher"))
    assert answer.status == 201
    assert answer.content_type == "application/sdp"
    assert (await answer.text()).startswith("v=0")
    assert answer.headers["Location"].startswith(f"/whip/{lesson.id}/w0.")
    assert answer.headers["ETag"] == '"ice1"'
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Location" in answer.headers["Access-Control-Expose-Headers"]
    method, params = site.plane.calls[-1]
    assert method == "session.publish"
    assert {"lesson_id", "session_id", "participant_id", "school_id", "source", "offer"} == params.keys()
    assert (params["source"], params["participant_id"]) == ("teacher", "teacher")


async def test_a_teacher_who_publishes_starts_the_lesson(site):
    lesson = await site.lesson()
    assert (await site.whip(f"/whip/{lesson.id}", await site.media(lesson.id, "teacher"))).status == 201
    detail = await (await site.call("GET", f"/api/lessons/{lesson.id}")).json()
    assert detail["state"] == "live"


@pytest.mark.parametrize(
    ("role", "source", "status"),
    [
        ("teacher", "teacher", 201),
        ("teacher", "screen", 201),
        ("teacher", "classroom-s02", 403),
        ("classroom", "classroom-s02", 201),
        ("classroom", "teacher", 403),
        ("classroom", "screen", 403),
        ("classroom", "classroom-s04", 403),
        ("observer", "teacher", 403),
        ("observer", "", 403),
    ],
)
async def test_which_source_a_token_may_publish(site, role, source, status):
    lesson = await site.lesson(live=True)
    token = await site.media(lesson.id, role, "s02" if role == "classroom" else None)
    answer = await site.whip(f"/whip/{lesson.id}?source={source}", token)
    assert answer.status == status, await answer.text()


@pytest.mark.parametrize(
    ("role", "source", "status"),
    [
        ("observer", "", 201),
        ("observer", "screen", 201),
        ("observer", "classroom-s02", 201),
        ("classroom", "", 201),
        ("classroom", "classroom-s02", 409),
        ("teacher", "classroom-s02", 201),
        ("teacher", "", 409),
        ("teacher", "screen", 409),
        ("observer", "classroom-s99", 400),
        ("observer", "nobody", 400),
    ],
)
async def test_which_source_a_token_may_play(site, role, source, status):
    lesson = await site.lesson(live=True)
    token = await site.media(lesson.id, role, "s02" if role == "classroom" else None)
    answer = await site.whip(f"/whep/{lesson.id}?source={source}", token)
    assert answer.status == status, await answer.text()
    if status == 201:
        assert answer.headers["Location"].startswith(f"/whep/{lesson.id}/")
        assert site.plane.calls[-1][1]["source"] == (source or "teacher")


@pytest.mark.parametrize("kind", ["whip", "whep"])
async def test_a_lesson_that_is_not_live_is_409_and_says_what_to_do(site, kind):
    lesson = await site.lesson()
    token = await site.media(lesson.id, "classroom", "s02")
    answer = await site.whip(f"/{kind}/{lesson.id}", token)
    assert answer.status == 409
    assert (await answer.json())["code"] == "not_live"


async def test_an_unknown_lesson_is_404_and_another_lessons_token_403(site):
    lesson, other = await site.lesson(live=True), await site.lesson(live=True)
    token = await site.media(lesson.id, "teacher")
    assert (await site.whip(f"/whip/{other.id}", token)).status == 403
    assert (await site.whip("/whip/l0", site.logins["teacher"])).status == 404


@pytest.mark.parametrize("login", ["teacher", "device", "admin"])
async def test_a_session_token_of_someone_who_may_is_enough(site, login):
    lesson = await site.lesson(live=True)
    assert (await site.whip(f"/whip/{lesson.id}", site.logins[login])).status == 201
    assert (await site.whip(f"/whip/{lesson.id}", site.logins["researcher"])).status == 403
    assert (await site.whip(f"/whep/{lesson.id}", site.logins["researcher"])).status == 201


@pytest.mark.parametrize("token", ["x", "a.b.c", "e30.e30.", "é", "." * 3000])
async def test_a_malformed_token_is_401(site, token):
    lesson = await site.lesson(live=True)
    assert (await site.whip(f"/whip/{lesson.id}", token)).status == 401


async def test_an_expired_token_is_401(site):
    lesson = await site.lesson(live=True)
    token = await site.media(lesson.id, "teacher")
    site.county.clock.at += 7 * 86400
    assert (await site.whip(f"/whip/{lesson.id}", token)).status == 401


async def test_other_types_and_broken_offers_are_refused(site):
    lesson = await site.lesson(live=True)
    token = await site.media(lesson.id, "teacher")
    path = f"/whip/{lesson.id}"
    wrong = await site.whip(path, token, **{"Content-Type": "application/json"})
    assert (wrong.status, wrong.headers["Accept-Post"]) == (415, "application/sdp")
    for offer in ("", "  ", "hello", "v=0\r\n", b"\xff\xfe"):
        assert (await site.whip(path, token, offer)).status == 400, offer
    assert (await site.whip(path, token, OFFER + "a=x\r\n" * 40_000)).status == 413


@pytest.mark.parametrize(
    ("code", "status"),
    [("bad_sdp", 400), ("no_common_codec", 422), ("too_many", 503), ("unavailable", 503), ("no_such_lesson", 409)],
)
async def test_a_workers_refusal_is_told(site, code, status):
    lesson = await site.lesson(live=True)
    site.plane.fail = MediaError(code, "原因")
    answer = await site.whip(f"/whip/{lesson.id}", await site.media(lesson.id, "teacher"))
    assert answer.status == status
    assert (await answer.json())["code"] == code
    assert ("Retry-After" in answer.headers) == (status == 503)


async def test_options_tell_what_is_taken_and_allow_other_sites(site):
    answer = await site.client.options("/whip/l1", headers={"Origin": "https://player.example"})
    assert answer.status == 204
    assert answer.headers["Accept-Post"] == "application/sdp"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    answer = await site.client.options("/whep/l1/w0.abc")
    assert answer.headers["Accept-Patch"] == TRICKLE
    assert "DELETE" in answer.headers["Access-Control-Allow-Methods"]


async def test_trickle_and_restart(site):
    lesson = await site.lesson(live=True)
    made = await site.whip(f"/whip/{lesson.id}", await site.media(lesson.id, "teacher"))
    location, etag = made.headers["Location"], made.headers["ETag"]
    assert (await patch(site, location, fragment(), None)).status == 428
    assert (await patch(site, location, fragment(), '"other"')).status == 412
    assert (await patch(site, location, fragment(), etag)).status == 204
    assert (await patch(site, location, fragment(), etag, kind="application/sdp")).status == 415
    for broken in ("hello", "a=ice-ufrag:x\r\n", "a=ice-ufrag:new1\r\n", "a=mid:0\r\n"):
        assert (await patch(site, location, broken, etag)).status == 400, broken
    restart = await patch(site, location, fragment("new1", "n" * 24), "*")
    assert (restart.status, restart.content_type, restart.headers["ETag"]) == (200, TRICKLE, '"ice2"')
    text = await restart.text()
    assert "a=ice-ufrag:srv2" in text
    assert "a=candidate:1 1 udp 2130706431 192.0.2.1 8189 typ host" in text
    assert site.plane.calls[-1][1]["ufrag"] == "new1"
    assert (await patch(site, location, fragment("new1", "n" * 24), etag)).status == 412
    assert (await patch(site, location, fragment("new1", "n" * 24), '"ice2"')).status == 204


async def test_the_address_ends_the_session_and_then_it_is_gone(site):
    lesson = await site.lesson(live=True)
    made = await site.whip(f"/whip/{lesson.id}", await site.media(lesson.id, "teacher"))
    location = made.headers["Location"]
    assert (await site.client.delete(location)).status == 200
    assert not site.plane.sessions
    assert (await site.client.delete(location)).status == 404
    assert (await patch(site, location, fragment(), "*")).status == 404


async def test_another_participants_token_does_not_end_it(site):
    lesson = await site.lesson(live=True)
    made = await site.whip(f"/whip/{lesson.id}", await site.media(lesson.id, "teacher"))
    other = await site.media(lesson.id, "classroom", "s02")
    for token, status in ((other, 403), ("x", 401)):
        answer = await site.client.delete(made.headers["Location"], headers={"Authorization": f"Bearer {token}"})
        assert answer.status == status


async def test_ending_the_lesson_closes_its_media(site):
    lesson = await site.lesson(live=True)
    await site.whip(f"/whip/{lesson.id}", await site.media(lesson.id, "teacher"))
    await site.call("POST", f"/api/lessons/{lesson.id}/end")
    assert not site.plane.sessions


async def test_a_lesson_that_ends_while_somebody_connects_stays_closed(site, monkeypatch):
    lesson = await site.lesson(live=True)
    token = await site.media(lesson.id, "classroom", "s02")
    whole = site.plane.for_lesson

    async def slow(lesson_id, method, params, **more):
        await site.county.services.lessons.end(ADMIN, lesson.id)
        return await whole(lesson_id, method, params, **more)

    monkeypatch.setattr(site.plane, "for_lesson", slow)
    for kind in ("whip", "whep"):
        answer = await site.whip(f"/{kind}/{lesson.id}", token)
        assert answer.status == 409, kind
    assert site.plane.placed == {}
    assert not any(name.startswith("m:") for name in site.rooms.hashes[lesson.id])


async def test_the_token_of_a_revoked_screen_opens_nothing_and_what_it_had_open_is_closed(site):
    lesson = await site.lesson(live=True)
    granted = await site.call("POST", f"/api/lessons/{lesson.id}/tokens", "device", json={"role": "classroom"})
    token = (await granted.json())["token"]
    sending = await site.whip(f"/whip/{lesson.id}", token)
    assert sending.status == 201
    async with site.client.ws_connect(f"/api/lessons/{lesson.id}/room") as socket:
        await socket.send_str(json.dumps({"v": 1, "type": "hello", "token": token}))
        await socket.receive(timeout=5)
        devices = (await (await site.call("GET", "/api/devices")).json())["items"]
        screen = next(device["id"] for device in devices if device["school_id"] == "s02")
        assert (await site.call("DELETE", f"/api/devices/{screen}")).status == 204
        while not (await socket.receive(timeout=5)).type.name.startswith("CLOSE"):
            pass
    assert site.plane.calls[-1][0] == "session.close"
    for kind in ("whip", "whep"):
        answer = await site.whip(f"/{kind}/{lesson.id}", token)
        assert (answer.status, (await answer.json())["code"]) == (401, "account_ended"), kind
    bearer = {"Authorization": f"Bearer {token}"}
    restart = await patch(site, sending.headers["Location"], fragment("newu"), "*", **bearer)
    assert restart.status == 401
    async with site.client.ws_connect(f"/api/lessons/{lesson.id}/room") as socket:
        await socket.send_str(json.dumps({"v": 1, "type": "hello", "token": token}))
        await socket.receive(timeout=5)
        assert (await socket.receive(timeout=5)).data == 4401


async def test_the_token_of_a_screen_with_a_new_code_stays_refused_when_the_code_is_redeemed(site):
    lesson = await site.lesson(live=True)
    granted = await site.call("POST", f"/api/lessons/{lesson.id}/tokens", "device", json={"role": "classroom"})
    token = (await granted.json())["token"]
    devices = (await (await site.call("GET", "/api/devices")).json())["items"]
    screen = next(device["id"] for device in devices if device["school_id"] == "s02")
    assert (await site.whip(f"/whip/{lesson.id}", token)).status == 201
    code = (await (await site.call("POST", f"/api/devices/{screen}/code")).json())["code"]
    assert site.plane.calls[-1][0] == "session.close"
    assert (await site.whip(f"/whip/{lesson.id}", token)).status == 401
    site.county.clock.at += 1
    redeemed = await (await site.client.post("/api/devices/redeem", json={"code": code})).json()
    answer = await site.whip(f"/whip/{lesson.id}", token)
    assert (answer.status, (await answer.json())["code"]) == (401, "account_ended")
    bearer = {"Authorization": f"Bearer {redeemed['token']}"}
    fresh = await site.client.post(f"/api/lessons/{lesson.id}/tokens", json={"role": "classroom"}, headers=bearer)
    assert (await site.whip(f"/whip/{lesson.id}", (await fresh.json())["token"])).status == 201


@pytest.mark.parametrize("who", ["the teacher", "an administrator"])
async def test_a_new_password_ends_the_media_tokens_given_before(site, who):
    lesson = await site.lesson(live=True)
    users = (await (await site.call("GET", "/api/users?limit=500")).json())["items"]
    teacher = next(user["id"] for user in users if user["username"] == "shiyan")

    async def reset(password: str) -> None:
        assert (await site.call("PATCH", f"/api/users/{teacher}", json={"password": password})).status == 200

    async def logged_in(password: str) -> dict[str, str]:
        answer = await site.client.post("/api/session", json={"username": "shiyan", "password": password})
        return {"Authorization": f"Bearer {(await answer.json())['token']}"}

    async def media_token(bearer: dict[str, str]) -> str:
        asked = f"/api/lessons/{lesson.id}/tokens"
        return (await (await site.client.post(asked, json={"role": "teacher"}, headers=bearer)).json())["token"]

    await reset("Jiu-de-mima-1")
    bearer = await logged_in("Jiu-de-mima-1")
    token = await media_token(bearer)
    assert (await site.whip(f"/whip/{lesson.id}", token)).status == 201
    if who == "the teacher":
        change = {"old": "Jiu-de-mima-1", "new": "Xin-de-mima-1"}
        assert (await site.client.post("/api/session/password", json=change, headers=bearer)).status == 204
    else:
        await reset("Xin-de-mima-1")
    assert site.plane.calls[-1][0] == "session.close"
    answer = await site.whip(f"/whip/{lesson.id}", token)
    assert (answer.status, (await answer.json())["code"]) == (401, "account_ended")
    token = await media_token(await logged_in("Xin-de-mima-1"))
    assert (await site.whip(f"/whip/{lesson.id}", token)).status == 201


@pytest.mark.parametrize("change", [{"disabled": True}, {"school_id": "s03"}])
async def test_the_token_of_a_teacher_who_is_disabled_or_moved_opens_nothing(site, change):
    lesson = await site.lesson(live=True)
    granted = await site.call("POST", f"/api/lessons/{lesson.id}/tokens", "teacher", json={"role": "teacher"})
    token = (await granted.json())["token"]
    users = (await (await site.call("GET", "/api/users?limit=500")).json())["items"]
    teacher = next(user["id"] for user in users if user["username"] == "shiyan")
    assert (await site.call("PATCH", f"/api/users/{teacher}", json=change)).status == 200
    answer = await site.whip(f"/whip/{lesson.id}", token)
    assert answer.status in (401, 403), await answer.text()
