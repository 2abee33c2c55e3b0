"""A recorded lesson given to two classes as a course: one plays it on its classroom's screen and is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.access import serious
from tests.e2e.people import join_classroom, listen_for_errors, login, wait_picture
from tests.e2e.recorded import record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

    from tests.fakes.serving import Serve

SECONDS = 60


def look(page: Page, path: Path, name: str) -> None:
    for width, height in ((1920, 1080), (390, 844), (1366, 768)):
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=path / f"{name}-{width}.png", full_page=width < 1000)


@pytest.mark.timeout(300)
def test_a_class_plays_a_master_course_on_its_own_screen_and_is_counted(
    serve: Serve, context: Callable[..., BrowserContext], shots: Path
) -> None:
    admin = serve.admin()
    source = record(serve, admin, {"teacher": "vp9"}, seconds=SECONDS, pairing=7, topic="草原")
    lesson = admin.get(f"/api/lessons/{source}")
    guest = next(
        school
        for school in admin.get("/api/schools")["items"]
        if school["kind"] == "receiving" and school["id"] not in {one["id"] for one in lesson["receiving_schools"]}
    )

    # The office gives it to the pairing's own class and to another one.
    office = context(media=False).new_page()
    errors = [listen_for_errors(office)]
    login(office, serve, *serve.account(admin, "researcher"))
    office.goto(f"{serve.base}/lessons/{source}")
    office.get_by_test_id("give-course").click()
    form = office.get_by_test_id("course-form")
    form.get_by_text("名师网课").click()
    form.get_by_test_id("course-classes").click()
    office.get_by_role("option", name=guest["name"]).click()
    office.keyboard.press("Escape")
    assert serious(office) == []
    look(office, shots, "course-dialog")
    office.get_by_test_id("course-save").click()
    office.get_by_test_id(f"course-{guest['id']}").get_by_text("还没有播放").wait_for()
    course = office.url.rsplit("/", 1)[-1]
    look(office, shots, "course-page")

    # The other class's screen offers it by itself; nobody logs in there.
    screen = context(1920, 1080).new_page()
    errors.append(listen_for_errors(screen))
    join_classroom(screen, serve, serve.device_code(admin, guest["id"]))
    play = screen.get_by_test_id(f"play-{course}")
    play.wait_for()
    look(screen, shots, "course-classroom")
    play.click()
    wait_picture(screen, "player-teacher")
    bar = screen.get_by_test_id("course-bar")
    bar.wait_for()
    screen.keyboard.press("k")
    look(screen, shots, "course-playing")
    screen.locator("[data-testid=course-bar][data-credited=true]").wait_for(timeout=100_000)
    assert serious(screen) == []

    # One press on "End" proves nothing: the own class of the pairing, which skipped to the end, is not counted.
    own = lesson["receiving_schools"][0]["id"]
    skipper = context().new_page()
    errors.append(listen_for_errors(skipper))
    join_classroom(skipper, serve, serve.device_code(admin, own))
    skipper.get_by_test_id("classroom-waiting").wait_for()
    skipper.goto(f"{serve.base}/recordings/{source}?course={course}&t={SECONDS - 8}")
    wait_picture(skipper, "player-teacher")
    skipper.keyboard.press("k")
    # Reports come every 10 s and when it ends: then all that was left is told.
    skipper.locator("[data-testid=course-bar]:not([data-seconds='0'])").wait_for(timeout=60_000)
    assert skipper.get_by_test_id("course-bar").get_attribute("data-credited") == "false"

    office.reload()
    office.get_by_test_id(f"course-{guest['id']}").get_by_text("已计入").wait_for()
    look(office, shots, "course-counted")
    credited = {entry["school_id"]: entry["form"] for entry in admin.get(f"/api/ledger?lesson_id={course}")["items"]}
    assert credited == {guest["id"]: "master", lesson["supporting_school_id"]: "master"}
    rows = {row["school_id"]: row for row in admin.get("/api/board")["schools"]}
    assert {one["form"]: one["credited"] for one in rows[guest["id"]]["forms"]}["master"] == 1
    assert rows[guest["id"]]["total"] == 0  # lessons are counted apart
    assert errors == [[], [], []]
