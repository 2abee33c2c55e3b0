"""Packets held back to what a line takes."""

from __future__ import annotations

import pytest

from server.forward.fanout import RowGroup
from server.forward.pacing import FACTOR, LONGEST_SLIDE, Pacer
from tests.unit.forward.kit import give, stream


def packets(count: int, size: int = 1000):
    video = stream()
    return [give(video, number, payload=bytes(size)) for number in range(count)]


def drained(pacer: Pacer, until: float, since: float = 0.0, step: float = 0.005) -> list[tuple[float, int]]:
    found, now = [], since
    while now < until:
        found += [(now, packet.sequence) for _, _, run in pacer.due(now) for packet in run]
        now += step
    return found


def test_a_keyframe_leaves_at_the_rate_of_the_line_and_in_order():
    pacer, group = Pacer(800_000.0), RowGroup((0, False, False), 1, paced=True)
    sent = packets(60)
    pacer.put(0, group, sent, 0.0)
    assert pacer.delay == pytest.approx(60_000 * 8 / 800_000 / FACTOR)
    found = drained(pacer, 2.0)
    assert [number for _, number in found] == [packet.sequence for packet in sent]
    whole = 60_000 * 8 / 800_000 / FACTOR
    assert abs(found[-1][0] - whole) < 0.03
    halfway = sum(1 for at, _ in found if at <= whole / 2)
    assert abs(halfway - 30) <= 2


def test_after_a_pause_no_more_than_a_moment_s_worth_leaves_at_once():
    pacer, group = Pacer(800_000.0), RowGroup((0, False, False), 1, paced=True)
    pacer.put(0, group, packets(60), 100.0)
    assert sum(len(run) for _, _, run in pacer.due(100.0)) <= 3


def test_what_else_goes_the_same_way_holds_pictures_back():
    pacer, group = Pacer(800_000.0), RowGroup((0, False, False), 1, paced=True)
    pacer.put(0, group, packets(10), 0.0)
    pacer.spend(15_000)
    assert drained(pacer, 0.09) == []
    assert len(drained(pacer, 1.0, 0.09)) == 10


def test_cutting_tells_where_the_group_stopped():
    pacer = Pacer(800_000.0)
    old, new = RowGroup((0, False, False), 1, paced=True), RowGroup((0, False, False), 1, paced=True)
    sent = packets(10)
    pacer.put(0, old, sent[:4], 0.0)
    pacer.put(0, new, sent[4:], 0.0)
    list(pacer.due(0.0))
    assert pacer.cut(new) == sent[4].sequence
    assert pacer.cut(new) is None
    assert pacer.delay == 0.0


def test_a_slide_may_be_held_longer_than_a_face():
    pacer, group = Pacer(80_000.0), RowGroup((0, False, False), 1, paced=True)
    pacer.put(0, group, packets(25), 0.0)
    assert pacer.busy
    assert pacer.full
    pacer.longest = LONGEST_SLIDE
    assert pacer.busy
    assert not pacer.full
    assert pacer.cut() == 1 << 16  # the newest group's first
