"""The recorder as a real process, fed over its socket, killed and started again in the middle."""

from __future__ import annotations

import asyncio
import itertools
import json
import resource
import socket
import time

import av
import pytest

from recorder.inspect import verify_recording
from recorder.pieces import PieceStream
from tests.fakes.tap_worker import Recorder, TapWorker, media_of, merged


async def until(condition, seconds=30.0):
    """Wait until the (async) condition holds; its value."""
    async with asyncio.timeout(seconds):
        while not (value := await condition()):  # noqa: ASYNC110 (the other side is another process)
            await asyncio.sleep(0.02)
    return value


@pytest.fixture
def recorder(tmp_path, redis_server, redis):
    process = Recorder(tmp_path, redis_server.url)
    process.start()
    yield process
    process.close()


@pytest.fixture
async def worker(tmp_path):
    one = TapWorker(tmp_path)
    yield one
    await one.close()


async def events(redis, type):
    """Bodies of the events of one type."""
    return [json.loads(fields["body"]) for _, fields in await redis.xrange("tk:events") if fields["type"] == type]


async def closed(redis):
    return await until(lambda: events(redis, "recording.closed"))


def decoded(folder, track):
    """(time in s of every decoded frame) of a track's folder, init and indexed pieces in order."""
    manifest = json.loads((folder / "manifest.json").read_text())
    entry = next(each for each in manifest["tracks"] if each["id"] == track)
    pieces = [json.loads(line) for line in (folder / track / "index.jsonl").read_text().splitlines()]
    files = [folder / track / entry["init"], *(folder / track / piece["file"] for piece in pieces)]
    container = "matroska" if entry["container"] == "webm" else "mp4"
    with PieceStream(files) as stream, av.open(stream, mode="r", format=container) as source:
        return [float(f.pts * f.time_base) for packet in source.demux() for f in packet.decode()], pieces


def lesson(worker, seconds=8.0):
    """Teacher with VP8, a classroom with H.264, both with sound: (rows, {track id: frames})."""
    worker.open_lesson("l1")
    rows = []
    for ssrc, (source, codec) in enumerate(
        [("teacher", "vp8"), ("teacher", "opus"), ("classroom-s02", "h264"), ("classroom-s02", "opus")], 1
    ):
        track = worker.open_track("l1", source, codec, ssrc)
        rows.append(media_of(track, codec, ssrc, seconds))
    frames = {
        "teacher-video-vp8": int(seconds * 30),
        "teacher-audio-opus": int(seconds * 50),
        "classroom-s02-video-h264": int(seconds * 30),
        "classroom-s02-audio-opus": int(seconds * 50),
    }
    return merged(*rows), frames


async def test_a_lesson_is_recorded_frame_by_frame(recorder, worker, redis, tmp_path):
    rows, frames = lesson(worker)
    await worker.play(rows)
    worker.close_lesson("l1")
    await closed(redis)
    assert [body["lesson_id"] for body in await events(redis, "recording.opened")] == ["l1"]
    folder = tmp_path / "recordings" / "l1"
    for track, count in frames.items():
        times, pieces = decoded(folder, track)
        assert len(times) == count, track
        assert times[0] == pytest.approx(0.0, abs=0.06)
        assert times[-1] == pytest.approx(8.0, abs=0.1)
        assert all(1.4 < piece["end"] - piece["start"] < 2.6 for piece in pieces[:-1])
        assert all(a["end"] == pytest.approx(b["start"], abs=0.002) for a, b in itertools.pairwise(pieces))
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["state"] == "closed"
    assert {entry["mime"] for entry in manifest["tracks"]} == {
        'video/webm; codecs="vp8"',
        'audio/mp4; codecs="opus"',
        'video/mp4; codecs="avc3.42c01f"',
    }
    await until(lambda: acknowledged(worker))
    assert recorder.stop() == 0


async def acknowledged(worker):
    return worker.tap.records.unacknowledged == 0


@pytest.mark.parametrize("at", [[0.3], [1.9], [2.1, 4.4], [3.3, 3.8, 6.9]])
async def test_kill_9_of_the_recorder_loses_nothing(recorder, worker, redis, tmp_path, at):
    rows, frames = lesson(worker)

    async def kill():
        recorder.kill()
        recorder.start()

    await worker.play(rows, during=[(second, kill) for second in at])
    worker.close_lesson("l1")
    await closed(redis)
    folder = tmp_path / "recordings" / "l1"
    for track, count in frames.items():
        times, pieces = decoded(folder, track)
        assert len(times) == count, (track, pieces, recorder.log())
        assert times == sorted(times)
        assert times[-1] == pytest.approx(8.0, abs=0.1)
    report = verify_recording(tmp_path / "recordings", "l1")
    assert report["opens"]
    assert report["gap_seconds"] == 0
    assert report["problems"] == []


async def test_a_torn_tail_is_cut_and_what_was_there_stays(recorder, worker, redis, tmp_path):
    rows, _ = lesson(worker, 4.0)
    await worker.play(rows)
    await until(lambda: acknowledged(worker))
    recorder.kill()
    folder = tmp_path / "recordings" / "l1" / "teacher-video-vp8"
    piece = max(folder.glob("0*.webm"))
    piece.write_bytes(piece.read_bytes() + b"\x1f\x43\xb6\x75\x10\x00\x99\x99torn")
    index = folder / "index.jsonl"
    index.write_bytes(index.read_bytes() + b'{"n": 7, "fi')
    recorder.start()
    await until(lambda: connected(worker))
    worker.close_lesson("l1")
    await closed(redis)
    times, _ = decoded(folder.parent, "teacher-video-vp8")
    assert len(times) == 120


async def connected(worker):
    return worker.tap.connected


async def test_a_recorder_killed_at_the_start_gets_all_of_it_after_the_end(recorder, worker, redis, tmp_path):
    """What it had was not acknowledged, and by the time it is back the lesson is closed."""
    rows, frames = lesson(worker, 2.0)

    async def kill():
        recorder.kill()

    await until(lambda: connected(worker))
    await worker.play(rows, during=[(0.1, kill)])
    worker.close_lesson("l1")
    recorder.start()
    await closed(redis)
    for track, count in frames.items():
        assert len(decoded(tmp_path / "recordings" / "l1", track)[0]) == count


async def test_a_recorder_that_is_away_costs_only_its_absence(recorder, worker, redis, tmp_path):
    rows, frames = lesson(worker)

    async def kill():
        recorder.kill()

    async def start():
        recorder.start()

    await worker.play(rows, during=[(2.5, kill), (5.5, start)])
    worker.close_lesson("l1")
    await closed(redis)
    for track, count in frames.items():
        assert len(decoded(tmp_path / "recordings" / "l1", track)[0]) == count


async def test_a_worker_that_died_is_followed_by_another(recorder, worker, redis, tmp_path):
    worker.open_lesson("l1", time.time() - 6)
    track = worker.open_track("l1", "teacher", "vp8", 1)
    await until(lambda: connected(worker))
    await worker.play(media_of(track, "vp8", 1, 2.0))
    await worker.close()
    second = TapWorker(tmp_path, epoch="e2")
    second.open_lesson("l1", time.time())
    second.zero_ns = worker.zero_ns
    track = second.open_track("l1", "teacher", "vp8", 2)
    await second.play(media_of(track, "vp8", 2, 2.0, begin=4.0))
    second.close_lesson("l1")
    await closed(redis)
    await second.close()
    times, pieces = decoded(tmp_path / "recordings" / "l1", "teacher-video-vp8")
    assert len(times) == 120
    holes = [b["start"] - a["end"] for a, b in itertools.pairwise(pieces) if b["start"] - a["end"] > 0.1]
    assert holes == [pytest.approx(2.0, abs=0.2)]
    report = verify_recording(tmp_path / "recordings", "l1")
    assert report["gap_seconds"] == pytest.approx(2.0, abs=0.2)
    assert report["live_seconds"] == pytest.approx(6.0, abs=0.2)


async def test_a_lesson_whose_worker_is_gone_closes_by_command(recorder, worker, redis, tmp_path):
    rows, _ = lesson(worker, 2.0)
    await worker.play(rows)
    await until(lambda: acknowledged(worker))
    await worker.close()
    for request in ("a", "b"):
        command = {
            "id": request,
            "reply": "tk:reply:test",
            "deadline": str(time.time() + 5),
            "method": "recording.close",
            "params": '{"lesson_id":"l1"}',
        }
        await redis.xadd("tk:cmd:recorder", command)
        answers = await redis.xread({"tk:reply:test": "0"}, block=4000)
        answer = answers[0][1][-1][1]
        assert answer["id"] == request
        assert answer["ok"] == "1"
        assert json.loads(answer["body"]) == {"known": True}
        await redis.delete("tk:reply:test")
    assert len(await closed(redis)) == 1
    assert json.loads((tmp_path / "recordings/l1/manifest.json").read_text())["state"] == "closed"
    assert len(decoded(tmp_path / "recordings/l1", "teacher-audio-opus")[0]) == 100


async def test_a_full_disk_is_told_and_survived(recorder, worker, redis, tmp_path):
    rows, frames = lesson(worker, 5.0)
    pid = recorder.process.pid

    async def full():  # no file may grow beyond 8 KiB: every write fails with EFBIG, as on a full disk with ENOSPC
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (8192, resource.RLIM_INFINITY))

    async def free():
        await until(lambda: events(redis, "recording.trouble"))
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    await until(lambda: connected(worker))
    await worker.play(rows, during=[(1.0, full), (4.0, free)])
    worker.close_lesson("l1")
    await closed(redis)
    for track, count in frames.items():
        assert len(decoded(tmp_path / "recordings" / "l1", track)[0]) == count
    told = [body["ok"] for body in await events(redis, "recording.trouble")]
    assert told == [False, True]


async def test_sigterm_closes_the_pieces_and_the_lesson_goes_on_later(recorder, worker, redis, tmp_path):
    rows, _ = lesson(worker, 3.0)
    await worker.play(rows)
    began = time.monotonic()
    assert recorder.stop() == 0
    assert time.monotonic() - began < 3
    folder = tmp_path / "recordings" / "l1"
    assert json.loads((folder / "manifest.json").read_text())["state"] == "open"
    assert len(decoded(folder, "teacher-video-vp8")[0]) == 90
    assert not (tmp_path / "run" / "tap.sock").exists()
    recorder.start()
    await until(lambda: connected(worker))
    worker.close_lesson("l1")
    await closed(redis)
    assert len(decoded(folder, "teacher-video-vp8")[0]) == 90


async def test_strangers_on_the_socket_disturb_nobody(recorder, worker, redis, tmp_path):
    await until(lambda: connected(worker))
    rows, frames = lesson(worker, 2.0)

    async def disturb():
        for message in (b"", b"X", b"H{}", b'H{"worker":1}', b"R" + bytes(8), b"H" + b"[" * 5000):
            with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as sock:
                sock.connect(str(tmp_path / "run" / "tap.sock"))
                if message:
                    sock.send(message)

    await worker.play(rows, during=[(1.0, disturb)])
    worker.close_lesson("l1")
    await closed(redis)
    assert len(decoded(tmp_path / "recordings" / "l1", "teacher-video-vp8")[0]) == frames["teacher-video-vp8"]
    assert "Traceback" not in recorder.log()
