"""The store on a real PostgreSQL of its own (a cluster in a temporary folder); skipped where there is none."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from server.county.services import build_services
from server.store import open_database
from server.store.tables import APPEND_ONLY, metadata
from tests.fakes.county import ADMIN, County, Notices, PlainHasher, county_config, flow_rows, good_report, make_county

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


def _binaries() -> Path | None:
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return versions[-1].parent if versions else None


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    """The socket folder of a running cluster. PostgreSQL refuses root, so root lends it the `postgres` account."""
    binaries = _binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL on this machine")
    with tempfile.TemporaryDirectory(prefix="tkpg-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        account = None
        if os.geteuid() == 0:
            try:
                account = pwd.getpwnam("postgres")
            except KeyError:
                pytest.skip("PostgreSQL does not run as root and there is no account postgres")
            os.chown(folder, account.pw_uid, account.pw_gid)
        who = {"user": account.pw_uid, "group": account.pw_gid} if account else {}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "cwd": folder, "check": True, "timeout": 60}
        data = f"{folder}/data"
        subprocess.run([binaries / "initdb", "-D", data, "-U", "tongke", "-A", "trust", "-E", "UTF8"], **who, **quiet)
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
        subprocess.run(
            [binaries / "pg_ctl", "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start"], **who, **quiet
        )
        try:
            yield Path(folder)
        finally:
            subprocess.run([binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **who, **quiet)


@pytest.fixture
async def url(server: Path) -> AsyncIterator[str]:
    """A new database."""
    base = "postgresql://tongke@/{}?host=" + str(server)
    name = f"t{os.urandom(4).hex()}"
    engine = create_async_engine(base.format("postgres").replace("://", "+asyncpg://"), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
    await engine.dispose()
    return base.format(name)


@pytest.fixture
async def county(url: str) -> AsyncIterator[County]:
    database = await open_database(url)
    yield await make_county(database)
    await database.close()


async def ready(county: County, **changes: object) -> str:
    lesson = await county.taught(**changes)  # type: ignore[arg-type]
    await county.services.lessons.verified(lesson.id, good_report(lesson.id))
    return lesson.id


async def test_several_processes_may_migrate_at_once_to_the_tables(url: str):
    databases = await asyncio.gather(*(open_database(url) for _ in range(3)))
    async with databases[0].engine.connect() as connection:
        found = await connection.run_sync(lambda sync: compare_metadata(MigrationContext.configure(sync), metadata))
    for database in databases:
        await database.close()
    assert found == []


async def test_a_lesson_is_credited_once_however_many_run_it(county: County, url: str):
    lesson_ids = [await ready(county) for _ in range(4)]
    others = [await open_database(url) for _ in range(3)]
    services = [
        build_services(store=one, hasher=PlainHasher(), notices=Notices(), config=county_config(), now=county.clock)
        for one in others
    ]
    for lesson_id in lesson_ids:
        await asyncio.gather(*(one.crediting.run(lesson_id) for one in (*services, county.services)))
        entries = (await county.services.crediting.ledger(ADMIN, lesson_id)).items
        assert sorted((entry.school_id, entry.amount) for entry in entries) == [("s01", 1), ("s02", 1)]
    for database in others:
        await database.close()
    board = await county.services.board.board(ADMIN)
    assert [row.total for row in board.schools[:3]] == [4, 4, 0]


async def test_overlapping_lessons_credited_at_once_do_not_both_count(county: County, url: str):
    first = await ready(county)
    county.clock.at -= 1200
    second = await ready(county)
    other = await open_database(url)
    services = build_services(
        store=other, hasher=PlainHasher(), notices=Notices(), config=county_config(), now=county.clock
    )
    await asyncio.gather(county.services.crediting.run(first), services.crediting.run(second))
    await other.close()
    board = await county.services.board.board(ADMIN)
    assert [row.total for row in board.schools[:2]] == [1, 1]


async def test_append_only_tables_refuse_change(county: County):
    lesson_id = await ready(county, minutes=1, planned_minutes=1)
    await county.services.crediting.run(lesson_id)
    await county.services.doubts.look(lesson_id)
    await county.services.accounts.login("admin", "password", "here")
    await county.services.evaluations.enter(ADMIN, None, "share_required", "", 60, "文件")
    await county.services.evaluations.freeze(ADMIN, None, "期中")
    for table in APPEND_ONLY:
        for statement in (f"UPDATE {table} SET at = 0", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            with pytest.raises(DBAPIError, match="append-only"):
                async with county.store.engine.begin() as connection:
                    await connection.execute(text(statement))


async def test_two_writers_merge_masks_without_losing_a_second(county: County):
    rows = [flow_rows("l1", who, who, "in", 0, 600) for who in ("teacher", "classroom-s02")]
    halves = [[*rows[0][:5], *rows[1]], [*rows[1][5:], *rows[0]]]
    await asyncio.gather(*(county.services.lessons.record_flow(half) for half in halves * 4))
    async with county.store.read() as work:
        found = await work.flow.of_lesson("l1")
    assert sum(row.mask.bit_count() for row in found) == 1200


async def test_lists_page_and_accounts_work(county: County):
    for _ in range(3):
        await county.lesson()
    first = await county.services.lessons.list(ADMIN, limit=2)
    rest = await county.services.lessons.list(ADMIN, limit=2, cursor=first.next)
    assert len({lesson.id for lesson in first.items + rest.items}) == 3
    _, token = await county.services.accounts.login("admin", "password", "here")
    assert await county.services.accounts.actor_for(token) is not None
    device, code = await county.services.accounts.create_device(ADMIN, "s02", "x")
    assert (await county.services.accounts.redeem(code, "here"))[0].id == device.id
