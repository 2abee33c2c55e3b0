"""One session's estimate and what several of a participant make of theirs."""

from __future__ import annotations

import pytest

from server.forward.bandwidth.budget import LEAST, START, Budget
from server.forward.bandwidth.estimator import Estimator


def steady(estimator: Estimator, since: float, until: float, *, bitrate: float = 500e3, lost: int = 0) -> None:
    """Feedback every 0.1 s on 10 packets over a link without a queue."""
    size = int(bitrate * 0.1 / 8 / 10)
    for index in range(round((until - since) / 0.1)):
        begin = since + index * 0.1
        sent = [(begin + each * 0.01, size) for each in range(10)]
        arrived = [None if each < lost else send + 500.0 for each, (send, _) in enumerate(sent)]
        estimator.feedback(sent, arrived, begin + 0.15)


def test_before_anything_is_known_it_is_the_start() -> None:
    assert Estimator().bitrate(0.0) == START
    assert Estimator(start=1e6).bitrate(0.0) == 1e6
    assert Estimator().probe(2e6, 0.0) is None


def test_a_link_without_a_queue_is_acknowledged_and_probed() -> None:
    estimator = Estimator()
    steady(estimator, 0.0, 2.0)
    assert estimator.acked == pytest.approx(500e3, rel=0.01)
    assert estimator.bitrate(2.0) > START
    assert not estimator.overusing
    assert estimator.probe(100e3, 2.0) is None
    assert estimator.probe(2e6, 2.0) is not None
    assert estimator.probe(2e6, 2.0) is None  # one at a time


def test_a_cluster_that_got_through_raises_the_estimate_at_once() -> None:
    estimator = Estimator()
    steady(estimator, 0.0, 2.0)
    probe = estimator.probe(2e6, 2.0)
    assert probe is not None
    gap = probe.duration / 8
    sent = [(2.0 + index * gap, probe.size // 8) for index in range(8)]
    estimator.probe_sent(probe, sent[0][0], sent[-1][0])
    estimator.feedback(sent, [send + 500.0 for send, _ in sent], 2.2)
    assert estimator.bitrate(2.2) == pytest.approx(probe.rate, rel=0.15)


def full(estimator: Estimator, since: float, seconds: float, *, carries: float, sends: float) -> float:
    """Feedback while more is sent than the line carries, from an empty queue; s waited at the end."""
    size, waited = int(sends * 0.1 / 8 / 10), 0.0
    for index in range(round(seconds / 0.1)):
        begin = since + index * 0.1
        sent = [(begin + each * 0.01, size) for each in range(10)]
        arrived = []
        for send, _ in sent:
            waited += 0.01 * (sends / carries - 1)
            arrived.append(send + waited + 500.0)
        estimator.feedback(sent, arrived, begin + 0.15 + waited)
    return waited


def test_while_a_queue_of_our_own_making_stands_pictures_are_chosen_by_less() -> None:
    estimator = Estimator(start=800e3)
    steady(estimator, 0.0, 6.0)
    assert estimator.budget.room(6.0) == estimator.budget.total(6.0)
    waited = full(estimator, 6.0, 1.0, carries=500e3, sends=700e3)
    assert waited == pytest.approx(0.4)
    now = 7.1 + waited
    assert estimator.budget.room(now) < 0.8 * estimator.budget.total(now)
    assert estimator.budget.total(now) == pytest.approx(0.85 * 500e3, rel=0.05)  # what a full line proves
    assert estimator.budget.room(now + 5.0) == estimator.budget.total(now + 5.0)  # not ours any more


def test_without_transport_feedback_a_remb_is_the_estimate() -> None:
    estimator = Estimator()
    estimator.receiver_limit(1.2e6, 1.0)
    assert estimator.bitrate(1.0) == 1.2e6
    for second in range(2, 8):
        estimator.report(0.4, float(second))
    assert LEAST <= estimator.bitrate(8.0) < 0.7 * 1.2e6
    for second in range(8, 60):
        estimator.report(0.0, float(second))
    assert estimator.bitrate(60.0) == 1.2e6


def test_with_transport_feedback_a_remb_says_nothing() -> None:
    estimator = Estimator()
    steady(estimator, 0.0, 1.0)
    estimator.receiver_limit(100e3, 1.0)
    assert estimator.bitrate(1.0) >= START


def test_with_reports_alone_it_grows_far_enough_to_try_the_next_layer_and_slowly_after_it_failed() -> None:
    estimator = Estimator()
    for second in range(1, 60):
        estimator.sending(560e3)
        estimator.report(0.0, float(second))
    assert estimator.bitrate(60.0) == pytest.approx(2.25e6)
    for second in range(60, 64):
        estimator.sending(1.76e6)
        estimator.report(0.6, float(second))
    failed = estimator.bitrate(64.0)
    assert failed < 1e6
    for second in range(64, 74):
        estimator.sending(560e3)
        estimator.report(0.0, float(second))
    assert failed < estimator.bitrate(74.0) < 0.8e6  # 600 kbit/s arrive of what is tried


def test_where_nothing_can_be_probed_with_it_grows_far_enough_to_try_a_picture() -> None:
    estimator = Estimator(start=120e3)
    for tenth in range(300):
        steady(estimator, tenth / 10, tenth / 10 + 0.1, bitrate=70e3)
        estimator.probe(2e6, tenth / 10 + 0.1)  # never sent
    assert 200e3 < estimator.bitrate(30.0) < 300e3


def test_sessions_of_one_budget_have_one_estimate() -> None:
    budget = Budget()
    first, second = Estimator(budget=budget), Estimator(budget=budget)
    steady(first, 0.0, 2.0)
    steady(second, 0.0, 2.0)
    assert first.bitrate(2.0) == second.bitrate(2.0) == budget.total(2.0)
    assert budget.acked(2.0) == pytest.approx(1e6, rel=0.01)
    assert first.probe(3e6, 2.0) is not None
    assert second.probe(3e6, 2.0) is None


def test_a_session_that_has_gone_counts_no_more() -> None:
    budget = Budget()
    first, second = Estimator(budget=budget), Estimator(budget=budget)
    steady(first, 0.0, 2.0)
    steady(second, 0.0, 2.0)
    budget.leave(second)
    budget.leave(second)
    assert budget.acked(2.0) == pytest.approx(500e3, rel=0.01)


def test_a_session_that_falls_silent_is_not_counted_for_long() -> None:
    budget = Budget()
    first, second = Estimator(budget=budget), Estimator(budget=budget)
    steady(second, 0.0, 2.0)
    steady(first, 0.0, 8.0)
    assert budget.acked(8.0) == pytest.approx(500e3, rel=0.01)


def test_silence_of_all_halves_what_is_sent_and_the_first_answer_gives_it_back() -> None:
    estimator = Estimator(start=3e6)
    steady(estimator, 0.0, 2.0)
    before = estimator.bitrate(2.0)
    for tenth in range(35, 65):
        estimator.overdue(tenth / 10)
    assert 150e3 < estimator.bitrate(6.5) < before / 3
    assert estimator.probe(5e6, 6.5) is None
    steady(estimator, 7.0, 7.1)
    assert estimator.bitrate(7.2) == pytest.approx(before)


def test_silence_of_one_while_another_is_answered_is_a_source_that_sends_nothing() -> None:
    budget = Budget(start=3e6)
    idle, busy = Estimator(budget=budget), Estimator(budget=budget)
    for tenth in range(40):
        steady(busy, tenth / 10, tenth / 10 + 0.1)
        idle.overdue(tenth / 10 + 0.2)
    assert budget.total(4.2) >= 3e6


def test_loss_is_told_smoothed() -> None:
    estimator = Estimator()
    steady(estimator, 0.0, 10.0, lost=1)
    assert estimator.loss == pytest.approx(0.1, abs=0.01)
