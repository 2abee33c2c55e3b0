"""The job process: queued as the server does it, the report on disk and in the events."""

from __future__ import annotations

import asyncio
import json
import time
from functools import lru_cache

import av
import numpy as np
import pytest

from recorder import export_state
from recorder.export_state import Export
from recorder.inspect import verify_recording
from recorder.storage import Store
from server.cluster.queue import HueyJobs
from tests.fakes import packets, recordings
from tests.fakes.objects import object_server
from tests.fakes.rooms import Room
from tests.fakes.tap_worker import Recorder
from tests.integration.media_kit import until


@pytest.fixture
def jobs(tmp_path, redis_server, redis):
    process = Recorder(tmp_path, redis_server.url, "jobs")
    process.start()
    yield process
    process.close()


async def verified(redis, count):
    """The bodies of `recording.verified`, once there are so many."""
    async with asyncio.timeout(20):
        while True:
            found = [json.loads(fields["body"]) for _, fields in await redis.xrange("tk:events")]
            if len(found) >= count:
                return found
            await asyncio.sleep(0.05)


async def test_a_queued_recording_is_verified_and_told(jobs, redis, redis_server, tmp_path):
    await asyncio.to_thread(
        recordings.write, tmp_path / "recordings", "l1", {"teacher": {"vp8": {}, "opus": {}}}, seconds=6
    )
    queue = HueyJobs(redis_server.url)
    assert await queue.verifying("l1") is None
    for lesson in ("l1", "missing", "../etc"):
        await queue.verify(lesson)
    bodies = {body["lesson_id"]: body["report"] for body in await verified(redis, 2)}
    assert bodies["l1"]["opens"]
    assert bodies["l1"]["problems"] == []
    assert bodies["l1"] == json.loads((tmp_path / "recordings/l1/verify.json").read_text())
    assert not bodies["missing"]["opens"]
    assert bodies["missing"]["problems"] == [{"code": "no_recording", "track": None, "value": None}]
    await queue.verify("l1")  # again: the same
    again = await verified(redis, 3)
    assert again[-1]["report"] == bodies["l1"]
    assert await queue.length() == 0
    assert await queue.verifying("l1") is None
    await queue.close()
    began = time.monotonic()
    assert jobs.stop() == 0
    assert time.monotonic() - began < 3


async def test_a_discarded_recording_is_gone_and_told_also_when_begun_before(jobs, redis, redis_server, tmp_path):
    root = tmp_path / "recordings"
    for lesson in ("l1", "l2", "l3"):
        (root / lesson / "teacher-video-vp8").mkdir(parents=True)
        (root / lesson / "manifest.json").write_text("{}")
    (root / "l2").rename(root / ".l2.discarded")  # killed between the two steps
    queue = HueyJobs(redis_server.url)
    for lesson in ("l1", "l2", "../recordings"):
        await queue.discard(lesson)
        await queue.discard(lesson)
    told = [body["lesson_id"] for body in await verified(redis, 3)]
    assert set(told) == {"l1", "l2", "../recordings"}
    assert [folder.name for folder in root.iterdir()] == ["l3"]
    await queue.close()


async def test_what_is_on_an_object_store_is_deleted_by_the_recorder_and_told_when_it_is(
    redis, redis_server, tmp_path, monkeypatch
):
    root = tmp_path / "recordings"
    await asyncio.to_thread(recordings.write, root, "l1", {"teacher": {"opus": {}}}, seconds=4)
    await asyncio.to_thread(verify_recording, root, "l1")
    queue = HueyJobs(redis_server.url)
    with object_server() as server:
        for name, value in (
            ("", server.place.url),
            ("_ENDPOINT", server.place.endpoint),
            ("_KEY_ID", server.place.key_id),
            ("_SECRET", server.place.secret),
        ):
            monkeypatch.setenv(f"TONGKE_STORAGE{name}", value)
        processes = [Recorder(tmp_path, redis_server.url, name) for name in ("tap", "jobs")]
        try:
            for process in processes:
                process.start()
            await until(lambda: "l1/manifest.json" in server.names(), 60)
            count = len(server.names())
            await queue.discard("l1")
            told = await verified(redis, 2)  # that it was closed comes first
            assert told == [{"lesson_id": "l1"}, {"lesson_id": "l1", "objects": count}]
            assert server.names() == set()
            assert list(root.iterdir()) == []
            assert [process.stop() for process in processes] == [0, 0]
        finally:
            for process in processes:
                process.close()
            await queue.close()


async def test_a_copy_on_a_store_that_is_not_configured_any_more_is_not_called_deleted(
    jobs, redis, redis_server, tmp_path
):
    root = tmp_path / "recordings"
    (root / "l1").mkdir(parents=True)
    (root / "l1" / "remote.json").write_text("{}")
    queue = HueyJobs(redis_server.url)
    for lesson in ("l1", "l2"):
        await queue.discard(lesson)
    (told,) = await verified(redis, 1)
    assert told["lesson_id"] == "l2"
    assert [folder.name for folder in root.iterdir()] == [".l1.discarded"]
    assert "none is configured" in (tmp_path / "jobs.log").read_text()
    await queue.close()


async def test_verifying_is_much_faster_than_real_time(tmp_path):
    tracks = {"teacher": {"h264": {"size": (1280, 720)}, "opus": {}}}
    await asyncio.to_thread(recordings.write, tmp_path, "l1", tracks, seconds=20)
    began = time.process_time()
    report = verify_recording(tmp_path, "l1")
    spent = time.process_time() - began
    assert report["opens"]
    assert 20 / spent > 40  # over 100 on a quiet machine, over a long recording


@pytest.mark.parametrize("codec", ["vp8", "h264", "vp9", "av1"])
async def test_black_and_silent_media_is_found_out(tmp_path, codec):
    tracks = {"teacher": {codec: {"picture": packets.black}, "opus": {"volume": 0.0}}}
    await asyncio.to_thread(recordings.write, tmp_path, "l1", tracks, seconds=8)
    report = verify_recording(tmp_path, "l1")
    assert report["opens"]
    assert report["teacher"]["black_or_frozen_share"] == pytest.approx(1.0, abs=0.01)
    assert report["teacher"]["silent_share"] == pytest.approx(1.0, abs=0.01)
    video = f"teacher-video-{codec}"
    found = [(problem["code"], problem["track"]) for problem in report["problems"]]
    assert found == [("black", video), ("frozen", video), ("silent", "teacher-audio-opus")]


@pytest.mark.parametrize("codec", ["vp8", "h264", "vp9", "av1"])
async def test_a_frozen_camera_is_found_out_and_a_still_screen_is_none_of_it(tmp_path, codec):
    tracks = {
        "teacher": {codec: {"picture": packets.standing}, "opus": {}},
        "screen": {codec: {"picture": packets.standing}},
    }
    await asyncio.to_thread(recordings.write, tmp_path, "l1", tracks, seconds=8)
    report = verify_recording(tmp_path, "l1")
    teacher = next(track for track in report["tracks"] if track["source"] == "teacher" and track["kind"] == "video")
    assert teacher["frozen_share"] > 0.7  # the last sample has nothing to be compared with
    assert teacher["black_share"] == 0
    assert report["teacher"]["silent_share"] == 0
    assert [problem for problem in report["problems"] if problem["code"] == "frozen"] == [
        {"code": "frozen", "track": teacher["id"], "value": teacher["frozen_share"]}
    ]


async def test_half_black_counts_half(tmp_path):
    def picture(index, width, height):
        return packets.black(index, width, height) if index >= 150 else packets.moving(index, width, height)

    tracks = {"teacher": {"vp8": {"picture": picture}}}
    await asyncio.to_thread(recordings.write, tmp_path, "l1", tracks, seconds=10)
    report = verify_recording(tmp_path, "l1")
    assert report["tracks"][0]["black_share"] == pytest.approx(0.4, abs=0.11)


async def test_what_does_not_open_is_a_result_not_a_failure(tmp_path):
    tracks = {"teacher": {"vp8": {}, "opus": {}}, "screen": {"h264": {}}}
    await asyncio.to_thread(recordings.write, tmp_path, "l1", tracks, seconds=4)
    folder = tmp_path / "l1"
    (folder / "teacher-video-vp8" / "init.webm").write_bytes(b"nothing")
    (folder / "teacher-audio-opus" / "000001.m4s").unlink()
    (folder / "screen-video-h264" / "index.jsonl").unlink()
    report = verify_recording(tmp_path, "l1")
    assert not report["opens"]
    assert {track["id"]: track["opens"] for track in report["tracks"]} == {
        "teacher-video-vp8": False,
        "teacher-audio-opus": False,
        "screen-video-h264": False,
    }
    assert {problem["track"]: problem["code"] for problem in report["problems"] if problem["track"]} == {
        "teacher-video-vp8": "does_not_open",
        "teacher-audio-opus": "does_not_open",
        "screen-video-h264": "empty",
    }


async def test_without_tracks_or_manifest_there_is_still_a_report(tmp_path):
    recordings.write(tmp_path, "l1", {}, seconds=1)
    report = verify_recording(tmp_path, "l1")
    assert (report["opens"], report["tracks"], report["teacher"]) == (
        False,
        [],
        {"black_or_frozen_share": None, "silent_share": None},
    )
    (tmp_path / "l2").mkdir()
    (tmp_path / "l2" / "manifest.json").write_text("{broken")
    assert not verify_recording(tmp_path, "l2")["opens"]
    assert verify_recording(tmp_path, "../l2") is None


async def test_an_export_survives_kills_and_a_queue_that_forgot_it(tmp_path, redis_server, redis):
    root = tmp_path / "recordings"
    await asyncio.to_thread(recordings.write, root, "l1", {"teacher": {"vp8": {}, "opus": {}}}, seconds=4)
    recording = Store(root).load("l1")
    folder = root / "l1" / "exports" / "x1"
    folder.mkdir(parents=True)
    wish = Export("x1", "l1", "one", "teacher", None, ["圆的面积", "县实验小学"], 0.0, {"id": "u1", "name": "管理员"})
    export_state.save(folder, wish)
    queue = HueyJobs(redis_server.url)
    await queue.export("l1", "x1")
    await queue.export("l1", "x1")  # stands in the queue once
    await queue.close()
    process = Recorder(tmp_path, redis_server.url, "exports")
    process.start()
    try:
        await until(lambda: (folder / "part-0000.mp4").exists(), 60)
        process.kill()  # with the job taken out of the queue
        await redis.flushall()
        process.start()
        await until(lambda: export_state.load(folder).state == "done", 60)
        assert process.stop() == 0
    finally:
        process.close()
    with av.open(str(folder / "lesson.mp4")) as film:
        assert film.duration / 1e6 == pytest.approx(8.0, abs=0.1)
        assert sum(1 for _ in film.decode(video=0)) == 200
    assert recording == Store(root).load("l1")


async def test_a_looped_camera_and_an_old_recording_are_found_in_what_was_recorded(tmp_path):
    """Through encoder, pieces and keyframes: a classroom that shows 50 s again and again, and yesterday's teacher."""
    room, teacher = Room(1, 1), Room(2, 1, teacher=True)

    def filmed(picture):
        seen = lru_cache(maxsize=1)(picture)  # twice a second is enough to encode

        def frame(index, width, height):
            luma = 16 + seen(index // 15 / 2).astype(np.uint16) * 219 // 255
            return np.vstack([luma, np.full((height // 2, width), 128)]).astype(np.uint8)

        return {"vp8": {"size": (160, 90), "picture": frame}}

    def lesson(name: str, seconds: float, **sources):
        made = {source.replace("_", "-"): filmed(picture) for source, picture in sources.items()}
        return recordings.write(tmp_path, name, made | {"teacher": made["teacher"] | {"opus": {}}}, seconds=seconds)

    await asyncio.to_thread(lesson, "old", 150, teacher=teacher.picture)
    assert verify_recording(tmp_path, "old")["sources"][0]["copies"] == []
    later = Store(tmp_path).load("old")
    await asyncio.to_thread(
        lesson,
        "new",
        200,
        teacher=lambda t: teacher.picture(t + 20) if t < 120 else room.picture(0),
        classroom_s02=lambda t: room.picture(t % 50),
    )
    manifest = tmp_path / "new" / "manifest.json"
    body = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(body | {"clock_zero_ns": later.clock_zero_ns + 86_400 * 10**9}))
    report = verify_recording(tmp_path, "new")
    ends = {end["source"]: end for end in report["sources"]}
    loop = ends["classroom-s02"]["loop"]
    assert loop["period"] == pytest.approx(50, abs=2)
    assert loop["seconds"] == pytest.approx(148, abs=12)
    assert ends["classroom-s02"]["copies"] == []
    (copy,) = ends["teacher"]["copies"]
    assert copy["lesson_id"] == "old"
    assert copy["stretches"][0]["there"] - copy["stretches"][0]["start"] == pytest.approx(20, abs=2)
    assert ends["teacher"]["loop"] is None
    assert ends["teacher"]["heard_seconds"] == pytest.approx(200, abs=4)
    assert ends["teacher"]["still_seconds"] == pytest.approx(80, abs=8)
    assert report["clock_zero"] == pytest.approx(later.clock_zero_ns / 1e9 + 86_400)
