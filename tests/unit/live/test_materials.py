"""The bytes of materials on the disk."""

from __future__ import annotations

import errno
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from server.live.materials import MaterialFiles, WrongOffset


@pytest.fixture
def files(tmp_path):
    return MaterialFiles(tmp_path / "materials")


def test_pieces_follow_one_another_and_the_length_is_the_offset(files):
    assert files.offset("m1") == 0
    assert files.append("m1", 0, b"one-", 8) == 4
    assert files.append("m1", 4, b"two!", 8) == 8
    assert files.path("m1").read_bytes() == b"one-two!"
    assert (files.offset("m1"), files.head("m1", 3)) == (8, b"one")


@pytest.mark.parametrize("offset", [0, 3, 5])
def test_a_piece_that_does_not_begin_at_the_end_changes_nothing(files, offset):
    files.append("m1", 0, b"one-", 8)
    with pytest.raises(WrongOffset) as wrong:
        files.append("m1", offset, b"x", 8)
    assert wrong.value.offset == 4
    assert files.path("m1").read_bytes() == b"one-"


def test_no_piece_goes_beyond_the_size_that_was_announced(files):
    with pytest.raises(WrongOffset):
        files.append("m1", 0, b"123456789", 8)
    assert files.offset("m1") == 0


def test_of_two_writers_of_the_same_piece_one_wins(files):
    def write(byte: bytes) -> bool:
        try:
            files.append("m1", 0, byte * 1000, 1000)
        except WrongOffset:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(write, [bytes([65 + n]) for n in range(8)]))
    assert done.count(True) == 1
    assert len(set(files.path("m1").read_bytes())) == 1


def test_a_piece_is_synced_before_it_is_told_and_a_failed_one_leaves_nothing(files, monkeypatch):
    files.append("m1", 0, b"kept", 100)
    synced = []
    real = os.fsync

    def fail(descriptor: int) -> None:
        synced.append(descriptor)
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="full"):
        files.append("m1", 4, b"lost", 100)
    monkeypatch.setattr(os, "fsync", real)
    assert synced
    assert files.path("m1").read_bytes() == b"kept"


@pytest.mark.parametrize("name", ["../x", "m/../x", "", "M1", "m1\0", "x1", "m"])
def test_only_ids_name_files(files, name):
    with pytest.raises(ValueError, match="no material id"):
        files.path(name)


def test_removing_twice_is_no_error(files):
    files.append("m1", 0, b"x", 1)
    files.remove("m1")
    files.remove("m1")
    assert files.offset("m1") == 0
    assert files.free() > 0
