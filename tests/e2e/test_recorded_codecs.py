"""What the recorder writes of each codec plays in Chromium through media source extensions, over a change of size."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from recorder.manifest import read_index
from tests.fakes import packets, recordings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext

SIZES = [(320, 180), (640, 360)]
SECONDS = 2

# Appends init and pieces, plays to the end, and tells the sizes seen and how many frames were shown.
PLAY = """async ([mime, files]) => {
  if (!MediaSource.isTypeSupported(mime)) return {unsupported: mime};
  const video = document.createElement('video'); video.muted = true; document.body.append(video);
  const sizes = new Set(); video.addEventListener('resize', () => sizes.add(video.videoWidth));
  const source = new MediaSource(); video.src = URL.createObjectURL(source);
  await new Promise(done => source.addEventListener('sourceopen', done, {once: true}));
  const buffer = source.addSourceBuffer(mime);
  for (const file of files) {
    buffer.appendBuffer(Uint8Array.from(atob(file), each => each.charCodeAt(0)));
    await new Promise((done, failed) => { buffer.onupdateend = done; buffer.onerror = () => failed('append'); });
  }
  source.endOfStream();
  const ended = new Promise((done, failed) => {
    video.onended = done; video.onerror = () => failed(video.error.message);
  });
  await video.play(); await ended;
  return {sizes: [...sizes], end: video.currentTime, frames: video.getVideoPlaybackQuality().totalVideoFrames};
}"""


def record(root: Path, codec: str) -> None:
    """A camera that grows from the first size to the second."""
    recording = recordings.Recording(recordings.Manifest("l1", recordings.ZERO_NS))
    feed = recording.attach(recordings.track_info(1, codec), 1, recordings.ZERO_NS)
    stream = packets.Stream(1)
    for part, size in enumerate(SIZES):
        frames = packets.encode_video(codec, SECONDS * 30, size=size)
        later = [(pts + part * SECONDS * 90_000, key, data) for pts, key, data in frames]
        for pts, group in packets.packetize_video(codec, later, stream):
            now = recordings.ZERO_NS + pts * 1_000_000_000 // 90_000
            for data in group:
                recording.packet(feed, 1, now, memoryview(data), now)
    recording.finish(recordings.ZERO_NS + len(SIZES) * SECONDS * 1_000_000_000, present=True)
    recordings.save(root, recording)


@pytest.mark.parametrize("codec", ["vp8", "h264", "vp9", "av1"])
def test_a_recorded_track_plays_over_a_change_of_size(context: Callable[..., BrowserContext], tmp_path: Path, codec):
    record(tmp_path, codec)
    (entry,) = recordings.Store(tmp_path).load("l1").tracks
    folder = tmp_path / "l1" / entry.id
    suffix = ".webm" if entry.container == "webm" else ".m4s"
    pieces, _ = read_index((folder / "index.jsonl").read_bytes())
    files = [folder / entry.init, *(folder / f"{piece.n:06d}{suffix}" for piece in pieces)]
    page = context(media=False).new_page()
    seen = page.evaluate(PLAY, [entry.mime, [base64.b64encode(file.read_bytes()).decode() for file in files]])
    assert seen["sizes"] == [width for width, _ in SIZES]
    assert seen["end"] == pytest.approx(len(SIZES) * SECONDS, abs=0.1)
    assert seen["frames"] > len(SIZES) * SECONDS * 30 * 0.9
