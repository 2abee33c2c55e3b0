"""What is made of a recording afterwards: how much faster than real time it is verified and exported, on one core."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import cv2

from bench import clip
from bench.figures import OURS
from recorder import export_state
from recorder.export import run_export
from recorder.inspect import verify_recording
from tests.fakes import packets, recordings

if TYPE_CHECKING:
    from bench.clip import Clip
    from bench.figures import Figures

MINUTES = 2.0  # of the recording: long enough that opening files counts for nothing
EXPORTED = 30.0  # s of it that are exported: encoding costs the same every second
LESSON = "l1"


async def run(figures: Figures) -> None:
    """A camera and microphone, and shared slides beside them; CPU seconds of this process are what counts."""
    await asyncio.to_thread(_run, figures)


def _run(figures: Figures) -> None:
    cv2.setNumThreads(1)
    camera, slides = clip.load(), clip.load(clip.SCREEN)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _record(root, camera, slides, 60 * MINUTES)
        began = time.process_time()
        report = verify_recording(root, LESSON)
        figures.add(OURS, "verify.speed", 60 * MINUTES / (time.process_time() - began))
        if report is None or not report["opens"]:
            raise RuntimeError("the recording does not open")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _record(root, camera, slides, EXPORTED)
        path = root / LESSON / "exports" / "x1"
        path.mkdir(parents=True)
        wish = export_state.Export(
            "x1", LESSON, "picture_in_picture", "screen", "teacher", ["圆的面积"], 0.0, {"id": "u", "name": "bench"}
        )
        export_state.save(path, wish)
        began = time.process_time()
        done = run_export(root, LESSON, "x1")
        if done is None or done.state != "done" or done.seconds is None:
            raise RuntimeError("the export failed")
        figures.add(OURS, "export.speed", done.seconds / (time.process_time() - began))


def _record(root: Path, camera: Clip, slides: Clip, seconds: float) -> None:
    """As the recorder writes it, from clips that are repeated."""
    recording = recordings.Recording(recordings.Manifest(LESSON, recordings.ZERO_NS))
    rows = []
    for number, (source, codec, frames) in enumerate(
        (
            ("teacher", "vp8", _pictures(camera, seconds)),
            ("teacher", "opus", _sound(camera, seconds)),
            ("screen", "vp8", _pictures(slides, seconds)),
        ),
        1,
    ):
        feed = recording.attach(recordings.track_info(number, codec, source, LESSON), 1, recordings.ZERO_NS)
        stream = packets.Stream(number)
        if codec == "opus":
            groups = packets.packetize_opus(frames, stream)
        else:
            groups = packets.packetize_video(codec, frames, stream)
        rate = recordings.RATES[codec]
        rows += [(pts / rate, feed, data) for pts, group in groups for data in group]
    rows.sort(key=lambda row: row[0])
    for count, (at, feed, data) in enumerate(rows, 1):
        now = recordings.ZERO_NS + int(at * 1e9)
        recording.packet(feed, count, now, memoryview(data), now)
    recording.finish(recordings.ZERO_NS + int(seconds * 1e9), present=True)
    recording.manifest.state = "closed"
    recordings.save(root, recording)


def _pictures(clip_: Clip, seconds: float) -> list[tuple[int, bool, bytes]]:
    video = clip_.video
    step = 90_000 * clip.SECONDS // len(video)
    return [(index * step, *video[index % len(video)]) for index in range(int(seconds * 90_000 / step))]


def _sound(clip_: Clip, seconds: float) -> list[tuple[int, bytes]]:
    audio = clip_.audio
    return [(index * clip.AUDIO_FRAME, audio[index % len(audio)]) for index in range(int(seconds * 50))]
