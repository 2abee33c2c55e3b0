"""A looped video in place of a camera: the researcher sees the second, withdraws the credit, the school appeals."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import redis

from tests.e2e.people import listen_for_errors, login
from tests.e2e.recorded import record
from tests.fakes.serving import ADMIN_PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

    from tests.fakes.serving import Api, Serve

LOOP = {"period": 5.0, "seconds": 400.0, "stretches": [{"start": 6.0, "end": 11.0, "there": 1.0}]}


def tell(serve: Serve, lesson_id: str, report: dict[str, Any]) -> None:
    """A verification's result, as the jobs process tells it."""
    body = json.dumps({"lesson_id": lesson_id, "report": report})
    with redis.Redis(unix_socket_path=str(serve.data / "run" / "redis.sock")) as client:
        client.xadd("tk:events", {"type": "recording.verified", "body": body})


def standing(admin: Api, lesson_id: str) -> int:
    return sum(entry["amount"] for entry in admin.get(f"/api/ledger?lesson_id={lesson_id}")["items"])


def look(page: Page, path: Path, name: str) -> None:
    for width, height in ((1366, 768), (1920, 1080), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=path / f"{name}-{width}.png", full_page=width < 1000)
    page.set_viewport_size({"width": 1366, "height": 768})


def give_reason(page: Page, step: str, reason: str) -> None:
    page.get_by_test_id("doubt-loop").get_by_test_id(f"take-{step}").click()
    page.locator(".el-message-box textarea").fill(reason)
    page.locator(".el-message-box .confirm-yes").click()


@pytest.mark.timeout(300)
def test_a_doubt_is_looked_at_confirmed_appealed_against_and_given_back(
    serve: Serve, context: Callable[..., BrowserContext], shots: Path
) -> None:
    admin = serve.admin()
    lesson_id = record(serve, admin, {"teacher": "vp8"}, seconds=14, topic="分数的初步认识", minutes=20)
    serve.wait_state(admin, lesson_id, "needs_review", seconds=60)
    report = json.loads((serve.data / "recordings" / lesson_id / "verify.json").read_text())
    teacher_end = next(end for end in report["sources"] if end["source"] == "teacher")
    assert teacher_end["loop"] is None
    teacher_end |= {"picture_seconds": 900.0, "loop": LOOP}
    tell(serve, lesson_id, report)
    serve.wait(lambda: admin.get(f"/api/doubts?lesson_id={lesson_id}")["items"], 30, "the doubt")
    lesson = admin.get(f"/api/lessons/{lesson_id}")
    for school in (lesson["supporting_school_id"], lesson["receiving_schools"][0]["id"]):
        admin.post(f"/api/lessons/{lesson_id}/credits", {"school_id": school, "reason": "看过录像"})
    assert standing(admin, lesson_id) == 2

    page = context(media=False).new_page()
    errors = listen_for_errors(page)
    login(page, serve, *serve.account(admin, "researcher"))
    page.get_by_test_id("home-doubts").wait_for()
    page.screenshot(path=shots / "doubts-home.png")
    page.goto(f"{serve.base}/doubts")
    card = page.get_by_test_id("doubt-loop")
    card.wait_for()
    assert page.get_by_test_id("doubt-short_plan").count() >= 1  # other tests' short lessons are there too
    assert "循环播放" in card.inner_text()
    look(page, shots, "doubts")

    # The second is one press away, and in the recording the other places are too.
    card.get_by_test_id("moment-0").click()
    page.get_by_test_id("doubts").wait_for()
    page.wait_for_function("() => document.querySelector('video[data-testid=player-teacher]')?.currentTime >= 5.5")
    look(page, shots, "doubts-recording")
    page.get_by_test_id("doubt-loop").get_by_role("button", name="之前的").click()
    page.wait_for_function("() => document.querySelector('video[data-testid=player-teacher]')?.currentTime < 5")
    give_reason(page, "confirm", "画面每 5 秒重复，是循环视频")
    page.locator("[data-testid=doubt-loop][data-state=confirmed]").wait_for()
    assert standing(admin, lesson_id) == 0
    assert errors == []

    # The teacher sees why, and appeals.
    teacher = context(media=False).new_page()
    login(teacher, serve, *serve.account(admin, "teacher", lesson["supporting_school_id"]))
    teacher.goto(f"{serve.base}/lessons/{lesson_id}")
    strip = teacher.get_by_test_id("doubts")
    strip.wait_for()
    assert "30" in teacher.get_by_test_id("short-plan").inner_text()
    assert strip.get_by_test_id("doubt-short_plan").count() == 0
    assert "画面每 5 秒重复，是循环视频" in strip.inner_text()
    give_reason(teacher, "appeal", "当天用的是实物投影的慢动作演示")
    teacher.locator("[data-testid=doubt-loop][data-state=appealed]").wait_for()
    look(teacher, shots, "doubts-lesson")

    # Who confirmed it cannot decide; the office can.
    page.reload()
    page.locator("[data-testid=doubt-loop][data-state=appealed]").wait_for()
    assert page.get_by_test_id("doubt-loop").get_by_test_id("take-grant").count() == 0
    office = context(1920, 1080, media=False, locale="en-US").new_page()
    login(office, serve, "admin", ADMIN_PASSWORD)
    office.goto(f"{serve.base}/doubts")
    card = office.get_by_test_id("doubt-loop")
    card.wait_for()
    assert "looped video" in card.inner_text()
    office.screenshot(path=shots / "doubts-office.png")
    give_reason(office, "grant", "核实属实")
    card.wait_for(state="detached")  # nothing waits any more
    assert standing(admin, lesson_id) == 2
    page.locator("[data-testid=doubt-loop][data-state=granted]").wait_for()
