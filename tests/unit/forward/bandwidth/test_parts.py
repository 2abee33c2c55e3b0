"""The parts of the estimate by themselves: delay, bitrate, loss, standing queue, probes."""

from __future__ import annotations

import itertools
from random import Random

import pytest

from server.forward.bandwidth.acknowledged import AcknowledgedRate
from server.forward.bandwidth.aimd import BETA, Aimd
from server.forward.bandwidth.arrivals import ArrivalGroups
from server.forward.bandwidth.loss import NO_LIMIT, LossControl
from server.forward.bandwidth.probes import LONGEST, LOST_AFTER, MOST_SIZE, QUEUE, Cluster, Probe, Prober
from server.forward.bandwidth.standing import StandingQueue
from server.forward.bandwidth.trendline import Trendline, Usage

FRAME = 1 / 30


def trend(growth: float, *, jitter: float = 0.0, frames: int = 60, seed: int = 1) -> Trendline:
    """After `frames` frames whose delay grows by `growth` s each, within `jitter` s of chance."""
    random, line = Random(seed), Trendline()
    late = 0.0
    for frame in range(frames):
        before, late = late, random.uniform(0.0, jitter)
        line.update(FRAME, FRAME + growth + late - before, 100.0 + frame * (FRAME + growth) + late)
    return line


def test_a_delay_that_grows_is_overuse_and_one_that_shrinks_underuse() -> None:
    assert trend(0.0).usage is Usage.NORMAL
    assert trend(0.005).usage is Usage.OVERUSE
    assert trend(-0.005).usage is Usage.UNDERUSE


@pytest.mark.parametrize("seed", range(5))
def test_chance_is_no_overuse(seed: int) -> None:
    assert trend(0.0, jitter=0.01, seed=seed).usage is not Usage.OVERUSE


def test_the_sums_keep_their_digits_for_hours() -> None:
    line = Trendline()
    for frame in range(100_000):  # an hour of frames, more than an hour of clock before
        line.update(FRAME, FRAME, 5e6 + frame * FRAME)
    assert line.usage is Usage.NORMAL
    for frame in range(30):
        line.update(FRAME, FRAME + 0.005, 5e6 + 100_000 * FRAME + frame * (FRAME + 0.005))
    assert line.usage is Usage.OVERUSE


def test_packets_sent_together_are_one_group() -> None:
    groups = ArrivalGroups()
    sends = [frame * 0.033 + packet * 0.001 for frame in range(4) for packet in range(4)]
    complete = groups.add([(10.0 + send, send, 1200) for send in sends])
    assert [send for send, _, _ in complete] == pytest.approx([0.033, 0.033])  # the last is open, none before the first
    assert groups.queueing == pytest.approx(0.0)


def test_a_group_tells_how_long_it_waited() -> None:
    groups = ArrivalGroups()
    groups.add([(10.0 + each * 0.02, each * 0.02, 100) for each in range(20)])
    groups.add([(10.1 + each * 0.02, each * 0.02, 100) for each in range(20, 40)])
    groups.add([(10.1 + each * 0.02, each * 0.02, 100) for each in range(40, 60)])
    assert groups.queueing == pytest.approx(0.1)


def test_a_packet_that_was_overtaken_is_left_out() -> None:
    groups = ArrivalGroups()
    complete = groups.add([(10.00, 0.00, 100), (10.02, 0.02, 100), (10.021, 0.01, 100), (10.04, 0.04, 100)])
    complete += groups.add([(10.06, 0.06, 100)])
    assert [(round(send, 3), round(arrival, 3)) for send, arrival, _ in complete] == [(0.02, 0.02), (0.02, 0.02)]


def test_a_receivers_clock_that_was_set_begins_anew() -> None:
    groups = ArrivalGroups()
    groups.add([(10.0 + each * 0.02, each * 0.02, 100) for each in range(10)])
    complete = groups.add([(500.0 + each * 0.02, each * 0.02, 100) for each in range(10, 20)])
    assert all(abs(arrival - send) < 1e-6 for send, arrival, _ in complete)


def test_the_acknowledged_bitrate_is_what_arrived_in_the_last_half_second() -> None:
    rate = AcknowledgedRate()
    for index in range(20):
        rate.add(index * 0.1, 12_500 if index < 10 else 25_000)
    assert rate.bitrate == pytest.approx(2e6)


def test_the_acknowledged_bitrate_forgets_what_was_before_a_pause() -> None:
    rate = AcknowledgedRate()
    for index in range(10):
        rate.add(index * 0.1, 12_500)
    rate.add(60.0, 12_500)
    assert rate.bitrate == pytest.approx(1e6)
    for index in range(1, 6):
        rate.add(60.0 + index * 0.1, 2_500)
    assert rate.bitrate == pytest.approx(0.2e6)


def grown(aimd: Aimd, acked: float, seconds: float) -> float:
    for index in range(int(seconds * 10)):
        aimd.update(Usage.NORMAL, acked, 0.1, index * 0.1)
    return aimd.rate


def test_it_grows_by_eight_percent_a_second_to_half_over_what_arrives() -> None:
    assert grown(Aimd(1e6, 5e4, 20e6), 1e6, 5.0) == pytest.approx(1e6 * 1.08**4.9, rel=0.01)
    assert grown(Aimd(1e6, 5e4, 20e6), 1e6, 60.0) == pytest.approx(1.51e6)


def test_an_estimate_over_what_is_sent_neither_grows_nor_decays() -> None:
    assert grown(Aimd(3e6, 5e4, 20e6), 0.1e6, 60.0) == 3e6


def test_overuse_leaves_a_part_of_what_arrives_and_growth_goes_slowly_then() -> None:
    aimd = Aimd(1.05e6, 5e4, 20e6)
    aimd.update(Usage.OVERUSE, 1e6, 0.1, 10.0)
    assert aimd.rate == pytest.approx(BETA * 1e6)
    for index in range(20):
        aimd.update(Usage.NORMAL, 0.85e6, 0.1, 10.0 + index * 0.1)
    assert 0.85e6 < aimd.rate < 0.85e6 * 1.08**2


def test_an_overuse_of_others_takes_no_more_than_what_is_not_sent() -> None:
    aimd = Aimd(2e6, 5e4, 20e6)
    aimd.update(Usage.OVERUSE, 0.5e6, 0.1, 10.0)
    assert aimd.rate == pytest.approx(0.5e6)
    aimd.update(Usage.OVERUSE, 0.5e6, 0.1, 10.5)  # it goes on: then it is ours too
    assert aimd.rate == pytest.approx(BETA * 0.5e6)


def test_loss_that_goes_on_at_any_bitrate_becomes_the_lines_own() -> None:
    loss = LossControl(5e4)
    for _ in range(60):
        loss.judge(0.08, 1.0, 1e6, 0.9e6, 0.0)
    assert loss.limit == NO_LIMIT
    assert loss.own == pytest.approx(0.08, abs=0.01)
    assert loss.loss == pytest.approx(0.08, abs=0.01)


def test_heavy_loss_lowers_the_limit_but_not_below_what_arrives() -> None:
    loss = LossControl(5e4)
    for _ in range(3):
        loss.judge(0.5, 1.0, 2e6, 0.7e6, 0.0)
    assert 0.7e6 <= loss.limit < 1.2e6
    assert loss.congested


def test_a_little_loss_counts_while_the_queue_is_long() -> None:
    loss = LossControl(5e4)
    loss.judge(0.05, 1.0, 1e6, 0.8e6, 0.2)
    assert loss.limit < 1e6


def test_a_limit_by_loss_goes_when_the_loss_has_gone() -> None:
    loss = LossControl(5e4)
    loss.judge(0.5, 1.0, 1e6, 0.3e6, 0.0)
    for _ in range(20):
        loss.judge(0.0, 1.0, 1e6, 0.5e6, 0.0)
    assert loss.limit == NO_LIMIT


def steps(standing: StandingQueue, queue: list[float]) -> int:
    """How often a queue of so many s, looked at every 0.1 s, was told to be overused."""
    count, decreased_at = 0, float("-inf")
    for index, queueing in enumerate(queue):
        if standing.overused(queueing, decreased_at, index * 0.1):
            count, decreased_at = count + 1, index * 0.1
    return count


def test_a_standing_queue_is_overuse_as_long_as_it_answers() -> None:
    assert steps(StandingQueue(), [0.1] * 100) == 0
    assert steps(StandingQueue(), [0.2] * 100) == 2  # someone else's
    assert steps(StandingQueue(), [0.6 - index * 0.0125 for index in range(40)]) == 4


def test_a_cluster_gives_a_link_some_tens_of_milliseconds_of_work_and_lasts_less_than_a_tenth_of_a_second() -> None:
    for estimate in (50e3, 150e3, 600e3, 3e6, 10e6):
        probe = Prober().propose(20e6, estimate, 0.0)
        assert probe is not None
        assert probe.duration <= LONGEST + 1e-9
        assert probe.size <= MOST_SIZE
        assert probe.size * 8 / estimate <= max(QUEUE, 0.2) + 1e-9


def test_nothing_is_probed_for_what_the_estimate_gives() -> None:
    assert Prober().propose(500e3, 500e3, 0.0) is None


def test_probes_wait_longer_after_each_failure_and_start_over_when_the_link_is_back() -> None:
    prober, now, at = Prober(), 0.0, []
    while now < 30.0:
        if prober.propose(2e6, 500e3, now) is not None:
            at.append(now)
            prober.failed(now + 0.2)
        now += 0.1
    waits = [round(after - before, 1) for before, after in itertools.pairwise(at)]
    assert waits[0] == pytest.approx(2.2, abs=0.11)
    assert waits[-1] == pytest.approx(5.2, abs=0.11)
    prober.at_once()
    assert prober.propose(2e6, 500e3, now) is not None


def test_a_cluster_that_is_never_answered_counts_as_failed() -> None:
    prober = Prober()
    assert prober.propose(2e6, 500e3, 0.0) is not None
    assert prober.propose(2e6, 500e3, LOST_AFTER - 0.1) is None
    assert prober.propose(2e6, 500e3, LOST_AFTER) is None
    assert prober.propose(2e6, 500e3, LOST_AFTER + 2.0) is not None


def test_a_promise_that_was_used_and_broken_makes_it_wait_longer() -> None:
    prober = Prober()
    assert prober.propose(2e6, 500e3, 0.0) is not None
    prober.succeeded(500e3, 0.1)
    prober.decreased(700e3, 2.0)
    assert prober.propose(2e6, 600e3, 6.9) is None
    assert prober.propose(2e6, 600e3, 7.0) is not None


def cluster(spacing_sent: float, spacing_received: float, *, lost: int = 0) -> float | None:
    probe = Probe(2e6, 6 * 1200)
    seen = Cluster(probe, 0.0, 5 * spacing_sent)
    for index in range(6):
        seen.add(index * spacing_sent, 1200, None if index < lost else 50.0 + index * spacing_received)
    return seen.bitrate()


def test_a_cluster_shows_the_links_rate_or_that_it_takes_what_was_asked() -> None:
    assert cluster(0.005, 0.005) == pytest.approx(1200 * 8 / 0.005)
    assert cluster(0.005, 0.010) == pytest.approx(0.95 * 1200 * 8 / 0.010)
    assert cluster(0.005, 0.001) is None  # held back on the way
    assert cluster(0.005, 0.005, lost=2) is None
    assert cluster(0.0, 0.010) == pytest.approx(0.95 * 1200 * 8 / 0.010)  # in one go: the link spaces it
