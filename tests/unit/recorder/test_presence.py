"""Whether anybody is in a room, by what moves in its picture."""

from __future__ import annotations

import numpy as np
import pytest

from recorder.presence import Presence, longest, total
from tests.fakes.rooms import Room, looks


def watched(picture, seconds: float = 900) -> Presence:
    presence = Presence()
    for at in looks(0, seconds):
        presence.see(float(at), picture(float(at)), None)
    return presence


@pytest.mark.parametrize("people", [3, 12, 40])
def test_a_class_is_seen_in_most_of_its_minutes(people: int):
    presence = watched(Room(1, people, people=people).picture)
    assert presence.seconds == pytest.approx(900, abs=5)
    assert total(presence.empty()) <= 0.25 * presence.seconds
    assert total(presence.still()) < 0.5 * presence.seconds


def test_an_empty_room_is_empty_though_a_clock_swings_on_its_wall():
    room = Room(1, 1, people=0)

    def picture(t: float) -> np.ndarray:
        seen = room.picture(t)
        left = 120 + int(4 * np.sin(t))
        seen[20:24, left : left + 3] = 255
        return seen

    presence = watched(picture)
    assert total(presence.empty()) > 0.9 * presence.seconds
    assert total(presence.still()) < 0.1 * presence.seconds


def test_a_still_picture_is_still_and_the_sensors_noise_is_no_movement():
    room = Room(1, 1, people=0)
    assert total(watched(room.picture).still()) > 0.9 * 900


def test_a_lamp_that_is_switched_shows_nobody():
    room = Room(1, 1, people=0)
    presence = watched(lambda t: np.minimum(room.picture(t).astype(int) + 40 * (t > 300), 255).astype(np.uint8))
    assert total(presence.empty()) > 0.9 * presence.seconds


def test_a_camera_that_is_off_says_nothing():
    presence = watched(lambda t: np.zeros((90, 160), np.uint8))
    assert (presence.seconds, presence.empty(), presence.still()) == (0.0, [], [])


def test_a_class_that_leaves_after_ten_minutes_leaves_the_rest_empty():
    full, empty = Room(1, 1, people=30), Room(1, 1, people=0)
    presence = watched(lambda t: (full if t < 600 else empty).picture(t), 1200)
    (start, end) = presence.empty()[-1]
    assert (start, end) == (pytest.approx(600, abs=60), pytest.approx(1200, abs=60))


def test_only_the_longest_stretches_are_told_in_their_order():
    spans = [(float(at), at + 1.0 + at % 7) for at in range(0, 600, 10)]
    told = longest(spans)
    assert len(told) == 20
    assert told == sorted(told)
    assert min(end - start for start, end in told) >= 5
