"""A whole lesson in real browsers: taught, joined by itself, listened to, shared, ended, credited, watched again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

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

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext

    from tests.fakes.serving import Api, Serve


def credited(admin: Api, school_id: str, subject: str) -> int:
    items = admin.get(f"/api/board?year={datetime.now().year}")["items"]
    return sum(i["credited"] for i in items if i["school_id"] == school_id and i["subject_id"] == subject)


@pytest.mark.timeout(300)
def test_a_lesson_is_taught_joined_listened_to_ended_credited_and_watched(
    serve: Serve, context: Callable[..., BrowserContext], shots: Path
) -> None:
    admin = serve.admin()
    lesson = serve.lesson(admin, pairing=0)
    receiving: dict[str, Any] = lesson["receiving_schools"][0]
    tile = f"tile-classroom-{receiving['id']}"
    schools = (receiving["id"], lesson["supporting_school_id"])
    before = [credited(admin, school, "mathematics") for school in schools]
    teacher_login = serve.account(admin, "teacher", lesson["supporting_school_id"])
    researcher_login = serve.account(admin, "researcher")

    # The classroom's screen is switched on first: a code once, then it waits.
    classroom = context(1920, 1080).new_page()
    classroom_errors = listen_for_errors(classroom)
    join_classroom(classroom, serve, serve.device_code(admin, receiving["id"]))
    classroom.get_by_test_id("classroom-waiting").wait_for()
    classroom.screenshot(path=shots / "classroom-waiting.png")

    teacher = context(1366, 768).new_page()
    teacher_errors = listen_for_errors(teacher)
    login(teacher, serve, *teacher_login)
    teacher.screenshot(path=shots / "home-teacher.png")
    teacher.goto(f"{serve.base}/teach/{lesson['id']}")
    wait_picture(teacher, "own-video")
    teacher.screenshot(path=shots / "teach-check.png")
    start_lesson(teacher, serve, lesson)

    # It joined by itself; both see and hear each other.
    wait_picture(classroom, "teacher-video")
    wait_flowing(classroom)
    wait_picture(teacher, tile)
    wait_flowing(teacher)

    # A researcher listens in, unseen.
    observer = context(1920, 1080, media=False).new_page()
    observer_errors = listen_for_errors(observer)
    login(observer, serve, *researcher_login)
    observer.screenshot(path=shots / "home-researcher.png")
    online_before = teacher.get_by_test_id("online-count").inner_text()
    observer.goto(f"{serve.base}/observe/{lesson['id']}")
    wait_picture(observer, "teacher-video")
    wait_picture(observer, tile)
    wait_flowing(observer)
    assert stats(observer)["sent"] == 0
    assert teacher.get_by_test_id("online-count").inner_text() == online_before

    # The screen is shared beside the camera and seen by both.
    teacher.get_by_test_id("share-screen").click()
    wait_picture(classroom, "screen-video")
    wait_picture(observer, "screen-video")
    teacher.screenshot(path=shots / "teach-live.png")
    classroom.screenshot(path=shots / "classroom-live.png")
    observer.screenshot(path=shots / "observe.png")

    # The classroom reloads and is back without a click; so is the teacher.
    classroom.reload()
    wait_picture(classroom, "teacher-video")
    wait_picture(classroom, "screen-video")
    wait_flowing(classroom)
    teacher.reload()
    teacher.get_by_test_id("end-lesson").wait_for()
    wait_picture(teacher, tile)
    wait_flowing(classroom)
    wait_flowing(teacher)

    # Let the planned minute pass its four fifths, then end.
    serve.wait(
        lambda: (
            sum(
                p["seconds_in"]
                for p in admin.get(f"/api/lessons/{lesson['id']}")["participants"]
                if p["role"] == "teacher"
            )
            >= 52
        ),
        90,
        "52 seconds of the teacher's media",
    )
    end_lesson(teacher)
    result = teacher.get_by_test_id("lesson-result")
    result.wait_for()
    done = serve.wait_state(admin, lesson["id"], "credited", "rejected", "needs_review", seconds=90)
    teacher.screenshot(path=shots / "teach-ended.png")
    assert done["state"] == "credited", (done["reasons"], done["evidence"])
    assert [credited(admin, school, "mathematics") for school in schools] == [count + 1 for count in before]

    # The board shows it by itself.
    observer.goto(f"{serve.base}/board")
    cell = observer.get_by_test_id(f"cell-{receiving['id']}-mathematics")
    cell.wait_for()
    assert cell.inner_text().strip().startswith(str(before[0] + 1))
    observer.screenshot(path=shots / "board.png")

    # The recording plays, teacher and screen in step, and seeks.
    observer.goto(f"{serve.base}/recordings/{lesson['id']}")
    observer.get_by_test_id("player-play").click()
    wait_picture(observer, "player-teacher")
    wait_picture(observer, "player-screen")
    observer.wait_for_function(
        "() => { const v = document.querySelector("
        "'[data-testid=player-teacher] video, video[data-testid=player-teacher]');"
        " return v && !v.paused && v.currentTime > 1 }"
    )
    observer.screenshot(path=shots / "recording.png")
    assert teacher_errors == []
    assert classroom_errors == []
    assert observer_errors == []
