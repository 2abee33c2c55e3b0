"""The lesson sees itself: bars that open to figures, the county's wall with pictures, the minutes kept afterwards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.people import end_lesson, join_classroom, listen_for_errors, login, start_lesson, wait_picture

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext

    from tests.fakes.serving import Serve

MEASURED = re.compile("质量 [1-5]，满分 5")  # how good it is depends on what else this machine does
PICTURES = """testid => [...document.querySelectorAll(`[data-testid="${testid}"] img`)].map(i => i.naturalWidth)"""


@pytest.mark.timeout(240)
def test_a_lesson_shows_how_good_it_is_and_hangs_on_the_wall(
    serve: Serve, context: Callable[..., BrowserContext], shots: Path
) -> None:
    admin = serve.admin()
    lesson = serve.lesson(admin, pairing=9)
    receiving: dict[str, Any] = lesson["receiving_schools"][0]
    room = f"classroom-{receiving['id']}"
    classroom, teacher = context(1920, 1080).new_page(), context(1366, 768).new_page()
    errors = [listen_for_errors(page) for page in (classroom, teacher)]
    join_classroom(classroom, serve, serve.device_code(admin, receiving["id"]))
    login(teacher, serve, *serve.account(admin, "teacher", lesson["supporting_school_id"]))
    start_lesson(teacher, serve, lesson)
    wait_picture(teacher, f"tile-{room}")

    # The researcher's wall: an empty county would say so; this one has a lesson with both pictures.
    wall = context(1920, 1080, media=False).new_page()
    errors.append(listen_for_errors(wall))
    login(wall, serve, *serve.account(admin, "researcher"))
    wall.get_by_test_id("nav-wall").click()
    card = wall.get_by_test_id(f"wall-{lesson['id']}")
    card.wait_for()
    wall.wait_for_function(
        f"testid => {{ const w = ({PICTURES})(testid); return w.length > 1 && w.every(one => one > 0); }}",
        arg=f"wall-{lesson['id']}",
        timeout=40_000,
    )
    card.get_by_label(MEASURED).first.wait_for(timeout=40_000)
    wall.screenshot(path=shots / "wall.png")

    # The teacher opens the classroom's bars: both ways, in figures of the server's own.
    button = teacher.get_by_test_id(f"quality-{room}")
    button.get_by_label(MEASURED).wait_for(timeout=40_000)
    button.click()
    dialog = teacher.get_by_role("dialog")
    dialog.get_by_text("上行（发出）").wait_for()
    assert dialog.locator("tbody tr").count() >= 4
    assert "kbit/s" in dialog.inner_text() or "Mbit/s" in dialog.inner_text()
    dialog.get_by_text("这台电脑自己说的").wait_for(timeout=40_000)
    teacher.screenshot(path=shots / "teach-quality.png")
    teacher.keyboard.press("Escape")
    dialog.wait_for(state="detached")

    # From the wall into the lesson, and back to a wall that is empty again.
    card.get_by_role("link").click()
    wait_picture(wall, "teacher-video")
    wall.get_by_test_id("quality-teacher").wait_for()
    end_lesson(teacher)
    wall.goto(f"{serve.base}/wall")
    wall.get_by_text("现在没有正在进行的课").wait_for()

    # Afterwards the minutes stand on the lesson's page, in words.
    wall.goto(f"{serve.base}/lessons/{lesson['id']}")
    told = wall.get_by_test_id("quality-evidence")
    told.wait_for()
    assert "上行" in told.inner_text()
    assert receiving["name"] in told.inner_text()
    told.screenshot(path=shots / "quality-evidence.png")
    assert errors == [[], [], []]
