"""The pictures of the county's wall: written by the recorder while somebody looks (docs/protocols.md, section 7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

FRESH = 60.0  # s: an older picture is not what is seen now
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
# The order in which a lesson's pictures are wanted: who teaches first, what is taught, then who listens.
_ORDER = {"teacher": 0, "screen": 1}


class WallWish(Protocol):
    """Tells the recorder that somebody looks at the wall."""

    async def look(self) -> None:
        """For the next minute pictures are wanted. Never raises; may be lost."""
        ...


class NobodyLooks:
    """`WallWish` where there is no recorder to tell."""

    async def look(self) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One source's newest picture. `at`: Unix s at which it was painted (or last confirmed, of a still screen)."""

    source: str
    at: float
    etag: str
    path: Path


class WallPictures:
    """The folder they are in, `{data}/run/wall`; None: the recorder is on another machine, there are none. Blocking."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def of_lesson(self, lesson_id: str, now: float) -> list[Picture]:
        """What there is of a lesson, the teacher first."""
        if self._folder is None or not _NAME.fullmatch(lesson_id):
            return []
        try:
            paths = sorted(self._folder.joinpath(lesson_id).glob("*.jpg"))
        except OSError:
            return []
        found = [picture for path in paths if (picture := _read(path)) is not None and now - picture.at < FRESH]
        return sorted(found, key=lambda picture: (_ORDER.get(picture.source, 2), picture.source))

    def of_source(self, lesson_id: str, source: str, now: float) -> Picture | None:
        """One picture, or None."""
        return next((one for one in self.of_lesson(lesson_id, now) if one.source == source), None)


def _read(path: Path) -> Picture | None:
    """None: it went away meanwhile."""
    try:
        status = path.stat()
    except OSError:
        return None
    return Picture(path.stem, status.st_mtime, f"{status.st_mtime_ns:x}-{status.st_size:x}", path)
