"""The live evaluation: rows that add up, entries with a source, what if, frozen and signed."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from server.county.audit.frozen import is_genuine
from server.county.errors import Forbidden, Invalid, NotFound
from server.county.evaluation.gather import Origin
from server.county.evaluation.rules import FactKind
from tests.fakes.county import ADMIN, KEY, RESEARCHER, SCREEN, TEACHER, County

from .honest_year import judged


async def _enter(county: County, name: str, value: object, subject: str = "", source: str = "月报 2025-05") -> None:
    await county.services.evaluations.enter(RESEARCHER, None, name, subject, value, source)


async def _fact(county: County, name: str) -> object:
    return (await county.services.evaluations.current(RESEARCHER)).gathered.facts.own.values[name]


async def test_what_nobody_knows_is_missing_and_never_full(county: County):
    live = await county.services.evaluations.current(RESEARCHER)
    assert live.year == 2025
    assert live.file.of_year == 2019  # the newest rules there are, moved to this year
    assert live.evaluation.total == 0
    origins = live.gathered.origins
    assert origins["schools_short_of_lessons"] is Origin.COUNTED
    assert origins["schools_equipment_late"] is Origin.MISSING
    assert origins["satisfaction_pupils"] is Origin.MISSING
    assert await _fact(county, "schools_equipment_late") is None
    assert await _fact(county, "pairs_made") == 10
    rows = await county.services.evaluations.rows(RESEARCHER, "schools_equipment_late")
    assert (rows.total, len(rows.others)) == (0, 20)


async def test_lessons_count_as_they_are_credited(county: County):
    for subject in ("chinese", "art"):
        for _ in range(10):
            await judged(county, subject_id=subject)
    assert await _fact(county, "schools_short_of_lessons") == 18
    assert await _fact(county, "schools_short_in_subjects") == 18
    rows = await county.services.evaluations.rows(RESEARCHER, "schools_short_of_lessons")
    assert {row["id"] for row in rows.others} == {"s01", "s02"}
    assert rows.others[0]["lessons"] == {"chinese": 10, "art": 10}
    entry = (await county.services.crediting.ledger(ADMIN, school_id="s02")).items[0]
    await county.services.crediting.reverse(RESEARCHER, entry.id, "重复")
    assert await _fact(county, "schools_short_of_lessons") == 19


async def test_every_counted_fact_opens_rows_that_add_up_to_it(county: County):
    await judged(county)
    await _enter(county, "schools.equipment_met_on", "2025-08-31", "s01", "教育技术中心验收单")
    await _enter(county, "schools.equipment_met_on", "2025-09-01", "s02", "教育技术中心验收单")
    await _enter(county, "schools.network_space_opened_on", "2025-06-30", "s01", "之江汇")
    await _enter(county, "schools.pledged", ["training"], "s01", "承诺清单")
    await _enter(county, "pairs.town_and_country", True, "p01", "结对文件")
    await _enter(county, "pairs.agreement_signed_on", "2025-05-31", "p01", "5 月月报")
    live = await county.services.evaluations.current(RESEARCHER)
    seen = 0
    for fact in live.file.rules.facts.values():
        tally = fact.tally
        if tally is None or tally.rows not in live.gathered.facts.own.rows or fact.kind is not FactKind.COUNT:
            continue
        rows = await county.services.evaluations.rows(RESEARCHER, fact.name)
        value = live.gathered.facts.own.values[fact.name]
        assert rows.total == sum(amount for _, amount in rows.counting) == value, fact.name
        assert len(rows.counting) + len(rows.others) == len(live.gathered.facts.own.rows[tally.rows])
        seen += 1
    assert seen >= 12
    late = await county.services.evaluations.rows(RESEARCHER, "schools_equipment_late")
    assert [row["id"] for row in late.others] == ["s01"]  # the deadline's day is on time
    assert {entry.subject for entry in late.entries} == {"s01", "s02"}
    with pytest.raises(NotFound):
        await county.services.evaluations.rows(RESEARCHER, "satisfaction_pupils")


async def test_what_is_entered_counts_from_then_on_and_the_newest_stands(county: County):
    for value in (80, 88.5, 91):
        await _enter(county, "satisfaction_pupils", value, source=f"第三方测评 {value}")
    live = await county.services.evaluations.current(RESEARCHER)
    assert live.evaluation.item("paper2", "1.1").score == 10
    [entry] = live.gathered.entries["satisfaction_pupils"]
    assert (entry.value, entry.source, entry.actor_name) == (91, "第三方测评 91", RESEARCHER.name)
    assert live.gathered.origins["satisfaction_pupils"] is Origin.ENTERED
    await _enter(county, "satisfaction_pupils", None)
    assert (await county.services.evaluations.current(RESEARCHER)).evaluation.item("paper2", "1.1").known is False


@pytest.mark.parametrize(
    ("name", "subject", "value"),
    [
        ("schools_short_of_lessons", "", 0),  # the ledger counts it
        ("schools.lessons", "s01", {"chinese": 20}),
        ("schools.delivered", "s01", 12),
        ("schools.name", "s01", "x"),
        ("schools.equipment_met_on", "s99", "2025-01-01"),
        ("schools.equipment_met_on", "s01", "31.8."),
        ("satisfaction_pupils", "", 101),
        ("satisfaction_pupils", "s01", 90),
        ("nothing", "", 1),
        ("experimental_region", "", "yes"),
    ],
)
async def test_what_the_system_knows_and_what_makes_no_sense_cannot_be_entered(
    county: County, name: str, subject: str, value: object
):
    with pytest.raises(Invalid, match=r".") as caught:
        await _enter(county, name, value, subject)
    assert caught.value.code == "not_enterable"
    with pytest.raises(Invalid, match="依据"):
        await _enter(county, "share_required", 60, source=" ")


async def test_what_if_changes_the_score_and_keeps_nothing(county: County):
    evaluations = county.services.evaluations
    live = await evaluations.current(RESEARCHER, None, {"schools_equipment_late": 1, "satisfaction_pupils": 95})
    assert live.evaluation.item("paper1", "2.1").score == 18
    assert live.evaluation.total - live.base.total == 18 + 10
    assert (await evaluations.current(RESEARCHER)).evaluation.total == live.base.total
    for changes in ({"nothing": 1}, {"satisfaction_pupils": 101}, {"schools_equipment_late": None}):
        with pytest.raises(Invalid):
            await evaluations.current(RESEARCHER, None, changes)


async def test_what_raises_the_score_most_comes_first_and_really_raises_it_by_that(county: County):
    evaluations = county.services.evaluations
    await _enter(county, "share_required", 60)
    await _enter(county, "share_reached", 55)
    live = await evaluations.current(RESEARCHER)
    gains = [lever.gain for lever in live.levers]
    assert gains == sorted(gains, reverse=True)
    assert gains[0] == 20
    for lever in live.levers:
        best = await evaluations.current(RESEARCHER, None, {lever.fact: lever.best})
        assert best.evaluation.total - live.evaluation.total == lever.gain > 0, lever.fact
        if lever.step is not None:
            step = await evaluations.current(RESEARCHER, None, {lever.fact: _json(lever.step)})
            assert step.evaluation.total - live.evaluation.total == lever.step_gain, lever.fact


def _json(value: object) -> object:
    return float(value) if isinstance(value, Fraction) else value


async def test_a_frozen_one_is_signed_and_stays_as_it_was(county: County):
    evaluations = county.services.evaluations
    await judged(county)
    frozen = await evaluations.freeze(RESEARCHER, None, "11 月报送")
    assert is_genuine(frozen, KEY)
    assert not is_genuine(frozen, KEY + "x")
    total = json.loads(frozen.result)["paper1"]["total"]
    await _enter(county, "small_schools_without_pair", 0)
    await judged(county)
    check = await evaluations.frozen(RESEARCHER, frozen.id)
    assert (check.genuine, check.differences) == (True, ())
    assert json.loads(check.frozen.result)["paper1"]["total"] == total
    live = await evaluations.current(RESEARCHER)
    assert live.evaluation.papers[0].total == Fraction(str(total)) + 10
    assert [(one.id, genuine) for one, genuine in await evaluations.all_frozen(ADMIN)] == [(frozen.id, True)]
    with pytest.raises(NotFound):
        await evaluations.frozen(RESEARCHER, "v-nothing")


async def test_only_the_office_sees_and_changes_it(county: County):
    evaluations = county.services.evaluations
    for actor in (TEACHER, SCREEN):
        with pytest.raises(Forbidden):
            await evaluations.current(actor)
        with pytest.raises(Forbidden):
            await evaluations.enter(actor, None, "share_required", "", 60, "x")
        with pytest.raises(Forbidden):
            await evaluations.freeze(actor, None, "x")
        with pytest.raises(Forbidden):
            await evaluations.all_frozen(actor)
