"""Others than Chromium: GStreamer's webrtcbin publishes and plays over WHIP and WHEP, Firefox teaches and learns.

Pictures decode both ways, sound too; each plays what the other sends.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pytest

from tests.e2e.firefox import Firefox, Tab
from tests.e2e.people import STATS

if TYPE_CHECKING:
    from tests.fakes.serving import Api, Serve

SCRIPT = Path(__file__).parent / "gst_peer.py"
PYTHON = "/usr/bin/python3"  # Debian's own: its bindings of GStreamer are for no other
ENOUGH = {"video": 60, "audio": 100}  # buffers: two seconds


class GstPeer:
    """webrtcbin in a process of its own; `counts` is its newest report."""

    def __init__(self, mode: str, address: str, token: str, codec: str) -> None:
        self._arguments = (str(SCRIPT), mode, address, token, codec)
        self.counts: dict[str, Any] = {"video": 0, "audio": 0, "state": ""}

    async def __aenter__(self) -> Self:
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(PYTHON, *self._arguments, stdin=pipe, stdout=pipe)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._process.communicate(), 10)
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def until(self, more: dict[str, int], seconds: float = 40) -> None:
        """Reads reports until so many more buffers have passed; AssertionError after `seconds`."""
        assert self._process.stdout is not None
        before = dict(self.counts)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not all(self.counts[kind] >= before[kind] + count for kind, count in more.items()):
                    line = await self._process.stdout.readline()
                    assert line, f"GStreamer ended at {self.counts}"
                    self.counts = json.loads(line)
                return
        raise AssertionError(f"from {before} GStreamer came only to {self.counts} in {seconds:.0f} s")


@pytest.fixture
def live(serve: Serve) -> Lesson:
    return Lesson(serve)


class Lesson:
    """A lesson that has begun, and the addresses to publish and play it."""

    def __init__(self, serve: Serve) -> None:
        self.serve = serve
        self.admin: Api = serve.admin()
        self.lesson = serve.lesson(self.admin, pairing=6, minutes=5)
        self.id = self.lesson["id"]

    def start(self) -> Self:
        self.admin.post(f"/api/lessons/{self.id}/start")
        return self

    def end(self) -> None:
        self.admin.post(f"/api/lessons/{self.id}/end")

    def publisher(self, codec: str) -> GstPeer:
        token = self.serve.media_token(self.admin, self.id, "teacher")
        return GstPeer("whip", f"{self.serve.base}/whip/{self.id}", token, codec)

    def player(self, codec: str, source: str = "teacher") -> GstPeer:
        token = self.serve.media_token(self.admin, self.id, "observer")
        return GstPeer("whep", f"{self.serve.base}/whep/{self.id}?source={source}", token, codec)


async def flowing(tab: Tab, *, sound: bool = True) -> None:
    """Until a page's receivers decode pictures and its sound carries energy."""
    before = await tab.run(STATS)
    await tab.until(
        f"""async ([frames, energy, sound]) => {{
          const now = await ({STATS})();
          return now.frames > frames + 10 && (!sound || now.energy > energy);
        }}""",
        [before["frames"], before["energy"], sound],
        seconds=60,
    )


@pytest.mark.parametrize("codec", ["vp8", "h264", "vp9"])
async def test_gstreamer_publishes_and_another_gstreamer_plays(live: Lesson, codec: str):
    await asyncio.to_thread(live.start)
    try:
        async with live.publisher(codec) as publisher:
            await publisher.until({"video": 10, "audio": 10})
            async with live.player(codec) as player:
                await player.until(ENOUGH)
                assert player.counts["state"] == "connected"
            async with live.player(codec) as late:  # joins in the middle: waits for a keyframe it asks for
                await late.until(ENOUGH)
    finally:
        await asyncio.to_thread(live.end)


@pytest.mark.timeout(300)
async def test_firefox_teaches_and_learns_and_gstreamer_sees_it(live: Lesson, tmp_path: Path):
    serve, admin = live.serve, live.admin
    pairing = await asyncio.to_thread(lambda: admin.get("/api/pairings")["items"][6])
    supporting, receiving = pairing["supporting_school_id"], pairing["receiving_school_id"]
    username, password = await asyncio.to_thread(serve.account, admin, "teacher", supporting)
    code = await asyncio.to_thread(serve.device_code, admin, receiving)
    async with Firefox(tmp_path / "profile") as firefox:
        classroom = await firefox.open(f"{serve.base}/classroom")
        await classroom.fill("device-code", code)
        await classroom.click("device-submit")
        teacher = await firefox.open(f"{serve.base}/login")
        await teacher.fill("login-username", username)
        await teacher.fill("login-password", password)
        await teacher.click("login-submit")
        await teacher.until("() => !location.pathname.includes('/login')")
        await teacher.go(f"{serve.base}/teach/{live.id}")
        await teacher.click("start-lesson")
        await flowing(classroom)
        await classroom.look()
        await flowing(teacher)
        async with live.player("vp8") as watcher, live.player("vp8", f"classroom-{receiving}") as listener:
            await watcher.until(ENOUGH)
            await listener.until(ENOUGH)
        async with live.publisher("vp8") as publisher:  # takes the teacher's place: the newest publisher wins
            await publisher.until({"video": 10, "audio": 10})
            await flowing(classroom)
    await asyncio.to_thread(live.end)
