"""The disk fills up in mid-lesson: the lesson goes on, its pages say so, the recording goes on when there is room."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import random
import subprocess
from typing import TYPE_CHECKING, Any

import aiohttp
import av
import pytest

from bench import kills
from tests.e2e.aiortc_people import until
from tests.fakes.serving import Serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fakes.serving import Api

SMALL, LARGE = "1m", "200m"  # half a minute of the lesson, and more than all of it


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A data folder whose recordings are on a small disk of their own."""
    folder = tmp_path / "data" / "recordings"
    folder.mkdir(parents=True)
    if mount(f"size={SMALL}", folder, "-t", "tmpfs", "tmpfs"):
        pytest.skip("this kernel lets us mount no tmpfs")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def mount(options: str, folder: Path, *what: str) -> int:
    command = ["mount", "-o", options, *what, str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode


class Room:
    """A page that listens: states of the recording as they are told."""

    def __init__(self, http: aiohttp.ClientSession, lesson_id: str, token: str) -> None:
        self._address, self._http, self._token = f"/api/lessons/{lesson_id}/room", http, token
        self.told: list[str] = []

    async def listen(self) -> None:
        async with self._http.ws_connect(self._address) as room:
            await room.send_json({"v": 1, "type": "hello", "token": self._token})
            async for message in room:
                body = message.json()
                if body["type"] == "recording":
                    self.told.append(body["state"])


def frames_of(admin: Api, recording: dict[str, Any]) -> dict[str, int]:
    """How many frames of each track decode."""
    found = {}
    for file in recording["files"]:
        data = admin.call("GET", file["url"]).body
        with av.open(io.BytesIO(data)) as source:
            found[file["track"]] = sum(1 for packet in source.demux() for _ in packet.decode())
    return found


@pytest.mark.timeout(300)
async def test_a_full_disk_stops_no_lesson_and_the_recording_goes_on_when_there_is_room(tmp_path: Path, disk: Path):
    serve = await asyncio.to_thread(Serve(tmp_path / "data").start)
    try:
        admin = await asyncio.to_thread(serve.admin)
        lesson = await asyncio.to_thread(lambda: serve.lesson(admin, topic="磁盘写满"))
        lesson_id, school = lesson["id"], lesson["receiving_schools"][0]["id"]
        tokens = [
            await asyncio.to_thread(serve.media_token, admin, lesson_id, "teacher"),
            await asyncio.to_thread(serve.media_token, admin, lesson_id, "classroom", school),
        ]
        await asyncio.to_thread(admin.post, f"/api/lessons/{lesson_id}/start")
        nobody = kills.Killer(serve, 0, random.Random(1), kills.Result())
        pictures = kills.clip()
        async with aiohttp.ClientSession(base_url=serve.base) as http:
            teacher, classroom = (
                kills.Person(http, lesson_id, token, source, nobody, pictures, [], random.Random(1))
                for token, source in zip(tokens, ("teacher", f"classroom-{school}"), strict=True)
            )
            room = Room(http, lesson_id, tokens[0])
            tasks = [asyncio.create_task(each) for each in (teacher.publish(), classroom.publish(), room.listen())]
            tasks.append(asyncio.create_task(classroom.play("teacher")))
            await until(lambda: free(disk) < 64 << 10, 90, "the disk to be full")
            await until(lambda: room.told[-1:] == ["trouble"], 10, "the page to say so")
            assert (await asyncio.to_thread(admin.get, f"/api/lessons/{lesson_id}"))["state"] == "live"
            before = classroom.received
            await until(lambda: classroom.received > before + 300, 30, "the lesson to go on meanwhile")
            written = await asyncio.to_thread(admin.get, f"/api/recordings/{lesson_id}")
            played = await asyncio.to_thread(frames_of, admin, written)
            assert len(played) == 4
            assert min(played.values()) > 30

            assert mount(f"remount,size={LARGE}", disk) == 0
            await until(lambda: room.told[-1:] == ["recording"], 20, "the page to say that it is over")
            before = classroom.received
            await until(lambda: classroom.received > before + 300, 30, "the lesson to go on")
            for task in tasks:
                task.cancel()
            for end in await asyncio.gather(*tasks, return_exceptions=True):
                assert isinstance(end, asyncio.CancelledError)
        await asyncio.to_thread(admin.post, f"/api/lessons/{lesson_id}/end")
        await asyncio.to_thread(
            lambda: serve.wait_state(admin, lesson_id, "credited", "rejected", "needs_review", seconds=60)
        )
        recording = await asyncio.to_thread(admin.get, f"/api/recordings/{lesson_id}")
        assert recording["verification"]["opens"] is True
        assert [gap for gap in recording["gaps"] if gap["end"] - gap["start"] > 1.0] == []  # it waited in memory
        after = await asyncio.to_thread(frames_of, admin, recording)
        assert all(after[track] > count + 100 for track, count in played.items())
    finally:
        await asyncio.to_thread(serve.stop)


def free(folder: Path) -> int:
    """Bytes left on its disk."""
    with contextlib.suppress(OSError):
        status = os.statvfs(folder)
        return status.f_bavail * status.f_frsize
    return 1 << 40
