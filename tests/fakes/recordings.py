"""Whole recordings on disk, made by the recorder's own cores without a process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recorder.manifest import Manifest
from recorder.recording import Recording
from recorder.storage import Store, TrackFiles
from recorder.tap_messages import TrackInfo
from tests.fakes import packets

if TYPE_CHECKING:
    from pathlib import Path

ZERO_NS = 1_790_000_000_000_000_000
RATES = {"vp8": 90_000, "h264": 90_000, "vp9": 90_000, "av1": 90_000, "opus": 48_000, "red": 48_000}


def track_info(number: int, codec: str, source: str = "teacher", lesson_id: str = "l1", ssrc: int = 0) -> TrackInfo:
    """What the tap would say of a stream; codec "red": Opus whose packets carry redundancy."""
    red = packets.Stream(0).payload_type if codec == "red" else -1
    audio = codec in ("opus", "red")
    kind = "audio" if audio else "video"
    participant = "teacher" if source == "screen" else source
    return TrackInfo(
        number,
        lesson_id,
        participant,
        "s01",
        source,
        kind,
        "opus" if codec == "red" else codec,
        RATES[codec],
        2 * audio,
        "",
        ssrc or number,
        red,
    )


def save(root: Path, recording: Recording) -> None:
    """Everything a recording has ready, to disk."""
    recording.update_manifest()
    store = Store(root)
    store.save(recording.manifest.lesson_id, bytes(recording.manifest))
    for track in recording.tracks.values():
        if track.entry is None or track.cutter is None:
            continue
        folder = store.folder(recording.manifest.lesson_id) / track.entry.id
        files = TrackFiles(folder, track.cutter.container.suffix, track.entry.init, track.init, track.resume.size)
        files.apply(track.take())
        files.close()


def write(root: Path, lesson_id: str, sources: dict, *, seconds: float, state: str = "closed") -> Recording:
    """A recording of `{source: {codec: keyword arguments of the encoder}}`."""
    recording = Recording(Manifest(lesson_id, ZERO_NS))
    rows = []
    number = 0
    for source, codecs in sources.items():
        for codec, how in codecs.items():
            number += 1
            feed = recording.attach(track_info(number, codec, source, lesson_id), 1, ZERO_NS)
            stream = packets.Stream(number)
            if codec == "opus":
                groups = packets.packetize_opus(packets.encode_opus(seconds, **how), stream)
            else:
                groups = packets.packetize_video(codec, packets.encode_video(codec, int(seconds * 30), **how), stream)
            rows += [(pts / RATES[codec], feed, data) for pts, group in groups for data in group]
    rows.sort(key=lambda row: row[0])
    for count, (at, feed, data) in enumerate(rows, 1):
        now = ZERO_NS + int(at * 1e9)
        recording.packet(feed, count, now, memoryview(data), now)
    recording.finish(ZERO_NS + int(seconds * 1e9), present=True)
    recording.manifest.state = state
    if state == "closed":
        recording.manifest.closed_at_ns = ZERO_NS + int(seconds * 1e9)
    save(root, recording)
    return recording
