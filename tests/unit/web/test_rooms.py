"""The lesson's WebSocket: who comes in, what everybody is told, what a stranger's frame does."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager

import pytest
from aiohttp import WSMsgType

from server.cluster.connection import redis_away
from server.live import rooms
from server.web.handlers import rooms as handler


@asynccontextmanager
async def page(site, lesson, role, school_id=None, token=None):
    async with site.client.ws_connect(f"/api/lessons/{lesson.id}/room") as socket:
        await say(socket, type="hello", token=token or await site.media(lesson.id, role, school_id))
        yield socket


async def say(socket, **message):
    await socket.send_str(json.dumps({"v": 1} | message))


async def hear(socket, kind):
    """The next message of this type; those before it are left out."""
    while True:
        message = await socket.receive(timeout=5)
        assert message.type is WSMsgType.TEXT, message
        body = json.loads(message.data)
        assert body["v"] == 1
        if body["type"] == kind:
            return body


async def present(socket, *wanted):
    """Wait until exactly these participants are present."""
    while True:
        body = await hear(socket, "presence")
        if [one["participant_id"] for one in body["participants"]] == list(wanted):
            return body["participants"]


async def test_two_pages_see_each_other_come_and_go(site):
    lesson = await site.lesson(live=True)
    async with page(site, lesson, "teacher") as teacher:
        welcome = await hear(teacher, "welcome")
        assert welcome["self"]["participant_id"] == "teacher"
        assert welcome["lesson"]["state"] == "live"
        assert [one["participant_id"] for one in welcome["participants"]] == ["teacher"]
        assert (welcome["stage"], welcome["layout"], welcome["recording"]["state"]) == (None, "teacher", "idle")
        assert welcome["server_time"] == site.county.clock.at
        async with page(site, lesson, "classroom", "s02") as classroom:
            joined = await hear(classroom, "welcome")
            assert [one["participant_id"] for one in joined["participants"]] == ["teacher", "classroom-s02"]
            await present(teacher, "teacher", "classroom-s02")
            await say(classroom, type="devices", microphone=True, camera=False, screen=False)
            one = (await present(teacher, "teacher", "classroom-s02"))[1]
            assert (one["microphone"], one["camera"], one["connected"]) == (True, False, True)
        await present(teacher, "teacher")


async def test_observers_are_seen_by_observers_only(site):
    lesson = await site.lesson(live=True)
    async with page(site, lesson, "teacher") as teacher, page(site, lesson, "observer") as observer:
        welcome = await hear(observer, "welcome")
        me = welcome["self"]["participant_id"]
        assert [one["participant_id"] for one in welcome["participants"]] == ["teacher", me]
        async with page(site, lesson, "classroom", "s02") as classroom:
            seen = await hear(classroom, "welcome")
            assert [one["participant_id"] for one in seen["participants"]] == ["teacher", "classroom-s02"]
            await present(teacher, "teacher", "classroom-s02")
            await present(observer, "teacher", "classroom-s02", me)


async def test_a_page_that_comes_back_is_the_same_participant(site):
    lesson = await site.lesson(live=True)
    token = await site.media(lesson.id, "classroom", "s02")
    async with page(site, lesson, "teacher") as teacher:
        for _ in range(2):
            async with page(site, lesson, "classroom", token=token) as classroom:
                await say(classroom, type="hand", raised=True)
                await present(teacher, "teacher", "classroom-s02")
            await present(teacher, "teacher")
        async with page(site, lesson, "classroom", token=token) as classroom:
            welcome = await hear(classroom, "welcome")
            assert welcome["participants"][1]["hand"] is True


async def test_a_page_whose_server_died_is_forgotten(site):
    lesson = await site.lesson(live=True)
    left = {"role": "classroom", "school_id": "s02", "name": "西岙", "seen": site.county.clock.at}
    await site.rooms.set(lesson.id, "p:classroom-s02:dead", json.dumps(left))
    async with page(site, lesson, "teacher") as teacher:
        assert len((await hear(teacher, "welcome"))["participants"]) == 2
        site.county.clock.at += 31
        await site.context.hub.renew()
        await present(teacher, "teacher")
        assert "p:classroom-s02:dead" not in await site.rooms.get(lesson.id)


async def test_the_teacher_sets_stage_layout_and_mutes(site):
    lesson = await site.lesson(live=True)
    async with page(site, lesson, "teacher") as teacher, page(site, lesson, "classroom", "s02") as classroom:
        await hear(classroom, "welcome")
        await say(teacher, type="stage", participant_id="classroom-s02")
        assert (await hear(classroom, "stage"))["participant_id"] == "classroom-s02"
        await say(teacher, type="layout", layout="both")
        assert (await hear(classroom, "layout"))["layout"] == "both"
        await say(teacher, type="mute", participant_id="all", muted=True)
        assert (await hear(classroom, "muted"))["muted"] is True
        await say(teacher, type="stage", participant_id=None)
        assert (await hear(classroom, "stage"))["participant_id"] is None
        await say(teacher, type="stage", participant_id="classroom-s99")
        assert (await hear(teacher, "error"))["code"] == "no_such_participant"
        async with page(site, lesson, "classroom", "s02") as second:
            welcome = await hear(second, "welcome")
            assert welcome["layout"] == "both"
            assert welcome["participants"][1]["muted"] is True


async def test_hand_help_and_chat_reach_everybody(site):
    lesson = await site.lesson(live=True)
    async with page(site, lesson, "teacher") as teacher, page(site, lesson, "classroom", "s02") as classroom:
        await hear(classroom, "welcome")
        await say(classroom, type="help")
        assert (await hear(teacher, "help"))["participant_id"] == "classroom-s02"
        await say(classroom, type="chat", text=" 老师好 ")
        chat = await hear(teacher, "chat")
        assert (chat["text"], chat["at"]) == ("老师好", site.county.clock.at)
        await say(classroom, type="ping", at=12.5)
        assert (await hear(classroom, "pong"))["at"] == 12.5


@pytest.mark.parametrize(
    ("role", "message"),
    [
        ("classroom", {"type": "stage", "participant_id": None}),
        ("classroom", {"type": "layout", "layout": "both"}),
        ("classroom", {"type": "mute", "participant_id": "all", "muted": True}),
        ("teacher", {"type": "hand", "raised": True}),
        ("teacher", {"type": "help"}),
        ("observer", {"type": "chat", "text": "x"}),
        ("observer", {"type": "devices", "microphone": True, "camera": True, "screen": False}),
    ],
)
async def test_who_may_not_is_told_so(site, role, message):
    lesson = await site.lesson(live=True)
    async with page(site, lesson, role, "s02" if role == "classroom" else None) as socket:
        await hear(socket, "welcome")
        await say(socket, **message)
        assert (await hear(socket, "error"))["code"] == "forbidden"


@pytest.mark.parametrize(
    "frame",
    ["", "{", "null", "[]", '{"type":"dance"}', '{"type":"chat"}', '{"type":"chat","text":5}', "\x00", "[" * 5000],
)
async def test_a_malformed_frame_is_an_error_for_its_sender_only(site, frame):
    lesson = await site.lesson(live=True)
    async with page(site, lesson, "teacher") as teacher:
        await hear(teacher, "welcome")
        await teacher.send_str(frame)
        assert (await hear(teacher, "error"))["code"] == "bad_message"
        await say(teacher, type="ping", at=1.0)
        await hear(teacher, "pong")
        await teacher.send_bytes(b"\x00\x01")
        assert (await hear(teacher, "error"))["code"] == "bad_message"


async def test_a_page_that_floods_is_closed(site):
    lesson = await site.lesson(live=True)
    async with page(site, lesson, "teacher") as teacher:
        await hear(teacher, "welcome")
        for _ in range(int(rooms.BURST) + 1):
            await say(teacher, type="ping", at=1.0)
        assert (await hear(teacher, "error"))["code"] == "slow_down"
        assert (await teacher.receive(timeout=5)).type is WSMsgType.CLOSE


@pytest.mark.parametrize(
    ("first", "code", "close"),
    [
        ('{"v":1,"type":"hello","token":"x"}', "bad_media_token", handler.NO_TOKEN),
        ('{"v":1,"type":"ping","at":1}', "no_hello", handler.NO_HELLO),
        ("{", "bad_message", handler.NO_HELLO),
        ('{"v":2,"type":"hello","token":"x"}', "bad_message", handler.NO_HELLO),
    ],
)
async def test_who_does_not_say_hello_is_not_let_in(site, first, code, close):
    lesson = await site.lesson(live=True)
    async with site.client.ws_connect(f"/api/lessons/{lesson.id}/room") as socket:
        await socket.send_str(first)
        assert (await hear(socket, "error"))["code"] == code
        assert (await socket.receive(timeout=5)).data == close


async def test_silence_is_not_let_in(site, monkeypatch):
    monkeypatch.setattr(handler, "HELLO_WITHIN", 0.01)
    lesson = await site.lesson(live=True)
    async with site.client.ws_connect(f"/api/lessons/{lesson.id}/room") as socket:
        assert (await hear(socket, "error"))["code"] == "no_hello"


async def test_another_lessons_token_is_not_let_in(site):
    lesson, other = await site.lesson(live=True), await site.lesson(live=True)
    token = await site.media(other.id, "teacher")
    async with site.client.ws_connect(f"/api/lessons/{lesson.id}/room") as socket:
        await say(socket, type="hello", token=token)
        assert (await hear(socket, "error"))["code"] == "other_lesson"
        assert (await socket.receive(timeout=5)).data == handler.OTHER_LESSON


async def test_a_plain_request_to_the_room_is_told_what_it_wants(site):
    answer = await site.client.get("/api/lessons/l1/room")
    assert answer.status == 426
    assert answer.content_type == "application/problem+json"


async def test_the_room_hears_of_the_lesson_and_its_recording(site):
    lesson = await site.lesson()
    async with page(site, lesson, "classroom", "s02") as classroom:
        assert (await hear(classroom, "welcome"))["lesson"]["state"] == "scheduled"
        await site.call("POST", f"/api/lessons/{lesson.id}/start", "teacher")
        assert (await hear(classroom, "lesson"))["lesson"]["state"] == "live"
        site.events.write("recording.opened", {"lesson_id": lesson.id})
        assert (await hear(classroom, "recording"))["state"] == "recording"
        site.events.write("recording.trouble", {"lesson_id": lesson.id, "detail": "磁盘已满"})
        assert (await hear(classroom, "recording"))["detail"] == "磁盘已满"
        await site.call("POST", f"/api/lessons/{lesson.id}/end", "teacher")
        assert (await hear(classroom, "lesson"))["lesson"]["state"] == "ended"


async def test_publishing_shows_in_presence_once_media_is_connected(site):
    lesson = await site.lesson(live=True)
    async with page(site, lesson, "teacher") as teacher:
        await hear(teacher, "welcome")
        made = await site.whip(f"/whip/{lesson.id}", await site.media(lesson.id, "classroom", "s02"))
        session = made.headers["Location"].rpartition("/")[2]
        body = {
            "lesson_id": lesson.id,
            "session_id": session,
            "participant_id": "classroom-s02",
            "source": "classroom-s02",
            "direction": "in",
        }
        site.events.write("session.connected", body)
        one = (await present(teacher, "teacher", "classroom-s02"))[1]
        assert one["publishing"] == ["classroom-s02"]
        site.events.write("session.closed", body | {"reason": "consent"})
        await present(teacher, "teacher")


async def test_a_worker_that_dies_makes_pages_connect_their_media_again(site):
    lesson = await site.lesson(live=True)
    async with page(site, lesson, "teacher") as teacher:
        await hear(teacher, "welcome")
        await site.whip(f"/whip/{lesson.id}", await site.media(lesson.id, "teacher"))
        await site.context.pump._watch.look()
        site.plane.die()
        await site.context.pump._watch.look()  # nobody to place it on: no exception, nothing told
        site.plane.start("e2")
        site.events.write("worker.started", {"worker": "w0", "epoch": "e2"})
        await hear(teacher, "media_reset")
        assert site.plane.placed[lesson.id] == "w0:e2"
        assert not [name for name in await site.rooms.get(lesson.id) if name.startswith("m:")]


async def test_a_page_is_told_to_come_again_while_redis_is_away(site, monkeypatch):
    lesson = await site.lesson(live=True)

    async def away(*_: str) -> None:
        raise redis_away()

    monkeypatch.setattr(site.rooms, "set", away)
    async with page(site, lesson, "teacher") as teacher:
        assert (await hear(teacher, "error"))["code"] == "redis_away"
        assert (await teacher.receive(timeout=5)).data == 1013
