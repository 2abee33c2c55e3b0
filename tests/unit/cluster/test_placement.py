"""Lessons go where there is most room, by what the workers report and what was placed there since."""

from __future__ import annotations

from collections import Counter

import pytest

from server.cluster.placement import (
    LESSON_SHARE,
    PACKETS_PER_CORE,
    Spread,
    busy,
    for_player,
    least_loaded,
    name_of,
)


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


def near(worker, *, players=0, machine="m", link="/run/x.sock", **more):
    """A lease with what spreading goes by."""
    return {**lease(worker, **more), "crowds": {"l1": players}, "machine": machine, "link": link}


def served(leases, fresh=None, spread=None):
    return for_player(leases, "w0:ew0", "l1", fresh or {}, spread or Spread(load=0.7, players=100)).partition(":")[0]


def test_players_stay_where_the_lesson_is_as_long_as_there_is_room():
    assert served([near("w0", load=0.69, players=99), near("w1")]) == "w0"


def test_a_core_that_is_loaded_takes_no_further_players():
    assert served([near("w0", load=0.7, players=5), near("w1", load=0.3)]) == "w1"


def test_a_crowd_is_spread_over_the_least_loaded():
    leases = [near("w0", players=100), near("w1", load=0.4), near("w2", load=0.2)]
    assert served(leases) == "w2"


def test_players_of_the_last_moment_count_before_the_workers_report_them():
    leases = [near("w0", players=90), near("w1")]
    assert served(leases, {"w0:ew0": 9}) == "w0"
    assert served(leases, {"w0:ew0": 10}) == "w1"


def test_where_nobody_has_room_the_least_loaded_takes_them():
    leases = [near("w0", load=0.9), near("w1", load=0.8), near("w2", load=0.95)]
    assert served(leases) == "w1"


def test_only_workers_that_the_origin_reaches_are_considered():
    full = near("w0", load=0.9)
    assert served([full, near("w1", machine="another")]) == "w0"
    assert served([full, near("w1", link="")]) == "w0"
    assert served([near("w0", load=0.9, link=""), near("w1")]) == "w0"


def test_an_origin_without_a_lease_keeps_its_players():
    assert served([near("w1")]) == "w0"
