"""The page's own network test, in Chromium against the real server: what is open, what it gives, in plain words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.e2e.people import listen_for_errors, login

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

    from tests.fakes.serving import Serve

TESTED = 60_000  # ms: 10 s for ways that are shut, 11 s of measuring, a slow machine


def run_test(page: Page, serve: Serve) -> str:
    """Starts the test on its page and waits for its verdict."""
    page.goto(f"{serve.base}/network-test")
    page.get_by_test_id("network-start").click()
    page.wait_for_function(
        "() => document.querySelector('[data-testid=network-verdict]')?.dataset.verdict", timeout=TESTED
    )
    return str(page.get_by_test_id("network-verdict").get_attribute("data-verdict"))


def ways(page: Page) -> dict[str, str | None]:
    kinds = ("udp", "tcp", "turnUdp", "turnTcp", "turnTls")
    return {kind: page.get_by_test_id(f"way-{kind}").get_attribute("data-state") for kind in kinds}


def test_a_teacher_sees_that_all_direct_ways_are_open_and_what_they_give(
    serve: Serve, context: Callable[..., BrowserContext], shots: Path
) -> None:
    admin = serve.admin()
    page = context(1920, 1080, media=False).new_page()
    errors = listen_for_errors(page)
    login(page, serve, *serve.account(admin, "teacher"))
    assert run_test(page, serve) == "direct"
    assert ways(page) == {"udp": "works", "tcp": "works", "turnUdp": "absent", "turnTcp": "absent", "turnTls": "absent"}
    assert page.get_by_test_id("figure-roundTrip").inner_text().endswith("毫秒")
    assert float(page.get_by_test_id("figure-down").inner_text().split()[0]) > 0.1  # Mbit/s
    details = page.get_by_test_id("network-details").inner_text()
    assert "UDP direct: open" in details
    assert re.search(f":{serve.any_media_port}", details)
    page.screenshot(path=shots / "network-test-1920.png")
    page.set_viewport_size({"width": 390, "height": 844})
    page.screenshot(path=shots / "network-test-390.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert errors == []
    left = [lesson for lesson in admin.get("/api/live")["items"] if lesson["lesson"]["id"].startswith("probe-")]
    assert left == []


def test_a_classroom_screen_finds_the_test_on_its_waiting_page_and_its_way_back(
    serve: Serve, context: Callable[..., BrowserContext], shots: Path
) -> None:
    admin = serve.admin()
    school = admin.get("/api/pairings")["items"][6]["receiving_school_id"]
    page = context(390, 844, locale="en-US").new_page()
    page.goto(f"{serve.base}/classroom")
    page.get_by_test_id("device-code").fill(serve.device_code(admin, school))
    page.get_by_test_id("device-submit").click()
    page.get_by_test_id("network-link").click()
    page.get_by_test_id("network-start").wait_for()
    page.screenshot(path=shots / "network-test-before-390.png", full_page=True)
    page.get_by_test_id("network-start").click()
    page.get_by_test_id("network-stop").click()
    assert page.get_by_test_id("network-verdict").get_attribute("data-verdict") == ""
    page.get_by_test_id("network-back").click()
    page.get_by_test_id("classroom-waiting").wait_for()
