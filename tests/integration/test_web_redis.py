"""Two web processes' applications over one real Redis and one SQLite file, with a worker that only holds a lease."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack, asynccontextmanager
from types import SimpleNamespace

import pytest
from aiohttp.test_utils import TestClient, TestServer

from server.cluster.bus import RedisBus
from server.cluster.commands import CommandServer
from server.cluster.events import EventWriter, RedisEventSource
from server.cluster.leases import Lease
from server.cluster.plane import RedisMediaPlane
from server.cluster.queue import HueyJobs
from server.cluster.rooms import RedisRoomState
from server.county.errors import Conflict
from server.county.model import LessonState, TokenRole
from server.county.services import build_services
from server.live.materials import MaterialFiles
from server.live.notices import LiveNotices
from server.live.parts import LiveParts
from server.live.recordings import RecordingFiles
from server.live.tokens import MediaTokens
from server.store import open_database
from server.web.app import build_app
from tests.fakes.county import ADMIN, county_config, make_county
from tests.unit.web.site import OFFER, FakeSettings, FakeSystem

SECRET = "a secret for tests that is long enough"


@asynccontextmanager
async def worker(redis, epoch):
    """Answers commands as a worker does, without media, and those to the recorder."""
    calls: list[tuple[str, dict[str, object]]] = []

    async def handle(method, params):
        calls.append((method, params))
        if method in ("session.publish", "session.play"):
            return {"answer": "v=0\r\na=candidate:1 1 udp 1 192.0.2.1 8189 typ host\r\n", "etag": "ice1"}
        return {}

    async def record(method, params):
        return {"known": False}

    server, recorder = CommandServer(redis, "w0", handle), CommandServer(redis, "recorder", record)
    lease = Lease(redis, "w0", epoch, lambda: {"lessons": 0, "load": 0.0, "stats": {}})
    tasks = [asyncio.create_task(each.run()) for each in (server, recorder, lease)]
    try:
        yield calls
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def web_process(redis, redis_server, county, store, consumer, folder):
    plane = RedisMediaPlane(redis)
    jobs = HueyJobs(redis_server.url)
    bus = RedisBus(redis)
    live = LiveParts(
        plane, RedisRoomState(redis), bus, RedisEventSource(redis, consumer), jobs, MediaTokens(SECRET, county.clock)
    )
    services = build_services(
        store=store,
        hasher=county.hasher,
        notices=LiveNotices(bus, plane),
        config=county_config(),
        now=county.clock,
    )
    app = build_app(
        FakeSettings(folder),
        services,
        live,
        RecordingFiles(folder / "recordings"),
        FakeSystem(),
        county.clock,
        materials_files=MaterialFiles(folder / "materials"),
    )
    try:
        async with TestClient(TestServer(app)) as client:
            yield SimpleNamespace(client=client, services=services, live=live)
    finally:
        await plane.close()
        await jobs.close()


@pytest.fixture
async def house(redis, redis_server, tmp_path):
    async with AsyncExitStack() as stack:
        databases = []
        for _ in range(2):  # each process has connections of its own
            databases.append(await open_database(f"sqlite+aiosqlite:///{tmp_path / 'tongke.db'}"))
            stack.push_async_callback(databases[-1].close)
        county = await make_county(databases[0])
        first, second = [
            await stack.enter_async_context(web_process(redis, redis_server, county, database, name, tmp_path))
            for name, database in zip(("web1", "web2"), databases, strict=True)
        ]
        yield SimpleNamespace(county=county, first=first, second=second, redis=redis)


async def hear(socket, kind):
    while True:
        message = await asyncio.wait_for(socket.receive(), 10)
        body = json.loads(message.data)
        if body["type"] == kind:
            return body


async def page(house, process, lesson, role, school_id=None):
    grant = await process.services.lessons.grant(ADMIN, lesson.id, role, school_id)
    socket = await process.client.ws_connect(f"/api/lessons/{lesson.id}/room")
    token = process.live.tokens.sign(grant)
    await socket.send_str(json.dumps({"v": 1, "type": "hello", "token": token}))
    return socket, token


async def test_a_room_media_and_a_worker_that_dies_over_two_web_processes(house):
    async with worker(house.redis, "e1") as calls:
        lesson = await house.county.lesson()
        teacher, _ = await page(house, house.first, lesson, TokenRole.TEACHER)
        await hear(teacher, "welcome")
        classroom, token = await page(house, house.second, lesson, TokenRole.CLASSROOM, "s02")
        await hear(classroom, "welcome")
        while len((await hear(teacher, "presence"))["participants"]) != 2:
            pass
        await house.first.services.lessons.start(ADMIN, lesson.id)
        assert (await hear(classroom, "lesson"))["lesson"]["state"] == "live"
        made = await house.second.client.post(
            f"/whip/{lesson.id}",
            data=OFFER,
            headers={"Content-Type": "application/sdp", "Authorization": f"Bearer {token}"},
        )
        assert made.status == 201, await made.text()
        assert [method for method, _ in calls if method == "session.publish"]
        session = made.headers["Location"].rpartition("/")[2]
        writer = EventWriter(house.redis)
        body = {"lesson_id": lesson.id, "session_id": session, "participant_id": "classroom-s02"}
        await writer.write("session.connected", body | {"source": "classroom-s02", "direction": "in"})
        publishing = []
        while publishing != ["classroom-s02"]:
            publishing = (await hear(teacher, "presence"))["participants"][-1]["publishing"]
        # The resource may be ended through any web process.
        gone = await house.first.client.delete(made.headers["Location"])
        assert gone.status == 200
    await house.redis.delete("tk:worker:w0")
    async with worker(house.redis, "e2") as calls:
        await writer.write("worker.started", {"worker": "w0", "epoch": "e2"})
        await hear(teacher, "media_reset")
        await hear(classroom, "media_reset")
        assert ("lesson.open", {"lesson_id": lesson.id}) in calls
        await house.second.services.lessons.end(ADMIN, lesson.id)
        assert (await hear(teacher, "lesson"))["lesson"]["state"] == "ended"
        assert [method for method, _ in calls if method == "lesson.close"]
    for socket in (teacher, classroom):
        await socket.close()


async def steps(house, lesson):
    detail = await house.first.services.lessons.detail(ADMIN, lesson.id)
    return [event.to_state.value for event in detail.events]


async def test_two_web_processes_that_end_one_lesson_at_once_end_it_once(house):
    async with worker(house.redis, "e1") as calls:
        for _ in range(5):
            lesson = await house.county.lesson()
            await house.first.services.lessons.start(ADMIN, lesson.id)
            await house.first.live.plane.for_lesson(lesson.id, "lesson.open", {"lesson_id": lesson.id})
            both = (house.first, house.second) * 3
            ended = await asyncio.gather(*(each.services.lessons.end(ADMIN, lesson.id) for each in both))
            assert {each.state for each in ended} == {LessonState.ENDED}
            assert len({(each.ended_at, each.version) for each in ended}) == 1
            assert (await steps(house, lesson)).count("ended") == 1
            assert ("lesson.close", {"lesson_id": lesson.id}) in calls
            assert await house.second.live.plane.placement(lesson.id) is None


async def test_a_start_and_an_end_at_once_leave_a_lesson_whose_steps_follow_each_other(house):
    async with worker(house.redis, "e1"):
        for _ in range(5):
            lesson = await house.county.lesson()
            started, ended = await asyncio.gather(
                house.first.services.lessons.start(ADMIN, lesson.id),
                house.second.services.lessons.end(ADMIN, lesson.id),
                return_exceptions=True,
            )
            assert started.state is LessonState.LIVE
            now = (await house.second.services.lessons.get(ADMIN, lesson.id)).state
            if isinstance(ended, Conflict):  # it came first: nothing had begun
                assert (now, await steps(house, lesson)) == (LessonState.LIVE, ["scheduled", "live"])
            else:
                assert (now, await steps(house, lesson)) == (LessonState.ENDED, ["scheduled", "live", "ended"])


async def test_who_publishes_while_another_process_ends_the_lesson_is_refused_or_closed(house):
    async with worker(house.redis, "e1") as calls:
        lesson = await house.county.lesson()
        await house.first.services.lessons.start(ADMIN, lesson.id)
        grant = await house.second.services.lessons.grant(ADMIN, lesson.id, TokenRole.TEACHER)
        bearer = f"Bearer {house.second.live.tokens.sign(grant)}"
        headers = {"Content-Type": "application/sdp", "Authorization": bearer}
        answers = await asyncio.gather(
            *(house.second.client.post(f"/whip/{lesson.id}", data=OFFER, headers=headers) for _ in range(4)),
            house.first.services.lessons.end(ADMIN, lesson.id),
        )
        assert {answer.status for answer in answers[:4]} <= {201, 409}
        methods = [method for method, params in calls if params.get("lesson_id") == lesson.id]
        if "session.publish" in methods:  # whatever was let in before the end was closed by it
            assert methods.index("session.publish") < len(methods) - 1 - methods[::-1].index("lesson.close")
        assert await house.first.live.plane.placement(lesson.id) is None


async def test_flow_from_the_stream_reaches_the_database_once(house):
    lesson = await house.county.lesson()
    await house.first.services.lessons.start(ADMIN, lesson.id)
    writer = EventWriter(house.redis)
    minute = int(house.county.clock.at // 60)
    row = {"participant_id": "teacher", "source": "teacher", "direction": "in", "kind": "video", "minute": minute}
    for _ in range(3):
        await writer.write("flow", {"lesson_id": lesson.id, "rows": [row | {"mask": "ff", "packets": 1, "bytes": 1}]})

    async def seconds():
        async with house.county.store.read() as work:
            return [found.mask.bit_count() for found in await work.flow.of_lesson(lesson.id)]

    async with asyncio.timeout(10):
        while await seconds() != [8] or (await house.redis.xpending("tk:events", "live"))["pending"]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
