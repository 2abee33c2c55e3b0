"""Backup and restore for real: of a running server, and of a PostgreSQL into another one."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from server.backup import postgres, swap
from server.backup.archive import BackupError
from server.backup.making import backup
from server.backup.restoring import recover, restore
from server.store import open_database
from server.store.database import create_engine
from tests.fakes.backups import installed, quiet, settings_of
from tests.fakes.county import ADMIN, make_county
from tests.fakes.serving import ADMIN_PASSWORD, Api, Serve, tongke

NOW = 1_790_000_000.0


def test_a_running_server_is_backed_up_and_another_one_goes_on_from_there():
    with tempfile.TemporaryDirectory(prefix="tk-backup-") as folder:
        server = Serve(Path(folder) / "data", "--workers", "1").start()
        second = Serve(Path(folder) / "second", "--workers", "1")
        try:
            lesson = server.lesson(server.admin(), topic="备份之前的课")
            archive = Path(folder) / "county.tar"
            answer = tongke("backup", str(archive), "--data", str(server.data))
            assert answer.returncode == 0, answer.stderr
            assert "已试恢复" in answer.stdout
            refused = tongke("restore", str(archive), "--data", str(server.data), "--force")
            assert refused.returncode == 2
            assert f"pid {server.process.pid}" in refused.stderr

            other = "postgresql://tongke:geheim@127.0.0.1:1/x"
            confused = tongke("backup", f"{folder}/x.tar", "--data", str(server.data), "--database", other)
            assert confused.returncode == 2
            assert "--database" in confused.stderr
            assert "geheim" not in confused.stderr

            restored = tongke("restore", str(archive), "--data", str(second.data))
            assert restored.returncode == 0, restored.stderr
            found = second.start().admin().get(f"/api/lessons/{lesson['id']}")
            assert found["topic"] == "备份之前的课"
            assert Api(second.base).login("admin", ADMIN_PASSWORD).token
            assert second.troubles() == []
        finally:
            for each in (server, second):
                if each.process is not None:
                    each.kill_all()


@pytest.fixture
async def archive(tmp_path: Path, postgres_url: str) -> Path:
    settings = settings_of(tmp_path / "data", database=postgres_url)
    county = await installed(settings)
    await county.services.accounts.login("admin", "password", "here")
    path = tmp_path / "county.tar"
    _, untried = await backup(settings, path, pieces=True, now=NOW, told=quiet)
    await county.store.close()
    assert untried is None
    return path


async def rows(url: str) -> dict[str, list[tuple[object, ...]]]:
    engine = create_engine(url)
    async with engine.connect() as connection:
        _, names = await connection.run_sync(postgres._described)
        found = {name: sorted(map(tuple, await connection.execute(text(f"TABLE {name}"))), key=repr) for name in names}
    await engine.dispose()
    return found


async def new_database(url: str, name: str) -> str:
    engine = create_engine(url).execution_options(isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
    await engine.dispose()
    path, _, query = url.partition("?")
    return f"{path.rpartition('/')[0]}/{name}?{query}"


async def test_a_postgresql_is_restored_row_for_row_and_goes_on_counting(
    tmp_path: Path, postgres_url: str, archive: Path
):
    url = await new_database(postgres_url, "second_row")
    there = settings_of(tmp_path / "new", database=url)
    await restore(there, archive, force=False, told=quiet)

    assert await rows(url) == await rows(postgres_url)
    database = await open_database(url)
    county = await make_county(database)
    await county.services.accounts.login("admin", "password", "here")  # a row behind those restored
    lesson = await county.lesson(topic="恢复之后")
    assert (await county.services.lessons.get(ADMIN, lesson.id)).topic == "恢复之后"
    with pytest.raises(Exception, match="append-only"):
        async with database.engine.begin() as connection:
            await connection.execute(text("DELETE FROM audit_log"))
    await database.close()


async def test_no_trial_database_is_left_behind(postgres_url: str, archive: Path):
    engine = create_engine(postgres_url)
    async with engine.connect() as connection:
        found = (await connection.execute(text("SELECT datname FROM pg_database"))).scalars().all()
    await engine.dispose()
    assert not [name for name in found if name.startswith("tongke_verify")]


async def test_a_role_that_may_make_no_database_is_told_that_nothing_was_tried(
    tmp_path: Path, postgres_url: str, archive: Path
):
    engine = create_engine(postgres_url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE ROLE humble LOGIN"))
        await connection.execute(text("GRANT SELECT ON ALL TABLES IN SCHEMA public TO humble"))
    await engine.dispose()
    humble = settings_of(tmp_path / "data", database=postgres_url.replace("tongke@", "humble@"))
    _, untried = await backup(humble, tmp_path / "second.tar", pieces=False, now=NOW, told=quiet)
    assert "CREATEDB" in str(untried)


async def test_a_database_in_use_or_filled_is_refused_and_force_keeps_it_in_a_schema_aside(
    tmp_path: Path, postgres_url: str, archive: Path
):
    url = await new_database(postgres_url, "second_full")
    other = await open_database(url)
    await make_county(other)
    there = settings_of(tmp_path / "new", database=url)
    with pytest.raises(BackupError, match="connections use this database"):
        await restore(there, archive, force=True, told=quiet)
    await other.close()
    with pytest.raises(BackupError, match="--force"):
        await restore(there, archive, force=False, told=quiet)

    before = await rows(url)
    await restore(there, archive, force=True, told=quiet)
    assert await rows(url) == await rows(postgres_url)
    engine = create_async_engine(create_engine(url).url)
    async with engine.connect() as connection:
        schemas = (await connection.execute(text("SELECT nspname FROM pg_namespace"))).scalars().all()
        (aside,) = [name for name in schemas if name.startswith("before_restore_")]
        kept = (await connection.execute(text(f'SELECT count(*) FROM "{aside}".users'))).scalar_one()
    await engine.dispose()
    assert kept == len(before["users"])


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("committed", [False, True])
async def test_a_restore_killed_around_its_commit_ends_whole_or_not_at_all(
    tmp_path: Path, postgres_url: str, archive: Path, monkeypatch: pytest.MonkeyPatch, *, committed: bool
):
    url = await new_database(postgres_url, f"second_killed_{int(committed)}")
    there = settings_of(tmp_path / "new", database=url)
    real = postgres.Target.commit

    async def dying(self: postgres.Target) -> None:
        if committed:
            await real(self)
        raise Killed

    monkeypatch.setattr(postgres.Target, "commit", dying)
    with pytest.raises(Killed):
        await restore(there, archive, force=False, told=quiet)
    assert swap.read(there.data) is not None
    assert not (there.data / "secret.key").exists()

    await recover(there)
    assert swap.read(there.data) is None
    assert (there.data / "secret.key").exists() == committed
    engine = create_engine(url)
    async with engine.connect() as connection:
        tables = (await connection.execute(text("SELECT count(*) FROM pg_tables WHERE schemaname='public'"))).scalar()
    await engine.dispose()
    assert bool(tables) == committed
