"""Makes one MP4 (H.264 + AAC) of a recording: a title card, the chosen layout, everybody's sound.

It works in parts of a minute. A part is a file that is written, synced and only then named, so a process that was
killed goes on behind the last whole part; at the end parts and sound are put together without being encoded again.
"""

from __future__ import annotations

import contextlib
import errno
import heapq
import logging
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import av

from recorder import card, export_state, mixing
from recorder.compose import HEIGHT, RATE, WIDTH, Composer, frames_of
from recorder.export_state import CANCELLED, DONE, FAILED, RESULT, RUNNING, BadExport, Export
from recorder.reading import read_recording
from recorder.storage import sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from recorder.card import Planes
    from recorder.reading import ReadRecording, Span

log = logging.getLogger("tongke.exports")

CARD_SECONDS = 4.0
PART_SECONDS = 60.0  # what a kill costs at most, of the export's time
TELL_EVERY = 2.0  # s between two notes of the progress
LOOK_EVERY = RATE  # pictures between two looks whether it was cancelled
# shares of the work, for the progress
VIDEO_WORK, SOUND_WORK = 0.85, 0.12
PRESET, QUALITY = "veryfast", "25"  # x264's; text of a 720p slide stays sharp at this CRF
KEY_EVERY = 2 * RATE


class Cancelled(Exception):
    """Somebody does not want it any more."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the lesson; `number` 0 is the title card."""

    number: int
    start: float
    end: float


def run_export(root: Path, lesson_id: str, export_id: str) -> Export | None:
    """Make it, or go on with it; what came of it is in `export.json`. None if there is no such export any more.

    What is wrong with the recording or the disk is a result (`error`), not a failure.
    """
    try:
        folder = export_state.folder_of(root, lesson_id, export_id)
        export = export_state.load(folder)
    except BadExport as error:
        log.warning("export %r of %r: %s", export_id, lesson_id, error)
        return None
    if export.state == DONE:
        return export
    work = Work(root, folder, export)
    try:
        work.run()
        export.state, export.error, export.progress = DONE, None, 1.0
    except Cancelled:
        export.state = CANCELLED
    except Exception as error:  # a decoder may raise anything; the export is what failed
        if not folder.exists():  # deleted while it ran
            return None
        log.warning("export %s of %s failed: %s", export_id, lesson_id, error)
        export.state, export.error = FAILED, reason_of(error)
    try:
        export_state.save(folder, export)
    except FileNotFoundError:
        return None
    return export


def reason_of(error: Exception) -> str:
    """A code for the page: `no_space`, `no_recording`, `broken`."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "no_space"
    return "no_recording" if isinstance(error, LookupError) else "broken"


class Work:
    """One run of an export."""

    def __init__(self, root: Path, folder: Path, export: Export) -> None:
        self._root, self._folder, self._export = root, folder, export
        self._told_at = 0.0

    def run(self) -> None:
        """Raises Cancelled, LookupError (nothing to export), OSError, av's errors."""
        export = self._export
        self._look()
        recording = read_recording(self._root, export.lesson_id)
        span = span_of(recording, export) if recording else None
        if recording is None or span is None:
            raise LookupError("there is nothing to export")
        export.state, export.error = RUNNING, None
        export.seconds = round(CARD_SECONDS + span[1] - span[0], 3)
        export_state.save(self._folder, export)
        (self._folder / export_state.AGAIN).unlink(missing_ok=True)
        self._clear()
        parts = list(parts_of(span))
        composer = Composer(recording, export.layout, export.main, export.second)
        for part in parts:
            self._make_part(part, composer, span)
        self._make_sound(recording, span)
        self._put_together([self._path(part) for part in parts])

    def _path(self, part: Part) -> Path:
        return self._folder / f"part-{part.number:04d}.mp4"

    def _clear(self) -> None:
        """Half-written files of a run that was killed."""
        for path in self._folder.glob("*.new"):
            path.unlink(missing_ok=True)

    def _make_part(self, part: Part, composer: Composer, span: Span) -> None:
        path = self._path(part)
        if path.exists():
            return
        if part.number == 0:
            picture = card.planes(card.title_card(WIDTH, HEIGHT, self._export.card))
            canvases: Iterable[Planes] = (picture for _ in range(frames_of(CARD_SECONDS)))
        else:
            canvases = composer.canvases(part.start, part.end)
        whole = span[1] - span[0]

        def told(frames: int) -> None:
            at = part.start - span[0] + frames / RATE if part.number else 0.0
            self._tell(VIDEO_WORK * at / whole)

        with finished(path) as new:
            write_pictures(new, self._looked(canvases, told))

    def _looked(self, canvases: Iterable[Planes], told: Any) -> Iterator[Planes]:  # noqa: ANN401
        for number, canvas in enumerate(canvases):
            if number % LOOK_EVERY == 0:
                self._look()
                told(number)
            yield canvas

    def _make_sound(self, recording: ReadRecording, span: Span) -> None:
        path = self._folder / "sound.mp4"
        if path.exists():
            return
        tracks = [track for track in recording.tracks if track.entry.kind == "audio" and track.pieces]
        seconds = max(1.0, span[1] - span[0])
        done = 0.0

        def told() -> None:
            nonlocal done
            done += 0.5 / seconds  # heard twice: to measure, and to write
            self._look()
            self._tell(VIDEO_WORK + SOUND_WORK * min(1.0, done))

        def heard() -> Iterator[mixing.Block]:
            for block in mixing.mixed(tracks, *span):
                told()
                yield block

        loudness = mixing.measured(heard())
        with finished(path) as new:
            mixing.write_sound(new, mixing.mixed(tracks, *span), mixing.gain_for(loudness), CARD_SECONDS, told)

    def _put_together(self, parts: list[Path]) -> None:
        path = self._folder / RESULT
        if not path.exists():
            with finished(path) as new:
                join(new, parts, self._folder / "sound.mp4")
        self._export.size = path.stat().st_size
        for old in [*parts, self._folder / "sound.mp4"]:
            old.unlink(missing_ok=True)

    def _look(self) -> None:
        if (self._folder / export_state.CANCEL).exists():
            raise Cancelled

    def _tell(self, progress: float) -> None:
        now = time.monotonic()
        if now - self._told_at >= TELL_EVERY:
            self._told_at = now
            self._export.progress = round(progress, 4)
            export_state.save(self._folder, self._export)


def span_of(recording: ReadRecording, export: Export) -> Span | None:
    """From the first to the last of what is shown and heard."""
    shown = {export.main, export.second}
    spans = [
        span
        for track in recording.tracks
        if track.entry.kind == "audio" or track.entry.source in shown
        for span in track.spans
    ]
    return (min(start for start, _ in spans), max(end for _, end in spans)) if spans else None


def parts_of(span: Span) -> Iterator[Part]:
    """The title card, then the lesson minute by minute, each a whole number of pictures."""
    yield Part(0, span[0], span[0])
    number, start = 1, span[0]
    while frames_of(span[1] - start) > 0:
        end = min(span[1], start + PART_SECONDS)
        yield Part(number, start, end)
        number, start = number + 1, start + PART_SECONDS


@contextlib.contextmanager
def finished(path: Path) -> Iterator[Path]:
    """A name to write to; the file is synced and gets its own name only when the block ends well."""
    new = path.with_name(path.name + ".new")
    try:
        yield new
        descriptor = os.open(new, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        new.replace(path)
        sync_folder(path.parent)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def write_pictures(path: Path, canvases: Iterable[Planes]) -> None:
    """Encode canvases as H.264 in MP4, one core. Raises OSError, av's errors."""
    with av.open(str(path), "w", format="mp4") as target:
        stream: Any = target.add_stream("libx264", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.thread_count = 1
        stream.codec_context.gop_size = KEY_EVERY
        stream.codec_context.max_b_frames = 0  # parts are joined without looking at their order
        stream.codec_context.options = {"preset": PRESET, "crf": QUALITY}
        for number, canvas in enumerate(canvases):
            frame = av.VideoFrame.from_ndarray(canvas, format="yuv420p")
            frame.pts = number
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))


def join(path: Path, parts: list[Path], sound: Path) -> None:
    """Parts one behind the other, and the sound, as one file that plays while it loads. Raises OSError, av's errors."""
    with (
        av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as target,
        av.open(str(parts[0])) as first,
        av.open(str(sound)) as heard,
    ):
        pictures: Any = target.add_stream_from_template(first.streams.video[0])
        voices: Any = target.add_stream_from_template(heard.streams.audio[0])
        streams = (_joined(parts, pictures), _packets(heard, heard.streams.audio[0], voices, 0.0))
        for _, packet in heapq.merge(*streams, key=lambda entry: entry[0]):
            target.mux(packet)


def _joined(parts: list[Path], stream: Any) -> Iterator[tuple[float, Any]]:  # noqa: ANN401 (av is untyped here)
    frames = 0
    for part in parts:
        with av.open(str(part)) as source:
            video = source.streams.video[0]
            yield from _packets(source, video, stream, frames / RATE)
            frames += video.frames


def _packets(source: Any, track: Any, stream: Any, offset: float) -> Iterator[tuple[float, Any]]:  # noqa: ANN401
    """(s, packet) of one track, moved by `offset` s."""
    for packet in source.demux(track):
        if packet.dts is None:
            continue
        shift = round(offset / packet.time_base)
        packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
        at = float(packet.dts * packet.time_base)
        packet.stream = stream
        yield at, packet
