"""The cluster's parts on a real Redis, also one that is killed and started again in the middle."""

from __future__ import annotations

import asyncio
import contextlib
import json
import tempfile
from pathlib import Path

import pytest

from server.cluster import keys
from server.cluster.bus import RedisBus
from server.cluster.commands import CommandClient, CommandServer
from server.cluster.connection import connect, patiently
from server.cluster.embedded import EmbeddedRedis
from server.cluster.events import EventWriter, RedisEventSource
from server.cluster.leases import Lease, lease_of, live_leases
from server.cluster.plane import RedisMediaPlane
from server.cluster.queue import HueyJobs
from server.cluster.rooms import RedisRoomState
from server.county.errors import Unavailable
from server.live.ports import MediaError


@contextlib.asynccontextmanager
async def running(*coroutines):
    """The coroutines as tasks while inside."""
    tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until(condition, seconds=5.0):
    """Wait until the (async) condition holds."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 (another process is waited for)
            await asyncio.sleep(0.01)


class FakeWorker:
    """A media worker's command side: remembers lessons, echoes the rest."""

    def __init__(self, redis, name, epoch, load=0.0):
        self.name = name
        self.epoch = epoch
        self.lessons: list[str] = []
        self.calls: list[tuple[str, dict]] = []
        self.lease = Lease(redis, name, epoch, lambda: {"lessons": len(self.lessons), "load": load, "extra": 1})
        self.server = CommandServer(redis, name, self.handle)

    async def handle(self, method, params):
        self.calls.append((method, params))
        if params.get("epoch", self.epoch) != self.epoch:
            raise MediaError("other_epoch", "began anew")
        if method == "lesson.open":
            self.lessons.append(params["lesson_id"])
            return {}
        if method == "lesson.close":
            self.lessons.remove(params["lesson_id"])
            return {}
        if method == "slow":
            await asyncio.sleep(30)  # longer than any deadline here; cancelled at the end
        if method == "broken":
            raise RuntimeError("a bug")
        if params.get("lesson_id") not in self.lessons:
            raise MediaError("no_such_lesson", "not here")
        return {"echo": method}

    def run(self):
        return running(self.lease.run(), self.server.run())


@pytest.fixture
def own_redis():
    """A Redis of this test alone, to kill."""
    with tempfile.TemporaryDirectory(prefix="tk-") as folder:
        server = EmbeddedRedis(Path(folder))
        server.start()
        yield server
        server.stop()


async def test_a_lesson_is_placed_on_the_least_loaded_worker_and_opened_there_first(redis):
    busy, idle = FakeWorker(redis, "w0", "e0", load=0.5), FakeWorker(redis, "w1", "e1", load=0.1)
    plane = RedisMediaPlane(redis)
    async with busy.run(), idle.run():
        await until(lambda: _count_leases(redis, 2))
        assert await plane.for_lesson("l1", "session.play", {"lesson_id": "l1"}) == {"echo": "session.play"}
        assert [method for method, _ in idle.calls] == ["lesson.open", "session.play"]
        assert await plane.placement("l1") == "w1:e1"
        session = await plane.new_session_id("l1")
        assert session.startswith("w1.")
        assert len(session) > 30
        assert await plane.for_session(session, "session.close", {"lesson_id": "l1"}) == {"echo": "session.close"}
        assert {lease["worker"] for lease in await plane.workers()} == {"w0", "w1"}
        await plane.close_lesson("l1")
        assert idle.lessons == []
        await plane.close_lesson("never placed")
    await plane.close()


async def test_lessons_of_one_moment_are_shared_among_all_workers(redis):
    workers = [FakeWorker(redis, f"w{number}", "e") for number in range(3)]
    plane = RedisMediaPlane(redis)
    async with workers[0].run(), workers[1].run(), workers[2].run():
        await until(lambda: _count_leases(redis, 3))
        for number in range(12):  # before any lease is renewed
            await plane.for_lesson(f"l{number}", "session.play", {"lesson_id": f"l{number}"})
        assert sorted(len(worker.lessons) for worker in workers) == [4, 4, 4]
    await plane.close()


async def test_what_a_dead_worker_carried_is_shared_among_those_that_live(redis):
    first, second, third = (FakeWorker(redis, f"w{number}", "e") for number in range(3))
    plane = RedisMediaPlane(redis)
    async with second.run(), third.run():
        async with first.run():
            await until(lambda: _count_leases(redis, 3))
            for number in range(12):
                await plane.for_lesson(f"l{number}", "session.play", {"lesson_id": f"l{number}"})
            orphans = set(first.lessons)
        await until(lambda: _count_leases(redis, 2))
        for lesson_id in orphans:
            await plane.for_lesson(lesson_id, "lesson.open", {"lesson_id": lesson_id})
        assert orphans <= {*second.lessons, *third.lessons}
        assert (len(set(second.lessons)), len(set(third.lessons))) == (6, 6)
    await plane.close()


async def _count_leases(redis, count):
    return len(await live_leases(redis)) == count


async def test_a_lesson_moves_when_its_workers_epoch_is_gone(redis):
    plane = RedisMediaPlane(redis)
    async with FakeWorker(redis, "w0", "first").run():
        await plane.for_lesson("l1", "session.play", {"lesson_id": "l1"})
    assert await lease_of(redis, "w0") is None
    assert await plane.placement("l1") is None
    again = FakeWorker(redis, "w0", "second")
    async with again.run():
        await plane.for_lesson("l1", "session.play", {"lesson_id": "l1"})
        assert await redis.get(keys.place("l1")) == "w0:second"
        assert again.lessons == ["l1"]
    await plane.close()


async def test_the_lease_of_a_life_that_is_over_carries_no_lesson(redis):
    """A worker was killed and is there again; its first lease has not ended yet, nor has the new one been written."""
    again, other = FakeWorker(redis, "w0", "second"), FakeWorker(redis, "w1", "e1", load=0.5)
    stale = {"worker": "w0", "epoch": "first", "lessons": 0, "load": 0.0, "pid": 1, "stats": {}}
    await redis.set(keys.worker("w0"), json.dumps(stale), px=1000)
    plane = RedisMediaPlane(redis)
    async with running(again.server.run()), other.run():
        await until(lambda: _count_leases(redis, 2))
        await plane.for_lesson("l1", "session.play", {"lesson_id": "l1"})
        assert await redis.get(keys.place("l1")) == "w1:e1"
        assert again.lessons == []
    await plane.close()


async def test_a_lesson_that_ends_while_its_worker_is_dead_is_still_closed_by_another(redis):
    plane = RedisMediaPlane(redis)
    async with FakeWorker(redis, "w0", "first").run():
        await plane.for_lesson("l1", "session.play", {"lesson_id": "l1"})
    other = FakeWorker(redis, "w1", "x")
    async with other.run():
        await plane.close_lesson("l1")
        assert [method for method, _ in other.calls] == ["lesson.open", "lesson.close"]
    assert await redis.get(keys.place("l1")) is None
    await plane.close()


async def test_what_only_matters_while_media_flows_never_places_a_lesson(redis):
    plane = RedisMediaPlane(redis)
    worker = FakeWorker(redis, "w0", "e0")
    async with worker.run():
        await plane.tell_lesson("l1", "session.watch", {"lesson_id": "l1"})
        assert worker.calls == []
        await plane.for_lesson("l1", "session.play", {"lesson_id": "l1"})
        await plane.tell_lesson("l1", "session.watch", {"lesson_id": "l1"})
        assert worker.calls[-1] == ("session.watch", {"lesson_id": "l1"})
    await plane.tell_lesson("l1", "session.watch", {"lesson_id": "l1"})
    assert len(worker.calls) == 3
    await plane.close()


async def test_the_recorder_is_told_that_a_lesson_is_over(redis):
    told = []

    async def recorder(method, params):
        told.append((method, params))
        return {"known": True}

    plane = RedisMediaPlane(redis)
    async with running(CommandServer(redis, "recorder", recorder).run()):
        await plane.close_recording("l1")
    assert told == [("recording.close", {"lesson_id": "l1"})]
    await plane.close()


async def test_errors_carry_their_code_and_silence_is_unavailable(redis):
    worker = FakeWorker(redis, "w0", "e")
    client = CommandClient(redis)
    plane = RedisMediaPlane(redis, client)
    with pytest.raises(MediaError, match="媒体进程") as caught:
        await plane.for_lesson("l1", "session.play", {}, timeout=0.2)
    assert caught.value.code == "unavailable"
    with pytest.raises(MediaError) as caught:
        await plane.for_session("w0.abc", "session.close", {})
    assert caught.value.code == "no_such_session"
    async with worker.run():
        for method, code in (("session.play", "no_such_lesson"), ("slow", "unavailable"), ("broken", "unavailable")):
            with pytest.raises(MediaError) as caught:
                await client.call("w0", method, {"lesson_id": "l9"}, timeout=0.5)
            assert caught.value.code == code
    await plane.close()


async def test_many_requests_at_once_each_get_their_own_answer(redis):
    async def echo(method, params):
        await asyncio.sleep(0.001 * (params["n"] % 7))
        return {"n": params["n"]}

    client = CommandClient(redis)
    async with running(CommandServer(redis, "w0", echo).run()):
        answers = await asyncio.gather(*(client.call("w0", "echo", {"n": n}) for n in range(200)))
    assert [answer["n"] for answer in answers] == list(range(200))
    await client.close()


async def test_malformed_expired_and_repeated_commands_are_not_run(redis):
    ran = []

    async def handle(method, params):
        ran.append(method)
        return {}

    good = {"id": "1", "reply": "tk:reply:x", "deadline": "9e9", "method": "good", "params": "{}"}
    bad = [{"id": "0"}, {**good, "params": "{"}, {**good, "deadline": "soon"}, {**good, "deadline": "1"}]
    for fields in (*bad, good, good):
        await redis.xadd(keys.commands("w0"), fields)
    client = CommandClient(redis)
    async with running(CommandServer(redis, "w0", handle).run()):
        await client.call("w0", "last", {})
    assert ran == ["good", "last"]
    await client.close()


async def test_commands_go_on_after_redis_was_killed_and_restarted(own_redis):
    redis = connect(own_redis.url)
    worker = FakeWorker(redis, "w0", "e0")
    plane = RedisMediaPlane(redis)
    async with worker.run():
        await plane.for_lesson("l1", "session.play", {"lesson_id": "l1"})
        own_redis.kill()
        waiting = asyncio.create_task(plane.for_lesson("l1", "session.play", {"lesson_id": "l1"}, timeout=15))
        await asyncio.sleep(0.2)  # the command meets a dead Redis before it is started again
        own_redis.start()
        assert await waiting == {"echo": "session.play"}
    await plane.close()
    await redis.aclose()


async def test_events_come_once_acknowledged_and_again_when_not(redis):
    writer, source = EventWriter(redis), RedisEventSource(redis, "web")
    for number in range(3):
        await writer.write("flow", {"n": number})
    batch = await source.read(block=0.1)
    assert [body["n"] for _, _, body in batch] == [0, 1, 2]
    await source.ack([batch[0][0]])
    again = await source.read(block=0.1)
    assert [body["n"] for _, _, body in again] == [1, 2]
    # a restarted process of the same name gets what it held first
    restarted = RedisEventSource(redis, "web")
    pending = await restarted.read(block=0.1)
    assert [body["n"] for _, _, body in pending] == [1, 2]
    await restarted.ack([event_id for event_id, _, _ in pending])
    assert await restarted.read(block=0.05) == []
    assert await redis.xlen(keys.EVENTS) == 0  # what has been handled takes no memory
    await writer.write("flow", {"n": 3})
    assert [body["n"] for _, _, body in await restarted.read(block=1)] == [3]


async def test_what_a_dead_consumer_held_is_taken_over(redis, monkeypatch):
    monkeypatch.setattr("server.cluster.events.CLAIM_IDLE", 0.0)
    await EventWriter(redis).write("flow", {"n": 1})
    assert len(await RedisEventSource(redis, "dead").read(block=0.1)) == 1
    assert [body["n"] for _, _, body in await RedisEventSource(redis, "alive").read(block=0.1)] == [1]


async def test_an_unreadable_event_is_dropped_and_the_others_arrive(redis):
    await redis.xadd(keys.EVENTS, {"type": "flow", "body": "{"})
    await EventWriter(redis).write("flow", {"n": 1})
    source = RedisEventSource(redis, "web")
    batch = await source.read(block=0.1)
    assert [body for _, _, body in batch] == [{"n": 1}]
    await source.ack([batch[0][0]])
    assert (await redis.xpending(keys.EVENTS, keys.EVENTS_GROUP))["pending"] == 0


async def test_events_survive_a_killed_redis_and_a_lost_one(own_redis):
    redis = connect(own_redis.url)
    writer, source = EventWriter(redis), RedisEventSource(redis, "web")
    await writer.write("flow", {"n": 1})
    held = await source.read(block=0.1)
    own_redis.kill()
    writing = asyncio.create_task(writer.write("flow", {"n": 2}))
    assert await source.read(block=0.1) == []
    own_redis.start()
    await writing
    seen: list[int] = []

    async def both():
        batch = await source.read(block=0.2)
        seen.extend(body["n"] for _, _, body in batch)
        await source.ack([event_id for event_id, _, _ in batch])
        return 2 in seen

    await until(both)
    assert held[0][2] == {"n": 1}
    await redis.flushall()
    await writer.write("flow", {"n": 4})
    seen.clear()

    async def fourth():
        seen.extend(body["n"] for _, _, body in await source.read(block=0.2))
        return 4 in seen

    await until(fourth)
    await redis.aclose()


async def test_notices_reach_everybody_and_a_gap_says_resync(own_redis):
    redis = connect(own_redis.url)
    bus, heard = RedisBus(redis), []

    async def listen():
        async for notice in bus.notices():
            heard.append(notice["kind"])

    async def heard_after_publishing(kind):
        await bus.publish({"kind": kind, "lesson_id": "l1"})
        return kind in heard

    async with running(listen()):
        await until(lambda: heard_after_publishing("room"))
        own_redis.kill()
        await bus.publish({"kind": "lost", "lesson_id": "l1"})
        own_redis.start()
        await until(lambda: heard_after_publishing("lesson"))
    assert "resync" in heard
    assert heard.index("resync") < heard.index("lesson")
    await redis.aclose()


async def test_a_room_is_a_shared_hash(redis):
    room = RedisRoomState(redis)
    await room.set("l1", "stage", "classroom-s11")
    await room.set("l1", "layout", "both")
    await room.delete("l1", "layout", "unknown")
    await room.delete("l1")
    assert await room.get("l1") == {"stage": "classroom-s11"}
    await room.clear("l1")
    assert await room.get("l1") == {}


async def test_a_verification_stands_in_the_queue_once_under_the_recorders_name(redis, redis_server):
    jobs = HueyJobs(redis_server.url)
    await jobs.verify("l1")
    await jobs.verify("l1")
    await jobs.verify("l2")
    assert await jobs.length() == 2
    from huey import RedisHuey

    consumer = RedisHuey("tongke", url=redis_server.url)
    done = []
    verify = consumer.task(name="verify")(lambda lesson_id: done.append(lesson_id))
    assert verify.task_class.__name__ == "verify"
    consumer._registry.unregister(verify.task_class)
    verify.task_class.__module__ = "recorder.jobs"
    consumer._registry.register(verify.task_class)
    while (task := consumer.dequeue()) is not None:
        consumer.execute(task)
    assert done == ["l1", "l2"]
    consumer.storage.pool.disconnect()
    await jobs.close()


async def test_a_lease_carries_its_figures_and_ends_with_its_worker(redis):
    worker = FakeWorker(redis, "w0", "e0", load=0.25)
    async with worker.run():
        await until(lambda: _count_leases(redis, 1))
        lease = json.loads(await redis.get(keys.worker("w0")))
        assert (lease["epoch"], lease["load"], lease["lessons"], lease["stats"]) == ("e0", 0.25, 0, {"extra": 1})
        assert 0 < await redis.pttl(keys.worker("w0")) <= 3000
        await redis.set(keys.worker("w0"), json.dumps({**lease, "epoch": "newer"}))
        await worker.lease.release()
        assert (await lease_of(redis, "w0"))["epoch"] == "newer"


async def test_a_redis_that_stays_away_is_said(tmp_path):
    client = connect(f"unix://{tmp_path}/nobody.sock")
    with pytest.raises(Unavailable) as refused:
        await patiently(lambda: client.get("x"), "reading", seconds=0.1)
    assert refused.value.code == "redis_away"
    await client.aclose()
