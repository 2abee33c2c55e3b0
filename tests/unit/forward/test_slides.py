"""Which keyframes go over a line that takes seconds for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from server.forward.slides import CHANGED, REFRESH, STALE, SlideShow
from tests.unit.forward.kit import DELTA, KEYFRAME, give, stream

if TYPE_CHECKING:
    from server.forward.streams import InboundStream


class Screen:
    """A shared screen whose packets come one by one."""

    def __init__(self) -> None:
        self.stream: InboundStream = stream()
        self.sequence = 0
        self.timestamp = 0

    def keyframe(self, now: float, size: int = 1000, packets: int = 20) -> int:
        """A whole keyframe; its timestamp."""
        self.timestamp += 3000
        for number in range(packets):
            self._give((KEYFRAME if number == 0 else b"\x00" + KEYFRAME[1:]).ljust(size, b"."), now)
        return self.timestamp

    def moves(self, octets: int, now: float) -> None:
        self.timestamp += 3000
        for _ in range(octets // 1000):
            self._give(DELTA.ljust(1000, b"."), now)

    def _give(self, payload: bytes, now: float) -> None:
        give(self.stream, self.sequence, payload=payload, timestamp=self.timestamp, now=now)
        self.sequence += 1


@pytest.fixture
def screen() -> Screen:
    return Screen()


@pytest.fixture
def show(screen: Screen) -> SlideShow:
    """One that sent the first slide at 10 s."""
    made = SlideShow()
    assert made.takes(screen.stream, screen.keyframe(10.0), 10.0, busy=False)
    return made


def test_a_picture_under_way_is_sent_to_its_end_whatever_is_held_back(screen, show):
    assert show.takes(screen.stream, screen.timestamp, 10.2, busy=True)


def test_the_same_slide_is_not_sent_again_before_its_time(screen, show):
    assert not show.takes(screen.stream, screen.keyframe(12.0), 12.0, busy=False)
    assert show.takes(screen.stream, screen.keyframe(10.0 + REFRESH), 10.0 + REFRESH, busy=False)


def test_another_slide_is_sent_as_soon_as_the_line_is_free(screen, show):
    screen.moves(2 * CHANGED, 11.0)
    assert not show.takes(screen.stream, screen.keyframe(11.2), 11.2, busy=True)
    assert show.takes(screen.stream, screen.keyframe(12.6), 12.6, busy=False)


def test_the_rest_of_a_picture_that_was_left_out_is_left_out_too(screen, show):
    screen.moves(2 * CHANGED, 11.0)
    timestamp = screen.keyframe(11.2)
    assert not show.takes(screen.stream, timestamp, 11.2, busy=True)
    assert not show.takes(screen.stream, timestamp, 11.3, busy=False)


def test_a_late_packet_of_the_picture_before_begins_nothing(screen, show):
    before = screen.timestamp
    screen.moves(2 * CHANGED, 11.0)
    assert show.takes(screen.stream, screen.keyframe(12.6), 12.6, busy=False)
    assert show.takes(screen.stream, before, 12.7, busy=True)
    assert show.takes(screen.stream, screen.timestamp, 12.8, busy=True)


def test_a_pointer_that_moves_asks_for_nothing_and_another_slide_does(screen, show):
    screen.moves(CHANGED // 2, 12.0)
    assert not show.outdated(screen.stream, 12.0)
    screen.moves(2 * CHANGED, 12.1)
    assert show.outdated(screen.stream, 12.2)


def test_keyframes_are_not_asked_for_one_after_the_other(screen, show):
    screen.moves(2 * CHANGED, 12.0)
    assert not show.takes(screen.stream, screen.keyframe(12.1), 12.1, busy=True)
    assert not show.outdated(screen.stream, 12.2)
    assert show.outdated(screen.stream, 12.7)


def test_what_only_repeats_a_slide_is_in_the_way_of_another(screen, show):
    screen.moves(2 * CHANGED, 11.0)
    assert not show.in_the_way(screen.stream)  # nobody has seen the first one yet
    screen.keyframe(16.0)
    assert show.takes(screen.stream, screen.timestamp, 16.0, busy=False)
    assert show.takes(screen.stream, screen.keyframe(22.0), 22.0, busy=False)
    assert not show.in_the_way(screen.stream)
    screen.moves(2 * CHANGED, 22.5)
    assert show.in_the_way(screen.stream)


def test_an_old_picture_is_asked_for_again(screen, show):
    assert not show.outdated(screen.stream, 10.0 + STALE - 0.1)
    assert show.outdated(screen.stream, 10.0 + STALE)
