"""The store on a real PostgreSQL of its own (a cluster in a temporary folder); skipped where there is none."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.county.reports.model import Scope
from server.county.services import build_services
from server.store import open_database
from server.store.tables import APPEND_ONLY, metadata
from tests.fakes.county import ADMIN, County, Notices, PlainHasher, county_config, flow_rows, good_report, make_county

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def county(postgres_url: str) -> AsyncIterator[County]:
    database = await open_database(postgres_url)
    yield await make_county(database)
    await database.close()


async def ready(county: County, **changes: object) -> str:
    lesson = await county.taught(**changes)  # type: ignore[arg-type]
    await county.services.lessons.verified(lesson.id, good_report(lesson.id))
    return lesson.id


async def test_several_processes_may_migrate_at_once_to_the_tables(postgres_url: str):
    databases = await asyncio.gather(*(open_database(postgres_url) for _ in range(3)))
    async with databases[0].engine.connect() as connection:
        found = await connection.run_sync(lambda sync: compare_metadata(MigrationContext.configure(sync), metadata))
    for database in databases:
        await database.close()
    assert found == []


async def test_a_lesson_is_credited_once_however_many_run_it(county: County, postgres_url: str):
    lesson_ids = [await ready(county) for _ in range(4)]
    others = [await open_database(postgres_url) for _ in range(3)]
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


async def test_overlapping_lessons_credited_at_once_do_not_both_count(county: County, postgres_url: str):
    first = await ready(county)
    county.clock.at -= 1200
    second = await ready(county)
    other = await open_database(postgres_url)
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
    report = await county.services.reports.current(ADMIN, Scope.COUNTY, "")
    await county.services.reports.send(ADMIN, report, language=0, xlsx=b"x", docx=b"d", note="县局")
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
