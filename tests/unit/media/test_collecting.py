"""Collections look at what is new while somebody is connected, and at everything when nobody is."""

from __future__ import annotations

import gc
import weakref

import pytest

from server.media.collecting import EVERY, Collector


class Knot:
    """Refers to itself, so that only the collector can free it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def collector():
    thresholds = gc.get_threshold()
    made = Collector()
    made.begin()
    yield made
    gc.set_threshold(*thresholds)
    gc.unfreeze()


def test_what_came_and_went_between_two_looks_is_freed(collector):
    gone = weakref.ref(Knot())
    collector.handle_timer(1.0, empty=False)
    assert gone() is None


def test_what_lives_is_left_alone_from_the_next_look_on(collector):
    kept = [Knot() for _ in range(100)]
    collector.handle_timer(1.0, empty=False)
    known = {id(each) for each in gc.get_objects()}
    assert not known & {id(each) for each in kept}


def test_what_was_left_alone_and_died_is_freed_when_nobody_is_connected_any_more(collector):
    knot = Knot()
    gone = weakref.ref(knot)
    collector.handle_timer(1.0, empty=False)
    del knot
    collector.handle_timer(1.0 + EVERY, empty=False)
    assert gone() is not None
    collector.handle_timer(1.0 + 2 * EVERY, empty=True)
    assert gone() is None


def test_it_looks_no_more_often_than_it_says(collector):
    collector.handle_timer(1.0, empty=False)
    gone = weakref.ref(Knot())
    collector.handle_timer(1.0 + EVERY / 2, empty=False)
    assert gone() is not None
    collector.handle_timer(1.0 + EVERY, empty=False)
    assert gone() is None
