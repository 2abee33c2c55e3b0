"""Pictures for the wall: painted from keyframes alone, only while somebody looks, and never at a recording's cost."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from random import Random

import cv2
import numpy as np
import pytest

from recorder.feed import Feed
from recorder.painter import annex_b, paint
from recorder.timeline import PublisherClock
from recorder.wall import EVERY, LivePicture, ProcessPainter, Wall
from tests.fakes import packets
from tests.fakes.recordings import ZERO_NS, track_info


def keyframe(codec: str, size=(640, 360)) -> bytes:
    """A keyframe as the recorder's own assembler makes it."""
    frames = packets.encode_video(codec, 4, size=size, key_every=2)
    info = track_info(1, codec)
    feed = Feed(info, 1, PublisherClock(), ZERO_NS)
    raws = [raw for _, raws in packets.packetize_video(codec, frames, packets.Stream(1)) for raw in raws]
    for number, raw in enumerate(raws):
        feed.packet(number + 1, ZERO_NS + number * 1_000_000, raw, ZERO_NS + number * 1_000_000)
    assert feed.newest_key is not None
    return feed.newest_key.data


@pytest.mark.parametrize("codec", ["vp8", "h264", "vp9", "av1"])
def test_one_keyframe_becomes_a_small_picture(codec):
    picture = cv2.imdecode(np.frombuffer(paint(codec, keyframe(codec)), np.uint8), cv2.IMREAD_COLOR)
    assert picture.shape == (180, 320, 3)
    assert picture.std() > 10  # there is something to see


def test_a_small_picture_stays_as_it_is():
    picture = cv2.imdecode(np.frombuffer(paint("vp8", keyframe("vp8", (160, 90))), np.uint8), cv2.IMREAD_COLOR)
    assert picture.shape == (90, 160, 3)


def test_a_nal_unit_that_ends_outside_is_no_picture():
    with pytest.raises(ValueError, match="outside"):
        annex_b(b"\x00\x00\x10\x00abc")


class Painted:
    """A painter that remembers and writes what it was given."""

    def __init__(self):
        self.painted = []
        self.closed = 0

    async def paint(self, codec, data, path):
        self.painted.append(data)
        path.write_bytes(data)
        return True

    async def close(self):
        self.closed += 1


class Stage:
    """A wall whose pictures and visitors the test sets."""

    def __init__(self, folder):
        self.folder = folder / "wall"
        self.live = []
        self.wanted = True
        self.painter = Painted()

        async def wanted():
            return self.wanted

        self.wall = Wall(self.folder, lambda: self.live, wanted, self.painter)

    def show(self, data, source="teacher", still=False):
        self.live = [picture for picture in self.live if picture.source != source]
        self.live.append(LivePicture("l1", source, still, "vp8", int.from_bytes(data), data))


@pytest.fixture
def stage(tmp_path):
    return Stage(tmp_path)


async def test_a_source_is_painted_every_ten_seconds_and_not_oftener(stage):
    for second in range(25):
        stage.show(b"%d" % second)
        await stage.wall.look(float(second))
    assert stage.painter.painted == [b"0", b"10", b"20"]
    assert (stage.folder / "l1" / "teacher.jpg").read_bytes() == b"20"


async def test_nothing_is_painted_while_nobody_looks_and_what_was_is_removed(stage):
    stage.show(b"1")
    stage.wanted = False
    await stage.wall.look(0.0)
    assert stage.painter.painted == []
    stage.wanted = True
    await stage.wall.look(1.0)
    assert (stage.folder / "l1" / "teacher.jpg").exists()
    stage.wanted = False
    await stage.wall.look(2.0)
    await stage.wall.look(3.0)
    assert not stage.folder.exists()
    assert stage.painter.closed == 2  # once each time the looking ended
    stage.wanted = True
    await stage.wall.look(4.0)  # and again at once when somebody comes back
    assert stage.painter.painted == [b"1", b"1"]


async def test_a_source_that_is_gone_takes_its_picture_along(stage):
    stage.show(b"1")
    stage.show(b"2", "screen")
    await stage.wall.look(0.0)
    stage.live.pop()
    await stage.wall.look(1.0)
    assert [path.name for path in (stage.folder / "l1").iterdir()] == ["teacher.jpg"]
    stage.live.clear()
    await stage.wall.look(2.0)
    assert not (stage.folder / "l1").exists()


async def test_a_screen_that_stands_still_stays_new(stage):
    stage.show(b"1", "screen", still=True)
    stage.show(b"2", "teacher")
    await stage.wall.look(0.0)
    for name in ("screen", "teacher"):
        os.utime(stage.folder / "l1" / f"{name}.jpg", (1, 1))
    await stage.wall.look(EVERY + 1)
    times = {path.stem: path.stat().st_mtime for path in (stage.folder / "l1").iterdir()}
    assert times["screen"] > 1
    assert times["teacher"] == 1
    assert len(stage.painter.painted) == 2


async def test_the_painters_process_survives_nonsense_and_is_started_again_after_it_died(tmp_path):
    painter = ProcessPainter()
    path = tmp_path / "a.jpg"
    try:
        assert not await painter.paint("vp8", Random(1).randbytes(5_000), path)
        assert not await painter.paint("h264", b"\xff" * 100, path)
        assert not path.exists()
        assert await painter.paint("vp8", keyframe("vp8"), path)
        assert cv2.imread(str(path)).shape == (180, 320, 3)
        os.kill(painter._process.pid, signal.SIGKILL)
        await painter._process.wait()
        assert not await painter.paint("vp8", keyframe("vp8"), path)
        painter._not_before = 0.0  # as if the pause were over
        assert await painter.paint("vp8", keyframe("vp8"), path)
    finally:
        await painter.close()


async def test_a_painter_that_sticks_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr("recorder.wall.PATIENCE", 0.2)
    painter = ProcessPainter((sys.executable, "-c", "import sys\nsys.stdin.buffer.read()"))
    assert not await asyncio.wait_for(painter.paint("vp8", b"x", tmp_path / "a.jpg"), 5)
    assert painter._process is None
