"""A live lesson on the test network: a real server, a teacher beside it, a classroom at the end of a poor path."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from playwright.sync_api import sync_playwright

from tests.e2e.conftest import CHROMIUM_ARGS
from tests.e2e.people import join_classroom, login, start_lesson, wait_flowing, wait_picture
from tests.fakes.serving import Serve
from tests.netns.camera import film
from tests.netns.figures import Seen
from tests.netns.network import SERVER, Client, Network

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Playwright

    from tests.netns.namespace import Namespace

SCRIPTS = tuple((Path(__file__).parent / name).read_text() for name in ("gauge.js", "slides.js"))
TEACHER_CAMERA = (960, 540)  # the smallest of which Chromium makes three layers
CLASSROOM_CAMERA = (480, 270)  # small: two encoders, three decoders and the server share two cores
PATIENCE = 30_000  # ms that a page may take for a step on a good network


class Stage:
    """`teacher` and `observer` have the server's own network, `classroom` is `school`, a client of the network.

    `camera`: width and height of the teacher's picture.
    """

    def __init__(
        self,
        folder: Path,
        network: Network,
        *,
        camera: tuple[int, int] = TEACHER_CAMERA,
        port: int | None = None,
        settings: Path | None = None,
    ) -> None:
        self.network = network
        self.school: Client = network.clients["school"]
        extra = ("--config", str(settings)) if settings else ()
        self.serve = Serve(folder / "data", "--media-host", SERVER, *extra, host=SERVER, port=port)
        self.teacher_tile = "teacher-video"
        self._folder = folder
        self.camera = camera
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        try:
            self._set_up()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _set_up(self) -> None:
        self._stack.callback(self.serve.stop)
        self.serve.start()
        self.admin = self.serve.admin()
        self.lesson: dict[str, Any] = self.serve.lesson(self.admin, minutes=40)
        self.receiving: str = self.lesson["receiving_schools"][0]["id"]
        self.classroom_tile = f"tile-classroom-{self.receiving}"
        playwright = self._stack.enter_context(sync_playwright())
        self.town = self._chromium(playwright, self.network.server, self.camera)
        self.village = self._chromium(playwright, self.school.namespace, CLASSROOM_CAMERA)
        self.teacher = self.page(self.town)
        login(self.teacher, self.serve, *self.serve.account(self.admin, "teacher", self.lesson["supporting_school_id"]))
        self.classroom = self.page(self.village)
        join_classroom(self.classroom, self.serve, self.serve.device_code(self.admin, self.receiving))
        start_lesson(self.teacher, self.serve, self.lesson)
        wait_picture(self.classroom, self.teacher_tile, PATIENCE)
        wait_flowing(self.classroom)
        wait_picture(self.teacher, self.classroom_tile, PATIENCE)

    def observe(self) -> Page:
        """Somebody else with a good network, who only looks."""
        observer = self.page(self.town, media=False)
        login(observer, self.serve, *self.serve.account(self.admin, "researcher"))
        observer.goto(f"{self.serve.base}/observe/{self.lesson['id']}")
        wait_picture(observer, self.teacher_tile, PATIENCE)
        return observer

    def page(self, browser: Browser, *, media: bool = True) -> Page:
        """A page of a person of its own, with a gauge in it."""
        context = browser.new_context(
            viewport={"width": 1366, "height": 768},
            locale="zh-CN",
            permissions=["camera", "microphone"] if media else [],
            ignore_https_errors=True,
        )
        context.set_default_timeout(PATIENCE)
        for script in SCRIPTS:
            context.add_init_script(script)
        return context.new_page()

    def _chromium(self, playwright: Playwright, namespace: Namespace, picture: tuple[int, int]) -> Browser:
        path = os.environ.get("TONGKE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
        assert path, "Chromium is not installed: apt-get install chromium, or name it in TONGKE_CHROMIUM"
        starter = self._folder / f"chromium-{namespace.name}"
        starter.write_text(f'#!/bin/sh\nexec {" ".join(namespace.prefix)} {path} "$@"\n')
        starter.chmod(0o755)
        camera = film(self._folder, *picture)
        arguments = [*CHROMIUM_ARGS, f"--use-file-for-fake-video-capture={camera}", "--ignore-certificate-errors"]
        browser = playwright.chromium.launch(executable_path=starter, headless=True, args=arguments)
        self._stack.callback(browser.close)
        return browser


@contextlib.contextmanager
def watching(**pages: tuple[Page, str]) -> Iterator[dict[str, Seen]]:
    """Gauges on the named (page, testid) while the block runs; what they saw is in the answered dict afterwards."""
    seen: dict[str, Seen] = {}
    for page, testid in pages.values():
        page.evaluate("testid => __gauge.start(testid)", testid)
    yield seen
    for name, (page, _) in pages.items():
        seen[name] = Seen.of(page.evaluate("() => __gauge.stop()"))


def let_run(seconds: float) -> None:
    """Media time that is being measured; nothing is waited for."""
    time.sleep(seconds)
