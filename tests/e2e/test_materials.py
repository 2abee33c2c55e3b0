"""A file is put on a lesson through a line that breaks and a page that is reloaded; it is downloaded as it was."""

from __future__ import annotations

import hashlib
import random
from typing import TYPE_CHECKING

import pytest

from tests.e2e.people import listen_for_errors, login

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Route

    from tests.fakes.serving import Serve

SIZE = 12 << 20


@pytest.mark.timeout(180)
def test_an_upload_outlives_a_cut_line_and_a_reload(
    serve: Serve, context: Callable[..., BrowserContext], shots: Path, tmp_path: Path
) -> None:
    admin = serve.admin()
    lesson = serve.lesson(admin, pairing=5, topic="材料上传")
    teacher_login = serve.account(admin, "teacher", lesson["supporting_school_id"])
    file = tmp_path / "微课 第一讲.mp4"
    file.write_bytes(b"\0\0\0\x18ftypisom" + random.Random(7).randbytes(SIZE - 12))
    page = context(media=False).new_page()
    errors = listen_for_errors(page)
    login(page, serve, *teacher_login)
    page.goto(f"{serve.base}/lessons/{lesson['id']}")
    pieces = 0

    def cut(route: Route) -> None:
        nonlocal pieces
        pieces += 1
        if pieces > 2:
            route.abort()
        else:
            route.continue_()

    page.route("**/api/materials/*", cut)
    page.locator("label", has_text="微课视频").last.click()
    page.get_by_test_id("materials-file").set_input_files(file)
    page.get_by_test_id("materials-sending").get_by_text("网络断开").wait_for()
    for width, height in ((1366, 768), (1920, 1080), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.get_by_test_id("materials").screenshot(path=shots / f"materials-{width}.png")
    page.unroute("**/api/materials/*")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.get_by_test_id("materials-unfinished").get_by_text("微课 第一讲.mp4").wait_for()
    page.locator("label", has_text="微课视频").last.click()
    page.get_by_test_id("materials-file").set_input_files(file)
    page.get_by_role("link", name="微课 第一讲.mp4").wait_for()
    page.set_viewport_size({"width": 1366, "height": 768})
    page.screenshot(path=shots / "lesson-materials.png")

    with page.expect_download() as waited:
        page.get_by_role("link", name="微课 第一讲.mp4").click()
    assert waited.value.suggested_filename == "微课 第一讲.mp4"
    assert hashlib.sha256(waited.value.path().read_bytes()).digest() == hashlib.sha256(file.read_bytes()).digest()
    assert errors == []
