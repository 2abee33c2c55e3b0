"""A track's files read as one: init and pieces back to back are a playable file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class PieceStream(io.RawIOBase):
    """The concatenation of files, readable and seekable. Raises OSError if one is missing."""

    def __init__(self, files: Sequence[Path]) -> None:
        super().__init__()
        self._files = list(files)
        self._ends: list[int] = []
        size = 0
        for path in self._files:
            size += path.stat().st_size
            self._ends.append(size)
        self._position = 0
        self._current = -1
        self._file: BinaryIO | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._ends[-1] if self._ends else 0}[whence]
        self._position = max(0, base + offset)
        return self._position

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes; fewer only at the end."""
        end = self._ends[-1] if self._ends else 0
        left = end - self._position if size < 0 else min(size, end - self._position)
        parts: list[bytes] = []
        while left > 0:
            part = self._read_some(left)
            if not part:
                break
            parts.append(part)
            left -= len(part)
        return b"".join(parts)

    def _read_some(self, size: int) -> bytes:
        number = next(index for index, end in enumerate(self._ends) if self._position < end)
        if number != self._current or self._file is None:
            if self._file is not None:
                self._file.close()
            self._file = open(self._files[number], "rb")  # noqa: SIM115 (kept over calls, closed in close)
            self._current = number
        begin = self._ends[number - 1] if number else 0
        self._file.seek(self._position - begin)
        part = self._file.read(min(size, self._ends[number] - self._position))
        self._position += len(part)
        return part

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        super().close()
