"""Chapters from the slide changes of the screen, and small pictures for the scrub bar (docs/protocols.md, section 5).

Both see the keyframes that the verification decodes anyway. A keyframe of the screen comes every 8 s or so: where two
of them differ as slides do, the pieces between are decoded to find the frame at which the new slide came.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import cv2
import numpy as np

from recorder.looking import small_grey
from recorder.storage import make_folder, write_atomic

if TYPE_CHECKING:
    from pathlib import Path

    from recorder.looking import Grey
    from recorder.reading import ReadTrack

CHAPTERS = "chapters.json"
VERSION = 1

# Another slide: so large a part of the picture changed by more than so many of 255 levels. Writing a line on a
# slide changes 2–4 % of it, a pointer or a small video of the speaker less; a new page of text about 10 % and more.
CHANGED_LEVEL = 24
CHANGED_SHARE = 0.06
# Changes that follow each other faster than this (s) are one restless stretch: a film, or pages leafed through. Its
# first and its last change are chapters, not each of them. More than the time between two keyframes of a screen.
RESTLESS = 10.0

WIDTH, HEIGHT, COLUMNS = 160, 90, 10
EVERY = 5.0  # s between two thumbnails, of recordings up to half an hour
MOST = 360  # thumbnails of one source: a sheet of 1,600 × 3,240 pixels, about half a megabyte
QUALITY = 70

Span = tuple[float, float]


def changed(before: Grey, after: Grey) -> bool:
    """Whether these are different slides."""
    difference = cv2.absdiff(cv2.blur(before, (3, 3)), cv2.blur(after, (3, 3)))
    return float(np.count_nonzero(difference > CHANGED_LEVEL)) > CHANGED_SHARE * difference.size


@dataclass(slots=True)
class Slides:
    """An onlooker: between which samples the slide changed."""

    changes: list[tuple[float, float, Grey]] = field(default_factory=list)  # (sample before, sample after, before)
    first: float | None = None
    _before: tuple[float, Grey] | None = None

    def see(self, at: float, picture: Grey, frame: Any) -> None:  # noqa: ANN401 (av is untyped here)
        """See `looking.Onlooker`."""
        if self._before is None:
            self.first = at
        elif changed(self._before[1], picture):
            self.changes.append((self._before[0], at, self._before[1]))
        self._before = (at, picture)


def starts(tracks: list[tuple[ReadTrack, Slides]]) -> list[float]:
    """When each slide came (s), the first at the screen's first picture; [] without a screen.

    Raises av's errors, OSError.
    """
    times: list[float] = []
    for track, slides in tracks:
        if slides.first is not None:
            times.append(slides.first)
        kept = settled([until for _, until, _ in slides.changes])
        times += [_moment(track, *change) for change in slides.changes if change[1] in kept]
    return sorted(times)


def settled(times: list[float]) -> list[float]:
    """Of each restless stretch the first change, and the last if it is no longer the same moment; `times` in order."""
    stretches: list[list[float]] = []
    for at in times:
        if stretches and at - stretches[-1][-1] < RESTLESS:
            stretches[-1].append(at)
        else:
            stretches.append([at])
    kept: list[float] = []
    for stretch in stretches:
        kept.append(stretch[0])
        if stretch[-1] - stretch[0] >= RESTLESS:
            kept.append(stretch[-1])
    return kept


def _moment(track: ReadTrack, since: float, until: float, before: Grey) -> float:
    """The first frame in since..until that shows another slide than `before`."""
    with track.opened(since, until) as source:
        source.streams.video[0].codec_context.thread_type = "NONE"
        for frame in source.decode(source.streams.video[0]):
            at = float(frame.pts * frame.time_base)
            if since < at < until and changed(before, small_grey(frame)):
                return at
    return until


class Thumbnails:
    """An onlooker: a sheet of small pictures of one source, row by row, `COLUMNS` in each."""

    def __init__(self, span: Span) -> None:
        self.times: list[float] = []
        self._pictures: list[Any] = []
        self._spacing = max(EVERY, (span[1] - span[0]) / MOST)
        self._next = span[0]

    def see(self, at: float, picture: Grey, frame: Any) -> None:  # noqa: ANN401 (av is untyped here)
        """See `looking.Onlooker`."""
        if at < self._next or len(self.times) >= MOST:
            return
        self._next = at + self._spacing - 0.05  # keyframes do not come to the millisecond
        self.times.append(round(at, 3))
        self._pictures.append(fitted(frame))

    def sheet(self) -> bytes:
        """The JPEG; b"" without a picture."""
        if not self._pictures:
            return b""
        rows = -(-len(self._pictures) // COLUMNS)
        columns = min(COLUMNS, len(self._pictures))
        sheet = np.zeros((rows * HEIGHT, columns * WIDTH, 3), np.uint8)
        for number, picture in enumerate(self._pictures):
            row, column = divmod(number, COLUMNS)
            sheet[row * HEIGHT :, column * WIDTH :][:HEIGHT, :WIDTH] = picture
        done, jpeg = cv2.imencode(".jpg", sheet, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        if not done:
            raise ValueError("no JPEG came out")
        return bytes(jpeg)


def fitted(frame: Any) -> Any:  # noqa: ANN401 (av is untyped here)
    """A frame as a BGR picture of `WIDTH` × `HEIGHT`, whole, black at its sides."""
    scale = min(WIDTH / frame.width, HEIGHT / frame.height)
    width, height = max(2, round(frame.width * scale)), max(2, round(frame.height * scale))
    small = cast("Any", frame.reformat(width=width, height=height, format="bgr24").to_ndarray())
    out = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    out[(HEIGHT - height) // 2 :, (WIDTH - width) // 2 :][:height, :width] = small
    return out


def write(folder: Path, chapters: list[float], sheets: dict[str, Thumbnails]) -> None:
    """The sheets, then the index that names them; whoever reads in between sees the old ones. Raises OSError."""
    make_folder(folder)
    listed = []
    for source, thumbnails in sheets.items():
        jpeg = thumbnails.sheet()
        if jpeg:
            write_atomic(folder / sheet_name(source), jpeg)
            listed.append(
                {
                    "source": source,
                    "file": sheet_name(source),
                    "width": WIDTH,
                    "height": HEIGHT,
                    "columns": COLUMNS,
                    "times": thumbnails.times,
                }
            )
    content = {
        "version": VERSION,
        "chapters": [{"start": round(at, 3)} for at in chapters],
        "thumbnails": listed,
    }
    write_atomic(folder / CHAPTERS, json.dumps(content).encode())


def sheet_name(source: str) -> str:
    """File name of a source's sheet."""
    return f"thumbnails-{source}.jpg"
