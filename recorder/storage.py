"""Files of recordings: what was written stays, whatever happens next. Blocking; the writer runs it in threads."""

from __future__ import annotations

import contextlib
import os
import shutil
from typing import TYPE_CHECKING

from recorder.cutter import Entry, Operation, Resume, Seal, Stretch, Write
from recorder.manifest import BadManifest, Manifest, index_line, piece_name, read_index
from recorder.tap_messages import NAME

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from recorder.segments.container import ChunkInfo, Container

MANIFEST, INDEX = "manifest.json", "index.jsonl"
DISCARDED = ".discarded"


def write_atomic(path: Path, data: bytes) -> None:
    """Replace a file as a whole: a crash leaves the old or the new one. Raises OSError."""
    temporary = path.with_name(path.name + ".new")
    try:
        with open(temporary, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder and its parents, durably."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def remove_folder(folder: Path) -> None:
    """Remove a folder with all that is in it, durably; one that is gone is fine. Raises OSError."""
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder)
    sync_folder(folder.parent)


def write_all(descriptor: int, data: bytes, offset: int) -> None:
    """Write everything at an offset. Raises OSError, also when the system takes nothing."""
    view = memoryview(data)
    while view:
        written = os.pwrite(descriptor, view, offset)
        view = view[written:]
        offset += written


class TrackFiles:
    """One track's folder. `apply` is safe to repeat after an OSError: it goes on at the operation that failed."""

    def __init__(self, folder: Path, suffix: str, init_name: str, init: bytes | None, size: int = 0) -> None:
        self._folder = folder
        self._suffix = suffix
        self._init_name = init_name
        self._init = init  # to be written before the first piece; None if it is there
        self._piece: int | None = None
        self._descriptor = -1
        self._size = 0
        self._resumed_size = size
        self._dirty = False

    def apply(self, operations: list[Operation]) -> None:
        """Do them in order and make them durable; what is done is removed from the list. Raises OSError."""
        if self._init is not None:
            make_folder(self._folder)
            write_atomic(self._folder / self._init_name, self._init)
            self._init = None
        while operations:
            operation = operations[0]
            if isinstance(operation, Write):
                self._write(operation)
            elif isinstance(operation, Stretch):
                self._open(operation.piece)
                write_all(self._descriptor, operation.value, operation.offset)
                self._dirty = True
            else:
                self._seal(operation)
            del operations[0]
        self._sync()

    def close(self) -> None:
        """Give the file back."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor, self._piece = -1, None

    def _open(self, piece: int) -> None:
        if self._piece == piece:
            return
        self._sync()
        self.close()
        path = self._folder / piece_name(piece, self._suffix)
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        self._piece = piece
        self._size, self._resumed_size = self._resumed_size, 0
        os.ftruncate(self._descriptor, self._size)
        sync_folder(self._folder)

    def _write(self, operation: Write) -> None:
        self._open(operation.piece)
        try:
            write_all(self._descriptor, operation.data, self._size)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, self._size)
            raise
        self._size += len(operation.data)
        self._dirty = True

    def _sync(self) -> None:
        if self._dirty:
            os.fsync(self._descriptor)
            self._dirty = False

    def _seal(self, operation: Seal) -> None:
        self._sync()
        line = index_line(operation.entry, self._suffix)
        descriptor = os.open(self._folder / INDEX, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            size = os.fstat(descriptor).st_size
            if size >= len(line) and os.pread(descriptor, len(line), size - len(line)) == line:
                return  # written before, then the fsync failed
            try:
                write_all(descriptor, line, size)
            except OSError:
                with contextlib.suppress(OSError):
                    os.ftruncate(descriptor, size)
                raise
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self.close()
        self._resumed_size = 0


class Store:
    """All recordings under one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, lesson_id: str) -> Path:
        """Where a recording is."""
        return self.root / lesson_id

    def save(self, lesson_id: str, manifest: bytes) -> None:
        """Write a manifest anew. Raises OSError."""
        folder = self.folder(lesson_id)
        make_folder(folder)
        write_atomic(folder / MANIFEST, manifest)

    def load(self, lesson_id: str) -> Manifest | None:
        """A recording's manifest, None if there is none that can be read."""
        try:
            return Manifest.parse((self.folder(lesson_id) / MANIFEST).read_bytes())
        except (OSError, BadManifest):
            return None

    def unfinished(self) -> Iterator[Manifest]:
        """Manifests that are open, or closed without anybody having been told."""
        if not self.root.is_dir():
            return
        for folder in sorted(self.root.iterdir()):
            manifest = self.load(folder.name)
            if manifest is not None and not (manifest.state == "closed" and manifest.announced):
                yield manifest

    def hide(self, lesson_id: str) -> Path | None:
        """The first step of a deletion, atomic: as a whole, the recording gets a name that no lesson can have.

        Where it is now, also when that was done before or there was nothing; None for what cannot be a lesson.
        Raises OSError.
        """
        if NAME.fullmatch(lesson_id) is None:
            return None
        hidden = self.root / f".{lesson_id}{DISCARDED}"
        with contextlib.suppress(FileNotFoundError):
            os.rename(self.folder(lesson_id), hidden)
            sync_folder(self.root)
        make_folder(hidden)
        return hidden

    def hidden(self) -> Iterator[tuple[str, Path]]:
        """Recordings whose deletion began: lesson and folder."""
        if self.root.is_dir():
            for folder in sorted(self.root.glob(f".*{DISCARDED}")):
                yield folder.name[1 : -len(DISCARDED)], folder

    def discard(self, lesson_id: str) -> None:
        """Delete a recording from the disk for good; after a crash, again goes on. Raises OSError."""
        hidden = self.hide(lesson_id)
        if hidden is not None:
            remove_folder(hidden)

    def recover(self, folder: Path, container: Container) -> Resume:
        """Cut what is torn off a track and say where it ends. Raises OSError."""
        entries = _cut_index(folder / INDEX)
        indexed = entries[-1].n if entries else 0
        end = round(entries[-1].end * container.rate) if entries else 0
        current = folder / piece_name(indexed + 1, container.suffix)
        chunks = _cut_piece(current, container) if current.exists() else []
        if chunks:
            last = chunks[-1]
            return Resume(indexed + 1, last.end_offset, chunks[0].start, last, max(last.end, end))
        chunks = []
        if indexed:
            with contextlib.suppress(FileNotFoundError):
                chunks = container.read((folder / piece_name(indexed, container.suffix)).read_bytes())
        return Resume(indexed, 0, None, chunks[-1] if chunks else None, end)


def _cut_index(path: Path) -> list[Entry]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    entries, whole = read_index(data)
    if whole < len(data):
        _truncate(path, whole)
    return entries


def _cut_piece(path: Path, container: Container) -> list[ChunkInfo]:
    data = path.read_bytes()
    chunks = container.read(data)
    whole = chunks[-1].end_offset if chunks else 0
    if whole < len(data):
        _truncate(path, whole)
    return chunks


def _truncate(path: Path, size: int) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.ftruncate(descriptor, size)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
