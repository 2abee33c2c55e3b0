"""The county office edits its roster: two at once, archived and restored, in use, imported whole or not at all."""

from __future__ import annotations

import json

import pytest

from server.county.books import Row, Sheet
from server.county.errors import Conflict, Forbidden, InvalidFields, NotFound, Stale, Unauthorized
from tests.fakes.county import ADMIN, RESEARCHER, SCREEN, TEACHER, make_county

SCHOOL = {"name": "永嘉县新建小学", "kind": "受援学校", "stage": "小学"}


@pytest.fixture
async def county():
    return await make_county()


def editor(county):
    return county.services.roster_editor


async def entry(county, kind, entry_id):
    found = await editor(county).entries(ADMIN, kind) + await editor(county).entries(ADMIN, kind, archived=True)
    return next(view.entry for view in found if view.entry.id == entry_id)


async def test_who_may_look_and_who_may_change(county):
    assert await editor(county).entries(RESEARCHER, "schools")
    for actor in (TEACHER, SCREEN):
        with pytest.raises(Forbidden):
            await editor(county).entries(actor, "schools")
    for actor in (RESEARCHER, TEACHER, SCREEN):
        with pytest.raises(Forbidden):
            await editor(county).create(actor, "schools", SCHOOL)
        with pytest.raises(Forbidden):
            await editor(county).update(actor, "schools", "s01", 1, {"name": "x"})
        with pytest.raises(Forbidden):
            await editor(county).set_archived(actor, "schools", "s01", 1, archived=True)
        with pytest.raises(Forbidden):
            await editor(county).apply(actor, [])
    with pytest.raises(NotFound):
        await editor(county).entries(ADMIN, "pupils")


async def test_a_search_looks_at_every_column_as_people_read_it(county):
    found = await editor(county).entries(ADMIN, "pairings", "溪口")
    assert [view.entry.id for view in found] == ["p02"]
    assert [view.entry.id for view in await editor(county).entries(ADMIN, "pairings", "孙真慧 溪口")] == ["p02"]
    assert [view.entry.id for view in await editor(county).entries(ADMIN, "schools", "receiving xi'ao")] == ["s02"]
    assert await editor(county).entries(ADMIN, "pairings", "孙真慧 西岙") == []


async def test_what_is_added_is_there_for_lessons(county):
    made = await editor(county).create(ADMIN, "schools", SCHOOL)
    assert (made.entry.values["kind"], made.entry.version) == ("receiving", 1)
    raw = {"number": 11, "supporting_school_id": "永嘉县实验小学", "receiving_school_id": made.entry.id}
    pairing = await editor(county).create(ADMIN, "pairings", raw | {"researcher_id": "单志明"})
    assert pairing.labels["receiving_school_id"] == "永嘉县新建小学"
    lesson = await county.lesson(pairing_id=pairing.entry.id)
    assert lesson.receiving_school_ids == (made.entry.id,)


async def test_wrong_values_are_told_by_field_and_nothing_is_kept(county):
    with pytest.raises(InvalidFields) as refused:
        await editor(county).create(ADMIN, "schools", {"name": "永嘉县实验小学", "kind": "城市"})
    assert [field for field, _, _ in refused.value.problems] == ["kind", "stage"]
    with pytest.raises(InvalidFields, match="已经有了"):
        await editor(county).create(ADMIN, "schools", SCHOOL | {"name": "永嘉县实验小学"})
    with pytest.raises(InvalidFields, match="结对“1”"):
        await editor(county).update(ADMIN, "schools", "s01", 1, {"kind": "receiving"})
    assert len(await editor(county).entries(ADMIN, "schools")) == 20


async def test_of_two_who_edit_one_entry_the_second_is_told_and_nothing_is_lost(county):
    await editor(county).update(ADMIN, "schools", "s01", 1, {"name": "永嘉县第一实验小学"})
    with pytest.raises(Stale) as refused:
        await editor(county).update(ADMIN, "schools", "s01", 1, {"name": "永嘉县城关小学"})
    assert refused.value.current["version"] == 2
    assert refused.value.current["values"]["name"] == "永嘉县第一实验小学"
    kept = await editor(county).update(ADMIN, "schools", "s01", 2, {"name": "永嘉县城关小学"})
    assert kept.entry.version == 3
    trail = [row for row in county.store.state.audit if row.action == "roster.update"]
    assert [json.loads(row.detail)["name"] for row in trail] == [
        ["永嘉县实验小学", "永嘉县第一实验小学"],
        ["永嘉县第一实验小学", "永嘉县城关小学"],
    ]


async def test_fields_that_are_not_named_stay_and_a_reference_to_what_is_archived_may_stay(county):
    teachers = await editor(county).entries(ADMIN, "teachers")
    assert len(teachers) == 10
    changed = await editor(county).update(ADMIN, "teachers", "u-shiyan", 1, {"name": "王老师"})
    assert changed.entry.values == {"username": "shiyan", "name": "王老师", "school_id": "s01"}
    await editor(county).set_archived(ADMIN, "pairings", "p01", 1, archived=True)
    await editor(county).set_archived(ADMIN, "teachers", "u-shiyan", 2, archived=True)
    await editor(county).set_archived(ADMIN, "schools", "s01", 1, archived=True)
    again = await editor(county).update(ADMIN, "pairings", "p01", 2, {"number": 31})
    assert again.entry.values["supporting_school_id"] == "s01"


async def test_what_is_in_use_is_not_archived_and_it_says_by_what(county):
    with pytest.raises(Conflict, match="结对“1”"):
        await editor(county).set_archived(ADMIN, "schools", "s02", 1, archived=True)
    lesson = await county.lesson()
    with pytest.raises(Conflict, match=lesson.topic):
        await editor(county).set_archived(ADMIN, "pairings", "p01", 1, archived=True)
    await county.services.lessons.cancel(ADMIN, lesson.id, "停课")
    gone = await editor(county).set_archived(ADMIN, "pairings", "p01", 1, archived=True)
    assert gone.entry.archived
    with pytest.raises(Exception, match="pairing_id"):
        await county.lesson()
    back = await editor(county).set_archived(ADMIN, "pairings", "p01", 2, archived=False)
    assert not back.entry.archived
    assert await county.lesson()


async def test_restoring_checks_what_has_become_of_the_others(county):
    await editor(county).set_archived(ADMIN, "pairings", "p01", 1, archived=True)
    raw = {"number": 1, "supporting_school_id": "s01", "receiving_school_id": "s04", "researcher_id": "u-jinfu"}
    await editor(county).create(ADMIN, "pairings", raw)
    with pytest.raises(InvalidFields, match="已经有了"):
        await editor(county).set_archived(ADMIN, "pairings", "p01", 2, archived=False)


async def test_an_archived_account_is_logged_out_and_a_restored_one_logs_in_again(county):
    secret = next(one.secret for one in county.accounts if one.username == "shiyan")
    _, token = await county.services.accounts.login("shiyan", secret, "here")
    await editor(county).set_archived(ADMIN, "teachers", "u-shiyan", 1, archived=True)
    assert await county.services.accounts.actor_for(token) is None
    with pytest.raises(Unauthorized):
        await county.services.accounts.login("shiyan", secret, "here")
    await editor(county).set_archived(ADMIN, "teachers", "u-shiyan", 2, archived=False)
    user, _ = await county.services.accounts.login("shiyan", secret, "here")
    assert user.name == "实验小学教师"


def schools(*rows):
    headings = {1: "学校名称", 2: "类别", 3: "学段"}
    return Sheet("学校", headings, tuple(Row(n, dict(enumerate(row, 1))) for n, row in enumerate(rows, 2)))


async def test_an_import_is_whole_or_nothing(county):
    good, bad = ["甲小学", "受援学校", "小学"], ["乙小学", "受援", "大学"]
    before = await editor(county).entries(ADMIN, "schools")
    refused = await editor(county).apply(ADMIN, [schools(good, bad)])
    assert [problem.cell for problem in refused.problems] == ["B3", "C3"]
    assert await editor(county).entries(ADMIN, "schools") == before
    looked = await editor(county).plan(ADMIN, [schools(good)])
    assert (looked.possible, len(looked.changes)) == (True, 1)
    assert await editor(county).entries(ADMIN, "schools") == before
    done = await editor(county).apply(ADMIN, [schools(good, ["永嘉县实验小学", "支援学校", "初中"])])
    assert [change.before is None for change in done.changes] == [True, False]
    assert (await entry(county, "schools", "s01")).values["stage"] == "junior"
    assert await editor(county).entries(ADMIN, "schools", "甲小学")


async def test_new_accounts_get_their_first_passwords_once(county):
    raw = {"username": "Zhangsan", "name": "张三", "school_id": "s01"}
    await editor(county).create(ADMIN, "teachers", raw)
    with pytest.raises(Forbidden):
        await county.services.accounts.first_passwords(RESEARCHER)
    ((user, password),), left = await county.services.accounts.first_passwords(ADMIN)
    assert (user.username, left) == ("zhangsan", 0)
    logged_in, _ = await county.services.accounts.login("zhangsan", password, "here")
    assert logged_in.school_id == "s01"
    assert await county.services.accounts.first_passwords(ADMIN) == ([], 0)


async def test_new_codes_are_given_to_several_screens_or_to_none(county):
    devices = await county.services.accounts.list_devices(ADMIN)
    ids = [device.id for device in devices[:3]]
    given = await county.services.accounts.new_codes(ADMIN, ids)
    assert [device.id for device, _ in given] == ids
    device, _ = await county.services.accounts.redeem(given[1][1], "here")
    assert device.id == ids[1]
    with pytest.raises(NotFound):
        await county.services.accounts.new_codes(ADMIN, [ids[0], "d-none"])
    kept, _ = await county.services.accounts.redeem(given[0][1], "here")
    assert kept.id == ids[0]
