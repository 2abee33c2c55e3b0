"""What people do in the pages, in words: log in, start, join, share, end; and what they then see and hear."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.fakes.serving import Serve

# Frames that this page's receivers have decoded and the energy of the sound they play, over all its peer connections.
STATS = """async () => {
  const out = {frames: 0, energy: 0, sent: 0};
  for (const pc of window.__tongke ? window.__tongke.connections() : []) {
    (await pc.getStats()).forEach(s => {
      if (s.type === 'inbound-rtp' && s.kind === 'video') out.frames += s.framesDecoded || 0;
      if (s.type === 'inbound-rtp' && s.kind === 'audio') out.energy += s.totalAudioEnergy || 0;
      if (s.type === 'outbound-rtp') out.sent += s.packetsSent || 0;
    });
  }
  return out;
}"""

PICTURE = """testid => {
  const found = [...document.querySelectorAll(`[data-testid="${testid}"]`)];
  const videos = found.flatMap(e => e.tagName === 'VIDEO' ? [e] : [...e.querySelectorAll('video')]);
  return videos.length ? Math.max(...videos.map(v => v.videoWidth)) : 0;
}"""


def stats(page: Page) -> dict[str, float]:
    found: dict[str, float] = page.evaluate(STATS)
    return found


def wait_picture(page: Page, testid: str, timeout: float = 20_000) -> None:
    page.wait_for_function(f"testid => ({PICTURE})(testid) > 0", arg=testid, timeout=timeout)


def wait_flowing(page: Page, *, sound: bool = True) -> None:
    """Waits until frames decode and, unless told otherwise, sound carries energy."""
    before = stats(page)
    page.wait_for_function(
        f"""async ([frames, energy, sound]) => {{
          const now = await ({STATS})();
          return now.frames > frames + 10 && (!sound || now.energy > energy);
        }}""",
        arg=[before["frames"], before["energy"], sound],
        timeout=30_000,
    )


def login(page: Page, serve: Serve, username: str, password: str) -> None:
    page.goto(f"{serve.base}/login")
    page.get_by_test_id("login-username").fill(username)
    page.get_by_test_id("login-password").fill(password)
    page.get_by_test_id("login-submit").click()
    page.wait_for_url(lambda url: "/login" not in url)


def listen_for_errors(page: Page) -> list[str]:
    """Uncaught exceptions of the page; a test asserts that the list stays empty."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors


def start_lesson(page: Page, serve: Serve, lesson: dict[str, Any]) -> None:
    page.goto(f"{serve.base}/teach/{lesson['id']}")
    page.get_by_test_id("start-lesson").click()
    page.get_by_test_id("end-lesson").wait_for()


def end_lesson(page: Page) -> None:
    page.get_by_test_id("end-lesson").click()
    page.get_by_test_id("confirm-end").click()


def join_classroom(page: Page, serve: Serve, code: str) -> None:
    page.goto(f"{serve.base}/classroom")
    page.get_by_test_id("device-code").fill(code)
    page.get_by_test_id("device-submit").click()
