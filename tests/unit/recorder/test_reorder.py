"""Packets back in order, holes given up in time."""

from __future__ import annotations

import random

from recorder.depacket.reorder import DEPTH, WAIT_NS, Reorder
from recorder.depacket.units import Packet

MS = 1_000_000


def packet(sequence, at_ms=0):
    return Packet(sequence, at_ms * MS, sequence, sequence * 3000, 1, b"x")


def numbers(out):
    return [(each.sequence, lost) for each, lost in out]


def test_in_order_goes_through():
    one = Reorder()
    assert numbers(one.push(packet(5)) + one.push(packet(6))) == [(5, False), (6, False)]
    assert one.oldest is None


def test_a_late_packet_is_put_back_in_its_place():
    one = Reorder()
    one.push(packet(1))
    assert one.push(packet(3)) == []
    assert one.oldest.sequence == 3
    assert numbers(one.push(packet(2))) == [(2, False), (3, False)]


def test_copies_are_dropped():
    one = Reorder()
    assert numbers(one.push(packet(1)) + one.push(packet(1)) + one.push(packet(2)) + one.push(packet(1))) == [
        (1, False),
        (2, False),
    ]


def test_a_hole_is_given_up_after_a_while_and_told():
    one = Reorder()
    one.push(packet(1))
    one.push(packet(4, 10))
    one.push(packet(5, 20))
    assert one.expire(WAIT_NS) == []
    assert numbers(one.expire(WAIT_NS + 11 * MS)) == [(4, True), (5, False)]
    assert one.lost == 2
    assert one.push(packet(2, 700)) == []


def test_the_depth_is_bounded():
    one = Reorder()
    one.push(packet(0))
    out = [each for sequence in range(2, DEPTH + 10) for each in one.push(packet(sequence))]
    assert out[0][1]
    assert len(out) == DEPTH + 8


def test_padding_leaves_no_hole():
    one = Reorder()
    one.push(packet(1))
    assert one.push(packet(3)) == []
    assert numbers(one.skip(2)) == [(3, False)]
    assert one.skip(9) == []


def test_the_sender_may_count_anew():
    one = Reorder()
    one.push(packet(30_000))
    out = [each for sequence in range(10, 60) for each in one.push(packet(sequence))]
    assert out[0][1]
    assert out[-1][0].sequence == 59


def test_sequence_numbers_wrap():
    one = Reorder()
    got = []
    for sequence in range(65_530, 65_550):
        extended = one.extend(sequence & 0xFFFF)
        got += one.push(packet(extended))
    assert [each.sequence for each, _ in got] == list(range(65_530, 65_550))


def test_shuffled_and_doubled_packets_come_out_once_and_in_order():
    for seed in range(20):
        dice = random.Random(seed)
        order = sorted(range(1, 300), key=lambda n: n + dice.uniform(0, 8))
        one = Reorder()
        out = numbers(one.push(packet(0)))
        for sequence in order:
            for _ in range(dice.choice((1, 1, 2))):
                out += numbers(one.push(packet(sequence)))
        assert out == [(n, False) for n in range(300)]
