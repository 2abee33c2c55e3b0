"""Pieces and chunks: where they begin, how long they are, what a stop in between leaves."""

from __future__ import annotations

import itertools

import pytest

from recorder.cutter import Cutter, Resume, Seal, Stretch, Write
from recorder.segments.container import Mark
from recorder.segments.webm import WebM

MS = 1_000_000
KEY = b"\x10\x00\x00\x9d\x01\x2a" + bytes(20)


def mark(number):
    return Mark(1, number, number, number)


def cutter(**how):
    return Cutter(WebM((2, 2)), 1.5, **how)


def add(one, start, key=False, number=1, **how):
    one.add(start, key, KEY, mark(number), (1, number), start * MS, **how)


def shape(operations):
    return ["".join(type(operation).__name__[0] for operation in operations)]


def play(one, until, *, key_every=2000, since=0):
    """30 frames a second, as numbers from 1."""
    for index, start in enumerate(range(since, until, 33), 1):
        add(one, start, start % key_every < 33, index)


def test_pieces_begin_with_keyframes_and_chunks_are_short():
    one = cutter()
    play(one, 6100)
    one.finish()
    operations = one.take()
    seals = [operation.entry for operation in operations if isinstance(operation, Seal)]
    assert [seal.n for seal in seals] == [1, 2, 3, 4]
    assert [round(seal.start) for seal in seals] == [0, 2, 4, 6]
    assert all(a.end == b.start for a, b in itertools.pairwise(seals))
    for number in (1, 2, 3):
        data = b"".join(op.data for op in operations if isinstance(op, Write) and op.piece == number)
        assert len(data) == seals[number - 1].bytes
        chunks = one.container.read(data)
        assert all(chunk.end - chunk.start <= 540 for chunk in chunks)


def test_many_keyframes_make_no_tiny_pieces():
    one = cutter()
    play(one, 4000, key_every=100)
    one.finish()
    seals = [operation.entry for operation in one.take() if isinstance(operation, Seal)]
    assert all(seal.end - seal.start > 1.4 for seal in seals[:-1])


def test_a_picture_that_stands_is_written_and_stretched_later():
    one = cutter()
    add(one, 0, True, 1)
    add(one, 33, False, 2)
    one.tick(500 * MS)
    assert one.take() == []
    one.tick(700 * MS)
    (write,) = one.take()
    assert write.pins == ((1, 1),)
    assert one.oldest(1) is None
    add(one, 9_000, False, 3)
    (stretch,) = one.take()
    assert isinstance(stretch, Stretch)
    data = bytearray(write.data)
    data[stretch.offset : stretch.offset + 4] = stretch.value
    (chunk,) = one.container.read(bytes(data))
    assert (chunk.last_start, chunk.end) == (33, 9_000)
    one.finish(20_000)
    *_, seal = one.take()
    assert seal.entry.end == 20.0


def test_a_hole_begins_a_new_piece_and_stretches_nothing():
    one = cutter()
    add(one, 0, True, 1)
    add(one, 33, False, 2)
    add(one, 5_000, True, 3, hole=True)
    one.finish()
    seals = [operation.entry for operation in one.take() if isinstance(operation, Seal)]
    assert [(seal.start, round(seal.end, 2)) for seal in seals] == [(0, 0.07), (5.0, 5.03)]


def test_time_never_runs_back():
    one = cutter()
    for start in (100, 50, 40, 41):
        add(one, start, start == 100)
    one.finish()
    (write, _) = one.take()
    (chunk,) = one.container.read(write.data)
    assert (chunk.start, chunk.last_start) == (100, 103)


def test_what_waits_holds_back_the_acknowledgement():
    one = cutter()
    add(one, 0, True, 7)
    add(one, 33, False, 8)
    assert one.oldest(1) == 7
    assert one.oldest(2) is None
    one.finish()
    assert one.oldest(1) is None


@pytest.mark.parametrize("stop", [200, 700, 1500, 2100, 3900])
def test_after_a_stop_the_track_goes_on_in_its_open_piece(stop):
    one = cutter()
    play(one, stop)
    one.tick(10_000_000 * MS)
    first = one.take()
    sealed = [op.entry.n for op in first if isinstance(op, Seal)]
    current = max(op.piece for op in first if isinstance(op, Write))
    data = b"".join(op.data for op in first if isinstance(op, Write) and op.piece == current)
    chunks = one.container.read(data)
    resume = Resume(current, len(data), chunks[0].start, chunks[-1], chunks[-1].end)
    two = cutter(resume=resume)
    assert two.writing
    assert two.mark == chunks[-1].mark
    play(two, 6_000, since=chunks[-1].last_start + 33)
    two.finish()
    second = two.take()
    entries = [op.entry for op in second if isinstance(op, Seal)]
    assert [entry.n for entry in entries] == list(range(len(sealed) + 1, len(sealed) + 1 + len(entries)))
    bytes_of = sum(len(op.data) for op in second if isinstance(op, Write) and op.piece == current)
    assert entries[0].bytes == len(data) + bytes_of
    assert entries[-1].end == pytest.approx(6.0, abs=0.05)
