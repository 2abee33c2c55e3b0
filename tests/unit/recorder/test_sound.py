"""Opus packets in a row: silence filled, clocks kept together."""

from __future__ import annotations

from recorder.sound import SoundPlacer

PACKET = bytes((31 << 3 | 4,)) + b"sound"  # CELT, 20 ms, stereo
FILL = bytes((31 << 3 | 4,))


def starts(out):
    return [(item.start, item.data == FILL) for item in out]


def test_packets_lie_one_behind_the_other_whatever_the_jitter():
    one = SoundPlacer()
    for index in range(200):
        jitter = (index * 7919 % 1500) - 750
        (item,) = one.place(index * 960, max(0, index * 960 + jitter), PACKET)
        assert item.start == index * 960


def test_a_dtx_pause_is_filled_with_one_byte_packets():
    one = SoundPlacer()
    one.place(0, 0, PACKET)
    out = one.place(20 * 960, 20 * 960, PACKET)
    assert starts(out) == [(index * 960, True) for index in range(1, 20)] + [(20 * 960, False)]
    assert not any(item.hole for item in out)


def test_a_long_pause_is_a_hole():
    one = SoundPlacer()
    one.place(0, 0, PACKET)
    (item,) = one.place(5 * 48_000, 5 * 48_000, PACKET)
    assert (item.start, item.hole) == (5 * 48_000, True)


def test_a_sound_card_that_runs_slow_is_stretched_and_one_that_runs_fast_is_cut():
    for drift, fewer in ((1.002, False), (0.998, True)):
        one = SoundPlacer()
        count = 0
        for index in range(6000):  # two minutes
            for item in one.place(index * 960, int(index * 960 * drift), PACKET):
                count += 1
                assert not item.hole or index == 0
        assert abs(one.next - 6000 * 960 * drift) < 3 * 960
        assert (count < 6000) == fewer


def test_copies_are_dropped():
    one = SoundPlacer()
    one.place(960, 0, PACKET)
    assert one.place(0, 0, PACKET) == []
    assert one.place(960, 0, PACKET) == []


def test_another_stream_goes_on_where_the_first_ended():
    one = SoundPlacer()
    one.place(0, 0, PACKET)
    one.new_stream()
    out = one.place(77_777, 4800, PACKET)
    assert starts(out) == [(960, True), (1920, True), (2880, True), (3840, True), (4800, False)]
