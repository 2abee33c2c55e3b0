"""A lesson watched from its recording while it runs: near to what is live, back, and near again; then to its end."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import cv2
import pytest

from server.demo_client import Api as AsyncApi
from server.demo_client import Peer
from server.demo_media import Picture, Tone
from tests.e2e import recorded
from tests.e2e.people import listen_for_errors, login
from tests.e2e.recorded import READ

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import BrowserContext

    from tests.fakes.serving import Serve

TENTHS = 1 << recorded.BITS  # the pictures count tenths of a second round and round
BOUND = 5.0  # s behind live

# How far each picture is behind now, s; [] until every one shows something.
BEHIND = f"""() => {{
  const videos = [...document.querySelectorAll('[data-testid=player-stage] video')];
  if (videos.some(video => video.readyState < 2 || video.seeking || video.style.opacity === '0')) return [];
  const now = Date.now() / 100;
  return videos.map({READ}).map(each => ((now - each) % {TENTHS} + {TENTHS}) % {TENTHS} / 10);
}}"""
NEAR = f"bound => {{ const found = ({BEHIND})(); return found.length === 2 && Math.max(...found) <= bound && found; }}"


class Clock(Picture):
    """A picture that says which tenth of a second it is."""

    def _draw(self) -> Any:
        return cv2.cvtColor(recorded.counted(int(time.time() * 10) % TENTHS), cv2.COLOR_YUV2BGR_I420)


@contextmanager
def teaching(serve: Serve, lesson_id: str, token: str) -> Iterator[None]:
    """The teacher's camera, microphone and screen, sent from a thread of their own."""
    ready, over = threading.Event(), threading.Event()

    async def send() -> None:
        async with AsyncApi(serve.base, "") as api:
            camera, screen = Peer(api, "camera", token), Peer(api, "screen", token)
            await camera.publish(f"/whip/{lesson_id}", [Clock("", 40), Tone(440)])
            await screen.publish(f"/whip/{lesson_id}?source=screen", [Clock("", 90)])
            await asyncio.gather(camera.connected(), screen.connected())
            ready.set()
            await asyncio.to_thread(over.wait)
            await asyncio.gather(camera.close(), screen.close())

    thread = threading.Thread(target=lambda: asyncio.run(send()))
    thread.start()
    try:
        assert ready.wait(30), "the teacher does not connect"
        yield
    finally:
        over.set()
        thread.join(30)


@pytest.mark.timeout(240)
def test_one_watches_a_running_lesson_near_to_live_goes_back_and_returns(
    serve: Serve, context: Callable[..., BrowserContext], shots: Any
):
    admin = serve.admin()
    lesson = serve.lesson(admin, pairing=4, minutes=5)["id"]
    admin.post(f"/api/lessons/{lesson}/start")
    with teaching(serve, lesson, serve.media_token(admin, lesson, "teacher")):
        serve.wait(
            lambda: min((t["duration"] for t in tracks(admin, lesson)), default=0) > 12, 60, "twelve seconds of it"
        )
        page = context(1366, 768, media=False).new_page()
        errors = listen_for_errors(page)
        login(page, serve, *serve.account(admin, "researcher"))
        page.goto(f"{serve.base}/recordings/{lesson}")
        live = page.get_by_test_id("player-live")
        assert live.get_attribute("aria-pressed") == "false"
        live.click()
        page.wait_for_function(NEAR, arg=BOUND, timeout=40_000)
        assert live.get_attribute("aria-pressed") == "true"
        page.screenshot(path=shots / "player-live.png")

        page.keyboard.press("j")
        page.wait_for_function(f"bound => {{ const found = ({BEHIND})(); return Math.min(...found) > bound; }}", arg=10)
        assert live.get_attribute("aria-pressed") == "false"
        # it plays there, while what is behind it grows
        before = page.evaluate(SECONDS)
        page.wait_for_function(f"before => ({SECONDS})() > before + 2", arg=before)
        page.wait_for_function(f"bound => {{ const found = ({BEHIND})(); return Math.min(...found) > bound; }}", arg=10)

        live.click()
        page.wait_for_function(NEAR, arg=BOUND, timeout=40_000)
    admin.post(f"/api/lessons/{lesson}/end")
    live.wait_for(state="detached")
    page.wait_for_function("() => document.querySelector('[data-testid=player-play]').dataset.state === 'ended'")
    assert errors == []


SECONDS = "() => Number(document.querySelector('[data-testid=player-time]').dataset.seconds)"


def tracks(admin: Any, lesson: str) -> list[dict[str, Any]]:
    """Those of the open recording, all three or none."""
    answer = admin.call("GET", f"/api/recordings/{lesson}")
    found: list[dict[str, Any]] = answer.body["tracks"] if answer.status == 200 else []
    return found if len(found) == 3 else []
