"""45 minutes in virtual time through the recorder's cores: what is seen and heard stays in step to the end.

The media carries its own time (`tests.fakes.timed_media`); what is compared is where decoded numbers and ticks lie in
the recording with when they truly were.
"""

from __future__ import annotations

import os
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

import pytest

from recorder.manifest import read_index
from tests.fakes import timed_lesson, timed_media
from tests.fakes.timed_lesson import Line, Publisher, Session

if TYPE_CHECKING:
    from pathlib import Path

    from recorder.cutter import Entry

MINUTE = 60.0
LESSON = 45 * MINUTE
# The issue: sound and picture of one participant within 45 ms, tracks of different ones within 100 ms.
LIPS, TOGETHER = 0.045, 0.1
SMALL, LARGE = (160, 96), (320, 192)
GROWS = ((0.0, SMALL), (60.0, LARGE), (180.0, SMALL))
# A session's first sender reports come after 2.45 s; until then its packets lie where they arrived.
SETTLED = 6.0

TEACHER = Publisher(
    "teacher",
    (  # three reconnects, twice with another codec
        Session(0.3, 680.0, "h264", GROWS),
        Session(687.0, 1360.0, "vp9", GROWS),
        Session(1360.4, 2047.0, "h264", GROWS),
        Session(2060.0, LESSON - 0.2, "h264", GROWS),
    ),
    Line(delay=0.03, jitter=0.012, burst=0.25, loss=0.002),
    wall=1 + 50e-6,  # its clock against ours
    card=1 + 250e-6,  # and its sound card 200 ppm faster still
    wall_zero=12.0,
    camera_off=(25 * MINUTE + 5, 26 * MINUTE - 5),
    muted=(12 * MINUTE + 5, 13 * MINUTE - 5),
    quiet=(14 * MINUTE + 5, 15 * MINUTE - 5),
)
CLASSROOM = Publisher(
    "classroom-s09",
    (Session(0.8, LESSON - 1, "vp8", ((0.0, SMALL),)),),
    Line(delay=0.05, jitter=0.02, burst=0.1, loss=0.002),
    rate=5,
    wall=1 - 200e-6,
    card=1 - 200e-6,
    wall_zero=-300.0,
)
SCREEN = Publisher(
    "screen",
    (Session(30.0, LESSON - 1, "h264", ((0.0, LARGE),)),),
    Line(delay=0.03, jitter=0.012, burst=0.25),
    rate=1,
    wall=1 + 50e-6,
    wall_zero=12.0,
    silent=True,
)


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    root = tmp_path_factory.mktemp("lesson")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: None)  # 45 minutes of fsync in a few seconds serve nothing here
        sent = timed_lesson.record(root, [TEACHER, CLASSROOM, SCREEN], LESSON, Random(5))
    return root / "l1", sent


def late(lesson, source: str, begin: float, end: float) -> tuple[list[float], list[float]]:
    """(of its ticks, of its frames) by how many seconds each lies late, of the pieces that overlap the span."""
    folder, sent = lesson
    sound, pictures = folder / f"{source}-audio-opus", sorted(folder.glob(f"{source}-video-*"))
    heard = timed_media.ticks(sound, begin, end) if sound.exists() else []
    seen = [frame for track in pictures for frame in _shown(track, begin, end)]
    return sent[source].late_ticks(heard), sent[source].late_frames(seen)


def _shown(track: Path, begin: float, end: float) -> list[timed_media.Shown]:
    if not any(piece.start < end and piece.end > begin for piece in index_of(track)):
        return []
    return timed_media.shown(track, begin, end)


def index_of(track: Path) -> list[Entry]:
    return read_index((track / "index.jsonl").read_bytes())[0]


def spans() -> list[tuple[float, float]]:
    """Around every minute, and after each of the teacher's sessions has settled."""
    minutes = [(minute * MINUTE - 2, minute * MINUTE + 2) for minute in range(1, 45)]
    begun = [(each.begin + SETTLED, each.begin + SETTLED + 4) for each in TEACHER.sessions]
    away = [(each.end, after.begin + SETTLED) for each, after in pairwise(TEACHER.sessions)]
    return [span for span in sorted(minutes + begun) if not any(a < span[1] and b > span[0] for a, b in away)]


def test_sound_and_picture_are_in_step_at_every_minute_and_the_tracks_with_one_another(lesson):
    assert len(spans()) >= 44
    lips, together = [], []
    for begin, end in spans():
        found = {source: late(lesson, source, begin, end) for source in ("teacher", "classroom-s09", "screen")}
        for source in ("teacher", "classroom-s09"):
            heard, seen = found[source]
            assert heard, (source, begin)
            assert seen, (source, begin)
            lips += [(abs(tick - frame), source, begin) for tick in heard for frame in seen]
        everything = [each for heard, seen in found.values() for each in (*heard, *seen)]
        together.append((max(everything) - min(everything), begin))
    assert max(lips)[0] < LIPS, max(lips)
    assert max(together)[0] < TOGETHER, max(together)


def test_holes_are_where_nobody_sent_and_nowhere_else(lesson):
    folder, _ = lesson
    entries = index_of(folder / "teacher-audio-opus")
    holes = [(a.end, b.start) for a, b in pairwise(entries) if b.start - a.end > 0.05]
    away = [(680, 687), TEACHER.muted, (2047, 2060)]  # 0.4 s of absence are filled, as a pause of DTX is
    assert holes == [pytest.approx(span, abs=0.5) for span in away]
    assert entries[-1].end == pytest.approx(LESSON, abs=0.4)
    pieces = sorted(piece[1:3] for track in folder.glob("teacher-video-*") for piece in index_of(track))
    assert max(end - start for start, end in pieces) < 4.1  # nothing waits to be watched, a camera that is off neither
    # a lost packet costs until the next keyframe, 2 s here, where nobody answers the recorder's wish for one
    holes = [(a[1], b[0]) for a, b in pairwise(pieces) if b[0] - a[1] > 4.1]
    off = TEACHER.camera_off
    assert holes == [pytest.approx(span, abs=2.1) for span in ((680, 687), off, (2047, 2060))]
