"""What left when, by transport-wide sequence number."""

from __future__ import annotations

import numpy as np

from server.forward.sendbook import KEPT, SendBook


def test_each_slot_counts_for_itself_and_finds_its_packets_again():
    book = SendBook()
    first, second = book.open(), book.open()
    numbers = book.note(np.array([first, second]), np.array([100, 200], np.int32), 1.0)
    assert numbers.tolist() == [[0, 0], [1, 1]]
    assert book.note_one(first, 300, 2.0) == 2
    assert book.look(first, 0, 3) == [(1.0, 100), (1.0, 200), (2.0, 300)]
    assert book.look(second, 0, 2) == [(1.0, 100), (1.0, 200)]


def test_what_was_never_sent_or_is_long_gone_is_not_found():
    book = SendBook()
    slot = book.open()
    for at in range(KEPT + 10):
        book.note_one(slot, 100, 1.0 + at)
    assert book.look(slot, 0, 5) is None
    assert book.look(slot, KEPT + 8, 4) is None
    assert book.look(slot, 0, KEPT + 1) is None
    assert len(book.look(slot, 10, KEPT)) == KEPT


def test_numbers_wrap():
    book = SendBook()
    slot = book.open()
    for at in range(0x10000 + 3):
        book.note_one(slot, at % 1400 + 1, float(at + 1))
    assert [size for _, size in book.look(slot, 0xFFFE, 4)] == [(0xFFFE + n) % 1400 + 1 for n in range(4)]


def test_slots_are_made_as_needed_and_given_back_clean():
    book = SendBook()
    slots = [book.open() for _ in range(100)]
    assert len(set(slots)) == 100
    book.note_one(slots[50], 100, 1.0)
    book.close(slots[50])
    assert book.open() == slots[50]
    assert book.look(slots[50], 0, 1) is None
