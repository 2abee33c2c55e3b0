"""The audit over a county's store: nothing on an honest year, one run a night."""

from __future__ import annotations

import pytest

from server.county.errors import Forbidden
from server.county.ports_evaluation import AuditRun
from tests.fakes.county import ADMIN, RESEARCHER, TEACHER, County

from .honest_year import audited, honest_year, judged


async def test_an_honest_year_has_no_difference(county: County):
    await honest_year(county)
    await county.services.evaluations.freeze(RESEARCHER, None, "期中")
    county.clock.at += 60
    await judged(county)  # after the freeze: no part of it
    run = await audited(county)
    assert run.differences == ()
    assert (run.lessons, run.evaluations, run.found) == (11, 1, 0)
    assert run.entries >= 12


async def test_another_installations_key_does_not_open_the_seal(county: County):
    await county.services.evaluations.freeze(RESEARCHER, None, "期中")
    county.services.audits._key = "another installation's secret of this length"
    assert [difference["code"] for difference in (await audited(county)).differences] == ["seal"]


async def test_a_nights_audit_is_due_once_and_done_once(county: County):
    audits = county.services.audits
    county.clock.at = 1_763_942_400.0 - 7 * 3600  # 01:00 in China
    assert await audits.due() is None
    county.clock.at += 3600
    key = await audits.due()
    assert key == "night:2025-11-24"
    assert await audits.run("夜间自动 / nightly", key) is not None
    assert await audits.run("夜间自动 / nightly", key) is None
    assert await audits.due() is None
    last = await audits.last(ADMIN)
    assert [(run.key, run.found, run.failed) for run in last] == [(key, 0, "")]
    for actor in (RESEARCHER, TEACHER):
        with pytest.raises(Forbidden):
            await audits.last(actor)


async def test_a_run_that_never_ended_is_told_as_failed(county: County):
    async with county.store.write() as work:
        await work.evaluations.begin_audit(AuditRun("a1", "night:x", "x", county.clock.at))
    county.clock.at += 7 * 3600
    [run] = await county.services.audits.last(ADMIN)
    assert "never ended" in run.failed
