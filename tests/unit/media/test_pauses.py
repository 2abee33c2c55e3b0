"""Garbage collections are counted by their length."""

from __future__ import annotations

import gc

from server.media.pauses import Pauses


def test_each_length_falls_into_its_bucket():
    pauses = Pauses()
    for seconds in (0.0001, 0.0005, 0.0007, 0.003, 0.02):
        pauses.took(seconds)
    assert pauses.figures() == {
        "gc_pauses_0.5ms": 2,
        "gc_pauses_1ms": 1,
        "gc_pauses_2ms": 0,
        "gc_pauses_5ms": 1,
        "gc_pauses_longer": 1,
        "gc_longest_us": 20_000,
    }


def test_every_collection_is_counted_while_it_is_attached():
    pauses = Pauses()
    pauses.attach()
    gc.collect()
    pauses.detach()
    gc.collect()
    counts = [count for name, count in pauses.figures().items() if name.startswith("gc_pauses")]
    assert sum(counts) == 1
    assert pauses.figures()["gc_longest_us"] > 0
