"""Backup and restore with SQLite: what was there is there again, and nothing is ever half there."""

from __future__ import annotations

import os
import stat
import tarfile
from typing import TYPE_CHECKING

import pytest

from server.backup import restoring, swap
from server.backup.archive import BackupError, Damaged, check
from server.backup.making import backup
from server.backup.restoring import recover, restore
from server.settings import SettingsError
from server.store import open_database
from server.supervisor_checks import lock_data
from tests.fakes.backups import INDEX, PIECE, cut, installed, quiet, rows, settings_of, tree
from tests.fakes.county import ADMIN, make_county

if TYPE_CHECKING:
    from pathlib import Path

    from server.backup.archive import Manifest
    from server.settings import Settings
    from tests.fakes.county import County

NOW = 1_790_000_000.0


@pytest.fixture
async def county(tmp_path: Path) -> County:
    made = await installed(settings_of(tmp_path / "data"))
    yield made
    await made.store.close()


async def made(tmp_path: Path, *, pieces: bool = True, **changes: object) -> tuple[Path, Manifest]:
    archive = tmp_path / "county.tar"
    manifest, untried = await backup(
        settings_of(tmp_path / "data", **changes), archive, pieces=pieces, now=NOW, told=quiet
    )
    assert untried is None
    return archive, manifest


async def test_a_backup_made_while_others_write_is_restored_row_for_row(tmp_path: Path, county: County):
    archive, manifest = await made(tmp_path)
    before = rows(tmp_path / "data" / "tongke.db")
    await county.lesson(topic="之后的课")
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600

    there = settings_of(tmp_path / "new")
    _, aside = await restore(there, archive, force=False, told=quiet)

    assert aside is None
    assert rows(there.data / "tongke.db") == before
    assert sum(table.rows for table in manifest.database.tables.values()) == sum(map(len, before.values()))
    (lesson_id,) = (path.name for path in there.recordings_dir.iterdir())
    found = tree(there.recordings_dir / lesson_id)
    assert found == {
        "manifest.json": b"{}",
        "teacher-video-h264/index.jsonl": INDEX,
        "teacher-video-h264/000001.m4s": PIECE,
    }
    assert (there.materials_dir / "m1").read_bytes() == b"a design"
    assert (there.data / "secret.key").read_bytes() == (tmp_path / "data" / "secret.key").read_bytes()
    again = await open_database(there.database_url)
    services = (await make_county(again)).services
    assert (await services.lessons.get(ADMIN, lesson_id)).topic == "秋天的雨"
    await again.close()
    assert not [path for path in there.data.iterdir() if path.name.startswith(("restore", "before"))]


async def test_recordings_may_stay_out_but_what_is_small_of_them_comes_along(tmp_path: Path, county: County):
    _, manifest = await made(tmp_path, pieces=False)
    names = [member.name for member in manifest.members]
    assert any(name.endswith("index.jsonl") for name in names)
    assert not any(name.endswith(".m4s") for name in names)


async def test_secrets_of_the_settings_are_not_in_it(tmp_path: Path, county: County):
    secret = {"turn_urls": ("turn:relay.example.cn:3478",), "turn_secret": "geheim-1", "redis": "redis://u:geheim-2@r"}
    archive, manifest = await made(tmp_path, port=8181, **secret)
    assert b"geheim" not in archive.read_bytes()
    assert manifest.left_out == ["redis", "turn_secret"]
    with tarfile.open(archive) as tar:
        member = tar.extractfile("settings.toml")
        assert member is not None
        text = member.read().decode()
    assert "port = 8181\nmedia" not in text
    assert "port = 8181" in text
    assert '# redis = "redis://u:***@r"' in text


async def test_a_backup_that_fails_leaves_nothing(tmp_path: Path, county: County, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("server.backup.archive.Writer.close", full)
    with pytest.raises(BackupError, match="No space left"):
        await made(tmp_path)
    assert os.listdir(tmp_path) == ["data"]


async def test_an_archive_is_never_overwritten(tmp_path: Path, county: County):
    await made(tmp_path)
    with pytest.raises(BackupError, match="exists already"):
        await made(tmp_path)


@pytest.mark.parametrize("share", [0.2, 0.6, 0.9])
async def test_an_archive_that_was_cut_off_is_refused_and_nothing_is_touched(
    tmp_path: Path, county: County, share: float
):
    archive, _ = await made(tmp_path)
    cut(archive, share)
    there = settings_of(tmp_path / "new")
    with pytest.raises(Damaged):
        await restore(there, archive, force=False, told=quiet)
    assert not there.data.exists()


async def test_one_changed_byte_is_found(tmp_path: Path, county: County):
    archive, _ = await made(tmp_path)
    content = bytearray(archive.read_bytes())
    content[content.index(PIECE) + 77] ^= 1
    archive.write_bytes(content)
    with pytest.raises(Damaged, match=r"000001\.m4s"):
        check(archive, lambda _: None)


async def test_names_that_lead_out_of_the_folder_are_refused(tmp_path: Path):
    archive = tmp_path / "evil.tar"
    for name, kind in (("../x", tarfile.REGTYPE), ("/etc/x", tarfile.REGTYPE), ("x", tarfile.SYMTYPE)):
        with tarfile.open(archive, "w") as tar:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd" if kind == tarfile.SYMTYPE else ""
            tar.addfile(info)
        with pytest.raises(Damaged, match="no plain file"):
            check(archive, lambda _: None)


async def test_data_that_are_there_are_kept_unless_forced_and_then_kept_aside(tmp_path: Path, county: County):
    archive, _ = await made(tmp_path)
    there = settings_of(tmp_path / "new")
    other = await installed(there)
    await other.store.close()
    (there.data / "first-accounts.txt").write_text("admin")
    before = tree(there.data)

    with pytest.raises(BackupError, match="--force"):
        await restore(there, archive, force=False, told=quiet)
    assert tree(there.data) == before

    _, aside = await restore(there, archive, force=True, told=quiet)
    assert aside is not None
    assert tree(aside) == before
    assert rows(there.data / "tongke.db") == rows(tmp_path / "data" / "tongke.db")


async def test_a_running_server_is_not_restored_over_even_by_force(tmp_path: Path, county: County):
    archive, _ = await made(tmp_path)
    there = settings_of(tmp_path / "new")
    lock = open(lock_data(there))  # noqa: SIM115, ASYNC230  what a running `tongke serve` holds
    with pytest.raises(SettingsError, match="another server"):
        await restore(there, archive, force=True, told=quiet)
    lock.close()


async def test_a_restore_that_is_killed_at_any_rename_is_finished_by_the_next_start(
    tmp_path: Path, county: County, monkeypatch: pytest.MonkeyPatch
):
    archive, _ = await made(tmp_path)
    whole = tree(await _restored_over_another(tmp_path / "whole", archive))
    for number in range(1, 40):
        there = settings_of(tmp_path / f"killed-{number}")
        if await _dies_at(number, there, archive, monkeypatch):
            await recover(there)
            assert swap.read(there.data) is None
            found = {name: content for name, content in tree(there.data).items() if not name.startswith("before-")}
            assert found == {name: content for name, content in whole.items() if not name.startswith("before-")}
            aside = [path for path in there.data.iterdir() if path.name.startswith("before-")]
            assert [tree(path)["materials/m1"] for path in aside] == [b"old"]
        else:
            assert number > 8, "it was killed at no rename at all"
            return
    raise AssertionError("it never came through")


class Killed(BaseException):
    """The process ends here."""


async def _restored_over_another(data: Path, archive: Path) -> Path:
    there = settings_of(data)
    _old(there)
    await restore(there, archive, force=True, told=quiet)
    return data


def _old(there: Settings) -> None:
    there.materials_dir.mkdir(parents=True)
    (there.materials_dir / "m1").write_bytes(b"old")
    (there.data / "tongke.db").write_bytes(b"old")
    (there.data / "redis").mkdir()


async def _dies_at(number: int, there: Settings, archive: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the exchange got as far as its rename of that number, where the process ends."""
    _old(there)
    count = 0
    kind = type(there.data)
    rename, sync = kind.rename, swap.sync_folder

    def step() -> None:
        nonlocal count
        if swap.read(there.data) is not None:
            count += 1
            if count == number:
                raise Killed

    def dying_rename(self: Path, target: Path) -> Path:
        step()
        return rename(self, target)

    def dying_sync(folder: Path) -> None:
        step()
        sync(folder)

    with monkeypatch.context() as patch:
        patch.setattr(kind, "rename", dying_rename)
        patch.setattr(swap, "sync_folder", dying_sync)
        try:
            await restore(there, archive, force=True, told=quiet)
        except Killed:
            return True
    return False


async def test_a_restore_that_fails_before_the_exchange_changes_nothing(
    tmp_path: Path, county: County, monkeypatch: pytest.MonkeyPatch
):
    archive, _ = await made(tmp_path)
    there = settings_of(tmp_path / "new")
    _old(there)
    before = tree(there.data)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(restoring, "extract", full)
    with pytest.raises(BackupError, match="nothing was changed"):
        await restore(there, archive, force=True, told=quiet)
    assert tree(there.data) == before


async def test_a_backup_of_a_newer_version_names_it(tmp_path: Path, county: County, monkeypatch: pytest.MonkeyPatch):
    archive, _ = await made(tmp_path)
    monkeypatch.setattr("alembic.script.ScriptDirectory.walk_revisions", lambda _: [])
    with pytest.raises(BackupError, match="newer version"):
        await restore(settings_of(tmp_path / "new"), archive, force=False, told=quiet)


async def test_a_sqlite_backup_is_not_restored_into_postgresql(tmp_path: Path, county: County):
    archive, _ = await made(tmp_path)
    there = settings_of(tmp_path / "new", database="postgresql://tongke@localhost/x")
    with pytest.raises(BackupError, match="backup is of sqlite"):
        await restore(there, archive, force=False, told=quiet)
