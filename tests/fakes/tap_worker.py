"""A media worker as the recorder sees it: the worker's real tap, fed with media made by `tests.fakes.packets`."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from server.media.tap import Tap
from tests.fakes import packets

ROOT = Path(__file__).parents[2]
RATES = {"vp8": 90_000, "h264": 90_000, "opus": 48_000}


class Recorder:
    """`python -m recorder tap` as a real process."""

    def __init__(self, data: Path, redis_url: str, process: str = "tap") -> None:
        self.data = data
        self._command = [sys.executable, "-m", "recorder", process, "--data", str(data), "--redis", redis_url]
        self._log = open(data / f"{process}.log", "ab")  # noqa: SIM115 (closed in stop)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(self._command, cwd=ROOT, stdout=self._log, stderr=self._log)

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        code = 0
        if self.process is not None:
            self.process.terminate()
            code = self.process.wait(10)
            self.process = None
        return code

    def close(self) -> None:
        if self.process is not None:
            self.kill()
        self._log.close()

    def log(self) -> str:
        return (self.data / "tap.log").read_text()


class TapWorker:
    """One worker; `play` sends media with the arrival times it would have had, `speed` times faster."""

    def __init__(self, data: Path, name: str = "w0", epoch: str = "e1") -> None:
        self.wanted: list[int] = []
        self.tap = Tap(
            str(data / "run" / "tap.sock"),
            worker=name,
            epoch=epoch,
            loop=asyncio.get_running_loop(),
            keyframe_wanted=self.wanted.append,
        )
        self.zero_ns = 0
        self._tracks = 0
        self.codecs: dict[int, str] = {}
        self._flushing = asyncio.create_task(self._flush())

    async def _flush(self) -> None:
        while True:
            self.tap.flush(time.monotonic())
            await asyncio.sleep(0.01)

    async def close(self) -> None:
        self._flushing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._flushing
        self.tap.close(time.monotonic())

    def open_lesson(self, lesson_id: str, at: float | None = None) -> None:
        at = time.time() if at is None else at
        self.zero_ns = int(at * 1e9)
        self.tap.records.open_lesson(lesson_id, at, time.monotonic())

    def close_lesson(self, lesson_id: str) -> None:
        self.tap.records.close_lesson(lesson_id, time.time(), time.monotonic())

    def open_track(self, lesson_id: str, source: str, codec: str, ssrc: int) -> int:
        self._tracks += 1
        audio = codec == "opus"
        body = {
            "track": self._tracks,
            "lesson_id": lesson_id,
            "participant_id": "teacher" if source in ("teacher", "screen") else source,
            "school_id": "s01",
            "source": source,
            "kind": "audio" if audio else "video",
            "codec": codec,
            "clock_rate": RATES[codec],
            "channels": 2 if audio else 0,
            "fmtp": {},
            "ssrc": ssrc,
        }
        self.codecs[self._tracks] = codec
        self.tap.records.open_track(self._tracks, lesson_id, body, time.monotonic())
        return self._tracks

    def end_track(self, track: int) -> None:
        self.tap.records.close_track(track, time.monotonic())

    def send(self, track: int, at: float, data: bytes) -> None:
        """One packet that arrived `at` seconds into the lesson."""
        self.tap.records.packet(track, self.zero_ns + int(at * 1e9), data, time.monotonic())

    async def play(self, media, *, speed: float = 4.0, during=None) -> None:
        """`media`: (seconds, track, packet) in order. `during`: [(seconds, async callable)] called on the way."""
        during = list(during or [])
        began, first = time.monotonic(), media[0][0]
        for at, track, data in media:
            while during and at >= during[0][0]:
                await during.pop(0)[1]()
            ahead = (at - first) / speed - (time.monotonic() - began)
            if ahead > 0.02:
                await asyncio.sleep(ahead)
            self.send(track, at, data)
        await asyncio.sleep(0.05)


def media_of(track: int, codec: str, ssrc: int, seconds: float, *, begin: float = 0.0, **how):
    """(seconds, track, packet) rows of one stream."""
    stream = packets.Stream(ssrc, sequence=65_000, timestamp=2**32 - 180_000)  # both wrap soon
    if codec == "opus":
        rows = packets.packetize_opus(packets.encode_opus(seconds, **how), stream)
    else:
        rows = packets.packetize_video(codec, packets.encode_video(codec, int(seconds * 30), **how), stream)
    return [(begin + pts / RATES[codec], track, data) for pts, group in rows for data in group]


def merged(*streams):
    """Rows of several streams in order of time."""
    return sorted((row for rows in streams for row in rows), key=lambda row: row[0])
