"""The year's evaluation as the county's office uses it: look, open rows, enter, what if, freeze, audit, print."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.people import listen_for_errors, login
from tests.fakes.serving import ADMIN_PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

    from tests.fakes.serving import Serve


def _score(page: Page, item: str) -> float:
    return float(page.get_by_test_id(f"score-{item}").inner_text())


@pytest.mark.timeout(180)
def test_the_office_sees_opens_enters_supposes_and_freezes_the_years_score(
    serve: Serve, context: Callable[..., BrowserContext], shots: Path
) -> None:
    admin = serve.admin()
    page = context(1366, 768, media=False).new_page()
    errors = listen_for_errors(page)
    login(page, serve, *serve.account(admin, "researcher"))
    page.get_by_test_id("nav-evaluation").click()
    page.get_by_test_id("paper-paper1").wait_for()
    page.screenshot(path=shots / "evaluation.png", full_page=True)
    assert _score(page, "paper1-2.1") == 0  # nobody has said that any equipment is in place

    # A figure opens rows that add up to it; a date entered with its source takes one away.
    page.get_by_test_id("item-paper1-2.1").get_by_role("button").click()
    drawer = page.get_by_test_id("item-drawer")
    drawer.get_by_test_id("row-s01").wait_for()
    expect(drawer.get_by_test_id("value-schools_equipment_late")).to_have_text("没有数据")
    drawer.get_by_test_id("edit-s01").click()
    drawer.get_by_test_id("date-schools_equipment_late").fill(f"{page.evaluate('new Date().getFullYear()')}-08-31")
    drawer.get_by_test_id("source-schools_equipment_late").fill("教育技术中心验收单")
    drawer.get_by_test_id("enter-schools_equipment_late").click()
    drawer.get_by_text("依据：教育技术中心验收单").wait_for()
    expect(drawer.get_by_test_id("value-schools_equipment_late")).to_have_text("19")
    expect(drawer.get_by_test_id("rows-counting")).to_contain_text("19")
    adding = [int(row.get_attribute("data-adds") or 0) for row in drawer.locator("[data-adds]").all()]
    assert (len(adding), sum(adding)) == (20, 19)
    page.screenshot(path=shots / "evaluation-rows.png")
    page.keyboard.press("Escape")

    # What would raise it most leads to where it is entered.
    page.get_by_test_id("lever-satisfaction_society").click()
    drawer.get_by_test_id("amount-satisfaction_society").locator("input").fill("88.1")
    drawer.get_by_test_id("source-satisfaction_society").fill("第三方测评报告")
    drawer.get_by_test_id("enter-satisfaction_society").click()
    expect(page.get_by_test_id("score-paper2-1.4")).to_have_text("19.9")
    page.keyboard.press("Escape")

    # What if: the score moves and says that it is not the real one.
    page.get_by_test_id("what-if").click()
    page.get_by_test_id("slider-schools_equipment_late").fill("0")
    page.get_by_test_id("supposed").wait_for()
    expect(page.get_by_test_id("score-paper1-2.1")).to_have_text("20")
    page.screenshot(path=shots / "evaluation-what-if.png")
    page.get_by_test_id("what-if-reset").click()
    page.get_by_test_id("supposed").wait_for(state="detached")

    page.get_by_test_id("freeze").click()
    page.get_by_test_id("freeze-note").fill("报送省厅")
    page.get_by_test_id("freeze-save").click()
    page.get_by_test_id("frozen-list").get_by_text("报送省厅").click()
    page.get_by_test_id("frozen-same").wait_for()
    page.screenshot(path=shots / "evaluation-frozen.png")
    page.keyboard.press("Escape")
    page.emulate_media(media="print")
    page.screenshot(path=shots / "evaluation-print.png", full_page=True)

    for width, height in ((1920, 1080), (390, 844)):
        other = context(width, height, media=False, locale="en-US" if width == 390 else "zh-CN").new_page()
        errors += listen_for_errors(other)
        login(other, serve, *serve.account(admin, "researcher"))
        other.goto(f"{serve.base}/evaluation")
        other.get_by_test_id("paper-paper2").wait_for()
        wide = other.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{width}: the page is {wide} px too wide"
        other.screenshot(path=shots / f"evaluation-{width}.png", full_page=True)
    assert errors == []


@pytest.mark.timeout(120)
def test_the_administrator_has_everything_computed_again(
    serve: Serve, context: Callable[..., BrowserContext], shots: Path
) -> None:
    page = context(1366, 768, media=False).new_page()
    errors = listen_for_errors(page)
    login(page, serve, "admin", ADMIN_PASSWORD)
    page.goto(f"{serve.base}/system")
    page.get_by_test_id("audit-run").click()
    page.get_by_test_id("audit").get_by_text("全部一致").first.wait_for(timeout=60_000)
    page.get_by_test_id("audit").scroll_into_view_if_needed()
    page.screenshot(path=shots / "audit.png")
    assert errors == []
