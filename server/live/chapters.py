"""What the verification made for the player (docs/protocols.md, section 5): chapters and sheets of thumbnails."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

VERSION = 1
SHEET = re.compile(r"thumbnails-[A-Za-z0-9][A-Za-z0-9._-]{0,127}\.jpg")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Small pictures of one source, row by row; `times` in seconds on the lesson's clock, one for each picture."""

    source: str
    path: Path
    width: int
    height: int
    columns: int
    times: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Chapters:
    """`starts`: seconds on the lesson's clock, in order."""

    starts: tuple[float, ...] = ()
    sheets: tuple[Sheet, ...] = ()


def read_chapters(folder: Path) -> Chapters:
    """Of a recording's folder; empty while there are none. A name in the file that is no sheet's is left out."""
    try:
        content = json.loads((folder / "chapters.json").read_bytes())
        if content["version"] != VERSION:
            return Chapters()
        return Chapters(
            tuple(float(chapter["start"]) for chapter in content["chapters"]),
            tuple(_sheet(folder, entry) for entry in content["thumbnails"] if SHEET.fullmatch(str(entry["file"]))),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return Chapters()


def _sheet(folder: Path, entry: dict[str, Any]) -> Sheet:
    return Sheet(
        source=str(entry["source"]),
        path=folder / entry["file"],
        width=int(entry["width"]),
        height=int(entry["height"]),
        columns=int(entry["columns"]),
        times=tuple(float(at) for at in entry["times"]),
    )
