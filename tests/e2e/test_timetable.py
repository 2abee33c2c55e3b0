"""The county's week: a series is planned, a lesson moved by keyboard and by drag, a missed one is a press away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.access import serious
from tests.e2e.people import listen_for_errors, login
from tests.fakes.serving import ADMIN_PASSWORD

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes.serving import Serve

SERIES = {
    "pairing_id": "p09",
    "subject": "science",
    "topic": "种子的旅行",
    "starts_at": "2027-03-01T01:00:00Z",  # a Monday, 09:00 in China
    "planned_minutes": 40,
    "until": "2027-03-15",
}


def test_a_week_is_planned_and_changed_with_and_without_a_mouse(serve: Serve, context, shots: Path):
    admin = serve.admin()
    made = admin.post("/api/timetable/series", SERIES)
    lesson = made["lessons"][0]
    window = context(media=False)
    window.set_default_timeout(60_000)
    page = window.new_page()
    errors = listen_for_errors(page)
    login(page, serve, "admin", ADMIN_PASSWORD)
    page.goto(f"{serve.base}/timetable?day=2027-03-01")
    card = page.get_by_test_id(f"slot-{lesson['id']}")
    card.wait_for()
    page.screenshot(path=shots / "timetable-week.png")
    assert serious(page) == []
    page.get_by_test_id(f"move-{lesson['id']}").focus()
    page.keyboard.press("Enter")
    page.get_by_test_id("move-time").wait_for()
    page.get_by_test_id("move-time").fill("10:00")
    page.get_by_test_id("move-time").press("Enter")
    page.get_by_test_id("move-form").wait_for(state="detached")
    assert admin.get(f"/api/lessons/{lesson['id']}")["starts_at"] == "2027-03-01T02:00:00.000Z"
    card.drag_to(page.get_by_test_id("cell-p09-2027-03-03"))
    page.get_by_test_id("move-save").click()
    page.get_by_test_id("move-form").wait_for(state="detached")
    page.get_by_test_id("cell-p09-2027-03-03").get_by_test_id(f"slot-{lesson['id']}").wait_for()
    assert admin.get(f"/api/lessons/{lesson['id']}")["starts_at"] == "2027-03-03T02:00:00.000Z"
    page.get_by_test_id("open-series").click()
    page.get_by_test_id("series-topic").wait_for()
    page.screenshot(path=shots / "timetable-series.png")
    assert serious(page) == []
    page.keyboard.press("Escape")
    page.get_by_test_id("view-term").click()
    page.get_by_test_id("term").wait_for()
    page.get_by_test_id("term").get_by_role("button").nth(2).wait_for()
    page.screenshot(path=shots / "timetable-term.png")
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_test_id("view-week").click()
    card.wait_for()
    page.screenshot(path=shots / "timetable-phone.png")
    assert errors == []
