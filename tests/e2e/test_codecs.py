"""Video goes in H.264 where everybody in the lesson plays it, and in what all play once somebody comes who does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.people import (
    join_classroom,
    listen_for_errors,
    login,
    start_lesson,
    wait_flowing,
    wait_picture,
)
from tests.fakes.serving import Serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

# What this page sends its pictures in, of all its connections.
SENT = """async () => {
  const found = new Set();
  for (const pc of window.__tongke ? window.__tongke.connections() : []) {
    const stats = await pc.getStats();
    stats.forEach(s => {
      const sent = s.type === 'outbound-rtp' && s.kind === 'video' && s.framesSent > 0;
      if (sent) found.add(stats.get(s.codecId)?.mimeType);
    });
  }
  return [...found].join();
}"""
# A browser without H.264, as Firefox is without its plugin.
WITHOUT_H264 = """
  const all = RTCRtpReceiver.getCapabilities.bind(RTCRtpReceiver);
  RTCRtpReceiver.getCapabilities = kind => {
    const found = all(kind);
    return {...found, codecs: found.codecs.filter(codec => codec.mimeType !== 'video/H264')};
  };
"""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    monkeypatch.setenv("TONGKE_VIDEO_CODECS", "h264,vp9,vp8")
    server = Serve(tmp_path / "data")
    try:
        yield server.start()
        server.stop()
        assert server.troubles() == []
    finally:
        server.kill_all()


def wait_sent(page: Page, codec: str) -> None:
    page.wait_for_function(f"async codec => (await ({SENT})()) === codec", arg=codec, timeout=30_000)


@pytest.mark.timeout(300)
def test_pictures_go_in_h264_until_somebody_comes_who_does_not_play_it(
    server: Serve, context: Callable[..., BrowserContext]
) -> None:
    admin = server.admin()
    lesson = server.lesson(admin, pairing=0)
    classroom = context(1920, 1080).new_page()
    errors = listen_for_errors(classroom)
    join_classroom(classroom, server, server.device_code(admin, lesson["receiving_schools"][0]["id"]))
    classroom.get_by_test_id("classroom-waiting").wait_for()
    teacher = context().new_page()
    errors += listen_for_errors(teacher)
    login(teacher, server, *server.account(admin, "teacher", lesson["supporting_school_id"]))
    start_lesson(teacher, server, lesson)
    wait_sent(teacher, "video/H264")
    wait_sent(classroom, "video/H264")
    wait_picture(classroom, "teacher-video")
    wait_flowing(classroom)

    late = context(media=False)
    late.add_init_script(WITHOUT_H264)
    observer = late.new_page()
    login(observer, server, *server.account(admin, "researcher"))
    observer.goto(f"{server.base}/observe/{lesson['id']}")
    for page in (teacher, classroom):
        wait_sent(page, "video/VP9")
    wait_picture(observer, "teacher-video")
    for page in (observer, classroom, teacher):
        wait_flowing(page)
    assert errors == []
