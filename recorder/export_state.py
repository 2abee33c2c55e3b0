"""`export.json` of an export (docs/protocols.md, section 8): what was asked for, and how far it is."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from recorder.storage import write_atomic
from recorder.tap_messages import name_untrusted
from server.wire.errors import BadPacket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VERSION = 1
SIDE_BY_SIDE, PICTURE_IN_PICTURE, ONE = LAYOUTS = ("side_by_side", "picture_in_picture", "one")
FOLDER, STATE, CANCEL, AGAIN, RESULT = "exports", "export.json", "cancel", "again", "lesson.mp4"
REMOTE = "remote.json"  # the film is on the object store
REMOVED = ".removed"  # a folder `.{id}.removed` waits until the store has deleted it
QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"
UNFINISHED = (QUEUED, RUNNING)


class BadExport(ValueError):
    """There is no such export, or its file is none of this version."""


@dataclass(slots=True)
class Export:
    """One export. `card`: the lines of its title card; `progress` 0..1; `error` a code, when it failed.

    `name`: of the file, for those who take it home.
    """

    id: str
    lesson_id: str
    layout: str
    main: str
    second: str | None
    card: list[str]
    created_at: float
    by: dict[str, str]
    state: str = QUEUED
    progress: float = 0.0
    error: str | None = None
    size: int | None = None  # bytes
    seconds: float | None = None
    name: str = RESULT

    def __bytes__(self) -> bytes:
        return json.dumps({"version": VERSION, **asdict(self)}, ensure_ascii=False, indent=1).encode()

    @classmethod
    def parse(cls, data: bytes) -> Export:
        """From the file's content. Raises BadExport."""
        try:
            value = json.loads(data)
            if value.pop("version") != VERSION or value["layout"] not in LAYOUTS or not value["card"]:
                raise BadExport("another version")
            export = cls(**value)
            for name in (export.id, export.lesson_id, export.main, export.second or export.main):
                name_untrusted(name)
            return export
        except (ValueError, TypeError, KeyError, AttributeError, BadPacket) as error:
            raise BadExport(str(error)) from None


def folder_of(root: Path, lesson_id: str, export_id: str) -> Path:
    """Where an export is. Raises BadExport for names that are none."""
    try:
        return root / name_untrusted(lesson_id) / FOLDER / name_untrusted(export_id)
    except BadPacket as error:
        raise BadExport(str(error)) from None


def load(folder: Path) -> Export:
    """Raises BadExport."""
    try:
        return Export.parse((folder / STATE).read_bytes())
    except OSError as error:
        raise BadExport(str(error)) from None


def save(folder: Path, export: Export) -> None:
    """Replace the file. Raises OSError (the folder is gone when the export was deleted)."""
    write_atomic(folder / STATE, bytes(export))


def folders(root: Path) -> Iterator[Path]:
    """Of all exports of recordings that are there."""
    for path in sorted(root.glob(f"[!.]*/{FOLDER}/[!.]*/{STATE}")):
        yield path.parent


def removed(root: Path) -> Iterator[Path]:
    """Hidden folders of exports that nobody wants any more."""
    yield from sorted(root.glob(f"[!.]*/{FOLDER}/.*{REMOVED}"))


def unfinished(root: Path) -> Iterator[Export]:
    """Exports that somebody waits for."""
    for folder in folders(root):
        try:
            export = load(folder)
        except BadExport:
            continue
        wanted = export.state in UNFINISHED or (export.state != DONE and (folder / AGAIN).exists())
        if wanted and not (folder / CANCEL).exists():
            yield export
