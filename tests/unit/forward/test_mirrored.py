"""A mirrored stream counts what comes, and what its origin tells of a layer that does not come."""

from __future__ import annotations

import pytest

from server.forward.mirrored import Figures, MirroredStream


def stream(**more):
    given = {"ssrc": 1, "mid": "1", "kind": "video", "codec": "vp8", "payload_type": 96, "clock_rate": 90_000}
    return MirroredStream(**{**given, "rid": "h", "rank": 1, "red_type": -1, **more})


def receive(mirrored, sequence, now):
    raw = bytes((0x80, 0x60)) + sequence.to_bytes(2) + bytes(8) + bytes((0x10, 0x00)) + bytes(100)
    return mirrored.receive(raw, 12, len(raw), sequence, 0, 0, now, 1e9 + now)


def test_a_layer_that_is_not_passed_on_lives_and_has_a_rate_by_what_the_origin_tells():
    mirrored = stream()
    assert not mirrored.alive(10.0)
    mirrored.adopt(Figures(720, 10.0, 9000, [1000, 500, 0, 0, 0, 0, 0, 0]))
    mirrored.adopt(Figures(720, 10.5, 9000, [3000, 900, 0, 0, 0, 0, 0, 0]))
    assert mirrored.alive(10.6)
    assert mirrored.size == (720, 1)
    assert mirrored.temporal_octets[:2] == [2000, 400]  # from the first telling on
    assert mirrored.keyframe_octets == 9000


def test_a_layer_that_is_passed_on_is_counted_here_alone():
    mirrored = stream()
    mirrored.adopt(Figures(360, 10.0, 0, [1000] + [0] * 7))
    mirrored.wanted = True
    receive(mirrored, 1, 11.0)
    counted = list(mirrored.temporal_octets)
    mirrored.adopt(Figures(720, 11.0, 0, [5000] + [0] * 7))
    assert mirrored.temporal_octets == counted
    assert mirrored.height == 720
    mirrored.wanted = False
    mirrored.adopt(Figures(720, 12.0, 0, [5500] + [0] * 7))
    assert mirrored.temporal_octets[0] == counted[0] + 500  # goes on without a jump


def test_what_the_link_lost_is_asked_for_and_filled():
    mirrored = stream()
    for sequence in (1, 2, 5):
        assert receive(mirrored, sequence, 1.0) is not None
    assert mirrored.nacks_due(1.0) == [3, 4]
    assert receive(mirrored, 3, 1.01) is not None
    assert mirrored.nacks_due(2.0 - 0.5) == [4]


def test_sender_reports_count_on_the_origins_clock():
    mirrored = stream()
    mirrored.sampled(1_700_000_000.0, 90_000)
    assert mirrored.sampled_at(180_000) == pytest.approx(1_700_000_001.0)
