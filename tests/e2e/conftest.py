"""Chromium, and one server for all browser tests of a run; every test uses a pairing of its own."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.fakes.serving import Serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WAIT = 20_000  # ms, for whatever a page is to show
expect.set_options(timeout=WAIT)
SHOTS = Path(__file__).parent / "shots"
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    server = Serve(tmp_path_factory.mktemp("e2e") / "data").start()
    yield server
    seconds = server.stop()
    assert seconds < 10, f"the end took {seconds:.1f} s"
    assert server.troubles() == []


@pytest.fixture(scope="module")
def launch() -> Iterator[Callable[[list[str]], Browser]]:
    """Starts Chromium with given arguments. All end with the module: until then Playwright runs a loop of its own."""
    path = os.environ.get("TONGKE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is not installed: apt-get install chromium, or name it in TONGKE_CHROMIUM"
    with sync_playwright() as playwright:
        opened: list[Browser] = []

        def start(arguments: list[str]) -> Browser:
            browser = playwright.chromium.launch(executable_path=path, headless=True, args=arguments)
            opened.append(browser)
            return browser

        yield start
        for browser in opened:
            browser.close()


@pytest.fixture(scope="module")
def chromium(launch: Callable[[list[str]], Browser]) -> Browser:
    """A Chromium with a fake camera and microphone that nobody refuses."""
    return launch(CHROMIUM_ARGS)


@pytest.fixture
def context(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Browser contexts (separate people) that end with the test."""
    opened: list[BrowserContext] = []

    def make(width: int = 1366, height: int = 768, *, locale: str = "zh-CN", media: bool = True) -> BrowserContext:
        permissions = ["camera", "microphone"] if media else []
        made = chromium.new_context(viewport={"width": width, "height": height}, locale=locale, permissions=permissions)
        made.set_default_timeout(WAIT)
        opened.append(made)
        return made

    yield make
    for made in opened:
        made.close()


@pytest.fixture
def shots() -> Path:
    SHOTS.mkdir(exist_ok=True)
    return SHOTS
