"""One film of a recording: in step, as loud as films are, whole after any interruption, gone when it is not wanted."""

from __future__ import annotations

import errno

import av
import cv2
import numpy as np
import pytest

from recorder import card, export, export_state, mixing
from recorder.compose import HEIGHT, WIDTH, Composer
from recorder.export_state import Export
from recorder.reading import read_recording
from tests.fakes import packets, recordings

CARD = ["圆的面积", "数学 · 单志明", "县实验小学 → 青石乡中心小学", "2026年11月23日 周一 09:40"]
TEACHER = {"vp8": {"picture": packets.moving}, "opus": {}}


def wish(root, layout="picture_in_picture", main="screen", second="teacher", name="x1"):
    folder = root / "l1" / "exports" / name
    folder.mkdir(parents=True)
    export_state.save(folder, Export(name, "l1", layout, main, second, CARD, 0.0, {"id": "u1", "name": "管理员"}))
    return folder


def flashing(index, width, height):
    """White for a tenth of a second at the begin of each second, else grey."""
    y = np.full((height, width), 235 if index % 30 < 3 else 60, np.uint8)
    return np.vstack([y, np.full((height // 2, width), 128, np.uint8)])


def beeping(monkeypatch):
    """Sound that is there for a tenth of a second at the begin of each second."""
    plain = packets.np.sin

    def sin(t):
        wave = plain(t)
        seconds = t / (2 * np.pi * 1000.0)
        return np.where(seconds % 1 < 0.1, wave, 0.0)

    monkeypatch.setattr(packets.np, "sin", sin)


def film_of(folder):
    """(times of pictures, their brightness, samples, their rate)."""
    with av.open(str(folder / export_state.RESULT)) as source:
        shown = [
            (frame.time, float(frame.to_ndarray(format="gray")[200:500, 400:800].mean()))
            for frame in source.decode(video=0)
        ]
    with av.open(str(folder / export_state.RESULT)) as source:
        frames = list(source.decode(audio=0))
        first = round(frames[0].time * frames[0].sample_rate)
        sound = np.concatenate([frame.to_ndarray().mean(axis=0) for frame in frames])
    return shown, np.concatenate([np.zeros(max(0, first)), sound[max(0, -first) :]])


def test_flash_and_beep_come_together_and_the_loudness_is_that_of_films(tmp_path, monkeypatch):
    with monkeypatch.context() as during:
        beeping(during)
        tracks = {"teacher": {"h264": {"picture": flashing}, "opus": {"tone": 1000.0, "volume": 0.05}}}
        recordings.write(tmp_path, "l1", tracks, seconds=12)
    folder = wish(tmp_path, "one", "teacher", None)
    monkeypatch.setattr(export, "PART_SECONDS", 4.0)  # seams at which nothing may slip
    done = export.run_export(tmp_path, "l1", "x1")
    assert (done.state, done.error, done.progress) == ("done", None, 1.0)
    assert done.seconds == pytest.approx(export.CARD_SECONDS + 12, abs=0.1)
    shown, sound = film_of(folder)
    lit = [at for (at, level), (_, before) in zip(shown[1:], shown, strict=False) if at > 4.5 and level > 150 > before]
    loud = np.abs(sound) > 0.05
    edges = np.flatnonzero(loud & ~np.concatenate([[False], loud[:-1]])) / mixing.RATE
    heard = [at for index, at in enumerate(edges) if index == 0 or at - edges[index - 1] > 0.5]
    heard = [at for at in heard if at > 4.5]
    assert len(lit) == 11
    for seen, beep in zip(lit, heard, strict=True):
        assert abs(seen - beep) < 0.045
    assert mixing.measured(np.split(np.tile(sound[4 * 48000 : 15 * 48000].astype(np.float32), (2, 1)), 11, axis=1)) == (
        pytest.approx(mixing.TARGET, abs=1.5)
    )
    assert np.abs(sound).max() <= 1.0
    assert sorted(path.name for path in folder.iterdir()) == ["export.json", "lesson.mp4"]
    with av.open(str(folder / "lesson.mp4")) as source:
        video, audio = source.streams
        assert (video.codec_context.name, video.width, video.height) == ("h264", 1280, 720)
        assert audio.codec_context.name == "aac"


def test_a_film_that_was_interrupted_anywhere_goes_on_behind_its_last_whole_part(tmp_path, monkeypatch):
    recordings.write(tmp_path, "l1", {"teacher": TEACHER}, seconds=9)
    folder = wish(tmp_path, "one", "teacher", None)
    monkeypatch.setattr(export, "PART_SECONDS", 3.0)

    class Killed(BaseException):
        """As a kill: nothing tidies up behind it."""

    made = []
    write = export.write_pictures

    def write_and_die(path, canvases):
        if len(made) == 2:
            path.write_bytes(b"half a part")
            raise Killed
        made.append(path.name)
        write(path, canvases)

    monkeypatch.setattr(export, "write_pictures", write_and_die)
    with pytest.raises(Killed):
        export.run_export(tmp_path, "l1", "x1")
    (folder / "part-0002.mp4.new").write_bytes(b"half a part")  # what a real kill leaves
    assert export_state.load(folder).state == "running"
    assert [one.id for one in export_state.unfinished(tmp_path)] == ["x1"]
    again = []
    monkeypatch.setattr(
        export, "write_pictures", lambda path, canvases: (again.append(path.name), write(path, canvases))
    )
    assert export.run_export(tmp_path, "l1", "x1").state == "done"
    assert again == ["part-0002.mp4.new", "part-0003.mp4.new"]
    shown, _ = film_of(folder)
    assert len(shown) == round((export.CARD_SECONDS + 9) * 25)
    assert list(export_state.unfinished(tmp_path)) == []


def test_a_film_that_is_cancelled_stops_and_goes_on_when_wanted_again(tmp_path):
    recordings.write(tmp_path, "l1", {"teacher": TEACHER}, seconds=3)
    folder = wish(tmp_path, "one", "teacher", None)
    (folder / export_state.CANCEL).touch()
    assert list(export_state.unfinished(tmp_path)) == []
    assert export.run_export(tmp_path, "l1", "x1").state == "cancelled"
    (folder / export_state.AGAIN).touch()
    (folder / export_state.CANCEL).unlink()
    assert [one.id for one in export_state.unfinished(tmp_path)] == ["x1"]
    assert export.run_export(tmp_path, "l1", "x1").state == "done"
    assert export.run_export(tmp_path, "l1", "x1").state == "done"  # once more: nothing to do
    assert export.run_export(tmp_path, "l1", "../x1") is None
    assert export.run_export(tmp_path, "l1", "x2") is None


def test_what_goes_wrong_is_told(tmp_path, monkeypatch):
    recordings.write(tmp_path, "l1", {"teacher": TEACHER}, seconds=3)
    wish(tmp_path, "one", "teacher", None)

    def full(path, canvases):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as during:
        during.setattr(export, "write_pictures", full)
        failed = export.run_export(tmp_path, "l1", "x1")
    assert (failed.state, failed.error) == ("failed", "no_space")
    recordings.write(tmp_path, "l2", {}, seconds=1)
    folder = tmp_path / "l2" / "exports" / "x2"
    folder.mkdir(parents=True)
    export_state.save(folder, Export("x2", "l2", "one", "teacher", None, CARD, 0.0, {"id": "u1", "name": "管理员"}))
    assert export.run_export(tmp_path, "l2", "x2").error == "no_recording"


def test_a_source_without_a_picture_leaves_its_place_to_the_other(tmp_path):
    def white(index, width, height):
        return np.vstack([np.full((height, width), 235, np.uint8), np.full((height // 2, width), 128, np.uint8)])

    tracks = {"teacher": {"vp8": {"picture": packets.moving}}, "screen": {"vp8": {"picture": white}}}
    recordings.write(tmp_path, "l1", tracks, seconds=4)
    recording = read_recording(tmp_path, "l1")

    def corner(main, second, start):
        canvas = next(iter(Composer(recording, "picture_in_picture", main, second).canvases(start, start + 1)))
        return float(canvas[30:60, 30:60].mean())

    assert corner("screen", "teacher", 1.0) == pytest.approx(235, abs=3)
    assert corner("teacher", "screen", 1.0) < 100
    assert corner("classroom-s09", "screen", 1.0) == pytest.approx(235, abs=3)  # never there: the other one large
    nothing = next(iter(Composer(recording, "one", "classroom-s09", None).canvases(1.0, 2.0)))
    assert nothing[:HEIGHT].mean() < 40
    assert nothing[HEIGHT // 2 - 40 : HEIGHT // 2 + 10, 400:880].max() > 150  # it says so


def test_the_card_says_it_in_chinese(tmp_path):
    picture = card.title_card(WIDTH, HEIGHT, CARD)
    same = card.title_card(WIDTH, HEIGHT, ["园" + CARD[0][1:], *CARD[1:]])
    assert (picture != same).any()  # no boxes in place of characters
    dark = (cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) < 128).sum()
    assert 3000 < dark < 60_000


@pytest.mark.parametrize("text", ["圆" * 100, "a lesson about " * 20, "x" * 300])
def test_words_that_do_not_fit_are_broken_and_then_cut(text):
    lines = card.broken(text, card.HEADLINE, card.HEADLINE_WEIGHT, 1.0, WIDTH)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert all(card.width_of(line, card.HEADLINE, card.HEADLINE_WEIGHT) < WIDTH * 0.9 for line in lines)
