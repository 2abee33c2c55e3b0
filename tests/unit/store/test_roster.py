"""The roster in a real database: every kind is kept as it was given, versions decide, old databases come along."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from alembic import command
from sqlalchemy import text

from server.county.ports import FeedRecord, LessonQuery
from server.county.roster.entries import Entry
from server.county.roster.kinds import KINDS
from server.store import open_database
from server.store.database import create_engine
from server.store.migrate import alembic_config
from tests.fakes.county import ADMIN, County, sample_entries

if TYPE_CHECKING:
    from sqlalchemy import Connection

MORE = {
    "groups": {"subject_id": "chinese", "stage": "junior", "leads": ("甲",), "members": ()},
    "holidays": {
        "term_id": "t2026b",
        "name": "清明",
        "begins": "2027-04-05",
        "ends": "2027-04-05",
        "follows": None,
    },
    "milestones": {"name": "总结", "due": "2027-06-30", "done_on": "2027-06-01", "note": None},
}


async def test_every_kind_is_kept_as_it_was_given(county: County):
    for kind in KINDS:
        async with county.store.read() as work:
            found = {entry.id: entry for entry in await work.roster.entries(kind.name)}
        wanted = [entry for entry in sample_entries() if entry.kind == kind.name]
        assert {entry.id: dict(entry.values) for entry in wanted} == {
            entry.id: dict(entry.values) for entry in found.values()
        }, kind.name
        assert all((entry.version, entry.archived) == (1, False) for entry in found.values())


@pytest.mark.parametrize("kind", MORE)
async def test_what_is_added_changed_and_archived_is_read_again(county: County, kind: str):
    entry = Entry(kind, "x-new", MORE[kind])
    async with county.store.write() as work:
        await work.roster.add_entry(entry, 1.0)
    async with county.store.write() as work:
        assert await work.roster.save_entry(replace(entry, archived=True), seen_version=1)
        assert not await work.roster.save_entry(entry, seen_version=1)
    async with county.store.read() as work:
        found = next(one for one in await work.roster.entries(kind) if one.id == entry.id)
    assert found == replace(entry, version=2, archived=True)


async def test_of_two_writers_at_once_one_is_told(county: County):
    editor = county.services.roster_editor
    answers = await asyncio.gather(
        *(editor.update(ADMIN, "schools", "s01", 1, {"name": f"学校{n}"}) for n in range(4)), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["EntryView", "Stale", "Stale", "Stale"]


async def test_an_account_changed_elsewhere_counts_and_a_new_password_does_not(county: County):
    async def version() -> int:
        async with county.store.read() as work:
            return next(one.version for one in await work.roster.entries("teachers") if one.id == "u-shiyan")

    await county.services.accounts.update_user(ADMIN, "u-shiyan", password="a new one, long")
    assert await version() == 1
    await county.services.accounts.update_user(ADMIN, "u-shiyan", name="王老师")
    assert await version() == 2
    await county.services.accounts.update_user(ADMIN, "u-shiyan", disabled=True)
    assert await version() == 3


async def test_a_database_of_the_release_before_keeps_its_expert_groups(url: str):
    database = await open_database(url)  # makes the folder
    await database.close()
    engine = create_engine(url)

    def to(revision: str, connection: Connection) -> None:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    async with engine.begin() as connection:
        await connection.execute(text("PRAGMA foreign_keys=OFF"))
        names = (await connection.execute(text("SELECT name FROM sqlite_master WHERE type='table'"))).scalars().all()
        for name in names:
            await connection.execute(text(f"DROP TABLE {name}"))
    async with engine.begin() as connection:
        await connection.run_sync(lambda sync: to("0004", sync))
        await connection.execute(text("INSERT INTO subjects VALUES ('music', 1, '音乐', 'Music')"))
        await connection.execute(text("INSERT INTO expert_groups VALUES ('music', '[\"王一白\"]', '[]')"))
    await engine.dispose()
    database = await open_database(url)
    async with database.read() as work:
        (group,) = await work.roster.expert_groups()
        (subject,) = await work.roster.entries("subjects")
    await database.close()
    assert (group.id, group.subject_id, group.stage, group.leads) == ("g-music", "music", "primary", ("王一白",))
    assert (subject.version, subject.archived) == (1, False)


async def test_calendar_addresses_are_kept_found_and_revoked(county: County):
    feed = FeedRecord("f1", "hash", "u-shiyan", "s01", 1.0)
    async with county.store.write() as work:
        await work.feeds.add(feed)
        await work.feeds.used("f1", 5.0)
    async with county.store.read() as work:
        assert await work.feeds.by_token("hash") == replace(feed, last_used_at=5.0)
        assert await work.feeds.by_token("other") is None
        assert [one.id for one in await work.feeds.of_user("u-shiyan")] == ["f1"]
    async with county.store.write() as work:
        await work.feeds.delete("f1")
    async with county.store.read() as work:
        assert await work.feeds.of_user("u-shiyan") == []


async def test_lessons_are_found_by_teacher_and_by_pairings(county: County):
    mine = await county.lesson()
    await county.lesson(pairing_id="p02")
    async with county.store.read() as work:
        by_teacher = await work.lessons.page(LessonQuery(teacher_id="u-shiyan"))
        by_pairing = await work.lessons.page(LessonQuery(pairing_ids=("p01", "p03")))
        by_none = await work.lessons.page(LessonQuery(pairing_ids=()))
    assert [one.id for one in by_teacher.items] == [one.id for one in by_pairing.items] == [mine.id]
    assert by_none.items == []
