"""The office's Monday: the board and what is behind it, then the month's report, sent and corrected."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import expect

from server.store import open_database
from tests.e2e.people import listen_for_errors, login
from tests.fakes.filled_year import fill_year, monday_of
from tests.fakes.serving import ADMIN_PASSWORD, Serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page


# Last autumn: over whatever day it is today.
YEAR = datetime.now(UTC).year - 1


async def _fill(data: Path) -> None:
    database = await open_database(f"sqlite:///{data}/tongke.db")
    await fill_year(database, first=monday_of(YEAR), until=time.time(), weeks=16)
    await database.close()


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """A server of its own: its figures are nobody else's."""
    server = Serve(tmp_path_factory.mktemp("board") / "data").start()
    asyncio.run(_fill(server.data))
    yield server
    server.stop()
    assert server.troubles() == []


def opened(page: Page, standing: str) -> int:
    return page.get_by_test_id("board-drawer").get_by_test_id(f"rows-{standing}").get_by_role("listitem").count()


@pytest.mark.timeout(240)
def test_the_office_opens_figures_and_sends_the_months_report(
    county: Serve, context: Callable[..., BrowserContext], shots: Path, tmp_path: Path
) -> None:
    page = context(1366, 768, media=False).new_page()
    errors = listen_for_errors(page)
    login(page, county, "admin", ADMIN_PASSWORD)
    page.goto(f"{county.base}/board?year={YEAR}")

    # A total opens as many lessons as it says, and the school's pace; what was lost says why.
    page.get_by_test_id("total-s02").click()
    page.get_by_test_id("school-pace").wait_for()
    page.get_by_test_id("rows-credited").wait_for()
    assert opened(page, "credited") == int(page.get_by_test_id("total-s02").inner_text())
    page.keyboard.press("Escape")

    # Headings sort; the chart has its figures as a table; the workbook holds the page's totals.
    page.get_by_test_id("sort-total").click()
    totals = [int(cell.inner_text()) for cell in page.locator("[data-testid^=total-s]").all()]
    assert totals == sorted(totals, reverse=True)
    assert len(totals) == 20
    page.get_by_test_id("chart-weeks").locator("svg").wait_for()
    page.screenshot(path=shots / "board-charts.png", full_page=True)
    page.get_by_test_id("as-table-weeks").click()
    expect(page.get_by_test_id("chart-weeks").get_by_role("table")).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_test_id("board-workbook").click()
    waiting.value.save_as(tmp_path / "board.xlsx")
    head, *lines = load_workbook(tmp_path / "board.xlsx").worksheets[0].iter_rows(values_only=True)
    assert sorted(line[head.index("合计 / 20")] for line in lines) == sorted(totals)

    # The report: a figure opens its lessons; it is sent, and sent again as a correction.
    page.goto(f"{county.base}/reports?month={YEAR}-11")
    held = page.get_by_test_id("fact-Lessons held this month").get_by_role("button")
    said = int(held.inner_text())
    held.click()
    page.get_by_test_id("rows-credited").wait_for()
    assert opened(page, "credited") + opened(page, "not_credited") == said
    page.keyboard.press("Escape")
    page.screenshot(path=shots / "report.png", full_page=True)
    for correction in (None, "补计一节"):
        page.get_by_test_id("report-send").click()
        page.get_by_test_id("send-note").fill("报县教育局")
        if correction is not None:
            page.get_by_test_id("send-correction").fill(correction)
        page.get_by_test_id("send-save").click()
        page.get_by_test_id("send-save").wait_for(state="detached")
    sent = page.get_by_test_id("sent-list")
    expect(sent.get_by_text("更正：补计一节")).to_be_visible()
    with page.expect_download() as waiting:
        sent.get_by_text(".docx").first.click()
    waiting.value.save_as(tmp_path / "report.docx")
    facts = Document(str(tmp_path / "report.docx")).tables[0]
    assert [cell.text for cell in facts.rows[0].cells][:2] == ["本月上课（节）", str(said)]
    sent.get_by_role("button", name="第 1 版").click()
    page.get_by_test_id("sent-whole").wait_for()
    page.screenshot(path=shots / "report-sent.png")
    assert errors == []
