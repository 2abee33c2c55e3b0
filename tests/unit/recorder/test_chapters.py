"""Chapters at slide changes, thumbnails in a sheet, and where verification stands meanwhile."""

from __future__ import annotations

import json

import cv2
import numpy as np
import pytest

from recorder import chapters
from recorder.hearing import hear
from recorder.inspect import verify_recording
from recorder.reading import read_recording
from server.live.chapters import read_chapters
from tests.fakes import recordings

LINES = np.random.default_rng(5).integers(40, 220, (6, 9, 16))


def slide(number, index, width, height):
    """A page with blocks of text of its own, and a pointer that wanders over it."""
    y = np.full((height, width), 235, np.uint8)
    blocks = cv2.resize(LINES[number].astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
    y[height // 6 : -height // 6] = blocks[height // 6 : -height // 6]
    at = (index * 3) % (width - 6)
    y[height // 2 : height // 2 + 6, at : at + 6] = 16
    return np.vstack([y, np.full((height // 2, width), 128, np.uint8)])


def test_a_chapter_begins_at_the_frame_that_shows_another_slide(tmp_path):
    turns = [0, 400, 760]  # frames, 30 a second; keyframes every 8 s are elsewhere

    def picture(index, width, height):
        return slide(sum(index >= turn for turn in turns), index, width, height)

    tracks = {"screen": {"h264": {"picture": picture, "key_every": 240}}, "teacher": {"vp8": {}}}
    recordings.write(tmp_path, "l1", tracks, seconds=36)
    verify_recording(tmp_path, "l1")
    made = read_chapters(tmp_path / "l1")
    assert made.starts == pytest.approx([turn / 30 for turn in turns], abs=0.04)
    sheets = {sheet.source: sheet for sheet in made.sheets}
    assert sheets["screen"].times == pytest.approx([0, 8, 16, 24, 32])
    assert sheets["teacher"].times == pytest.approx([0, 6, 12, 18, 24, 30])
    pictures = cv2.imread(str(sheets["screen"].path))
    assert pictures.shape == (90, 5 * 160, 3)
    first, second, third = (pictures[:, 160 * n : 160 * n + 160, 0].astype(int) for n in (1, 2, 4))
    assert np.abs(first - second).mean() > 20 < np.abs(second - third).mean()
    assert np.abs(first - pictures[:, :160, 0]).mean() < 5


def test_writing_on_a_slide_is_no_other_slide():
    page = np.full((90, 160), 235, np.uint8)
    written = page.copy()
    written[40:44, 10:100] = 20  # a line across half the page
    assert not chapters.changed(page, written)
    written[20:70, 10:150] = 20
    assert chapters.changed(page, written)


def test_a_film_on_the_screen_is_one_stretch_not_a_chapter_every_few_seconds():
    assert chapters.settled([]) == []
    assert chapters.settled([30.0, 50.0, 53.0, 90.0]) == [30.0, 50.0, 90.0]
    assert chapters.settled([100.0 + 8 * n for n in range(20)]) == [100.0, 252.0]


def test_a_recording_without_a_screen_has_thumbnails_and_no_chapters(tmp_path):
    recordings.write(tmp_path, "l1", {"teacher": {"vp8": {"size": (180, 320)}, "opus": {}}}, seconds=6)
    verify_recording(tmp_path, "l1")
    made = read_chapters(tmp_path / "l1")
    assert made.starts == ()
    (sheet,) = made.sheets
    upright = cv2.imread(str(sheet.path))[:, :160]
    assert upright[:, :40].max() < 16  # whole, with black at its sides
    assert upright[:, 60:100].mean() > 40


def test_names_in_the_index_that_are_no_sheets_are_not_read(tmp_path):
    entry = {"source": "teacher", "file": "../../secret.key", "width": 1, "height": 1, "columns": 1, "times": []}
    for content in ({"version": 1, "chapters": [], "thumbnails": [entry]}, {"version": 2}, [], {"version": 1}):
        (tmp_path / "chapters.json").write_text(json.dumps(content))
        assert read_chapters(tmp_path) == read_chapters(tmp_path / "nothing")


@pytest.mark.parametrize(("volume", "loudness"), [(0.3, -10.5), (0.03, -30.5), (0.0, None)])
def test_loudness_follows_the_level(tmp_path, volume, loudness):
    recordings.write(tmp_path, "l1", {"teacher": {"opus": {"volume": volume, "tone": 997.0}}}, seconds=6)
    (track,) = read_recording(tmp_path, "l1").tracks
    heard = hear(track)
    assert heard.loudness == (None if loudness is None else pytest.approx(loudness, abs=0.7))
    assert heard.silent == pytest.approx(0.0 if volume else 6.0, abs=0.1)


def test_progress_only_rises_and_the_recorded_share_is_of_the_time_it_was_open(tmp_path):
    made = recordings.write(tmp_path, "l1", {"teacher": {"vp8": {}, "opus": {}}}, seconds=10)
    made.manifest.closed_at_ns = recordings.ZERO_NS + 20_000_000_000
    recordings.Store(tmp_path).save("l1", bytes(made.manifest))
    told = []
    report = verify_recording(tmp_path, "l1", told.append)
    assert told == sorted(told)
    assert len({round(done, 1) for done in told}) > 5
    assert told[-1] == pytest.approx(1.0)
    assert report["open_seconds"] == 20.0
    assert report["recorded_share"] == pytest.approx(0.5, abs=0.01)
    assert {"code": "short", "track": None, "value": report["recorded_share"]} in report["problems"]
