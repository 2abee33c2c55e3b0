"""A lesson whose watchers are on two workers: pictures decode on both, and whichever dies, everybody has them again."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import pytest

from server.demo_client import Api as AsyncApi
from tests.e2e.aiortc_people import Person, until
from tests.fakes.serving import Api, Serve

if TYPE_CHECKING:
    from pathlib import Path

WATCHERS = 3


def serving(person: Person) -> str:
    """The worker that a player is served by, as its session's address says."""
    return person.peers[-1].location.rpartition("/")[2].partition(".")[0]


def participant(admin: Api, lesson_id: str, role: str) -> dict[str, Any]:
    return next(each for each in admin.get(f"/api/lessons/{lesson_id}")["participants"] if each["role"] == role)


def sees(*people: Person) -> bool:
    return all(person.frames["video"] > 5 and person.frames["audio"] > 5 for person in people)


@pytest.mark.timeout(300)
async def test_watchers_on_two_workers_decode_and_come_back_when_the_mirror_or_the_origin_dies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TONGKE_SPREAD_PLAYERS", "1")  # the first stays where the lesson is, whoever follows does not
    serve = await asyncio.to_thread(Serve(tmp_path / "data", "--workers", "2").start)
    try:
        admin = await asyncio.to_thread(serve.admin)
        lesson = await asyncio.to_thread(lambda: serve.lesson(admin, topic="公开课"))
        school = lesson["receiving_schools"][0]["id"]

        async def token(role: str, *more: str) -> str:
            return await asyncio.to_thread(serve.media_token, admin, lesson["id"], role, *more)

        async with AsyncExitStack() as stack:
            http = await stack.enter_async_context(AsyncApi(serve.base, ""))

            async def person(role: str, *more: str, publish: bool = False, plays: tuple[str, ...] = ()) -> Person:
                one = Person(http, lesson["id"], await token(role, *more), publish=publish, plays=plays)
                return await stack.enter_async_context(one)

            teacher = await person("teacher", publish=True)
            near = await person("observer", plays=("teacher",))
            classroom = await person("classroom", school, publish=True, plays=("teacher",))
            others = [await person("observer", plays=("teacher",)) for _ in range(WATCHERS)]
            origin = (await asyncio.to_thread(serve.carrier, lesson["id"])).removeprefix("worker-")
            assert serving(near) == origin
            mirror = serving(classroom)
            assert mirror != origin
            far = [each for each in (classroom, *others) if serving(each) == mirror]
            here = [near, *(each for each in others if serving(each) == origin)]
            assert len(far) + len(here) == WATCHERS + 2
            await until(lambda: sees(*here, *far), 30, "pictures and sound on both workers")

            # what is received by way of the mirror is evidence of the same lesson
            await until(lambda: participant(admin, lesson["id"], "classroom")["seconds_out"] >= 5, 30, "its evidence")

            before = near.frames["video"]
            serve.kill(f"worker-{mirror}")
            await until(lambda: all(each.resets == 1 for each in far), 20, "media_reset of those the mirror served")
            await until(lambda: sees(*far), 30, "their pictures again")
            # the others' media went on, on the same sessions
            assert [each.resets for each in (teacher, *here)] == [0] * (len(here) + 1)
            assert near.frames["video"] > before

            carried = await asyncio.to_thread(serve.carrier, lesson["id"])
            assert carried == f"worker-{origin}"
            serve.kill(carried)
            people = [teacher, *here, *far]
            await until(lambda: all(each.resets >= 1 for each in people), 20, "media_reset in the whole room")
            await until(lambda: sees(*here, *far), 40, "everybody's pictures again")

        await asyncio.to_thread(admin.post, f"/api/lessons/{lesson['id']}/end")
        await asyncio.to_thread(
            lambda: serve.wait_state(admin, lesson["id"], "credited", "rejected", "needs_review", seconds=60)
        )
        recording = await asyncio.to_thread(admin.get, f"/api/recordings/{lesson['id']}")
        assert recording["state"] == "closed"
        assert len(recording["tracks"]) == 4  # teacher and classroom, each once: no mirror records anything
        assert serve.troubles() == []
    finally:
        await asyncio.to_thread(serve.stop)
