"""A person's press to the first decoded frame, in a real Chromium: from a lesson's page into listening in."""

from __future__ import annotations

import asyncio
import os
import shutil
from typing import TYPE_CHECKING

from playwright.async_api import TimeoutError as PlaywrightTimeout
from playwright.async_api import async_playwright

from bench.servers import Tongke, Unavailable
from bench.taught import taught
from server.peer.dtls import Certificate

if TYPE_CHECKING:
    from playwright.async_api import Page

    from bench.clip import Clip

CHROMIUM = "/usr/bin/chromium"
PAGES = "client_web/dist/index.html"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"]
PATIENCE = 20_000  # ms
PLAIN_LINK = """path => { const link = document.createElement('a'); link.href = path; link.textContent = path;
  link.style = 'position:fixed;z-index:9999;top:0;left:0;background:white'; document.body.append(link); }"""

# When the last press was, and when the first frame of any video behind it was shown; the press outlives a page load.
WATCH = """
(() => {
  const seen = new WeakSet();
  const clock = () => performance.timeOrigin + performance.now();
  window.__frame = 0;
  addEventListener('pointerdown', () => { sessionStorage.setItem('press', clock()); window.__frame = 0; },
    {capture: true});
  const look = () => {
    for (const video of document.querySelectorAll('video')) {
      if (seen.has(video)) continue;
      seen.add(video);
      video.requestVideoFrameCallback(() => { if (!window.__frame) window.__frame = clock(); });
    }
  };
  new MutationObserver(look).observe(document, {childList: true, subtree: true});
})();
"""


async def run(clip: Clip, *, host: str, clicks: int) -> list[float]:
    """Milliseconds per click. Raises Unavailable without Chromium or the built pages."""
    if shutil.which(CHROMIUM) is None:
        raise Unavailable("Chromium is not installed (Debian: apt install chromium)")
    if not await asyncio.to_thread(os.path.exists, PAGES):
        raise Unavailable("the pages are not built (make web)")
    server = Tongke(host)
    async with taught(server, clip, host=host, certificate=Certificate()):
        return await _browse(server, clicks)


async def _browse(server: Tongke, clicks: int) -> list[float]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            context = await browser.new_context(viewport={"width": 1366, "height": 768})
            await context.add_init_script(WATCH)
            await context.request.post(f"{server.url}/api/session", data=server.login)
            page = await context.new_page()
            return [await _press(page, server) for _ in range(clicks)]
        finally:
            await browser.close()


async def _press(page: Page, server: Tongke) -> float:
    await page.goto(f"{server.url}/lessons/{server.lesson_id}")
    way_in = page.locator(f'a[href$="/observe/{server.lesson_id}"]').first
    try:
        await way_in.wait_for(timeout=1500)
    except PlaywrightTimeout:  # this page has no link of its own: a plain one, which loads the whole page anew
        await page.evaluate(PLAIN_LINK, f"/observe/{server.lesson_id}")
    await asyncio.sleep(0.5)  # a person looks before pressing
    await way_in.click()
    try:
        await page.wait_for_function("() => window.__frame > 0", timeout=PATIENCE, polling=20)
    except PlaywrightTimeout:
        raise Unavailable(
            f"no frame within {PATIENCE // 1000} s of the press (is client_web/dist built anew?)"
        ) from None
    return float(await page.evaluate("() => window.__frame - Number(sessionStorage.getItem('press'))"))
