"""The impaired link does what its profile says, the same for the same seed."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

from tests.fakes.link import Link, Profile


def run(link: Link, count: int, every: float = 0.01, size: int = 100) -> list[tuple[float, int]]:
    """Puts numbered datagrams at a steady pace and drains to the end: (arrival in s, number) of each that arrived."""
    arrived: list[tuple[float, int]] = []

    def drain(until: float) -> None:
        while (at := link.next_deadline()) is not None and at <= until:
            arrived.extend((at, int.from_bytes(datagram[:4], "big")) for datagram in link.get(at))

    for number in range(count):
        drain(number * every)
        link.put(number.to_bytes(4, "big") + bytes(size - 4), number * every)
    drain(float("inf"))
    return arrived


def test_a_perfect_link_delivers_everything_at_once_and_in_order():
    assert run(Link(Random(1)), 100) == [(number * 0.01, number) for number in range(100)]


def test_the_same_seed_gives_the_same_network():
    profile = Profile(loss=0.1, burst_loss=0.1, jitter=0.05, reorder=0.1, duplicate=0.05, rate=200_000, cross=50_000)
    assert run(Link(Random(7), profile), 500) == run(Link(Random(7), profile), 500)
    assert run(Link(Random(7), profile), 500) != run(Link(Random(8), profile), 500)


def test_random_loss_is_the_part_asked_for():
    arrived = run(Link(Random(2), Profile(loss=0.05)), 20_000)
    assert len(arrived) == pytest.approx(19_000, rel=0.01)


def test_bursts_lose_the_part_asked_for_in_runs_of_the_length_asked_for():
    arrived = {number for _, number in run(Link(Random(3), Profile(burst_loss=0.1, burst_length=5)), 50_000)}
    lost = [number for number in range(50_000) if number not in arrived]
    runs = sum(1 for number in lost if number - 1 in arrived or number == 0)
    assert len(lost) == pytest.approx(5_000, rel=0.1)
    assert len(lost) / runs == pytest.approx(5, rel=0.1)


def test_delay_and_jitter_keep_the_order():
    arrived = run(Link(Random(4), Profile(delay=0.05, jitter=0.04)), 1_000)
    delays = [at - number * 0.01 for at, number in arrived]
    assert [number for _, number in arrived] == list(range(1_000))
    assert min(delays) >= 0.05 - 1e-9
    assert max(delays) <= 0.09 + 1e-9
    assert max(delays) - min(delays) > 0.03


def test_reordered_datagrams_come_late_and_others_do_not_wait_for_them():
    arrived = run(Link(Random(5), Profile(delay=0.02, reorder=0.1)), 1_000)
    overtaken = sum(1 for (_, before), (_, after) in pairwise(arrived) if after < before)
    assert len(arrived) == 1_000
    assert overtaken == pytest.approx(100, rel=0.3)


def test_duplicates_arrive_twice():
    assert len(run(Link(Random(6), Profile(duplicate=0.1)), 5_000)) == pytest.approx(5_500, rel=0.03)


def test_a_rate_delivers_no_faster_and_drops_what_the_queue_cannot_hold():
    link = Link(Random(7), Profile(rate=80_000, queue=0.2))
    arrived = run(link, 500, every=0.005)  # 160 kbit/s into 80
    gaps = [after - before for (before, _), (after, _) in pairwise(arrived)]
    assert min(gaps) >= 0.01 - 1e-9
    assert link.counts.overflowed == 500 - len(arrived)
    assert len(arrived) == pytest.approx(250 + 20, abs=2)
    assert max(at - number * 0.005 for at, number in arrived) <= 0.2 + 0.01 + 1e-9


def test_cross_traffic_takes_its_share_of_the_rate():
    link = Link(Random(8), Profile(rate=600_000, cross=180_000, queue=0.3))
    arrived = run(link, 3_000, every=0.01, size=500)  # 400 kbit/s beside 180 into 600, for 30 s
    assert link.counts.cross_delivered * 9_600 / 30 == pytest.approx(180_000, rel=0.1)
    assert max(at - number * 0.01 for at, number in arrived) > 0.05
    assert min(at - number * 0.01 for at, number in arrived) < 0.01


def test_overhead_counts_against_the_rate():
    arrived = run(Link(Random(9), Profile(rate=80_000), overhead=28), 2, every=0.0)
    assert arrived[1][0] - arrived[0][0] == pytest.approx(128 * 8 / 80_000)


def test_nothing_passes_in_an_outage_and_everything_after_it():
    link = Link(Random(10), Profile(delay=0.01))
    link.outages([(1.0, 2.0)])
    arrived = [number for _, number in run(link, 300)]
    assert arrived == [*range(100), *range(200, 300)]


def test_a_profile_takes_over_at_its_time():
    link = Link(Random(11))
    link.follow([(2.0, Profile(delay=0.2)), (1.0, Profile(delay=0.1))])
    delays = {number: at - number * 0.1 for at, number in run(link, 30, every=0.1)}
    assert delays[9] == pytest.approx(0)
    assert delays[10] == pytest.approx(0.1)
    assert delays[20] == pytest.approx(0.2)


def test_a_profile_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="probability"):
        Profile(loss=5)
    with pytest.raises(ValueError, match="rate"):
        Profile(rate=0)
