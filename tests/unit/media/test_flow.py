"""Seconds of flow as masks."""

from __future__ import annotations

from server.media.flow import FlowKey, FlowMeter, Sampled

KEY = FlowKey("teacher", "teacher", "in", "video")


def test_a_second_counts_once_however_often_it_is_seen():
    meter = FlowMeter()
    for at in (120.0, 120.25, 121.9, 123.0):
        meter.mark(KEY, at, 10, 1000)
    (row,) = meter.rows()
    assert row == {
        "participant_id": "teacher",
        "source": "teacher",
        "direction": "in",
        "kind": "video",
        "minute": 2,
        "mask": "b",  # seconds 0, 1, 3
        "packets": 40,
        "bytes": 4000,
    }
    assert meter.rows() == []


def test_minutes_are_rows_of_their_own_and_counts_are_not_doubled():
    meter = FlowMeter()
    meter.mark(KEY, 59.5, 1, 10)
    meter.mark(KEY, 60.5, 1, 10)
    rows = meter.rows()
    assert [(row["minute"], int(row["mask"], 16)) for row in rows] == [(0, 1 << 59), (1, 1)]
    assert sum(row["packets"] for row in rows) == 2


def test_sampled_gives_what_is_new():
    sampled = Sampled()
    assert sampled.advance(5, 50) == (5, 50)
    assert sampled.advance(7, 80) == (2, 30)
