"""Is there a picture, and does it move: keyframes of one track, decoded small and compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast

import cv2
import numpy as np

from recorder.reading import covered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from recorder.reading import ReadTrack

    Grey = NDArray[np.uint8]

WIDTH, HEIGHT = 160, 90  # pictures are compared at this size: codec noise averages out, a moving hand does not
# A covered camera shows 0–25 of 255 everywhere; a dark room with one lit thing in it has brighter pixels.
BLACK_LEVEL = 32
BLACK_SHARE = 0.99
# Two keyframes of a still picture differ by requantisation, up to about 4 levels after blurring; a pixel that
# changed by more belongs to something that moved. 8 of 14,400 pixels are a pointer or a pair of eyes.
MOVED_LEVEL = 8
MOVED_PIXELS = 8
# keyframes closer than this (s) add nothing to look at; the recorder asks for one every 1.85 s
SAMPLE_SECONDS = 1.7


class Onlooker(Protocol):
    """Sees every sample that is looked at."""

    def see(self, at: float, picture: Grey, frame: Any) -> None:  # noqa: ANN401 (av is untyped here)
        """`at` in s on the lesson's clock, `picture` as `small_grey` makes it, `frame` the decoded one."""
        ...


@dataclass(slots=True)
class Look:
    """Seconds of the track's time."""

    black: float = 0.0
    frozen: float = 0.0
    black_or_frozen: float = 0.0
    samples: int = 0


def look_at(
    track: ReadTrack, onlookers: Sequence[Onlooker] = (), progress: Callable[[float], None] = lambda at: None
) -> Look:
    """Look at a whole track. A sample stands for the time to the next one, holes left out.

    Each of the `onlookers` sees every sample too; `progress` is told the time reached (s).
    Raises av's errors if it does not open, ValueError if nothing decodes.
    """
    found = Look()
    spans = track.spans
    before: tuple[float, Grey, bool] | None = None
    with track.opened() as source:
        for at, frame in pictures(source):
            picture = small_grey(frame)
            for onlooker in onlookers:
                onlooker.see(at, picture, frame)
            found.samples += 1
            if before is not None:
                _count(found, covered(before[0], at, spans), before[2], still(moved(before[1], picture)))
            before = (at, picture, is_black(picture))
            progress(at)
    if before is None:
        raise ValueError("没有一帧画面能解码")
    # the last one stands for the rest; there is no other to compare it with
    _count(found, covered(before[0], spans[-1][1], spans), before[2], False)
    return found


def _count(found: Look, seconds: float, black: bool, frozen: bool) -> None:
    found.black += seconds * black
    found.frozen += seconds * frozen
    found.black_or_frozen += seconds * (black or frozen)


def pictures(source: Any, at_least: float = SAMPLE_SECONDS) -> Iterator[tuple[float, Any]]:  # noqa: ANN401
    """(time in s, frame) of an opened track's keyframes, so far apart; all else is dropped before the decoder."""
    track = source.streams.video[0]
    track.codec_context.thread_type = "NONE"  # one core, and every keyframe comes out at once
    last: float | None = None
    for packet in source.demux(track):
        if packet.size:
            if not packet.is_keyframe or packet.pts is None or packet.time_base is None:
                continue
            at = float(packet.pts * packet.time_base)
            if last is not None and at - last < at_least:
                continue
            last = at
        for frame in packet.decode():
            if frame.pts is not None and frame.time_base is not None:
                yield float(frame.pts * frame.time_base), frame


def small_grey(frame: Any) -> Grey:  # noqa: ANN401 (av is untyped here)
    """The luma plane at 160×90, averaged; limited range stretched to 0..255."""
    plane = frame.planes[0] if frame.format.name in ("yuv420p", "yuvj420p") else frame.reformat(format="gray").planes[0]
    luma = np.frombuffer(plane, np.uint8).reshape(frame.height, plane.line_size)[:, : frame.width]
    small = cv2.resize(luma, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    if frame.format.name == "yuv420p":
        small = cv2.convertScaleAbs(cv2.subtract(small, np.full_like(small, 16)), alpha=255 / 219)
    return cast("Grey", small)


def is_black(picture: Grey) -> bool:
    """Nothing to see: nearly every pixel is dark."""
    return int(np.count_nonzero(picture < BLACK_LEVEL)) > BLACK_SHARE * picture.size


def moved(before: Grey, after: Grey) -> NDArray[np.bool_]:
    """The pixels that belong to something that moved between the two."""
    return cv2.absdiff(cv2.blur(before, (3, 3)), cv2.blur(after, (3, 3))) > MOVED_LEVEL


def still(pixels: NDArray[np.bool_]) -> bool:
    """Nothing moved, of `moved`'s pixels."""
    return int(np.count_nonzero(pixels)) < MOVED_PIXELS
