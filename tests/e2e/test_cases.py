"""A lesson is written up by both schools at once, reviewed by two experts, selected, published, and printed."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pypdf
import pytest
from PIL import Image

from tests.e2e.access import serious
from tests.e2e.people import listen_for_errors, login
from tests.e2e.recorded import record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

    from tests.fakes.serving import Api, Serve

PASSWORD = "Keshi-2026-xin"
WORDS = "两端学生围绕同一个问题展开对话，受援端学生先说，支援端学生补充，教师追问并请助教个别辅导。"
SECTIONS = ("summary", "background", "design", "process", "effect", "reflection")
CRITERIA = ("idea", "design", "both_ends", "effect", "spread")


def member(admin: Api, username: str, name: str, school_id: str) -> tuple[str, str]:
    """A teacher's account; (username, password)."""
    values = {"username": username, "name": name, "school_id": school_id}
    user = admin.post("/api/roster/teachers", {"values": values})
    assert admin.call("PATCH", f"/api/users/{user['id']}", {"password": PASSWORD}).status == 200
    return username, PASSWORD


def look(page: Page, path: Path, name: str) -> None:
    for width, height in ((1366, 768), (1920, 1080), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=path / f"case-{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1366, "height": 768})


def wait_kept(page: Page) -> None:
    page.locator("[data-testid=case-keeping][data-keeping=saved]").wait_for()


def confirm(page: Page) -> None:
    page.locator(".el-message-box .confirm-yes").click()


def review(page: Page, serve: Serve, points: dict[str, str], shots: Path | None) -> None:
    """From the first page to the sent review."""
    page.goto(serve.base)
    page.get_by_test_id("home-cases-review").get_by_role("link", name="去评审").click()
    for criterion in CRITERIA:
        page.get_by_test_id(f"mark-{criterion}").locator("input").fill(points[criterion])
        page.keyboard.press("Tab")
    page.get_by_test_id("review-remarks").fill("问题真实，两端学生都有真正的参与；建议补充前后测的数据。")
    page.locator("[data-testid=review-keeping][data-keeping=saved]").wait_for()
    if shots is not None:
        look(page, shots, "review")
        assert serious(page) == []
    page.get_by_test_id("review-send").click()
    confirm(page)
    page.get_by_test_id("review-form").wait_for(state="detached")


@pytest.mark.timeout(420)
def test_a_case_from_the_lesson_to_the_casebook(
    serve: Serve, context: Callable[..., BrowserContext], shots: Path, tmp_path: Path
) -> None:
    admin = serve.admin()
    schools = admin.get("/api/schools?limit=500")["items"]
    pairing = admin.get("/api/pairings")["items"][2]
    outside = [one["id"] for one in schools if one["id"] not in pairing.values() and one["stage"] == "primary"]
    writer = serve.account(admin, "teacher", pairing["supporting_school_id"])
    rural = member(admin, "luli", "陆丽", pairing["receiving_school_id"])
    experts = [
        member(admin, "caijing", "蔡静", outside[0]),
        member(admin, "panyimin", "潘益民", outside[1]),
    ]
    lesson = record(serve, admin, {"teacher": "vp8"}, seconds=4, pairing=2, subject="english", topic="My school")
    photo = tmp_path / "课堂.png"
    Image.new("RGB", (900, 600), (0, 128, 128)).save(photo)

    # Written by two people at once: the second is told, nothing is lost.
    page = context(media=False).new_page()
    errors = listen_for_errors(page)
    login(page, serve, *writer)
    page.goto(f"{serve.base}/lessons/{lesson}")
    page.get_by_test_id("lesson-case").click()
    page.get_by_test_id("case-editor").wait_for()
    case_id = page.url.rpartition("/")[2]
    page.get_by_test_id("case-title").fill("同屏对话：让两端的孩子开口说英语")
    page.get_by_test_id("add-author").click()
    page.get_by_role("option", name="陆丽").click()
    page.get_by_test_id("text-summary").fill(WORDS)
    wait_kept(page)
    other = context(media=False).new_page()
    other_errors = listen_for_errors(other)
    login(other, serve, *rural)
    other.goto(f"{serve.base}/cases/{case_id}")
    other.get_by_test_id("text-process").wait_for()
    page.get_by_test_id("text-background").fill(f"支援端：{WORDS}")
    wait_kept(page)
    other.get_by_test_id("text-background").fill(f"受援端：{WORDS}")
    other.get_by_test_id("text-effect").fill(f"受援端的成效：{WORDS}")
    other.get_by_test_id("clash-background").wait_for()
    look(other, shots, "clash")
    other.get_by_test_id("use-both").click()
    wait_kept(other)
    page.bring_to_front()
    page.get_by_test_id("text-design").fill(WORDS)
    page.get_by_test_id("case-told").wait_for()
    wait_kept(page)
    assert page.get_by_test_id("text-effect").input_value() == f"受援端的成效：{WORDS}"
    assert page.get_by_test_id("text-background").input_value() == f"支援端：{WORDS}\n\n受援端：{WORDS}"

    # A line that breaks keeps the text in the browser, a reload brings it back.
    page.route("**/api/cases/*", lambda route: route.abort() if route.request.method == "PATCH" else route.continue_())
    page.get_by_test_id("text-reflection").fill(WORDS)
    page.locator("[data-testid=case-keeping][data-keeping=waiting]").wait_for()
    page.unroute("**/api/cases/*")
    page.reload()
    page.get_by_test_id("text-reflection").wait_for()
    wait_kept(page)
    assert page.get_by_test_id("text-reflection").input_value() == WORDS
    page.get_by_test_id("text-process").fill(WORDS)
    page.get_by_test_id("add-process").set_input_files(photo)
    page.get_by_test_id("picture-caption").fill("路口小学的孩子在说")
    wait_kept(page)
    look(page, shots, "editor")
    assert serious(page) == []
    page.get_by_test_id("case-submit").click()
    confirm(page)
    page.locator("[data-testid=case-head][data-state=submitted]").wait_for()

    # The county gives it to two experts; who is partial cannot be chosen.
    county = context(media=False).new_page()
    county_errors = listen_for_errors(county)
    login(county, serve, "admin", "Guanli-2026-tong")
    county.goto(serve.base)
    county.get_by_test_id("home-cases-decide").get_by_role("link").nth(1).click()
    county.get_by_test_id("case-assign").click()
    chosen = county.get_by_test_id("experts")
    chosen.get_by_text("孙真慧").click()  # who leads the group is proposed; two of its members are taken
    chosen.get_by_text("潘益民").click()
    look(county, shots, "assign")
    county.get_by_test_id("assign-yes").click()
    county.locator("[data-testid=case-head][data-state=in_review]").wait_for()
    first, second = (context(media=False).new_page() for _ in experts)
    for reviewer, account in zip((first, second), experts, strict=True):
        login(reviewer, serve, *account)
    review(first, serve, dict(zip(CRITERIA, ("15", "30", "25", "20", "10"), strict=True)), shots)
    review(second, serve, dict(zip(CRITERIA, ("10", "20", "20", "12.5", "7.5"), strict=True)), None)

    # Selected, published, reported: the board and the evaluation count it.
    county.reload()
    county.get_by_test_id("case-mean").get_by_text("85").wait_for()
    look(county, shots, "decide")
    for step, state in (("selected", "selected"), ("published", "published"), ("reported", "published")):
        county.get_by_test_id(f"step-{step}").click()
        if step == "published":
            confirm(county)
        county.locator(f"[data-testid=case-head][data-state={state}]").wait_for()
        county.get_by_test_id(f"step-{step}").wait_for(state="detached")
    county.goto(f"{serve.base}/cases?view=county")
    county.get_by_test_id("goal-reported").get_by_text("1", exact=True).wait_for()
    look(county, shots, "board")
    assert serious(county) == []
    rows = admin.get("/api/evaluation/facts/cases_submitted/rows")["items"]
    assert [row["name"] for row in rows if row["adds"]] == ["同屏对话：让两端的孩子开口说英语"]
    assert admin.call("POST", f"/api/recordings/{lesson}/trash", {"reason": "腾地方"}).status == 409

    # Every teacher reads it and watches its recording.
    first.goto(f"{serve.base}/cases")
    first.get_by_test_id(f"case-{case_id}").get_by_role("link").first.click()
    first.get_by_test_id("case-read").get_by_text("路口小学的孩子在说").wait_for()
    look(first, shots, "read")
    first.get_by_test_id("case-watch").click()
    first.get_by_test_id("player-teacher").wait_for()

    county.get_by_test_id("to-casebook").click()
    county.get_by_test_id("book-editor").fill("永嘉县教师发展中心")
    county.get_by_test_id("book-preface").fill("这一年，城乡的孩子坐在了同一间教室里。")
    look(county, shots, "book")
    with county.expect_download() as waited:
        county.get_by_test_id("book-pdf").click()
    assert waited.value.suggested_filename.endswith(".pdf")
    pages = [each.extract_text() for each in pypdf.PdfReader(waited.value.path()).pages]
    assert "永嘉县教师发展中心" in pages[0]
    assert any("同屏对话" in text for text in pages[2:])
    with county.expect_download() as waited:
        county.get_by_test_id("book-docx").click()
    with zipfile.ZipFile(io.BytesIO(waited.value.path().read_bytes())) as archive:
        assert "路口小学的孩子在说" in archive.read("word/document.xml").decode()
    assert errors + other_errors + county_errors == []
