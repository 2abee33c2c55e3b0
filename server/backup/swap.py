"""From the old data folder to the restored one: renames under a journal that any later start can finish.

`{data}/restore.json` names what is exchanged, once everything has been put ready in `{data}/restore.part`; whoever
finds it goes on where the last one stopped, so that no server ever serves half of each.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from pathlib import Path

JOURNAL, STAGED = "restore.json", "restore.part"


class Journal(msgspec.Struct, frozen=True):
    """`enter`: names that come from the staged folder; `leave`: those that only go aside; `aside`: the folder where the
    old ones go; `mark`: of the PostgreSQL transaction that has to be committed first (postgres.restored)."""

    enter: list[str]
    leave: list[str]
    aside: str
    mark: str | None = None


def read(data: Path) -> Journal | None:
    """The journal of a restore that was not finished."""
    try:
        return msgspec.json.decode((data / JOURNAL).read_bytes(), type=Journal)
    except FileNotFoundError:
        return None


def begin(data: Path, journal: Journal) -> None:
    """Write it down; from now on `finish` or `abandon` has to be called."""
    part = data / (JOURNAL + ".part")
    with part.open("wb") as file:
        file.write(msgspec.json.encode(journal))
        file.flush()
        os.fsync(file.fileno())
    part.replace(data / JOURNAL)
    sync_folder(data)


def finish(data: Path, journal: Journal) -> None:
    """Exchange; repeating it after a crash at any point ends in the same. Raises OSError."""
    aside, staged = data / journal.aside, data / STAGED
    aside.mkdir(mode=0o700, exist_ok=True)
    for name in journal.leave:
        if _there(data / name):
            (data / name).rename(aside / name)
    for name in journal.enter:
        if not _there(staged / name):
            continue  # it has entered already
        if _there(data / name):
            (data / name).rename(aside / name)
        (staged / name).rename(data / name)
    sync_folder(aside)
    sync_folder(data)
    if not any(aside.iterdir()):
        aside.rmdir()
    abandon(data)


def abandon(data: Path) -> None:
    """Forget the journal, then what was put ready."""
    (data / JOURNAL).unlink(missing_ok=True)
    sync_folder(data)
    shutil.rmtree(data / STAGED, ignore_errors=True)


def _there(path: Path) -> bool:
    return os.path.lexists(path)


def sync_folder(folder: Path) -> None:
    """Names that were changed in it are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
