"""The picture of an export: one or two sources on a canvas, 25 pictures a second (opencv and numpy on yuv420p planes).

A source that has no picture at a moment leaves its place to the other one, which is then shown large.
"""

from __future__ import annotations

import heapq
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import av
import cv2
import numpy as np

from recorder import card
from recorder.export_state import ONE, PICTURE_IN_PICTURE, SIDE_BY_SIDE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from recorder.card import Planes
    from recorder.reading import ReadRecording, ReadTrack

WIDTH, HEIGHT, RATE = 1280, 720, 25
EDGE = 0.02  # s: pictures are taken this much early rather than one late


class Box(NamedTuple):
    """A place on the canvas; all even."""

    x: int
    y: int
    width: int
    height: int


WHOLE = Box(0, 0, WIDTH, HEIGHT)
# two places: of the main source, and of the other
BOXES: Mapping[str, tuple[Box, Box]] = {
    SIDE_BY_SIDE: (Box(0, 108, 896, 504), Box(896, 252, 384, 216)),
    PICTURE_IN_PICTURE: (WHOLE, Box(944, 524, 320, 180)),
    ONE: (WHOLE, WHOLE),
}


class Pictures:
    """What a source shows at each moment, asked in order."""

    def __init__(self, tracks: list[ReadTrack], start: float, end: float, stack: ExitStack) -> None:
        self._spans = [span for track in tracks for span in track.spans]
        self._frames = heapq.merge(*(_frames(track, start, end, stack) for track in tracks), key=lambda entry: entry[0])
        self._next: tuple[float, Any] | None = next(self._frames, None)
        self._shown: Any = None
        self.changes = 0

    def at(self, moment: float) -> Any:  # noqa: ANN401 (av is untyped here)
        """The frame of this moment; None where the source has none."""
        while self._next is not None and self._next[0] <= moment + EDGE:
            self._shown = self._next[1]
            self.changes += 1
            self._next = next(self._frames, None)
        if not any(since - EDGE <= moment < until + EDGE for since, until in self._spans):
            return None
        return self._shown


def _frames(track: ReadTrack, start: float, end: float, stack: ExitStack) -> Iterator[tuple[float, Any]]:
    """(s, frame) from the last keyframe before `start`; a damaged packet is left out."""
    if not any(piece.end > start and piece.start < end for piece in track.pieces):
        return
    source = stack.enter_context(track.opened(start, end))
    stream = source.streams.video[0]
    stream.codec_context.thread_type = "NONE"
    for packet in source.demux(stream):
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            continue
        for frame in frames:
            if frame.pts is not None and frame.time_base is not None:
                yield float(frame.pts * frame.time_base), frame


class Composer:
    """Makes the canvases. `main` and `second` are sources; `second` may be None."""

    def __init__(self, recording: ReadRecording, layout: str, main: str, second: str | None) -> None:
        self._recording = recording
        self._boxes = BOXES[layout]
        self._sources = [main] if second is None or layout == ONE else [main, second]
        self._ground: Planes = card.planes(np.full((HEIGHT, WIDTH, 3), card.DARK, np.uint8))
        self._nothing = _nothing()

    def canvases(self, start: float, end: float) -> Iterator[Planes]:
        """yuv420p canvases of start..end (s); the same array again while nothing changes.

        Raises av's errors, OSError.
        """
        with ExitStack() as stack:
            sources = [Pictures(self._recording.of(name, "video"), start, end, stack) for name in self._sources]
            seen: tuple[Any, ...] | None = None
            canvas = self._ground
            for number in range(frames_of(end - start)):
                moment = start + number / RATE
                frames = [source.at(moment) for source in sources]
                now = tuple(
                    source.changes if frame is not None else -1 for source, frame in zip(sources, frames, strict=True)
                )
                if now != seen:
                    canvas = self._draw([frame for frame in frames if frame is not None])
                    seen = now
                yield canvas

    def _draw(self, frames: list[Any]) -> Planes:
        if not frames:
            return self._nothing
        canvas = self._ground.copy()
        boxes = self._boxes if len(frames) == 2 else (WHOLE,)
        for frame, box in zip(frames, boxes, strict=True):
            place(canvas, frame, box)
        return canvas


def _nothing() -> Planes:
    picture = np.full((HEIGHT, WIDTH, 3), card.DARK, np.uint8)
    text = "此处没有画面"
    at = ((WIDTH - card.width_of(text, card.LINE, card.LINE_WEIGHT)) // 2, HEIGHT // 2)
    card.write(picture, text, at, card.LINE, card.LINE_WEIGHT, card.PALE)
    return card.planes(picture)


def frames_of(seconds: float) -> int:
    """How many pictures so much time has."""
    return max(0, round(seconds * RATE))


def place(canvas: Planes, frame: Any, box: Box) -> None:  # noqa: ANN401 (av is untyped here)
    """Put a frame into its place, whole and in the middle."""
    if frame.format.name not in ("yuv420p", "yuvj420p"):
        frame = frame.reformat(format="yuv420p")
    scale = min(box.width / frame.width, box.height / frame.height)
    width, height = (max(2, int(size * scale / 2 + 0.5) * 2) for size in (frame.width, frame.height))
    x, y = box.x + (box.width - width) // 4 * 2, box.y + (box.height - height) // 4 * 2
    for number, plane in enumerate(frame.planes):
        part = 1 if number == 0 else 2
        rows, columns = -(-frame.height // part), -(-frame.width // part)
        pixels = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[:rows, :columns]
        target = _plane(canvas, number)[y // part : (y + height) // part, x // part : (x + width) // part]
        if pixels.shape == target.shape:
            target[:] = pixels
        else:
            how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
            target[:] = cv2.resize(pixels, target.shape[::-1], interpolation=how)


def _plane(canvas: Planes, number: int) -> NDArray[np.uint8]:
    """Y, U or V of a canvas, as a view."""
    if number == 0:
        return canvas[:HEIGHT]
    flat = canvas[HEIGHT:].reshape(2, HEIGHT // 2, WIDTH // 2)
    return cast("NDArray[np.uint8]", flat[number - 1])
