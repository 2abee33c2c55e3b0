"""Guessing slows down; the right answer and time forgive."""

from __future__ import annotations

import pytest

from server.county.errors import TooMany
from server.county.throttle import FORGET_AFTER, MAX_KEYS, Limit, Throttle

LIMIT = Limit(free=3, longest=8.0)


def waits(throttle: Throttle, now: float) -> float:
    try:
        throttle.attempt({"k": LIMIT}, now)
    except TooMany as slow:
        return slow.retry_after
    return 0.0


def test_waits_double_up_to_the_longest():
    throttle, now, seen = Throttle(), 100.0, []
    for _ in range(9):
        wait = waits(throttle, now)
        if wait:
            seen.append(wait)
            now += wait
            assert waits(throttle, now - 0.01) > 0
            assert waits(throttle, now) == 0.0
    assert seen == [1.0, 2.0, 4.0, 8.0, 8.0, 8.0]


def test_a_refused_attempt_does_not_lengthen_the_wait():
    throttle = Throttle()
    for _ in range(3):
        waits(throttle, 0.0)
    assert [waits(throttle, 0.0) for _ in range(5)] == [1.0] * 5


def test_forgiving_and_forgetting():
    throttle = Throttle()
    for _ in range(3):
        waits(throttle, 0.0)
    throttle.forgive("k")
    assert [waits(throttle, 0.0) for _ in range(4)] == [0.0, 0.0, 0.0, 1.0]
    assert waits(throttle, FORGET_AFTER + 1) == 0.0


def test_one_waiting_key_stops_the_attempt_and_counts_nothing_on_the_others():
    throttle = Throttle()
    for _ in range(3):
        throttle.attempt({"a": LIMIT}, 0.0)
    for _ in range(5):
        with pytest.raises(TooMany):
            throttle.attempt({"a": LIMIT, "b": LIMIT}, 0.0)
    throttle.attempt({"b": LIMIT}, 0.0)


def test_strangers_cannot_fill_the_memory():
    throttle = Throttle()
    for number in range(MAX_KEYS + 50):
        throttle.attempt({f"k{number}": LIMIT}, 0.0)
    assert len(throttle._failures) == MAX_KEYS


def test_a_clock_that_is_set_back_locks_nobody_out():
    throttle = Throttle()
    for _ in range(3):
        waits(throttle, 3600.0)
    assert waits(throttle, 0.0) == 1.0
    assert waits(throttle, 1.0) == 0.0
