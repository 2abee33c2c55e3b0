"""A classroom checks itself with its own devices and a minute of the real media plane; the county sees since when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.access import serious
from tests.e2e.people import listen_for_errors, login
from tests.fakes.serving import ADMIN_PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext

    from tests.fakes.serving import Serve

MEASURED = 150_000  # ms: a minute of measuring, connecting, devices, a slow machine


@pytest.mark.timeout(300)
def test_a_screen_checks_itself_and_the_county_sees_what_it_found(
    serve: Serve, context: Callable[..., BrowserContext], shots: Path
) -> None:
    admin = serve.admin()
    pairing = admin.get("/api/pairings")["items"][7]
    school = pairing["receiving_school_id"]
    screen = context(1366, 768).new_page()
    errors = listen_for_errors(screen)
    screen.goto(f"{serve.base}/classroom")
    screen.get_by_test_id("device-code").fill(serve.device_code(admin, school))
    screen.get_by_test_id("device-submit").click()
    screen.get_by_test_id("readiness-link").click()
    screen.get_by_test_id("check-start").wait_for()
    screen.screenshot(path=shots / "readiness-check-before.png")
    screen.get_by_test_id("check-start").click()
    # The browser's false microphone beeps but does not hear its loudspeaker: somebody has to say.
    screen.get_by_test_id("heard-yes").wait_for(timeout=60_000)
    screen.screenshot(path=shots / "readiness-check-ask.png")
    screen.get_by_test_id("heard-yes").click()
    state = screen.get_by_test_id("check-state")
    expect(state).to_have_attribute("data-phase", "done", timeout=MEASURED)
    for item in ("camera", "microphone", "speaker", "echo"):
        expect(screen.get_by_test_id(f"item-{item}")).to_have_attribute("data-met", "true")
    [kept] = admin.get(f"/api/readiness/schools/{school}/checks")["items"]
    figures = kept["figures"]
    assert (figures["width"], figures["height"], figures["heard"]) == (1280, 720, True)
    assert figures["frame_rate"] > 1
    assert figures["microphone_db"] > -50
    assert (figures["seconds"], figures["way"]) == (60, "udp")
    assert figures["up_kbps"] > 100
    assert figures["down_kbps"] > 100
    slow = figures["round_trip_ms"] is None or figures["round_trip_ms"] > 200
    assert ("delay" in kept["failed"]) == slow
    met = kept["failed"] == []
    expect(state).to_have_attribute("data-met", "true" if met else "false")
    for width, height in ((1366, 768), (1920, 1080), (390, 844)):
        screen.set_viewport_size({"width": width, "height": height})
        screen.screenshot(path=shots / f"readiness-check-{width}.png", full_page=True)
        assert screen.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
    assert serious(screen) == []

    office = context(1366, 768, media=False).new_page()
    errors += listen_for_errors(office)
    login(office, serve, "admin", ADMIN_PASSWORD)
    office.goto(f"{serve.base}/evaluation")
    office.get_by_test_id("to-readiness").click()
    expect(office.get_by_test_id(f"met-{school}")).to_have_text(kept["day"] if met else "–")
    office.get_by_test_id(f"history-{school}").click()
    office.get_by_test_id(f"check-{kept['id']}").click()
    office.get_by_test_id("school-checks").get_by_test_id("item-camera").wait_for()
    office.screenshot(path=shots / "readiness-history.png")
    office.keyboard.press("Escape")
    assert errors == []


@pytest.mark.timeout(120)
def test_the_office_registers_certificates_agreements_and_small_schools_and_the_evaluation_counts_them(
    serve: Serve, context: Callable[..., BrowserContext], shots: Path, tmp_path: Path
) -> None:
    admin = serve.admin()
    pairing = admin.get("/api/pairings")["items"][8]
    school = pairing["supporting_school_id"]
    page = context(1366, 768, media=False).new_page()
    errors = listen_for_errors(page)
    login(page, serve, "admin", ADMIN_PASSWORD)
    page.goto(f"{serve.base}/readiness")
    year = page.evaluate("new Date().getFullYear()")
    page.get_by_test_id(f"register-{school}").click()
    page.get_by_test_id("field-equipment_accepted_on").fill(f"{year}-08-31")
    page.get_by_test_id("field-equipment_source").fill("教育技术中心验收单")
    page.get_by_test_id("field-space_opened_on").fill(f"{year}-06-30")
    page.screenshot(path=shots / "readiness-register.png")
    page.get_by_test_id("entry-save").click()
    expect(page.get_by_test_id(f"met-{school}")).to_have_text(f"{year}-08-31")
    page.get_by_test_id(f"agreement-{pairing['id']}").click()
    page.get_by_test_id("field-number").fill("永教结〔1〕号")
    page.get_by_test_id("field-signed_on").fill(f"{year}-05-31")
    page.get_by_test_id("entry-save").click()
    page.get_by_test_id("readiness-agreements").get_by_text("永教结〔1〕号").wait_for()
    scan = tmp_path / "协议.pdf"
    scan.write_bytes(b"%PDF-1.7 " + bytes(2000))
    page.get_by_test_id(f"scan-{pairing['id']}").set_input_files(scan)
    with page.expect_download() as waited:
        page.get_by_role("link", name="协议.pdf").click()
    assert waited.value.path().read_bytes() == scan.read_bytes()
    page.get_by_test_id("small-add").click()
    page.get_by_test_id("field-name").fill("甲教学点")
    page.get_by_test_id("entry-save").click()
    page.get_by_test_id("readiness-small").get_by_text("没有结对").wait_for()
    for width, height in ((1366, 768), (1920, 1080), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=shots / f"readiness-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
    page.set_viewport_size({"width": 1366, "height": 768})
    assert serious(page) == []
    rows = admin.get("/api/evaluation/facts/schools_network_space_late/rows")
    assert {row["id"]: row["adds"] for row in rows["items"]}[school] == 0
    assert rows["total"] == 19
    assert admin.get("/api/evaluation/facts/small_schools_without_pair/rows")["total"] == 1
    page.goto(f"{serve.base}/evaluation")
    page.get_by_test_id("item-paper1-1.4").get_by_role("button").click()
    drawer = page.get_by_test_id("item-drawer")
    expect(drawer.get_by_test_id("value-agreements_not_in_time")).to_have_text("9")
    drawer.get_by_role("link", name="装备与协议").wait_for()
    page.screenshot(path=shots / "readiness-evaluation.png")
    assert errors == []
