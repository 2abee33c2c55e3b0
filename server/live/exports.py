"""Exports of recordings as they stand on disk (docs/protocols.md, section 8); the recorder's export process makes them.

Whoever asks writes `export.json` once; from then on only that process does. A mark `cancel` beside it stops it. With an
object store a film may have left the disk for it (`remote.json`); the recorder uploads and deletes it there.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from .recordings import NAME, key_of

if TYPE_CHECKING:
    from pathlib import Path

    from .recordings import Objects

VERSION = 1
STATE, CANCEL, RESULT, REMOTE = "export.json", "cancel", "lesson.mp4", "remote.json"


class Layout(StrEnum):
    """How the pictures lie."""

    SIDE_BY_SIDE = "side_by_side"
    PICTURE_IN_PICTURE = "picture_in_picture"
    ONE = "one"


class ExportState(StrEnum):
    """Of an export; `cancelled` and `failed` ones can go on."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


WAITED_FOR = (ExportState.QUEUED, ExportState.RUNNING)


@dataclass(frozen=True, slots=True)
class Export:
    """`progress` 0..1; `error` a code when it failed; `bytes` and `seconds` of the film, once known."""

    id: str
    lesson_id: str
    layout: Layout
    main: str
    second: str | None
    state: ExportState
    progress: float
    error: str | None
    bytes: int | None
    seconds: float | None
    created_at: float
    by_name: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants: `main` and `second` are sources, `card` the lines of the title card, the first the topic.

    `name`: of the file.
    """

    layout: Layout
    main: str
    second: str | None
    card: tuple[str, ...]
    by_id: str
    by_name: str
    name: str


class ExportFiles:
    """The exports under `{data}/recordings`. Methods block on the disk: call them off the event loop."""

    def __init__(self, root: Path, objects: Objects | None = None) -> None:
        self._root = root
        self._objects = objects

    def list(self, lesson_id: str) -> list[Export]:
        """Newest first."""
        folder = self._folder(lesson_id)
        if folder is None or not folder.is_dir():
            return []
        found = [_read(path, lesson_id) for path in folder.iterdir() if NAME.fullmatch(path.name)]
        return sorted((one for one in found if one is not None), key=lambda one: one.created_at, reverse=True)

    def get(self, lesson_id: str, export_id: str) -> Export | None:
        """None if there is no such export."""
        path = self._path(lesson_id, export_id)
        return None if path is None else _read(path, lesson_id)

    def add(self, lesson_id: str, export_id: str, wish: Wish, now: float) -> Export:
        """Durable when it returns. Raises OSError, ValueError (no such recording)."""
        folder = self._folder(lesson_id)
        if folder is None or not folder.parent.is_dir():
            raise ValueError("no such recording")
        path = folder / export_id
        path.mkdir(parents=True)
        content = {
            "version": VERSION,
            "id": export_id,
            "lesson_id": lesson_id,
            "layout": wish.layout,
            "main": wish.main,
            "second": wish.second,
            "card": list(wish.card),
            "created_at": now,
            "by": {"id": wish.by_id, "name": wish.by_name},
            "state": ExportState.QUEUED,
            "progress": 0.0,
            "name": wish.name,
        }
        new = path / (STATE + ".part")
        with new.open("w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path / STATE)
        for each in (path, folder, folder.parent):
            _sync(each)
        made = _read(path, lesson_id)
        assert made is not None
        return made

    def cancel(self, lesson_id: str, export_id: str) -> None:
        """Whoever makes it stops within a second or so; what is made already stays for `resume`."""
        path = self._path(lesson_id, export_id)
        if path is not None and path.is_dir():
            (path / CANCEL).touch()

    def resume(self, lesson_id: str, export_id: str) -> None:
        """Let it go on. The process that makes it writes the state; until then it is shown as queued."""
        path = self._path(lesson_id, export_id)
        if path is not None:
            (path / "again").touch()
            (path / CANCEL).unlink(missing_ok=True)

    def remove(self, lesson_id: str, export_id: str) -> None:
        """With all that was made; one under way ends. What an object store has of it the recorder deletes."""
        path = self._path(lesson_id, export_id)
        if path is None:
            return
        hidden = path.with_name(f".{export_id}.removed")
        with contextlib.suppress(FileNotFoundError):
            path.rename(hidden)
            _sync(path.parent)
        if self._objects is None and not (hidden / REMOTE).exists():
            shutil.rmtree(hidden, ignore_errors=True)

    def result(self, lesson_id: str, export_id: str) -> Path | str | None:
        """The film, or its address on the object store; None while there is none."""
        path, export = self._path(lesson_id, export_id), self.get(lesson_id, export_id)
        if path is None or export is None or export.state is not ExportState.DONE:
            return None
        if (path / RESULT).is_file():
            return path / RESULT
        if self._objects is None or not (path / REMOTE).is_file():
            return None
        return self._objects.address(key_of(self._root, path / RESULT))

    def _folder(self, lesson_id: str) -> Path | None:
        return self._root / lesson_id / "exports" if NAME.fullmatch(lesson_id) else None

    def _path(self, lesson_id: str, export_id: str) -> Path | None:
        folder = self._folder(lesson_id)
        return folder / export_id if folder is not None and NAME.fullmatch(export_id) else None


def _read(path: Path, lesson_id: str) -> Export | None:
    try:
        value: dict[str, Any] = json.loads((path / STATE).read_bytes())
        if value["version"] != VERSION:
            return None
        state = ExportState(value["state"])
        if state is not ExportState.DONE and (path / CANCEL).exists():
            state = ExportState.CANCELLED
        elif state in (ExportState.FAILED, ExportState.CANCELLED) and (path / "again").exists():
            state = ExportState.QUEUED
        return Export(
            id=str(value["id"]),
            lesson_id=lesson_id,
            layout=Layout(value["layout"]),
            main=str(value["main"]),
            second=value.get("second"),
            state=state,
            progress=float(value.get("progress", 0.0)),
            error=value.get("error") if state is ExportState.FAILED else None,
            bytes=value.get("size"),
            seconds=value.get("seconds"),
            created_at=float(value["created_at"]),
            by_name=str(value["by"]["name"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
