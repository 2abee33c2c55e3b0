"""A year with lessons of every kind, honestly kept, and its audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.county.model import LessonState
from tests.fakes.county import ADMIN, RESEARCHER, County, flow_rows, good_report

if TYPE_CHECKING:
    from server.county.ports_evaluation import AuditRun


async def judged(county: County, **changes: object) -> str:
    report = changes.pop("report", {})
    lesson = await county.taught(**changes)  # type: ignore[arg-type]
    await county.services.lessons.verified(lesson.id, good_report(lesson.id, **report))  # type: ignore[arg-type]
    await county.services.crediting.run(lesson.id)
    county.clock.at += 3600
    return lesson.id


async def honest_year(county: County) -> dict[str, str]:
    """Lessons of every kind: id by what they are."""
    services, found = county.services, {}
    found["good"] = await judged(county)
    found["art"] = await judged(county, subject_id="art")
    found["short"] = await judged(county, minutes=20)
    found["gaps"] = await judged(county, report={"gap_seconds": 99.0})
    found["closed"] = await judged(county, report={"opens": False})
    found["unheard"] = await judged(county, report={"teacher": {"black_or_frozen_share": 0.1}})
    assert (await services.lessons.detail(ADMIN, found["unheard"])).lesson.state is LessonState.NEEDS_REVIEW
    await services.crediting.credit_by_hand(RESEARCHER, found["unheard"], "s01", "看过录像，讲课完整")
    found["back"] = await judged(county)
    entry = (await services.crediting.ledger(ADMIN, found["back"])).items[0]
    await services.crediting.reverse(RESEARCHER, entry.id, "重复开课")
    found["again"] = await judged(county)
    entry = (await services.crediting.ledger(ADMIN, found["again"], "s02")).items[0]
    await services.crediting.reverse(RESEARCHER, entry.id, "误计")
    await services.crediting.credit_by_hand(RESEARCHER, found["again"], "s02", "核实后恢复")
    found["twice"] = await taught_twice(county)
    return found


async def taught_twice(county: County) -> str:
    """Two lessons of one pair at once: only the first is credited."""
    one, two = await county.lesson(), await county.lesson(subject_id="music")
    begin = int(county.clock.at)
    for lesson in (one, two):
        await county.services.lessons.start(ADMIN, lesson.id)
        await county.services.lessons.recording_opened(lesson.id)
        for who, source, way in (
            ("teacher", "teacher", "in"),
            ("classroom-s02", "teacher", "out"),
            ("classroom-s02", "classroom-s02", "in"),
        ):
            await county.services.lessons.record_flow(flow_rows(lesson.id, who, source, way, begin, 2400))
    county.clock.at += 2400
    for lesson in (one, two):
        await county.services.lessons.end(ADMIN, lesson.id)
        await county.services.lessons.recording_closed(lesson.id)
        await county.services.lessons.verified(lesson.id, good_report(lesson.id))
        await county.services.crediting.run(lesson.id)
    county.clock.at += 3600
    return two.id


async def audited(county: County) -> AuditRun:
    run = await county.services.audits.run("test")
    assert run is not None
    return run
