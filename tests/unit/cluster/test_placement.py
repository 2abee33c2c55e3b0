"""Lessons go where there is most room, by what the workers report and what was placed there since."""

from __future__ import annotations

from collections import Counter

import pytest

from server.cluster.placement import LESSON_SHARE, PACKETS_PER_CORE, busy, least_loaded, name_of


def lease(worker, *, load=0.0, packets=0.0, lessons=0):
    return {"worker": worker, "epoch": f"e{worker}", "load": load, "packets": packets, "lessons": lessons}


def test_a_share_of_a_core_counts_for_more_than_the_number_of_lessons():
    few_but_large, many_but_small = lease("w0", load=0.6, lessons=1), lease("w1", load=0.2, lessons=6)
    assert least_loaded([few_but_large, many_but_small], {}) is many_but_small


def test_packets_tell_what_a_worker_does_that_is_kept_from_the_processor():
    starved, idle = lease("w0", load=0.1, packets=0.5 * PACKETS_PER_CORE), lease("w1", load=0.2)
    assert least_loaded([starved, idle], {}) is idle
    assert busy(starved) == pytest.approx(0.5)


def test_lessons_placed_before_anybody_has_joined_are_spread_evenly():
    leases = [lease("w0"), lease("w1"), lease("w2")]
    fresh = Counter()
    for _ in range(30):
        fresh[name_of(least_loaded(leases, fresh))] += 1
    assert set(fresh.values()) == {10}


def test_fresh_lessons_weigh_as_much_as_reported_ones():
    assert busy(lease("w0", lessons=2), 3) == pytest.approx(5 * LESSON_SHARE)


def test_a_dead_epochs_lessons_are_not_its_successors():
    again = {**lease("w0"), "epoch": "new"}
    assert least_loaded([again, lease("w1", lessons=1)], {"w0:ew0": 5}) is again


def test_equal_workers_are_taken_by_name():
    assert least_loaded([lease("w1"), lease("w0")], {})["worker"] == "w0"
