"""Video that was there before is found, and honest lessons of one room are not taken for one another."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import cv2
import pytest

from recorder.prints import NONE, STEP, PrintMaker, Prints, load, save
from recorder.repeats import Earlier, Stretch, _apart, earlier_than, find_copies, find_loop
from tests.fakes.rooms import Room, looks

if TYPE_CHECKING:
    import numpy as np


def made(picture, start: float, end: float, seed: int, source: str = "classroom-s02") -> Prints:
    """What a recorder makes of `picture` between two seconds of its own clock."""
    maker = PrintMaker(source)
    for at in looks(start, end, seed=seed):
        maker.see(float(at), picture(float(at)), None)
    return maker.prints()


def encoded(picture: np.ndarray) -> np.ndarray:
    """As it comes out of a poor line: a JPEG of quality 35."""
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 35])
    assert done
    return cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)


@pytest.mark.parametrize("period", [20.0, 33.7, 127.3, 300.0])
def test_a_loop_is_found_with_its_period_and_its_seconds(period: float):
    room = Room(1, 1)
    loop = find_loop(made(lambda t: encoded(room.picture(t % period)), 0, 1200, seed=5))
    assert loop is not None
    assert loop.period == pytest.approx(period, abs=STEP)
    assert loop.seconds == pytest.approx(1200 - period, abs=40)
    first = loop.stretches[0]
    assert first.start - first.there == loop.period


def test_a_lesson_of_which_ten_minutes_run_twice_shows_just_these():
    room = Room(1, 1)
    loop = find_loop(made(lambda t: room.picture(t if t < 1200 else t - 900), 0, 1800, seed=5))
    assert loop is not None
    assert loop.period == pytest.approx(900, abs=STEP)
    assert [one.start for one in loop.stretches] == pytest.approx([1200], abs=20)


@pytest.mark.parametrize("people", [3, 20, 45])
def test_an_honest_class_repeats_nothing(people: int):
    for lesson in range(3):
        room = Room(people, lesson, people=people)
        assert find_loop(made(room.picture, 0, 1500, seed=lesson)) is None


def test_a_still_picture_has_nothing_to_compare():
    picture = Room(1, 1, people=0).picture(0)
    prints = made(lambda t: picture, 0, 600, seed=1)
    assert not (prints.hashes != NONE).any()
    assert find_loop(prints) is None


def test_an_old_recording_played_again_is_found_at_its_place_whatever_its_quality():
    room = Room(1, 1, teacher=True)
    old = Earlier("old", (made(room.picture, 0, 2400, 1, "teacher"),))
    again = made(lambda t: encoded(room.picture(t + 300)), 0, 1500, 2, "teacher")
    (copy,) = find_copies(again, [Earlier("other", (made(Room(1, 2).picture, 0, 1500, 3, "teacher"),)), old])
    assert (copy.lesson_id, copy.source) == ("old", "teacher")
    assert copy.seconds == pytest.approx(1500, abs=30)
    assert [one.there - one.start for one in copy.stretches] == pytest.approx([300], abs=STEP)


def test_a_recording_cut_into_pieces_is_found_piece_by_piece():
    room = Room(1, 1, teacher=True)
    old = Earlier("old", (made(room.picture, 0, 2400, 1, "teacher"),))
    again = made(lambda t: room.picture(t + 1200 if t < 500 else t - 400), 0, 1000, 2, "teacher")
    (copy,) = find_copies(again, [old])
    assert [one.there - one.start for one in copy.stretches] == pytest.approx([1200, -400], abs=STEP)


def test_pieces_that_touch_share_the_edge_and_of_those_upon_each_other_the_longest_is_told():
    long, touching, within = Stretch(100, 400, 0), Stretch(20, 104, 900), Stretch(150, 300, 500)
    assert sorted(_apart([within, touching, long]), key=lambda one: one.start) == [Stretch(20, 100, 900), long]
    assert _apart([long, Stretch(90, 110, 0)]) == [long]


def test_lessons_of_one_room_are_not_taken_for_one_another():
    """The same room, the same light, the same number of pupils: each lesson against each that was before."""
    lessons = [made(Room(7, lesson, people=25, teacher=True).picture, 0, 900, lesson, "teacher") for lesson in range(8)]
    pairs = itertools.combinations(range(len(lessons)), 2)
    assert [(one, two) for one, two in pairs if find_copies(lessons[two], [Earlier("x", (lessons[one],))])] == []


def test_a_classroom_is_not_compared_with_teachers():
    room = Room(1, 1)
    old = Earlier("old", (made(room.picture, 0, 900, 1, "teacher"),))
    assert find_copies(made(room.picture, 0, 900, 2, "classroom-s02"), [old]) == []


def test_prints_are_kept_in_few_bytes_and_only_earlier_ones_are_compared(tmp_path):
    prints = made(Room(1, 1).picture, 0, 600, seed=1)
    for name, zero in (("l1", 100), ("l2", 200), ("l3", 300), ("old", 1)):
        (tmp_path / name).mkdir()
        save(tmp_path / name, zero, [prints])
    (tmp_path / "l1" / "prints.json").with_name("other").write_text("x")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "prints.json").write_text('{"version": 1, "sources": 5}')
    assert (tmp_path / "l1" / "prints.json").stat().st_size < 11 * 600 / STEP + 200
    zero, (kept,) = load(tmp_path / "l1")
    assert zero == 100
    assert (kept.hashes == prints.hashes).all()
    assert [one.lesson_id for one in earlier_than(tmp_path, "l2", 200, 50)] == ["l1"]
    assert load(tmp_path / "broken") is None
