"""A SQLite database: copied by SQLite's online backup API while others write, restored as a file."""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from .archive import Damaged, DatabaseCopy, TableCopy

if TYPE_CHECKING:
    from pathlib import Path

MEMBER = "database/tongke.db.gz"
TIMEOUT = 30.0  # s that a lock is waited for
FAST = 1  # gzip level: a fifth of the size at 100 MB/s


def take(source: Path, folder: Path) -> DatabaseCopy:
    """The database as it is at one moment, as `MEMBER` below `folder`. Raises sqlite3.Error, OSError.

    In WAL mode one step over all pages reads one snapshot: writers are not held up, and none of them restarts it.
    """
    plain = folder / "snapshot.db"
    with closing(sqlite3.connect(source, timeout=TIMEOUT)) as live, closing(sqlite3.connect(plain)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        described = describe(copy)
    packed = folder / MEMBER
    packed.parent.mkdir(parents=True, exist_ok=True)
    with plain.open("rb") as file, gzip.open(packed, "wb", compresslevel=FAST) as out:
        shutil.copyfileobj(file, out, 1 << 20)
    plain.unlink()
    return described


def restore(said: DatabaseCopy, folder: Path, target: Path) -> None:
    """`MEMBER` below `folder` as the database file `target`, on the disk.

    Raises Damaged unless it is sound and is what was `said`.
    """
    with gzip.open(folder / MEMBER, "rb") as packed, target.open("xb") as file:
        shutil.copyfileobj(packed, file, 1 << 20)
        file.flush()
        os.fsync(file.fileno())
    target.chmod(0o600)
    try:
        with closing(sqlite3.connect(target)) as copy:
            trouble = copy.execute("PRAGMA integrity_check(3)").fetchall()
            if trouble != [("ok",)]:
                raise Damaged("备份中的数据库损坏", f"the backup's database is damaged: {trouble[0][0]}")
            if (stray := copy.execute("PRAGMA foreign_key_check").fetchone()) is not None:
                raise Damaged("备份中的数据库损坏", f"a row without what it refers to: {stray[0]} {stray[1]}")
            compare(said, describe(copy))
    except sqlite3.DatabaseError as error:
        raise Damaged("备份中的数据库损坏", f"the backup's database is damaged: {error}") from None


def describe(connection: sqlite3.Connection) -> DatabaseCopy:
    """Revision, tables and their rows."""
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    tables = {}
    for (name,) in names.fetchall():
        columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{name}")')]
        rows = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
        tables[name] = TableCopy(rows, columns)
    revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    return DatabaseCopy("sqlite", revision, tables)


def compare(said: DatabaseCopy, found: DatabaseCopy) -> None:
    """Raises Damaged when what was restored is not what was copied."""
    if found.revision != said.revision:
        raise Damaged("数据库结构版本不符", f"schema {found.revision}, not {said.revision}")
    for name in sorted(said.tables.keys() | found.tables.keys()):
        before, after = said.tables.get(name), found.tables.get(name)
        if before is None or after is None or before.rows != after.rows:
            counts = f"{before.rows if before else 0} → {after.rows if after else 0}"
            raise Damaged(f"表 {name} 的行数不符", f"rows of table {name} differ: {counts}")
