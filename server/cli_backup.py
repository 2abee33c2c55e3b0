"""`tongke backup` and `tongke restore`: everything that must not be lost, into one archive and back."""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from server.backup.archive import Manifest

Data = Annotated[Path | None, typer.Option("--data", help="数据目录（默认 var/data） / the data folder")]
Database = Annotated[str | None, typer.Option("--database", help="数据库网址（默认 SQLite） / url of a database")]
Config = Annotated[Path | None, typer.Option("--config", help="TOML 配置文件 / a TOML file of settings")]
STEPS = {"database": "数据库 / database", "files": "文件 / files", "check": "核对 / checking"}


def backup(
    target: Annotated[Path, typer.Argument(help="归档文件，或放归档的目录 / the archive, or a folder for it")],
    data: Data = None,
    without_recordings: Annotated[
        bool, typer.Option("--without-recordings", help="不含录像的画面和声音 / leave out recorded pictures and sound")
    ] = False,
    database: Database = None,
    config: Config = None,
) -> None:
    """备份到一个归档文件，服务运行时也可以；写完后试恢复一次。 / Into one archive, also while the server runs."""
    from server import cli
    from server.backup.making import backup as make

    settings = cli.existing(data, config, database)
    now = time.time()
    if target.is_dir():
        target = target / time.strftime("tongke-%Y%m%d-%H%M%S.tar", time.localtime(now))
    with _progress() as told:
        manifest, untried = _tried(make(settings, target, pieces=not without_recordings, now=now, told=told))
    print(f"{target}: {_summary(manifest)}；{untried or '已试恢复 / restored once to try it'}")
    if manifest.left_out:
        print(f"不含密钥，恢复后请重新填写 / secrets to fill in again after restoring: {', '.join(manifest.left_out)}")
    if manifest.storage is not None:
        print(f"只在对象存储上的录像不在备份中 / what is only in the object store is not in it: {manifest.storage}")


def restore(
    archive: Annotated[Path, typer.Argument(help="备份的归档 / the archive")],
    data: Data = None,
    force: Annotated[
        bool,
        typer.Option("--force", help="已有数据也恢复，原有的移到一旁 / restore, what is there goes aside"),
    ] = False,
    database: Database = None,
    config: Config = None,
) -> None:
    """从归档恢复到没有在运行的服务：全部恢复，或什么也不改。 / From an archive: everything or nothing."""
    from server import cli
    from server.backup.restoring import restore as put_back

    settings = cli.given_settings({"data": data, "database": database}, config)
    with _progress() as told:
        manifest, aside = _tried(put_back(settings, archive, force=force, told=told))
    print(f"{settings.data}: {_summary(manifest)}，已恢复 / restored")
    if aside is not None:
        print(f"原有数据在 / what was there before is in {aside}")
    if (settings.data / "config-of-backup").exists():
        print(f"备份时的规则配置与本机不同，请对照 / compare with config/: {settings.data / 'config-of-backup'}")
    if manifest.left_out:
        print(
            f"请重新填写 / fill in again: {', '.join(manifest.left_out)}（{settings.data / 'settings-of-backup.toml'}）"
        )


def _summary(manifest: Manifest) -> str:
    rows = sum(table.rows for table in manifest.database.tables.values())
    size = sum(member.bytes for member in manifest.members)
    gone = f"，{len(manifest.gone)} 个文件在备份时被删除 / deleted meanwhile" if manifest.gone else ""
    made = time.strftime("%Y-%m-%d %H:%M", time.localtime(manifest.created_at))
    pieces = "" if manifest.pieces else "，不含录像 / without recordings"
    return f"{made}，{rows} 行 / rows，{len(manifest.members)} 个文件 / files，{size / 1e6:.1f} MB{pieces}{gone}"


def _tried(work: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 (whatever the command asks for)
    from server.backup.archive import BackupError
    from server.settings import SettingsError

    try:
        return asyncio.run(work)
    except (BackupError, SettingsError) as error:
        _fail(error)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def _fail(text: object) -> NoReturn:
    from server import cli

    cli.fail(text)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar per step, on standard error."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        tasks = {}

        def told(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(STEPS[step], total=total or None)
            progress.update(tasks[step], completed=done, total=total or None)

        yield told
