"""The library over HTTP: search, continue watching, keep, trash, and who watched what from where."""

from __future__ import annotations

import csv
import io

import pytest

from server.county.errors import NotFound
from server.county.shelf import Shelf
from server.web.csv import BOM, line
from tests.fakes.county import ADMIN, TEACHER
from tests.unit.web.recording_folder import write_manifest, write_track

PIECES = [(0.5, 2.5, b"piece-one-"), (2.5, 100.5, b"piece-two-")]
TRACK = "teacher-video-h264"


def record(site, lesson, state="closed"):
    tracks = [write_track(site.recordings, lesson.id, TRACK, "teacher", "video", PIECES)]
    write_manifest(site.recordings, lesson.id, tracks, state)


@pytest.fixture
async def lesson(site):
    lesson = await site.county.taught()
    record(site, lesson)
    return lesson


async def items(site, path="/api/recordings", role="admin"):
    answer = await site.call("GET", path, role)
    assert answer.status == 200, await answer.text()
    return (await answer.json())["items"]


async def test_a_list_shows_what_a_recording_comes_to_measured_or_not(site, lesson):
    for _ in range(2):  # from the disk, then from the database
        (item,) = await items(site, "/api/recordings?q=秋天&subject=chinese&state=recorded")
        assert (item["id"], item["state"], item["duration"], item["tracks"]) == (lesson.id, "closed", 100.0, 1)
        assert item["bytes"] == len(b"INIT-" + TRACK.encode()) + 20
        assert item["lesson"]["teacher_name"] == "实验小学教师"
        assert item["shelf"]["keep_until"].startswith("2028-11-24")
        await site.context.librarian.look()
    assert await items(site, "/api/recordings?q=没有这个词") == []
    assert await items(site, "/api/recordings?from=2030-01-01T00:00:00Z") == []
    live = await site.lesson(live=True)
    await site.county.services.lessons.recording_opened(live.id)
    record(site, live, "open")
    assert (await items(site))[0]["state"] == "open"
    answer = await site.call("GET", "/api/recordings?shelf=attic")
    assert (answer.status, "trash" in (await answer.json())["detail"]) == (400, True)


async def test_watching_is_resumed_where_it_stopped(site, lesson):
    path = f"/api/recordings/{lesson.id}"
    assert (await (await site.call("GET", path, "teacher")).json())["position"] is None
    answer = await site.call("POST", f"{path}/position", "teacher", json={"position": 42.5, "duration": 100})
    assert answer.status == 204
    assert (await (await site.call("GET", path, "teacher")).json())["position"] == 42.5
    assert (await (await site.call("GET", path, "admin")).json())["position"] is None
    (item,) = await items(site, "/api/watching", "teacher")
    assert (item["id"], item["position"]) == (lesson.id, 42.5)
    for wrong in ({"position": -1, "duration": 10}, {"position": "x", "duration": 10}, {"position": 11e9}):
        assert (await site.call("POST", f"{path}/position", "teacher", json=wrong)).status == 400


async def test_views_and_downloads_are_in_the_audit_log_with_their_origin(site, lesson):
    base = f"/api/recordings/{lesson.id}"
    far = {"X-Forwarded-For": "203.0.113.9, 198.51.100.4"}
    for path in ("", f"/tracks/{TRACK}/init.mp4", f"/tracks/{TRACK}/000001.m4s", f"/files/{TRACK}", f"/files/{TRACK}"):
        assert (await site.call("GET", base + path, "teacher", headers=far)).status == 200
    (download, view) = await items(site, f"/api/audit-log?action=recording.&subject={lesson.id}")
    assert (view["action"], view["actor"], view["actor_id"]) == ("recording.view", "实验小学教师", TEACHER.id)
    assert (download["action"], download["detail"], download["topic"]) == ("recording.download", TRACK, lesson.topic)
    assert download["address"] == "198.51.100.4"  # what the proxy before us saw, not what its caller claims
    answer = await site.call("GET", "/api/audit-log/export?action=recording.")
    assert (answer.status, answer.content_type) == (200, "text/csv")
    rows = list(csv.reader(io.StringIO((await answer.text()).removeprefix(BOM))))
    assert [row[3] for row in rows] == ["做了什么 action", "recording.download", "recording.view"]


async def test_the_export_has_every_row_beyond_one_page(site, lesson):
    for number in range(1100):
        await site.county.services.library.watched(ADMIN, lesson.id, "recording.download", f"t{number}", "here")
    text = await (await site.call("GET", "/api/audit-log/export?action=recording.download")).text()
    assert len(text.splitlines()) == 1101


async def test_keep_trash_and_undo_answer_the_shelf(site, lesson):
    base = f"/api/recordings/{lesson.id}"
    answer = await site.call("POST", f"{base}/keep", "researcher", json={"reason": "典型案例"})
    shelf = await answer.json()
    assert (shelf["kept"]["by"], shelf["kept"]["reason"], shelf["keep_until"]) == ("单志明", "典型案例", None)
    answer = await site.call("POST", f"{base}/trash", json={"reason": "占地方"})
    assert (answer.status, (await answer.json())["code"]) == (409, "recording_kept")
    assert (await (await site.call("DELETE", f"{base}/keep", "researcher")).json())["kept"] is None
    answer = await site.call("POST", f"{base}/trash", json={"reason": "占地方"})
    assert (answer.status, (await answer.json())["code"]) == (409, "lesson_unsettled")

    await site.county.services.lessons.verified(lesson.id, {"opens": False, "tracks": []})
    await site.county.services.crediting.run(lesson.id)
    shelf = await (await site.call("POST", f"{base}/trash", json={"reason": "占地方"})).json()
    assert shelf["trash"]["reason"] == "占地方"
    assert shelf["trash"]["deletes_at"].startswith("2025-12-24")
    assert (await items(site, "/api/recordings?shelf=trash"))[0]["id"] == lesson.id
    for path in (base, f"{base}/tracks/{TRACK}/init.mp4", f"{base}/files/{TRACK}"):
        assert (await site.call("GET", path, "teacher")).status == 404, path
    assert (await site.call("POST", f"/api/lessons/{lesson.id}/verify", "researcher")).status == 404
    assert (await (await site.call("DELETE", f"{base}/trash")).json())["trash"] is None
    assert (await site.call("GET", base, "teacher")).status == 200


async def test_the_librarian_has_what_is_due_deleted_and_believes_only_the_event(site, lesson):
    await site.county.services.lessons.verified(lesson.id, {"opens": False, "tracks": []})
    await site.county.services.crediting.run(lesson.id)
    await site.county.services.library.trash(ADMIN, lesson.id, "试讲")
    await site.context.librarian.look()
    assert site.jobs.discarded == []
    site.county.clock.at += 31 * 86_400
    await site.context.librarian.look()
    await site.context.librarian.look()  # the same night: once is enough
    assert site.jobs.discarded == [lesson.id]
    library = site.county.services.library
    assert [one.id for one in (await library.search(ADMIN, shelf=Shelf.TRASH)).items] == [lesson.id]
    assert await site.context.pump.handle([("1-0", "recording.discarded", {"lesson_id": lesson.id})]) == ["1-0"]
    assert (await library.search(ADMIN, shelf=Shelf.TRASH)).items == []
    with pytest.raises(NotFound, match="已删除"):
        await library.open(ADMIN, lesson.id)


async def test_the_systems_state_tells_how_long_there_is_room(site, lesson):
    await site.context.librarian.look()
    space = (await (await site.call("GET", "/api/system")).json())["space"]
    assert space["level"] == "urgent"  # 10 bytes of 100, and a recording a day
    assert space["recordings"] == len(b"INIT-" + TRACK.encode()) + 20
    assert space["days_left"] == pytest.approx(10 / space["per_day"])


@pytest.mark.parametrize(
    ("cell", "written"),
    [("a", "a"), ("=1+1", "'=1+1"), ('say "hi"', '"say ""hi"""'), ("a,b", '"a,b"'), ("-1\n", '"\'-1\n"'), ("", "")],
)
def test_a_cell_is_quoted_and_never_a_formula(cell, written):
    assert line([cell, "x"]) == f"{written},x\r\n"
