"""The database itself: durable settings, migrations under a lock, append-only tables, writers in several processes."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from server.county.errors import Conflict, Unavailable
from server.county.reports.model import Scope
from server.county.services import build_services
from server.store import Argon2Hasher, open_database, read_county_config
from server.store.database import read_url
from server.store.tables import APPEND_ONLY, metadata
from tests.fakes.county import ADMIN, County, FakeClock, Notices, PlainHasher, flow_rows, good_report, make_county

ROOT = Path(__file__).resolve().parents[3]


async def test_sqlite_is_durable_and_checks_its_keys(url: str):
    database = await open_database(url)
    async with database.engine.connect() as connection:
        found = [(await connection.execute(text(f"PRAGMA {name}"))).scalar_one() for name in PRAGMAS]
    await database.close()
    assert found == list(PRAGMAS.values())


PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15000}


async def test_the_migrated_schema_is_the_tables(url: str):
    database = await open_database(url)
    async with database.engine.connect() as connection:
        found = await connection.run_sync(lambda sync: compare_metadata(MigrationContext.configure(sync), metadata))
    await database.close()
    assert found == []


async def test_opening_again_changes_nothing_and_several_may_open_at_once(url: str):
    databases = await asyncio.gather(*(open_database(url) for _ in range(4)))
    assert all(await asyncio.gather(*(database.healthy() for database in databases)))
    for database in databases:
        await database.close()


def test_processes_that_start_together_migrate_once(url: str):
    script = f"import asyncio, server.store as s\nd = asyncio.run(s.open_database({url!r}))\nasyncio.run(d.close())\n"
    processes = [
        subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(3)
    ]
    for process in processes:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors


@pytest.mark.parametrize("bad", ["sqlite://", "sqlite:///:memory:", "mysql://x/y"])
def test_what_is_not_supported_is_said(bad):
    with pytest.raises(ValueError, match=r"SQLite database needs a file|is not supported"):
        read_url(bad)


def test_urls_get_their_async_driver():
    assert read_url("postgres://u:p@h/d").drivername == "postgresql+asyncpg"
    assert read_url("sqlite:////x/y.db").drivername == "sqlite+aiosqlite"


async def test_append_only_tables_refuse_update_and_delete(county: County):
    lesson = await county.taught(minutes=1, planned_minutes=1)
    await county.services.lessons.verified(lesson.id, good_report(lesson.id))
    await county.services.crediting.run(lesson.id)
    await county.services.doubts.look(lesson.id)
    await county.services.accounts.login("admin", "password", "here")
    await county.services.evaluations.enter(ADMIN, None, "share_required", "", 60, "浙教基〔2019〕")
    await county.services.evaluations.freeze(ADMIN, None, "期中")
    reports = county.services.reports
    report = await reports.current(ADMIN, Scope.COUNTY, "")
    await reports.send(ADMIN, report, language=0, xlsx=b"x", docx=b"d", note="县局")
    database = county.store
    columns = {"ledger": "amount = 5", "lesson_events": "reason = 'x'", "audit_log": "detail = 'x'"}
    columns |= {"entered_facts": "source = 'x'", "evaluations": "result = 'x'", "doubt_events": "text = 'x'"}
    columns |= {"sent_reports": "note = 'x'"}
    assert set(columns) == set(APPEND_ONLY)
    for table, change in columns.items():
        for statement in (f"UPDATE {table} SET {change}", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError, match="append-only"):
                async with database.engine.begin() as connection:
                    await connection.execute(text(statement))


async def test_a_failed_block_writes_nothing(county: County):
    lesson = await county.lesson()
    with pytest.raises(ZeroDivisionError):  # noqa: PT012  the block is what is tested
        async with county.store.write() as work:
            await work.lessons.save(replace(lesson, topic="x", version=2), seen_version=1)
            raise ZeroDivisionError
    async with county.store.write() as work:
        with pytest.raises(Conflict):
            await work.lessons.save(replace(lesson, version=8), seen_version=7)
    assert (await county.services.lessons.get(ADMIN, lesson.id)).topic == lesson.topic


async def test_masks_are_merged_by_or_even_with_all_sixty_bits(county: County):
    every = (1 << 60) - 1
    rows = flow_rows("l1", "teacher", "teacher", "in", 0, 60)
    assert rows[0].mask == every
    halves = [replace(rows[0], mask=every & 0x5555555555555555, packets=1), replace(rows[0], mask=1 << 59, packets=2)]
    async with county.store.write() as work:
        await work.flow.merge(halves)
        await work.flow.merge(halves)
        await work.flow.merge([])
    async with county.store.read() as work:
        found = await work.flow.of_lesson("l1")
        assert await work.flow.last_in("l1", "teacher") == 59.0
        assert await work.flow.last_in("l1", "classroom-s02") is None
    assert [(row.mask, row.packets) for row in found] == [(0x5555555555555555 & every | 1 << 59, 6)]


async def ready_lesson(county: County) -> str:
    lesson = await county.taught()
    await county.services.lessons.verified(lesson.id, good_report(lesson.id))
    return lesson.id


async def run_once(url: str, lesson_id: str, at: float) -> None:
    database = await open_database(url)
    services = build_services(
        store=database, hasher=PlainHasher(), notices=Notices(), config=read_county_config(), now=FakeClock(at)
    )
    await services.crediting.run(lesson_id)
    await database.close()


async def amounts(county: County, lesson_id: str) -> list[tuple[str, int]]:
    entries = (await county.services.crediting.ledger(ADMIN, lesson_id)).items
    return sorted((entry.school_id, entry.amount) for entry in entries)


async def test_two_threads_crediting_at_once_credit_once(county: County, url: str):
    lesson_id = await ready_lesson(county)
    gate = threading.Barrier(4)

    def work() -> None:
        gate.wait()
        asyncio.run(run_once(url, lesson_id, county.clock.at))

    await asyncio.gather(*(asyncio.to_thread(work) for _ in range(4)))
    assert await amounts(county, lesson_id) == [("s01", 1), ("s02", 1)]


async def test_two_processes_crediting_at_once_credit_once(county: County, url: str):
    lesson_ids = [await ready_lesson(county) for _ in range(5)]
    script = (
        "import asyncio, sys\n"
        "from tests.unit.store.test_database import run_once\n"
        "async def main():\n"
        f"    for lesson_id in {lesson_ids!r}:\n"
        f"        await run_once({url!r}, lesson_id, {county.clock.at!r})\n"
        "sys.stdin.read()\n"  # both start when the parent closes it
        "asyncio.run(main())\n"
    )
    processes = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", script, cwd=ROOT, stdin=asyncio.subprocess.PIPE)
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.close()
    assert [await process.wait() for process in processes] == [0, 0]
    for lesson_id in lesson_ids:
        assert await amounts(county, lesson_id) == [("s01", 1), ("s02", 1)]


async def test_argon2_takes_the_right_password_only():
    hasher = Argon2Hasher(time_cost=1, memory_kib=64)
    encoded = await hasher.hash("正确的密码")
    assert encoded.startswith("$argon2id$")
    assert await hasher.verify(encoded, "正确的密码")
    assert not await hasher.verify(encoded, "错误的密码")
    assert not await hasher.verify("not a hash", "x")
    assert not await hasher.verify("", "x")


def test_the_shipped_configuration_is_read():
    assert "default" in read_county_config().policies


async def test_a_full_disk_is_said_and_leaves_nothing_behind(url: str):
    database = await open_database(url)
    county = await make_county(database)
    lesson = await county.lesson()
    async with database.engine.connect() as connection:
        pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
        await connection.execute(text(f"PRAGMA max_page_count={pages}"))  # of this connection, which the pool keeps
    rows = flow_rows(lesson.id, "classroom-s02", "teacher", "out", int(lesson.starts_at), 40 * 3600)
    with pytest.raises(Unavailable) as refused:
        await county.services.lessons.record_flow(rows)
    assert refused.value.code == "disk_full"
    async with database.read() as work:
        assert await work.flow.of_lesson(lesson.id) == []
    assert (await county.services.lessons.start(ADMIN, lesson.id)).state == "live"  # what needs no new page goes on
    await database.close()


async def test_a_database_that_is_away_is_said(url: str, monkeypatch):
    database = await open_database(url)

    def refused(*_: object, **__: object) -> None:
        raise ConnectionRefusedError(111, "refused")

    monkeypatch.setattr(database, "engine", SimpleNamespace(connect=refused, dispose=database.engine.dispose))
    for block in (database.read, database.write):
        with pytest.raises(Unavailable, match="does not answer"):
            async with block():
                pass
    await database.close()
