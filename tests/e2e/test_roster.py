"""The office edits the roster: by keyboard only, two at once, from a workbook; screens get codes on paper."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from openpyxl import load_workbook

from tests.e2e.access import serious
from tests.e2e.people import join_classroom, listen_for_errors, login
from tests.fakes.serving import ADMIN_PASSWORD

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.fakes.serving import Serve


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.closest('[data-testid]')?.dataset.testid ?? ''"))


def tab_to(page: Page, testid: str) -> None:
    """Presses Tab until the focus is there: whatever it takes, but no mouse."""
    for _ in range(80):
        if focused(page) == testid:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {testid}")


def test_a_school_is_added_changed_and_archived_by_keyboard(serve: Serve, context):
    page = context(media=False).new_page()
    errors = listen_for_errors(page)
    login(page, serve, "admin", ADMIN_PASSWORD)
    page.goto(f"{serve.base}/roster")
    page.get_by_test_id("entry-s01").wait_for()
    assert serious(page) == []
    tab_to(page, "roster-create")
    page.keyboard.press("Enter")
    page.get_by_test_id("field-name").wait_for()
    tab_to(page, "field-name")
    page.keyboard.type("永嘉县键盘小学")
    for field, downs in (("field-kind", 1), ("field-stage", 1)):
        tab_to(page, field)
        page.keyboard.press("Enter")
        for _ in range(downs):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    assert serious(page) == []
    tab_to(page, "entry-save")
    page.keyboard.press("Enter")
    row = page.locator("tr", has_text="永嘉县键盘小学")
    row.wait_for()
    entry_id = str(row.get_attribute("data-testid")).removeprefix("entry-")
    tab_to(page, f"archive-{entry_id}")
    page.keyboard.press("Enter")
    page.locator(".confirm-yes").wait_for()
    page.keyboard.press("Enter")
    row.wait_for(state="detached")
    tab_to(page, "roster-archived")
    page.keyboard.press("Space")
    page.locator("tr", has_text="永嘉县键盘小学").wait_for()
    assert errors == []


def test_the_second_of_two_editors_sees_both_values_and_keeps_what_was_typed(serve: Serve, context):
    page = context(media=False).new_page()
    login(page, serve, "admin", ADMIN_PASSWORD)
    admin = serve.admin()
    page.goto(f"{serve.base}/roster?kind=milestones")
    page.get_by_test_id("edit-m01").click()
    page.get_by_test_id("field-note").fill("我写的说明")
    version = next(one for one in admin.get("/api/roster/milestones")["items"] if one["id"] == "m01")["version"]
    values = {"note": "别人写的说明", "done_on": "2026-08-20"}
    assert admin.call("PATCH", "/api/roster/milestones/m01", {"version": version, "values": values}).status == 200
    page.get_by_test_id("entry-save").click()
    page.get_by_test_id("stale").wait_for()
    assert "别人写的说明" in page.get_by_test_id("theirs-note").inner_text()
    assert "我写的说明" in page.get_by_test_id("mine-note").inner_text()
    assert "2026-08-20" in page.get_by_test_id("taken").inner_text()
    assert serious(page) == []
    page.get_by_test_id("stale-go-on").click()
    page.get_by_test_id("entry-save").click()
    page.get_by_test_id("entry-form").wait_for(state="detached")
    kept = next(one for one in admin.get("/api/roster/milestones")["items"] if one["id"] == "m01")["values"]
    assert (kept["note"], kept["done_on"]) == ("我写的说明", "2026-08-20")


def test_a_workbook_is_mended_cell_by_cell_and_then_imported(serve: Serve, context, tmp_path: Path):
    page = context(media=False).new_page()
    login(page, serve, "admin", ADMIN_PASSWORD)
    admin = serve.admin()
    book = load_workbook(io.BytesIO(admin.call("GET", "/api/roster-workbook").body))
    file = tmp_path / "名册.xlsx"
    book["学校"].append(["永嘉县新来小学", "城里", "小学"])
    book["教室设备"].append(["永嘉县新来小学", "=A1"])
    book.save(file)
    page.goto(f"{serve.base}/roster")
    page.get_by_test_id("roster-import").click()
    page.get_by_test_id("import-file").set_input_files(file)
    table = page.get_by_test_id("import-problems")
    table.wait_for()
    last = len(book["学校"]["A"]), len(book["教室设备"]["A"])
    assert f"学校 B{last[0]}" in table.inner_text()
    assert f"教室设备 B{last[1]}" in table.inner_text()
    assert page.get_by_test_id("import-apply").is_disabled()
    assert serious(page) == []
    book["学校"].cell(last[0], 2).value = "受援学校"
    book["教室设备"].cell(last[1], 2).value = "一号教室"
    book.save(file)
    page.get_by_test_id("import-file").set_input_files(file)
    page.get_by_text("新增 2 条").wait_for()
    page.get_by_test_id("import-apply").click()
    page.get_by_test_id("import-apply").wait_for(state="detached")
    page.locator("tr", has_text="永嘉县新来小学").wait_for()
    screens = admin.get("/api/roster/classrooms?search=%E6%96%B0%E6%9D%A5%E5%B0%8F%E5%AD%A6")["items"]
    assert [one["values"]["name"] for one in screens] == ["一号教室"]


def test_a_code_from_the_printed_sheet_makes_a_screen_a_classroom(serve: Serve, context):
    page = context(media=False).new_page()
    login(page, serve, "admin", ADMIN_PASSWORD)
    admin = serve.admin()
    device = next(one for one in admin.get("/api/devices")["items"] if one["school_id"] == "s20")
    page.goto(f"{serve.base}/devices/codes")
    page.get_by_test_id(f"choose-{device['id']}").wait_for()
    page.get_by_test_id("choose-all").set_checked(True)
    page.get_by_test_id("choose-all").set_checked(False)
    page.get_by_test_id(f"choose-{device['id']}").click()
    page.get_by_test_id("codes-make").click()
    card = page.get_by_test_id("codes").locator("li")
    card.wait_for()
    address = str(card.locator("img").get_attribute("alt")).partition("：")[2]
    assert serious(page) == []
    screen = context(1920, 1080).new_page()
    screen.goto(address)
    screen.get_by_test_id("device-code").wait_for()
    assert "#" not in screen.url
    screen.get_by_test_id("device-submit").click()
    screen.get_by_test_id("device-code").wait_for(state="detached")
    used = context(1920, 1080).new_page()
    join_classroom(used, serve, address.partition("#")[2])
    used.get_by_role("alert").wait_for()
