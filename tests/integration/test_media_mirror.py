"""One lesson on two workers, real sockets and decoders: what a mirror passes on, asks for and reports."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest

from server.cluster.commands import CommandClient
from server.live.ports import MediaError
from server.media import worker
from tests.integration.media_kit import LESSON, Plane, free_port, running_worker, until

ORIGIN, MIRROR = "w0", "w1"


async def eventually(true, seconds: float) -> None:
    """Poll an asynchronous condition."""
    async with asyncio.timeout(seconds):
        while not await true():  # noqa: ASYNC110 (other processes are waited for)
            await asyncio.sleep(0.05)


@asynccontextmanager
async def second_worker(redis, folder):
    """A worker named w1; ends when told, or by itself when its task is cancelled."""
    stop = asyncio.Event()
    task = asyncio.create_task(
        worker.run(
            name=MIRROR,
            redis=redis,
            media_port=free_port(),
            media_hosts=[],
            tap_path=str(folder / "tap.sock"),
            link_path=str(folder / "w1.sock"),
            stop=stop,
        )
    )
    try:
        yield task
    finally:
        stop.set()
        await asyncio.wait_for(task, 60)


class Mirrored(Plane):
    """The same commands, to the worker that mirrors."""

    async def command(self, method, **params):
        return await self._client.call(MIRROR, method, params)

    def new_id(self):
        self._sessions += 1
        return f"{MIRROR}.{self._sessions:032x}"


@pytest.fixture
async def both(redis, tmp_path):
    """(origin's plane, mirror's plane, begin): `begin` has the second worker mirror the lesson of the first."""
    async with (
        running_worker(redis, str(tmp_path / "tap.sock"), link_path=str(tmp_path / "w0.sock")) as origin,
        second_worker(redis, tmp_path),
    ):
        mirror = Mirrored(redis, origin.port, origin.stop, origin.task)
        life = f"{ORIGIN}:{(await origin.lease())['epoch']}"

        async def begin():
            await mirror.command("lesson.mirror", lesson_id=LESSON, origin=life, path=str(tmp_path / "w0.sock"))

        try:
            yield origin, mirror, begin
        finally:
            await mirror.close()


async def test_pictures_and_sound_decode_at_the_origin_and_at_the_mirror(both):
    origin, mirror, begin = both
    await origin.publish(shade=60)
    await begin()
    _, _, near = await origin.play(participant="classroom-s11")
    _, _, far = await mirror.play(participant="observer-1")
    await until(lambda: near.pictures > 5 and far.pictures > 5 and near.sounds > 5 and far.sounds > 5)
    assert abs(near.brightness - far.brightness) < 10


async def test_a_publisher_that_comes_later_or_is_replaced_reaches_the_mirrors_players(both):
    origin, mirror, begin = both
    await begin()
    _, _, far = await mirror.play(participant="observer-1")
    await origin.publish(shade=60)
    await until(lambda: far.pictures > 5)
    before = far.brightness
    await origin.publish(shade=200)
    await until(lambda: far.brightness > before + 50)


async def test_what_a_mirrors_players_receive_is_evidence_and_quality_of_the_same_lesson(both):
    origin, mirror, begin = both
    await origin.publish()
    await begin()
    await mirror.play(participant="classroom-s11")

    async def received():
        await origin.read_events()
        flows = [row for type, body in origin.events if type == "flow" for row in body["rows"]]
        looks = [body for type, body in origin.events if type == "quality"]
        flowed = {row["kind"] for row in flows if (row["participant_id"], row["direction"]) == ("classroom-s11", "out")}
        # one look tells of everybody: the teacher here, the classroom there
        whole = [
            {(row["participant_id"], row["direction"]) for row in body["rows"] if row["bitrate"]} for body in looks
        ]
        return flowed == {"audio", "video"} and {("teacher", "in"), ("classroom-s11", "out")} in whole

    await eventually(received, 20)
    assert {body["lesson_id"] for type, body in origin.events if type in ("flow", "quality")} == {LESSON}


async def test_nobody_publishes_at_a_mirror_and_it_mirrors_no_lesson_of_an_origin_that_is_gone(both):
    origin, mirror, begin = both
    await begin()
    await begin()  # idempotent
    with pytest.raises(MediaError) as refused:
        await mirror.publish()
    assert refused.value.code == "no_such_lesson"
    with pytest.raises(MediaError) as gone:
        await mirror.command("lesson.mirror", lesson_id="other", origin="w0:x", path="/nowhere.sock")
    assert gone.value.code == "unavailable"
    with pytest.raises(MediaError) as own:
        await origin.command("lesson.mirror", lesson_id=LESSON, origin="w1:x", path="/nowhere.sock")
    assert own.value.code == "bad_request"


async def test_a_lesson_that_ends_ends_at_its_mirror_too(both):
    origin, mirror, begin = both
    await origin.publish()
    await begin()
    session, _, far = await mirror.play(participant="observer-1")
    await until(lambda: far.pictures > 2)
    await origin.command("lesson.close", lesson_id=LESSON)

    async def closed():
        await origin.read_events()
        return session in {body["session_id"] for type, body in origin.events if type == "session.closed"}

    await eventually(closed, 10)
    with pytest.raises(MediaError) as over:
        await mirror.play(participant="observer-2")
    assert over.value.code == "no_such_lesson"


async def test_a_mirror_that_becomes_the_lessons_worker_begins_anew(both):
    """The origin's lease has ended, and the lesson is placed on the very worker that mirrored it."""
    origin, mirror, begin = both
    await begin()
    session, _, _ = await mirror.play(participant="observer-1")
    await mirror.command("lesson.open", lesson_id=LESSON)

    async def closed():
        await origin.read_events()
        return session in {body["session_id"] for type, body in origin.events if type == "session.closed"}

    await eventually(closed, 10)
    await mirror.publish(shade=60)
    _, _, seen = await mirror.play(participant="observer-1")
    await until(lambda: seen.pictures > 5)


async def test_a_client_of_the_commands_is_told_of_an_epoch_that_is_over(both, redis):
    client = CommandClient(redis)
    with pytest.raises(MediaError) as other:
        await client.call(MIRROR, "lesson.mirror", {"lesson_id": LESSON, "origin": "w0:x", "path": "", "epoch": "old"})
    assert other.value.code == "other_epoch"
    await client.close()
