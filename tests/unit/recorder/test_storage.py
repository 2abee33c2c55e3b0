"""Files: what was written stays, retries repeat nothing, torn ends are cut."""

from __future__ import annotations

import os

import pytest

from recorder import storage
from recorder.cutter import Cutter, Entry, Seal, Write
from recorder.manifest import BadManifest, Manifest, TrackEntry, index_line, read_index
from recorder.segments.container import Mark
from recorder.segments.webm import WebM
from recorder.storage import Store, TrackFiles

ENTRY = TrackEntry("teacher-video-vp8", "teacher", "s01", "teacher", "video", "vp8", "m", "webm", "i", 2, 2, 90000, 0)


def operations(seconds=3, finish=True):
    one = Cutter(WebM((2, 2)), 1.5)
    for index, start in enumerate(range(0, seconds * 1000, 33)):
        one.add(start, start % 1600 < 33, bytes(50), Mark(1, index, index, index), (1, index), start)
    if finish:
        one.finish()
    else:
        one.tick(10**18)
    return one.take()


def files(folder, **how):
    return TrackFiles(folder, ".webm", "init.webm", b"init", **how)


def test_pieces_and_index_are_what_the_operations_say(tmp_path):
    todo = operations()
    written = list(todo)
    one = files(tmp_path / "a" / "t")
    one.apply(todo)
    one.close()
    assert todo == []
    entries, _ = read_index((tmp_path / "a/t/index.jsonl").read_bytes())
    assert entries == [operation.entry for operation in written if isinstance(operation, Seal)]
    for entry in entries:
        data = b"".join(op.data for op in written if isinstance(op, Write) and op.piece == entry.n)
        assert (tmp_path / f"a/t/{entry.n:06d}.webm").read_bytes() == data
    assert (tmp_path / "a/t/init.webm").read_bytes() == b"init"


def test_a_write_that_fails_is_repeated_and_nothing_twice(tmp_path, monkeypatch):
    """The disk takes a few bytes, then fails, again and again, at every call."""
    good = files(tmp_path / "good")
    good.apply(operations())
    good.close()
    real, left = os.pwrite, [0]

    def pwrite(descriptor, data, offset):
        left[0] -= 1
        if left[0] < 0:
            left[0] = 3
            raise OSError(28, "No space left on device")
        return real(descriptor, bytes(data)[:700], offset)

    monkeypatch.setattr(storage.os, "pwrite", pwrite)
    bad, todo, failures = files(tmp_path / "bad"), operations(), 0
    while True:
        try:
            bad.apply(todo)
            break
        except OSError:
            failures += 1
    bad.close()
    assert failures > 3
    for path in sorted((tmp_path / "good").iterdir()):
        assert (tmp_path / "bad" / path.name).read_bytes() == path.read_bytes()


def test_recovery_at_every_length_of_the_last_piece(tmp_path):
    todo = operations(2, finish=False)
    one = files(tmp_path / "t")
    one.apply(todo)
    one.close()
    piece = tmp_path / "t" / "000002.webm"
    whole = piece.read_bytes()
    container = WebM((2, 2))
    ends = [0, *(chunk.end_offset for chunk in container.read(whole))]
    store = Store(tmp_path)
    for length in range(len(whole) + 1):
        piece.write_bytes(whole[:length])
        resume = store.recover(tmp_path / "t", container)
        cut = max(end for end in ends if end <= length)
        assert piece.stat().st_size == cut
        assert resume.size == cut
        assert (resume.piece, resume.open_start is None) == ((2, False) if cut else (1, True))
        assert resume.last.mark is not None


def test_a_torn_index_line_is_cut(tmp_path):
    lines = [index_line(Entry(n, n - 1.0, float(n), 10), ".webm") for n in (1, 2)]
    (tmp_path / "index.jsonl").write_bytes(b"".join(lines) + lines[0][:-5])
    resume = Store(tmp_path).recover(tmp_path, WebM((2, 2)))
    assert resume.piece == 2
    assert resume.end == 2000
    assert (tmp_path / "index.jsonl").read_bytes() == b"".join(lines)


def test_manifests_are_read_back(tmp_path):
    manifest = Manifest("l1", 17, tracks=[ENTRY])
    store = Store(tmp_path)
    store.save("l1", bytes(manifest))
    assert store.load("l1") == manifest
    assert [each.lesson_id for each in store.unfinished()] == ["l1"]
    manifest.state, manifest.announced = "closed", True
    store.save("l1", bytes(manifest))
    assert list(store.unfinished()) == []
    assert store.load("l2") is None
    for bad in (b"", b"[]", b"{}", b'{"version":1}', b'{"version":1,"state":"open","tracks":[{}]}', b"\xff"):
        with pytest.raises(BadManifest):
            Manifest.parse(bad)
