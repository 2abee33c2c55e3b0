"""The bytes of materials, one file each in `{data}/materials`: written piece by piece, each on disk before it is told.

Standard library only. Methods block on the disk: call them off the event loop. A file's length is how far its upload
has come; there is no second place that could say otherwise after a crash.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ID = re.compile(r"m[0-9a-z]{1,63}")


class WrongOffset(Exception):
    """The piece does not begin where the file ends; `offset` is where it ends."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"the file ends at {offset}")
        self.offset = offset


class MaterialFiles:
    """The folder. Ids are those of `county.ids`; anything else is no file (ValueError: our misuse)."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, material_id: str) -> Path:
        """Where a material's bytes are. Raises ValueError."""
        if not ID.fullmatch(material_id):
            raise ValueError(f"no material id: {material_id!r}")
        return self._root / material_id

    def offset(self, material_id: str) -> int:
        """How many bytes are on the disk; 0 when there is no file yet."""
        try:
            return self.path(material_id).stat().st_size
        except FileNotFoundError:
            return 0

    def append(self, material_id: str, offset: int, data: bytes, size: int) -> int:
        """Write a piece that begins at `offset` and make it durable; the new end.

        Raises WrongOffset (another end, or the piece would go beyond `size`), OSError. Of two writers of one file one
        gets its turn after the other, and then a WrongOffset.
        """
        self._root.mkdir(parents=True, exist_ok=True)
        path = self.path(material_id)
        fresh = not path.exists()
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            end = os.fstat(descriptor).st_size
            if offset != end or end + len(data) > size:
                raise WrongOffset(end)
            try:
                self._write(descriptor, offset, data)
            except OSError:
                os.ftruncate(descriptor, end)  # a full disk: nothing of the piece was told, nothing of it stays
                raise
        finally:
            os.close(descriptor)
        if fresh:
            self._sync_folder()
        return offset + len(data)

    @staticmethod
    def _write(descriptor: int, offset: int, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            written = os.pwrite(descriptor, rest, offset)
            offset, rest = offset + written, rest[written:]
        os.fsync(descriptor)

    def _sync_folder(self) -> None:
        folder = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def head(self, material_id: str, length: int) -> bytes:
        """The first bytes."""
        with self.path(material_id).open("rb") as file:
            return file.read(length)

    def remove(self, material_id: str) -> None:
        """Again changes nothing."""
        self.path(material_id).unlink(missing_ok=True)

    def free(self) -> int:
        """Bytes left on the disk."""
        self._root.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(self._root).free
