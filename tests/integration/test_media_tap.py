"""The tap over a real sequenced socket: what a recorder gets, loses and gets again."""

from __future__ import annotations

import asyncio
import json
import socket

import pytest

from server.media.tap import Tap
from server.wire import rtp
from tests.integration.media_kit import LESSON, running_worker, until


class Recorder:
    """Listens as a recorder does and keeps every message."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.messages: list[bytes] = []
        self.peer: socket.socket | None = None
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._listener.bind(path)
        self._listener.listen()
        self._listener.setblocking(False)
        self._task = asyncio.create_task(self._serve())

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self.peer, _ = await loop.sock_accept(self._listener)
            self.peer.setblocking(False)
            while message := await loop.sock_recv(self.peer, 65536):
                self.messages.append(message)
            self.peer.close()

    def records(self) -> list[tuple[int, bytes, bytes]]:
        """(number, kind, body); number 0 for state."""
        found = []
        for message in self.messages:
            if message[:1] != b"R":
                continue
            number, at = int.from_bytes(message[1:9], "big"), 9
            while at < len(message):
                size = int.from_bytes(message[at + 1 : at + 3], "big")
                found.append((number, message[at : at + 1], message[at + 3 : at + 3 + size]))
                at += 3 + size
                number += 1 if number else 0
        return found

    async def close(self) -> None:
        self._task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await self._task
        self._listener.close()
        if self.peer is not None:
            self.peer.close()


async def test_a_recorder_that_comes_late_and_goes_away_loses_nothing(tmp_path):
    path, wanted, now = str(tmp_path / "tap.sock"), [], 0.0
    loop = asyncio.get_running_loop()
    tap = Tap(path, worker="w0", epoch="e", loop=loop, keyframe_wanted=wanted.append)
    tap.records.open_lesson("l1", 1.0, now)
    tap.records.open_track(1, "l1", {"track": 1}, now)
    tap.records.packet(1, 1, b"one", now)
    tap.flush(now)
    assert not tap.connected
    recorder = Recorder(path)
    tap.flush(now + 0.3)
    await until(lambda: len(recorder.messages) == 3, what="hello, state, records")
    assert json.loads(recorder.messages[0][1:]) == {"worker": "w0", "epoch": "e", "version": 1}
    assert [(number, kind) for number, kind, _ in recorder.records()] == [
        (0, b"o"), (0, b"t"), (1, b"o"), (2, b"t"), (3, b"p"),
    ]  # fmt: skip
    recorder.peer.send(b"A" + (2).to_bytes(8, "big"))
    recorder.peer.send(b"K" + (1).to_bytes(4, "big"))
    recorder.peer.send(b"nonsense")
    await until(lambda: wanted == [1], what="the keyframe wish")
    await recorder.close()
    await until(lambda: not tap.connected, what="the end of the connection")
    (tmp_path / "tap.sock").unlink()
    tap.records.packet(1, 2, b"two", now + 0.5)
    recorder = Recorder(path)
    tap.flush(now + 1.0)
    await until(lambda: len(recorder.messages) == 3, what="everything unacknowledged")
    assert [(number, kind) for number, kind, _ in recorder.records()] == [(0, b"o"), (0, b"t"), (3, b"p"), (4, b"p")]
    tap.close(now + 1.1)
    await recorder.close()


async def test_a_lesson_s_media_reaches_the_recorder(redis, tmp_path):
    recorder = Recorder(str(tmp_path / "tap.sock"))
    async with running_worker(redis, recorder.path) as plane:
        session, _ = await plane.publish(codec="H264")
        await until(lambda: len(recorder.records()) > 150, what="records")
        tracks = [json.loads(body) for number, kind, body in recorder.records() if kind == b"t" and number]
        assert {track["kind"] for track in tracks} == {"audio", "video"}
        video = next(track for track in tracks if track["kind"] == "video")
        assert video["lesson_id"] == LESSON
        assert (video["source"], video["participant_id"], video["school_id"]) == ("teacher", "teacher", "s01")
        assert (video["codec"], video["clock_rate"]) == ("h264", 90000)
        packets = [body for _, kind, body in recorder.records() if kind == b"p"]
        for body in packets:
            header = rtp.parse_untrusted(body[12:], None)
            assert header.ssrc in {track["ssrc"] for track in tracks}
        numbers = [number for number, _, _ in recorder.records() if number]
        assert numbers == list(range(1, len(numbers) + 1))
        await until(lambda: any(kind == b"s" for _, kind, _ in recorder.records()), what="a sender report")
        keyframes = sum(b"\x67\x42" in body for body in packets)
        recorder.peer.send(b"K" + video["track"].to_bytes(4, "big"))
        await until(
            lambda: sum(b"\x67\x42" in body for _, kind, body in recorder.records() if kind == b"p") > keyframes,
            what="the keyframe that was wanted",
        )
        await plane.command("session.close", session_id=session)
        await plane.command("lesson.close", lesson_id=LESSON)
        await until(lambda: recorder.records()[-1][1] == b"c", what="the end of the lesson")
        assert sorted(kind for _, kind, _ in recorder.records()[-3:]) == [b"c", b"e", b"e"]
    await recorder.close()
