"""Monthly reports: every figure is the rows it opens, what was sent stays, a correction is a new version."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.county.errors import Forbidden, Invalid, NotFound
from server.county.model import Form, Lesson, LessonState
from server.county.ports import AuditQuery
from server.county.progress import Lived, RowQuery, Standing, chosen
from server.county.reports.model import Scope, as_dict, from_dict
from server.county.reports.sent import digest_of
from server.county.reports.sheets import report_sheets
from server.county.reports.tally import Tally
from tests.fakes.county import ADMIN, OTHER_TEACHER, RESEARCHER, SCREEN, TEACHER, County
from tests.unit.county.honest_year import honest_year

MONTH = "2025-11"


async def send(county: County, scope: Scope = Scope.COUNTY, scope_id: str = "", **more: object):
    report = await county.services.reports.current(ADMIN, scope, scope_id, MONTH)
    wanted: dict[str, object] = {"language": 0, "xlsx": b"book", "docx": b"paper", "note": "县教育局"}
    return await county.services.reports.send(RESEARCHER, report, **wanted | more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("scope", "scope_id"), [(Scope.COUNTY, ""), (Scope.PAIRING, "p01"), (Scope.SUBJECT, "art")])
async def test_every_figure_opens_as_many_rows_as_it_counts(county: County, scope: Scope, scope_id: str):
    await honest_year(county)
    report = await county.services.reports.current(ADMIN, scope, scope_id, MONTH)
    cells = [cell for _, cell in report.facts] + [cell for table in report.tables for row in table.rows for cell in row]
    opening = [cell for cell in cells if cell.opens is not None]
    assert len(opening) > 10
    minutes = dict(report.facts)["授课时长（分钟）", "Minutes taught"]
    for cell in opening:
        rows = (await county.services.board.rows(ADMIN, cell.opens, limit=500)).items
        if cell is minutes:
            assert cell.value == round(sum(row.lesson.ended_at - row.lesson.started_at for row in rows) / 60)
        else:
            assert cell.value == len(rows), cell
    assert any(cell.value for cell in opening)


async def test_the_county_report_is_worked_out_by_hand_for_the_honest_year(county: County):
    await honest_year(county)  # nine lessons of p01 and one more at the same time; four of them stand credited to s02
    report = await county.services.reports.current(ADMIN, Scope.COUNTY, "", MONTH)
    facts = {title[1]: cell.value for title, cell in report.facts}
    assert facts["Lessons held this month"] == 10
    assert facts["of these credited"] + facts["not credited"] + facts["waiting"] == 10
    tables = {table.id: table for table in report.tables}
    first = [cell.value for cell in tables["pairings"].rows[0]]
    board = await county.services.board.board(ADMIN, 2025)
    assert first[5:7] == [board.schools[0].total, board.schools[1].total]
    assert [cell.value for cell in tables["subjects"].rows[-1]][:2] == [("合计", "Sum"), 10]
    sums = [sum(row[at].value for row in tables["subjects"].rows[:-1]) for at in range(1, 8)]
    assert sums == [cell.value for cell in tables["subjects"].rows[-1]][1:]
    assert len(tables["lost"].rows) == facts["not credited"]
    assert all(row[-1].value != ("", "") for row in tables["lost"].rows)


async def test_a_month_knows_nothing_of_the_next_one(county: County):
    await honest_year(county)
    reports = county.services.reports
    october = await reports.current(ADMIN, Scope.COUNTY, "", "2025-10")
    assert {cell.value for _, cell in october.facts[:9]} == {0}
    december = await reports.current(ADMIN, Scope.COUNTY, "", "2025-12")
    facts = {title[1]: cell.value for title, cell in december.facts}
    assert facts["Lessons held this month"] == 0
    assert facts["Credited this year"] > 0


async def test_what_was_sent_stays_whatever_happens_to_the_ledger(county: County):
    await honest_year(county)
    first = await send(county)
    total = (await county.services.board.board(ADMIN, 2025)).schools[1].total
    assert (first.line.version, first.line.actor_name, first.whole) == (1, RESEARCHER.name, True)
    entries = (await county.services.crediting.ledger(ADMIN, school_id="s02")).items
    reversed_ = {one.reverses for one in entries}
    entry = next(one for one in entries if one.amount == 1 and one.id not in reversed_)
    await county.services.crediting.reverse(RESEARCHER, entry.id, "重复")
    with pytest.raises(Invalid, match="更正"):
        await send(county)
    second = await send(county, correction="冲销了一节重复的课")
    assert second.line.version == 2
    kept = await county.services.reports.sent(ADMIN, first.line.id)
    assert kept == first
    before, after = (from_dict(json.loads(one.figures)) for one in (kept, second))
    schools = [next(table for table in one.tables if table.id == "schools").rows[1] for one in (before, after)]
    assert [row[-3].value for row in schools] == [total, total - 1]
    history = await county.services.reports.history(ADMIN, month=MONTH)
    assert [one.version for one in history] == [2, 1]
    async with county.store.read() as work:
        acts = (await work.audit_page(AuditQuery(action="report.send"))).items
    assert {act.subject for act in acts} == {second.line.id, first.line.id}


async def test_a_changed_byte_is_seen(county: County):
    sent = await send(county)
    assert sent.line.digest == digest_of(sent.figures, b"book", b"paper")
    assert not replace(sent, docx=b"papers").whole
    assert not replace(sent, figures=sent.figures.replace("0", "9", 1)).whole


async def test_who_may_see_and_send_what(county: County):
    reports = county.services.reports
    await send(county)
    own = await send(county, Scope.PAIRING, "p01")
    assert own.line.version == 1
    assert (await reports.current(TEACHER, Scope.PAIRING, "p01", MONTH)).about[
        0
    ] == "永嘉县实验小学 — 永嘉县巽宅镇西岙小学"
    assert [one.id for one in await reports.history(TEACHER)] == [own.line.id]
    assert (await reports.sent(TEACHER, own.line.id)).whole
    assert await reports.history(OTHER_TEACHER) == []
    for refused in (
        reports.current(OTHER_TEACHER, Scope.PAIRING, "p01", MONTH),
        reports.sent(OTHER_TEACHER, own.line.id),
        reports.current(ADMIN, Scope.PAIRING, "p99", MONTH),
        reports.current(ADMIN, Scope.SUBJECT, "latin", MONTH),
        reports.current(TEACHER, Scope.COUNTY, "", MONTH),
        reports.current(TEACHER, Scope.SUBJECT, "art", MONTH),
        reports.sent(ADMIN, "r-none"),
    ):
        with pytest.raises(NotFound):
            await refused
    report = await reports.current(ADMIN, Scope.COUNTY, "", MONTH)
    for refused in (
        reports.history(SCREEN),
        reports.send(TEACHER, report, language=0, xlsx=b"", docx=b"", note="x"),
    ):
        with pytest.raises(Forbidden):
            await refused
    for month in ("2025-13", "1999-12", "2025-1", "今年"):
        with pytest.raises(Invalid):
            await reports.current(ADMIN, Scope.COUNTY, "", month)
    with pytest.raises(Invalid):
        await reports.send(ADMIN, report, language=0, xlsx=b"", docx=b"", note="  ")


async def test_a_report_survives_being_frozen_and_its_sheets_hold_every_row(county: County):
    await honest_year(county)
    report = await county.services.reports.current(ADMIN, Scope.PAIRING, "p01", MONTH)
    assert from_dict(json.loads(json.dumps(as_dict(report)))) == report
    for language in (0, 1):
        sheets = report_sheets(report, language)
        assert [sheet.name for sheet in sheets[1:]] == [table.title[language] for table in report.tables]
        assert [len(sheet.rows) for sheet in sheets[1:]] == [max(1, len(table.rows)) for table in report.tables]


SPANS = ((0.0, 100.0), (0.0, 300.0))


@st.composite
def years(draw: st.DrawFn) -> list[Lived]:
    found = []
    for number in range(draw(st.integers(0, 12))):
        pairing = draw(st.sampled_from(("p1", "p2")))
        sides = {"p1": ("a", "b"), "p2": ("a", "c")}[pairing]
        at = draw(st.sampled_from((0.0, 50.0, 99.0, 100.0, 250.0)))
        state = draw(st.sampled_from(list(LessonState)))
        lesson = Lesson(
            f"l{number}", Form.SYNCHRONOUS, pairing, sides[0], (sides[1],), draw(st.sampled_from(("x", "y"))), "t",
            None, at, 40, "default", state, 0.0,
        )  # fmt: skip
        found.append(Lived(lesson, (), frozenset(draw(st.sets(st.sampled_from(sides))))))
    return found


@given(
    years(),
    st.sampled_from(SPANS),
    st.sampled_from((None, "a", "b", "c")),
    st.sampled_from((None, "p1", "p2")),
    st.sampled_from((None, "x", "y")),
    st.lists(st.sampled_from(list(Standing)), unique=True),
)
def test_the_tally_counts_what_the_query_chooses(lived, span, school, pairing, subject, standings):
    query = RowQuery(*span, school, pairing, subject, tuple(standings))
    assert Tally(lived, SPANS).count(query) == len(chosen(lived, query))
