"""A researcher observes a lesson while it is live and goes on beside its recording; the teacher reads and answers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.people import end_lesson, listen_for_errors, login, start_lesson, wait_picture

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

    from tests.fakes.serving import Serve


def wait_kept(page: Page) -> None:
    page.locator("[data-testid=sheet-keeping][data-keeping=saved]").wait_for()


def remark(page: Page, text: str) -> float:
    """Types a remark and keeps it; the moment of its first stroke (Unix s)."""
    field = page.get_by_test_id("remark-text")
    began = time.time()
    field.press_sequentially(text)
    field.press("Enter")
    return began


def closed(recording: dict[str, Any], lesson_id: str) -> bool:
    return recording["id"] == lesson_id and recording["state"] == "closed"


def look(page: Page, path: Path, name: str) -> None:
    for width, height in ((1366, 768), (1920, 1080), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=path / f"{name}-{width}.png", full_page=width < 1000)
    page.set_viewport_size({"width": 1366, "height": 768})


@pytest.mark.timeout(300)
def test_an_observation_from_the_live_lesson_to_the_teachers_answer(
    serve: Serve, context: Callable[..., BrowserContext], shots: Path
) -> None:
    admin = serve.admin()
    lesson = serve.lesson(admin, pairing=8)
    teacher_login = serve.account(admin, "teacher", lesson["supporting_school_id"])
    researcher_login = serve.account(admin, "researcher")

    teacher = context().new_page()
    teacher_errors = listen_for_errors(teacher)
    login(teacher, serve, *teacher_login)
    start_lesson(teacher, serve, lesson)

    observer = context(media=False).new_page()
    observer_errors = listen_for_errors(observer)
    login(observer, serve, *researcher_login)
    observer.goto(f"{serve.base}/observe/{lesson['id']}")
    wait_picture(observer, "teacher-video")
    observer.get_by_test_id("observe-sheet").click()
    observer.get_by_test_id("sheet-form").wait_for()
    began = remark(observer, "追问及时")
    observer.get_by_test_id("item-aims").get_by_role("button", name="8", exact=True).click()
    observer.get_by_test_id("sheet-suggestions").fill("多给受援端学生展示的机会")
    look(observer, shots, "observe-sheet")

    # Reloaded before it could be saved: what was typed last is there again, and then on the server.
    observer.get_by_test_id("sheet-highlights").fill("两端互动充分")
    observer.goto(f"{serve.base}/observe/{lesson['id']}?observe=1")
    observer.get_by_test_id("sheet-form").wait_for()
    observer.wait_for_function(
        "() => document.querySelector('[data-testid=sheet-highlights]')?.value === '两端互动充分'"
    )
    wait_kept(observer)

    # Long enough that the remark's second is within the recording.
    serve.wait(
        lambda: any(p["seconds_in"] >= 8 for p in admin.get(f"/api/lessons/{lesson['id']}")["participants"]),
        60,
        "8 seconds of the teacher's media",
    )
    end_lesson(teacher)
    serve.wait(
        lambda: any(closed(each, lesson["id"]) for each in admin.get("/api/recordings")["items"]), 60, "the recording"
    )
    recording: dict[str, Any] = admin.get(f"/api/recordings/{lesson['id']}")

    # Beside the recording the same sheet goes on; its live remark stands at its second.
    observer.goto(f"{serve.base}/recordings/{lesson['id']}?observe=1")
    observer.get_by_test_id("sheet-form").wait_for()
    sheet = observer.evaluate(
        "async id => (await (await fetch(`/api/observations?mine=1&lesson_id=${id}`)).json()).items[0]", lesson["id"]
    )
    whole = observer.evaluate("async id => (await fetch(`/api/observations/${id}`)).json()", sheet["id"])
    assert abs(whole["remarks"][0]["second"] - (began - recording["clock_zero"])) < 1.5
    remark(observer, "板书清楚")
    for item in observer.locator("[data-testid^=item-]").all():
        if item.locator("button[aria-pressed=true]").count() == 0:
            item.locator("button").first.click()
    observer.get_by_test_id("sheet-form").get_by_test_id("sheet-name").fill("别人")
    wait_kept(observer)
    observer.get_by_test_id("sheet-sign").click()
    observer.get_by_role("alert").get_by_text("签名应与您的姓名").wait_for()
    name = observer.evaluate("async () => (await (await fetch('/api/session')).json()).user.name")
    observer.get_by_test_id("sheet-name").fill(name)
    look(observer, shots, "recording-sheet")
    observer.get_by_test_id("sheet-sign").click()
    observer.locator("[data-testid=sheet-form][data-state=signed]").wait_for()

    # The teacher finds it on the first page, reads, goes to the remark's second, answers.
    teacher.goto(serve.base)
    teacher.get_by_test_id(f"sheet-{sheet['id']}").get_by_role("link").first.click()
    teacher.get_by_test_id("read-total").wait_for()
    assert teacher.get_by_test_id("read-total").inner_text() == "98.0"  # 8 of 10 in one item, the rest full
    teacher.get_by_test_id("answer-text").fill("谢谢，下节课请受援端先展示")
    teacher.get_by_test_id("answer-send").click()
    teacher.get_by_test_id("sheet-talk").get_by_text("谢谢，下节课请受援端先展示").wait_for()
    look(teacher, shots, "observation")
    teacher.get_by_test_id("read-remarks").get_by_role("link").last.click()
    strip = teacher.get_by_test_id("remark-strip")
    strip.wait_for()
    second = float(teacher.get_by_test_id("player-time").get_attribute("data-seconds") or 0)
    assert second >= int(whole["remarks"][0]["second"])
    look(teacher, shots, "recording-remarks")
    strip.get_by_role("button").first.click()
    strip.get_by_text("板书清楚").first.wait_for()

    observer.goto(f"{serve.base}/observations?view=averages")
    observer.get_by_test_id("averages").get_by_text("98.0").first.wait_for()
    look(observer, shots, "averages")
    observer.get_by_test_id("view-all").click()
    look(observer, shots, "observations")
    observer.get_by_test_id("to-rubric").click()
    observer.get_by_test_id("rubric-edit").click()
    observer.get_by_test_id("rubric-editor").wait_for()
    look(observer, shots, "rubric")
    assert teacher_errors == []
    assert observer_errors == []
