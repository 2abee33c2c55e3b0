"""Checks of classrooms, what is registered, and what the evaluation makes of both."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from server.county.errors import Forbidden, Invalid
from server.county.evaluation.gather import Origin
from server.county.readiness.standard import Item
from tests.fakes.county import ADMIN, OTHER_SCREEN, RESEARCHER, SCREEN, TEACHER, County

from .readiness.test_standard import GOOD

DAY = 86400.0


async def _register(county: County, kind: str, **values: object) -> None:
    await county.services.roster_editor.create(ADMIN, kind, values)


async def _screen(county: County, school_id: str):
    """The school's own screen as an actor."""
    devices = await county.services.accounts.list_devices(ADMIN)
    device = next(device for device in devices if device.school_id == school_id and not device.revoked)
    return replace(SCREEN, id=device.id, name=device.name, school_id=school_id)


async def _schools(county: County):
    return {one.school.id: one for one in (await county.services.readiness.county(RESEARCHER)).schools}


async def test_a_screens_first_good_check_is_its_schools_date(county: County):
    readiness, screen = county.services.readiness, await _screen(county, "s02")
    bad = await readiness.check(screen, "ignored", replace(GOOD, up_kbps=300.0, way="tcp"))
    assert (bad.failed, bad.met, bad.room_name) == ((Item.UP,), False, screen.name)
    county.clock.at += DAY
    good = await readiness.check(screen, "", GOOD)
    county.clock.at += DAY
    await readiness.check(screen, "", replace(GOOD, brightness=2.0))
    found = (await _schools(county))["s02"].equipment
    assert (found.met_on, good.day) == (date(2025, 11, 25), date(2025, 11, 25))
    assert found.rooms[0].last is not None
    assert found.rooms[0].last.failed == (Item.CAMERA,)
    assert [check.met for check in await readiness.of_school(RESEARCHER, "s02")] == [False, True, False]
    assert len(await readiness.own(screen)) == 3
    assert await readiness.own(replace(OTHER_SCREEN, id="d-x", school_id="s02")) == []


async def test_a_teacher_names_the_room(county: County):
    readiness = county.services.readiness
    with pytest.raises(Invalid, match="教室名称"):
        await readiness.check(TEACHER, " ", GOOD)
    check = await readiness.check(TEACHER, " 录播  教室 ", GOOD)
    assert (check.room, check.school_id, check.by_device) == ("录播 教室", "s01", False)
    assert (await _schools(county))["s01"].equipment.met_on == date(2025, 11, 24)
    assert await readiness.own(TEACHER) == [check]


async def test_who_may_check_and_who_may_look(county: County):
    readiness = county.services.readiness
    for refused in (
        readiness.check(RESEARCHER, "x", GOOD),
        readiness.check(replace(TEACHER, school_id=None), "x", GOOD),
        readiness.county(TEACHER),
        readiness.of_school(SCREEN, "s02"),
        readiness.own(ADMIN),
    ):
        with pytest.raises(Forbidden):
            await refused


async def _fact(county: County, name: str):
    live = await county.services.evaluations.current(RESEARCHER)
    return live.gathered.origins[name], live.gathered.facts.own.values[name]


async def test_the_evaluation_counts_dates_of_checks_and_of_the_register(county: County):
    assert await _fact(county, "schools_equipment_late") == (Origin.MISSING, None)
    screen = await _screen(county, "s02")
    county.clock.at -= 86 * DAY  # 2025-08-30
    await county.services.readiness.check(screen, "", GOOD)
    county.clock.at += 86 * DAY
    assert await _fact(county, "schools_equipment_late") == (Origin.COUNTED, 19)
    await _register(county, "readiness", school_id="s04", equipment_accepted_on="2025-08-31", equipment_source="验收单")
    await _register(county, "readiness", school_id="s06", equipment_accepted_on="2025-09-01")
    assert await _fact(county, "schools_equipment_late") == (Origin.COUNTED, 18)
    rows = await county.services.evaluations.rows(RESEARCHER, "schools_equipment_late")
    assert (rows.total, sorted(row["id"] for row in rows.others)) == (18, ["s02", "s04"])
    assert await _fact(county, "schools_network_space_late") == (Origin.MISSING, None)
    with pytest.raises(Invalid):
        await county.services.evaluations.enter(
            RESEARCHER, None, "schools.equipment_met_on", "s01", "2025-08-01", "验收单"
        )


async def test_network_spaces_and_agreements_are_registered_once_for_all_years(county: County):
    await _register(county, "readiness", school_id="s02", space_opened_on="2025-06-30", space_address="xiao.example")
    await _register(county, "agreements", pairing_id="p01", number="永教结〔2025〕1 号", signed_on="2025-05-31")
    await _register(county, "agreements", pairing_id="p02", number="永教结〔2025〕2 号", signed_on="2025-06-01")
    assert await _fact(county, "schools_network_space_late") == (Origin.COUNTED, 19)
    assert await _fact(county, "agreements_not_in_time") == (Origin.COUNTED, 9)
    found = await county.services.readiness.county(RESEARCHER)
    signed = {pairing.id: entry for pairing, entry, _ in found.agreements}
    assert signed["p01"] is not None
    assert (signed["p01"].values["number"], signed["p03"]) == ("永教结〔2025〕1 号", None)
    with pytest.raises(Invalid):  # a pairing has one agreement
        await _register(county, "agreements", pairing_id="p01", number="3", signed_on="2025-05-01")


async def test_small_schools_count_unless_paired_merged_this_year_or_empty(county: County):
    assert (await _fact(county, "small_schools_without_pair"))[0] is Origin.MISSING
    await _register(county, "small_schools", name="西岙小学", school_id="s02", source="永教基〔2025〕3 号")
    await _register(county, "small_schools", name="甲教学点")
    await _register(county, "small_schools", name="乙教学点", merged_in=2025)
    await _register(county, "small_schools", name="丙教学点", merged_in=2026)
    await _register(county, "small_schools", name="丁教学点", without_pupils="yes")
    assert await _fact(county, "small_schools_without_pair") == (Origin.COUNTED, 2)
    rows = await county.services.evaluations.rows(RESEARCHER, "small_schools_without_pair")
    assert sorted(row["name"] for row, _ in rows.counting) == ["丙教学点", "甲教学点"]
    small = (await county.services.readiness.county(RESEARCHER)).small
    assert {entry.values["name"] for entry, paired in small if paired} == {"西岙小学"}
