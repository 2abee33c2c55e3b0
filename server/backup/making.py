"""`tongke backup`: the database first, then the files, so that whatever the database knows of is there."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from server.settings import read_serving, without_password

from . import contents, postgres, sqlite
from .archive import BackupError, DatabaseCopy, Manifest, Writer, check, counting, extract
from .swap import sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server.settings import Settings

    from .archive import Told

# The staged database and what is verified stand beside the archive for a while.
ROOM = 1.1


async def backup(
    settings: Settings, target: Path, *, pieces: bool, now: float, told: Told
) -> tuple[Manifest, BackupError | None]:
    """Write the archive `target`; it has that name only when it is whole.

    Its database is restored once to try it; where there may be no place for that, the second value says why.

    `told(step, bytes done, bytes in all)`; steps `database`, `files`, `check`. Raises BackupError.
    """
    _same_database(settings)
    part = target.with_name(target.name + ".part")
    with _staging(target) as folder:
        try:
            told("database", 0, 0)
            database = await _take(settings, folder)
            manifest = _write(settings, part, folder, database, pieces, now, told)
            untried = await _verify(settings, part, folder, told)
            part.replace(target)
            sync_folder(target.parent)
        except (OSError, sqlite3.Error, SQLAlchemyError) as error:
            raise BackupError("备份没有完成，什么也没有留下", f"the backup was not made: {error}") from error
        finally:
            part.unlink(missing_ok=True)
    return manifest, untried


def _same_database(settings: Settings) -> None:
    """Raises BackupError when the server of this folder was told another database on its command line."""
    serving = read_serving(settings.data)
    ours = without_password(settings.database_url)
    if serving is not None and serving.get("database", ours) != ours:
        raise BackupError(
            f"正在运行的服务用的数据库是 {serving['database']}，不是 {ours}：请用 --database 或 --config 指明同一个",
            "the server that runs here uses another database: name the same one with --database or --config",
        )
    if make_url(settings.database_url).get_backend_name() == "sqlite" and not contents.database_file(settings).exists():
        raise BackupError(f"没有数据库 {contents.database_file(settings)}", "there is no such database")


@contextlib.contextmanager
def _staging(target: Path) -> Iterator[Path]:
    """A folder beside the archive. Raises BackupError when there cannot be one."""
    if target.exists():
        raise BackupError(f"{target} 已存在，请换一个名字", "it exists already, choose another name")
    try:
        with tempfile.TemporaryDirectory(prefix=".tongke-backup-", dir=target.parent) as folder:
            yield Path(folder)
    except FileNotFoundError:
        raise BackupError(f"没有目录 {target.parent}，请先建立", "there is no such folder, make it first") from None
    except PermissionError as error:
        raise BackupError(f"{target.parent} 不能写", f"is not writable: {error.strerror}") from None


async def _take(settings: Settings, folder: Path) -> DatabaseCopy:
    if make_url(settings.database_url).get_backend_name() == "sqlite":
        return sqlite.take(contents.database_file(settings), folder)
    return await postgres.take(settings.database_url, folder)


def _write(
    settings: Settings, part: Path, folder: Path, database: DatabaseCopy, pieces: bool, now: float, told: Told
) -> Manifest:
    listed = [(path.relative_to(folder).as_posix(), path) for path in sorted(folder.rglob("*.gz"))]
    listed += contents.files(settings, pieces=pieces)
    total = sum(_size(path) for _, path in listed)
    free = shutil.disk_usage(part.parent).free
    if total * ROOM > free:
        raise BackupError(
            f"{part.parent} 空间不够：需要 {total * ROOM / 1e9:.1f} GB，剩余 {free / 1e9:.1f} GB",
            "not enough room: use another disk, or --without-recordings",
        )
    text, left_out = contents.settings_toml(settings)
    gone = []
    writer = Writer(part, counting("files", total, told))
    try:
        for name, path in listed:
            try:
                writer.add(name, path)
            except FileNotFoundError:
                gone.append(name)
        writer.add_bytes(contents.SETTINGS, text.encode(), now)
        manifest = Manifest(
            1, version("tongke"), now, database, pieces, settings.storage, left_out, gone, list(writer.members)
        )
        writer.close(manifest)
    finally:
        writer.abandon()
    return manifest


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


async def _verify(settings: Settings, part: Path, folder: Path, told: Told) -> BackupError | None:
    """Read it all again, and restore its database into a place that is thrown away. Raises Damaged."""
    trial = folder / "trial"
    manifest = check(part, counting("check", _size(part), told))
    extract(part, trial, lambda name: name.startswith("database/"), lambda _: None)
    if manifest.database.kind == "sqlite":
        sqlite.restore(manifest.database, trial, trial / "tongke.db")
        return None
    try:
        async with postgres.scratch(settings.database_url) as url, postgres.opened(url) as target:
            await target.load(manifest.database, trial)
    except postgres.NotAllowed as reason:
        return reason
    return None
