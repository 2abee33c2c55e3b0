"""The player on a recorded lesson of teacher, screen and a classroom whose pictures carry their numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from recorder.inspect import verify_recording
from tests.e2e import recorded
from tests.e2e.people import listen_for_errors, login
from tests.e2e.recorded import RATE, READ, SLIDE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

    from tests.fakes.serving import Api, Serve

SECONDS = 4 * SLIDE
STEP = 0.1  # s between two pictures of one moment

# Numbers of all pictures and the player's clock, read in one go; [] until every picture has been drawn.
SEEN = f"""() => {{
  const videos = [...document.querySelectorAll('[data-testid=player-stage] video')];
  if (videos.some(video => video.readyState < 2 || video.seeking)) return [];
  return videos.map({READ});
}}"""
# The player's clock and how far from it each element that plays is, s.
DRIFT = """() => {
  const playing = [...document.querySelectorAll('.stage video, .stage audio')].filter(each => !each.paused);
  const times = playing.map(each => each.currentTime);
  return times.length < 6 ? null : Math.max(...times) - Math.min(...times);
}"""


@dataclass
class Recorded:
    serve: Serve
    id: str
    room: str

    @property
    def address(self) -> str:
        return f"{self.serve.base}/recordings/{self.id}"


@pytest.fixture(scope="module")
def lesson(serve: Serve) -> Recorded:
    """Sources in three codecs, one of them in WebM; verified, so it has chapters."""
    admin: Api = serve.admin()
    room = f"classroom-{admin.get('/api/pairings')['items'][3]['receiving_school_id']}"
    sources = {"teacher": "h264", "screen": "vp9", room: "vp8"}
    found = recorded.record(serve, admin, sources, seconds=SECONDS, pairing=3)
    verify_recording(serve.data / "recordings", found)
    return Recorded(serve, found, room)


def open_page(lesson: Recorded, page: Page, address: str = "") -> Page:
    login(page, lesson.serve, *lesson.serve.account(lesson.serve.admin(), "researcher"))
    page.goto(address or lesson.address)
    page.get_by_test_id("player-play").wait_for()
    return page


def numbers(page: Page) -> list[int]:
    """The numbers that stand in the pictures, once all of them show one."""
    found: list[int] = page.wait_for_function(
        f"() => {{ const seen = ({SEEN})(); return seen.length && !seen.includes(-1) && seen; }}"
    ).json_value()
    return found


def wait_moment(page: Page, second: float, within: float = STEP) -> None:
    """Until every picture is of this second."""
    page.wait_for_function(
        f"""([second, within]) => {{
          const seen = ({SEEN})();
          return seen.length > 0 && seen.every(each => Math.abs(each / {RATE} - second) <= within);
        }}""",
        arg=[second, within],
    )


def wait_time(page: Page, low: float, high: float) -> None:
    """Until the player's clock is between two seconds."""
    page.wait_for_function(
        """([low, high]) => {
          const at = Number(document.querySelector('[data-testid=player-time]').dataset.seconds);
          return at >= low && at <= high;
        }""",
        arg=[low, high],
    )


def test_all_sources_play_in_step_at_every_speed(lesson: Recorded, context: Callable[..., BrowserContext]):
    page = open_page(lesson, context(1366, 768, media=False).new_page())
    errors = listen_for_errors(page)
    page.get_by_test_id("player-play").click()
    wait_time(page, 1, SECONDS)
    for speed in ("0.5", "1", "2"):
        page.get_by_test_id("player-speed").select_option(speed)
        # six elements of three codecs and the sound, each on its own: nudged until they are together
        page.wait_for_function(f"() => {{ const found = ({DRIFT})(); return found !== null && found < {STEP}; }}")
        seen = numbers(page)
        assert len(seen) == 3
        # a picture is drawn a frame before or after another's
        assert max(seen) - min(seen) <= (STEP + 2 / RATE) * RATE * float(speed), (speed, seen)
    assert errors == []


def test_layouts_are_kept_and_whoever_is_not_seen_is_still_heard(
    lesson: Recorded, context: Callable[..., BrowserContext], shots: Path
):
    page = open_page(lesson, context(1366, 768, media=False).new_page())
    stage = page.get_by_test_id("player-stage")
    videos = stage.locator("video")
    assert (stage.get_attribute("data-layout"), videos.count()) == ("side", 3)
    page.get_by_test_id("player-play").click()
    numbers(page)
    page.screenshot(path=shots / "player-side.png")

    page.keyboard.press("v")
    assert stage.get_attribute("data-layout") == "inset"
    page.get_by_test_id("enlarge-teacher").click()
    assert stage.get_attribute("data-large") == "teacher"
    large, small = page.get_by_test_id("player-teacher"), page.get_by_test_id("player-screen")
    assert width(large) > 3 * width(small)
    numbers(page)
    page.screenshot(path=shots / "player-inset.png")

    page.keyboard.press("v")
    assert (stage.get_attribute("data-layout"), videos.count()) == ("one", 1)
    page.wait_for_function(
        "() => [...document.querySelectorAll('.stage audio')].filter(each => !each.paused).length === 3"
    )
    page.get_by_test_id("player-view").click()
    page.get_by_test_id(f"show-{lesson.room}").uncheck()
    assert stage.locator("audio").count() == 2

    page.reload()
    page.get_by_test_id("player-teacher").wait_for()
    assert (stage.get_attribute("data-layout"), stage.get_attribute("data-large")) == ("one", "teacher")
    page.get_by_test_id("player-view").click()
    page.get_by_test_id("layout-side").check()
    assert videos.count() == 2  # the classroom stays away


def width(found: Any) -> float:
    return float(found.bounding_box()["width"])


def test_keys_chapters_and_pictures_lead_to_moments(
    lesson: Recorded, context: Callable[..., BrowserContext], shots: Path
):
    page = open_page(lesson, context(1366, 768, media=False).new_page(), f"{lesson.address}?t=0")
    wait_moment(page, 0)
    page.keyboard.press("5")
    wait_moment(page, SECONDS / 2)
    page.keyboard.press("l")
    wait_moment(page, SECONDS / 2 + 10)
    page.keyboard.press("ArrowLeft")
    wait_moment(page, SECONDS / 2 + 5)
    page.keyboard.press("PageDown")  # the begin of the chapter, then of the one before
    wait_moment(page, 2 * SLIDE)
    page.keyboard.press("PageDown")
    wait_moment(page, SLIDE)
    page.keyboard.press("PageUp")
    wait_moment(page, 2 * SLIDE)
    page.keyboard.press("Home")
    wait_moment(page, 0)
    page.keyboard.press(">")
    assert page.get_by_test_id("player-speed").input_value() == "1.25"

    chapters = page.get_by_test_id("player-chapters").get_by_role("button")
    assert chapters.count() == 4
    chapters.nth(3).click()
    wait_moment(page, 3 * SLIDE)
    assert chapters.nth(3).get_attribute("aria-current") == "true"

    seek = page.get_by_test_id("player-seek")
    preview = page.get_by_test_id("seek-preview")
    assert preview.count() == 0
    seek.hover(position={"x": width(seek) / 2, "y": 14})
    assert "第 3 节 · 00:30" in preview.inner_text() or "第 2 节 · 00:29" in preview.inner_text()
    assert "thumbnails/screen" in str(preview.locator("i").evaluate("each => each.style.backgroundImage"))
    page.screenshot(path=shots / "player-preview.png")
    page.mouse.move(5, 5)
    seek.focus()
    page.keyboard.press("ArrowRight")
    wait_moment(page, 3 * SLIDE + 5)
    assert "00:50" in preview.inner_text()  # who uses the keyboard sees it too
    assert "第 4 节" in str(seek.get_attribute("aria-valuetext"))


def test_goes_on_where_one_stopped_and_opens_at_a_linked_moment(
    lesson: Recorded, context: Callable[..., BrowserContext]
):
    page = open_page(lesson, context(390, 844, media=False).new_page(), f"{lesson.address}?t=20")
    wait_moment(page, 20)
    page.get_by_test_id("player-play").click()
    wait_time(page, 22, SECONDS)
    page.get_by_test_id("player-play").click()
    stopped = float(page.get_by_test_id("player-time").get_attribute("data-seconds") or 0)
    lesson.serve.wait(lambda: told(page, lesson) is not None, 10, "the place to be remembered")
    page.goto(lesson.address)
    page.get_by_test_id("resumed").wait_for()
    wait_moment(page, stopped, 0.3)
    page.get_by_test_id("from-start").click()
    wait_moment(page, 0)
    overhang = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overhang == 0  # a phone needs no scrolling sideways


def told(page: Page, lesson: Recorded) -> float | None:
    answer: dict[str, Any] = page.evaluate(
        "id => fetch(`/api/recordings/${id}`).then(answer => answer.json())", lesson.id
    )
    return answer["position"]
