"""`tongke restore`: all or nothing. Everything is checked and put ready before anything of the target is touched."""

from __future__ import annotations

import contextlib
import filecmp
import os
import shutil
import time
from typing import TYPE_CHECKING

from alembic.script import ScriptDirectory
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from server import supervisor_checks
from server.store.migrate import alembic_config

from . import contents, postgres, sqlite, swap
from .archive import BackupError, Manifest, check, counting, extract
from .contents import database_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from server.settings import Settings

    from .archive import Told

# What of the old state would contradict the new one: Redis' placements and jobs, the first accounts' passwords.
OLD = ("redis", "first-accounts.txt")


async def restore(settings: Settings, archive: Path, *, force: bool, told: Told) -> tuple[Manifest, Path | None]:
    """Restore into the data folder and database of the settings; (what was restored, where the old things are now).

    `told(step, bytes done, bytes in all)`; steps `check`, `files`, `database`. Raises BackupError, SettingsError: then
    nothing has changed.
    """
    manifest = _checked(settings, archive, told)
    with _alone(settings):
        await recover(settings)
        shutil.rmtree(settings.data / swap.STAGED, ignore_errors=True)
        if not force and (found := _occupied(settings)):
            raise _not_empty(settings, found)
        journal = _journal(settings, manifest)
        try:
            _stage(settings, archive, manifest, told)
            told("database", 0, 0)
            if manifest.database.kind == "sqlite":
                sqlite.restore(manifest.database, settings.data / swap.STAGED, _staged_database(settings))
                swap.begin(settings.data, journal)
            else:
                await _into_postgres(settings, manifest, journal, force=force)
        except (OSError, SQLAlchemyError) as error:
            raise BackupError("没有恢复，原来的数据没有改动", f"not restored, nothing was changed: {error}") from error
        finally:
            if swap.read(settings.data) is None:
                shutil.rmtree(settings.data / swap.STAGED, ignore_errors=True)
        swap.finish(settings.data, journal)
    aside = settings.data / journal.aside
    return manifest, aside if aside.exists() else None


async def recover(settings: Settings) -> None:
    """Finish a restore that was interrupted, or take it back when its database never came. Under the folder's lock.

    Raises BackupError: it could not be told which, or not be done.
    """
    journal = swap.read(settings.data)
    if journal is None:
        return
    try:
        if journal.mark is not None and not await postgres.restored(settings.database_url, journal.mark):
            swap.abandon(settings.data)
        else:
            swap.finish(settings.data, journal)
    except (OSError, SQLAlchemyError) as error:
        raise BackupError(
            "上次恢复没有完成，现在也完不成；请先让数据库可用，再运行一次",
            f"a restore was interrupted and cannot be ended now; see to the database, then try again: {error}",
        ) from error


def _checked(settings: Settings, archive: Path, told: Told) -> Manifest:
    try:
        manifest = check(archive, counting("check", archive.stat().st_size, told))
    except OSError as error:
        raise BackupError(f"{archive}: 读不了", f"cannot be read: {error.strerror}") from None
    kind = make_url(settings.database_url).get_backend_name()
    if kind != manifest.database.kind:
        fix = "--database postgresql://…" if kind == "sqlite" else "不要给 --database / without --database"
        raise BackupError(
            f"备份来自 {manifest.database.kind}，不能恢复到 {kind}；请用 {fix}",
            f"the backup is of {manifest.database.kind}",
        )
    known = {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    if manifest.database.revision not in known:
        raise BackupError(
            f"备份来自更新的版本 {manifest.version}（结构 {manifest.database.revision}），请先安装那个版本",
            "the backup is of a newer version: install that one first",
        )
    return manifest


@contextlib.contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """No server of this folder runs, nor begins to. Raises SettingsError."""
    lock = supervisor_checks.lock_data(settings)
    try:
        yield
    finally:
        os.close(lock)


def _occupied(settings: Settings) -> list[str]:
    """What of a county is in the data folder already."""
    found = [name for name in (contents.SECRET, *contents.FOLDERS) if _filled(settings.data / name)]
    if make_url(settings.database_url).get_backend_name() == "sqlite" and database_file(settings).exists():
        found.append(database_file(settings).name)
    return found


def _filled(path: Path) -> bool:
    return any(path.iterdir()) if path.is_dir() else path.exists()


def _not_empty(settings: Settings, found: list[str]) -> BackupError:
    return BackupError(
        f"{settings.data} 里已有数据（{'、'.join(found)}）：请用新的 --data 目录，或加 --force（原有数据移到一旁保留）",
        "there are data already: use a new --data folder, or --force, which keeps the old ones aside",
    )


def _journal(settings: Settings, manifest: Manifest) -> swap.Journal:
    """Names in the data folder. A SQLite database elsewhere is not exchanged by renames: refused."""
    aside = time.strftime("before-restore-%Y%m%d-%H%M%S")
    enter = [contents.SECRET, *contents.FOLDERS, "settings-of-backup.toml", "config-of-backup"]
    if manifest.database.kind == "postgresql":
        return swap.Journal(enter, list(OLD), aside, mark=f"{aside}-{os.urandom(8).hex()}")
    database = database_file(settings)
    if database.parent.resolve() != settings.data.resolve():
        raise BackupError(f"{database}: SQLite 数据库须在数据目录中", "the database must be in the data folder")
    # its companions belong to the old file alone
    return swap.Journal([*enter, database.name], [*OLD, f"{database.name}-wal", f"{database.name}-shm"], aside)


def _stage(settings: Settings, archive: Path, manifest: Manifest, told: Told) -> None:
    """Everything under the name that it will have."""
    staged = settings.data / swap.STAGED
    staged.mkdir(mode=0o700)
    total = sum(member.bytes for member in manifest.members)
    free = shutil.disk_usage(settings.data).free
    if total > free:
        raise BackupError(
            f"{settings.data} 空间不够：需要 {total / 1e9:.1f} GB，剩余 {free / 1e9:.1f} GB",
            "not enough room on this disk",
        )
    extract(archive, staged, lambda _: True, counting("files", total, told))
    for folder in contents.FOLDERS:
        (staged / folder).mkdir(exist_ok=True)
    (staged / contents.SETTINGS).rename(staged / "settings-of-backup.toml")
    config = staged / contents.CONFIG
    if config.exists():
        if _differs(config, settings.config_dir):
            config.rename(staged / "config-of-backup")
        else:
            shutil.rmtree(config)


def _differs(config: Path, installed: Path) -> bool:
    """Whether a file of the backup's configuration is not, or is not the same, in this installation."""
    names = [path.relative_to(config) for path in config.rglob("*") if path.is_file()]
    return not all(
        (installed / name).is_file() and filecmp.cmp(config / name, installed / name, False) for name in names
    )


def _staged_database(settings: Settings) -> Path:
    return settings.data / swap.STAGED / database_file(settings).name


async def _into_postgres(settings: Settings, manifest: Manifest, journal: swap.Journal, *, force: bool) -> None:
    async with postgres.opened(settings.database_url) as target:
        if others := await target.others():
            raise BackupError(
                f"还有 {others} 个连接在用这个数据库：请先停止所有在用它的服务",
                f"{others} connections use this database: stop its servers first",
            )
        if await target.occupied():
            if not force:
                raise _not_empty(settings, ["PostgreSQL"])
            await target.move_aside(journal.aside.replace("-", "_"))
        await target.load(manifest.database, settings.data / swap.STAGED)
        assert journal.mark is not None
        await target.mark(journal.mark)
        swap.begin(settings.data, journal)
        try:
            await target.commit()
        except (OSError, SQLAlchemyError):
            # not told whether it took effect: the next start asks the database
            raise BackupError(
                "数据库在最后一步没有应答；再运行一次 tongke restore 或启动服务，会自动完成或撤回",
                "the database did not answer at the last step: run it again or start the server, it is ended or undone",
            ) from None
