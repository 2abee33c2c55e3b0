"""Refused or missing devices, a lost connection, dead processes: the pages say what to do and go on with the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.conftest import CHROMIUM_ARGS
from tests.e2e.people import (
    end_lesson,
    join_classroom,
    listen_for_errors,
    login,
    start_lesson,
    stats,
    wait_flowing,
    wait_picture,
)
from tests.fakes.serving import Serve

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext

ASKING = [arg for arg in CHROMIUM_ARGS if "fake-ui" not in arg]  # headless Chromium then refuses by itself
NOTHING_PLUGGED_IN = """navigator.mediaDevices.getUserMedia =
    () => Promise.reject(new DOMException('Requested device not found', 'NotFoundError'))"""


@pytest.mark.timeout(200)
@pytest.mark.parametrize("why", ["refused", "missing"])
def test_a_teacher_without_devices_is_told_what_to_do_and_can_still_teach_with_the_screen(
    serve: Serve, launch: Callable[[list[str]], Browser], context: Callable[..., BrowserContext], shots: Path, why: str
) -> None:
    pairing = 1 if why == "refused" else 2
    admin = serve.admin()
    lesson: dict[str, Any] = serve.lesson(admin, pairing=pairing, topic="没有摄像头")
    receiving = lesson["receiving_schools"][0]["id"]
    browser = launch(ASKING if why == "refused" else CHROMIUM_ARGS)
    with browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN") as people:
        if why == "missing":
            people.add_init_script(NOTHING_PLUGGED_IN)
        teacher = people.new_page()
        errors = listen_for_errors(teacher)
        login(teacher, serve, *serve.account(admin, "teacher", lesson["supporting_school_id"]))
        teacher.goto(f"{serve.base}/teach/{lesson['id']}")
        for kind in ("camera", "microphone"):
            note = teacher.get_by_test_id(f"problem-{kind}")
            note.wait_for()
            assert len(note.inner_text()) > 10
        teacher.screenshot(path=shots / f"teach-check-{why}.png")
        start_lesson(teacher, serve, lesson)

        classroom = context(1920, 1080).new_page()
        join_classroom(classroom, serve, serve.device_code(admin, receiving))
        wait_picture(teacher, f"tile-classroom-{receiving}")
        wait_flowing(teacher)
        if why == "missing":  # who refuses everything has no screen to share either
            teacher.get_by_test_id("share-screen").click()
            wait_picture(classroom, "screen-video")
            wait_flowing(classroom, sound=False)
        end_lesson(teacher)
        teacher.get_by_test_id("lesson-result").wait_for()
        assert errors == []


@pytest.mark.timeout(240)
def test_pages_come_back_by_themselves_after_each_process_is_killed_and_the_network_was_away(
    tmp_path: Path, context: Callable[..., BrowserContext]
) -> None:
    serve = Serve(tmp_path / "data").start()
    try:
        admin = serve.admin()
        lesson = serve.lesson(admin, topic="回得来")
        receiving = lesson["receiving_schools"][0]["id"]
        teacher = context(1366, 768).new_page()
        login(teacher, serve, *serve.account(admin, "teacher", lesson["supporting_school_id"]))
        people = context(1920, 1080)
        classroom = people.new_page()
        join_classroom(classroom, serve, serve.device_code(admin, receiving))
        classroom.get_by_test_id("classroom-waiting").wait_for()
        start_lesson(teacher, serve, lesson)
        wait_picture(classroom, "teacher-video")
        wait_flowing(classroom)

        # Media does not need the web process; the pages find it again.
        before = stats(classroom)["frames"]
        serve.kill("web")
        serve.wait(serve.healthy, 30, "the web process again")
        wait_flowing(classroom)
        wait_flowing(teacher)
        assert stats(classroom)["frames"] > before  # the same connections: the count was not begun anew

        serve.kill(serve.carrier(lesson["id"]))
        wait_flowing(classroom)
        wait_flowing(teacher)

        people.set_offline(True)
        classroom.get_by_test_id("network-notice").wait_for()
        people.set_offline(False)
        classroom.get_by_test_id("network-notice").wait_for(state="hidden")
        wait_flowing(classroom)

        detail = admin.get(f"/api/lessons/{lesson['id']}")
        assert detail["state"] == "live"
        ids = {participant["participant_id"] for participant in detail["participants"]}
        assert ids == {"teacher", f"classroom-{receiving}"}
        end_lesson(teacher)
        teacher.get_by_test_id("lesson-result").wait_for()
        classroom.get_by_test_id("lesson-result").wait_for()
        assert serve.troubles() == []
    finally:
        serve.stop()
