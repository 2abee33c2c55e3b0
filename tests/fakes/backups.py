"""Installations for the tests of backup and restore: a data folder with a county, materials and a recording in it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from server.settings import Settings, load, secret_of
from server.store import open_database
from tests.fakes.county import County, make_county

if TYPE_CHECKING:
    from pathlib import Path

PIECE = bytes(range(256)) * 40
INDEX = b'{"n": 1, "file": "000001.m4s", "start": 0.0, "end": 2.0, "bytes": 10240}\n'


def settings_of(data: Path, **changes: object) -> Settings:
    """Settings of a data folder, whatever stands in the environment of the tests."""
    return load({"data": data, **changes})


async def installed(settings: Settings) -> County:
    """A county with one taught lesson; the database stays open, as a running server's would."""
    secret_of(settings.data)
    county = await make_county(await open_database(settings.database_url))
    lesson = await county.taught()
    track = settings.recordings_dir / lesson.id / "teacher-video-h264"
    track.mkdir(parents=True)
    (track.parent / "manifest.json").write_text("{}")
    (track / "index.jsonl").write_bytes(INDEX)
    (track / "000001.m4s").write_bytes(PIECE)
    settings.materials_dir.mkdir()
    (settings.materials_dir / "m1").write_bytes(b"a design")
    return county


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with its content; locks and databases' companions aside."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm", ".lock", "lock"))
    }


def rows(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables of a SQLite database."""
    with closing(sqlite3.connect(database)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(connection.execute(f'SELECT * FROM "{name}"'), key=repr) for name in sorted(names)}


def quiet(_step: str, _done: int, _total: int) -> None:
    """Progress that nobody looks at."""


def cut(path: Path, share: float) -> None:
    """The file without its end."""
    os.truncate(path, int(path.stat().st_size * share))
