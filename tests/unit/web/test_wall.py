"""The wall's pictures over HTTP: who may see them, whether they are new, and that only a look keeps them coming."""

from __future__ import annotations

import os

import pytest


@pytest.fixture
async def live(site):
    lesson = await site.lesson(live=True)
    folder = site.recordings.parent / "wall" / lesson.id
    folder.mkdir(parents=True)
    for source in ("classroom-s02", "screen", "teacher"):
        path = folder / f"{source}.jpg"
        path.write_bytes(b"\xff\xd8 " + source.encode())
        os.utime(path, (site.county.clock.at, site.county.clock.at))
    return lesson


async def listed(site, query=""):
    (item,) = (await (await site.call("GET", f"/api/live{query}", "researcher")).json())["items"]
    return item


async def test_live_lessons_list_their_pictures_the_teacher_first(site, live):
    snapshots = (await listed(site))["snapshots"]
    assert [one["source"] for one in snapshots] == ["teacher", "screen", "classroom-s02"]
    answer = await site.call("GET", snapshots[0]["url"], "researcher")
    assert (answer.status, answer.content_type, await answer.read()) == (200, "image/jpeg", b"\xff\xd8 teacher")
    assert answer.headers["Cache-Control"] == "private, no-cache"


async def test_a_picture_that_has_not_changed_is_not_sent_again(site, live):
    url = f"/api/lessons/{live.id}/snapshots/teacher"
    etag = (await site.call("GET", url)).headers["ETag"]
    again = await site.call("GET", url, headers={"If-None-Match": etag})
    assert (again.status, await again.read()) == (304, b"")
    path = site.recordings.parent / "wall" / live.id / "teacher.jpg"
    path.with_suffix(".new").write_bytes(b"another")
    path.with_suffix(".new").replace(path)
    os.utime(path, (site.county.clock.at + 1, site.county.clock.at + 1))
    assert (await site.call("GET", url, headers={"If-None-Match": etag})).status == 200


async def test_an_old_picture_is_none(site, live):
    site.county.clock.at += 61
    assert (await listed(site))["snapshots"] == []
    answer = await site.call("GET", f"/api/lessons/{live.id}/snapshots/teacher")
    assert (answer.status, (await answer.json())["code"]) == (404, "no_snapshot")


async def test_only_who_may_see_the_lesson_sees_its_pictures(site, live):
    url = f"/api/lessons/{live.id}/snapshots/teacher"
    statuses = {role: (await site.call("GET", url, role)).status for role in ("admin", "researcher", "device", None)}
    assert statuses == {"admin": 200, "researcher": 200, "device": 403, None: 401}
    other = await site.lesson(live=True, pairing_id="p02")
    assert (await site.call("GET", f"/api/lessons/{other.id}/snapshots/teacher", "teacher")).status in (403, 404)


@pytest.mark.parametrize("source", ["..%2f..%2fsecret", "%2e%2e", "nobody"])
async def test_no_way_leads_out_of_the_pictures(site, live, source):
    assert (await site.call("GET", f"/api/lessons/{live.id}/snapshots/{source}")).status == 404


async def test_only_the_wall_asks_for_pictures(site, live):
    wish = site.context.live.wall
    await listed(site)
    assert wish.count == 0
    await listed(site, "?pictures=1")
    assert wish.count == 1


async def test_the_wall_knows_how_good_each_end_is_and_why_not(site, live):
    pump, at = site.context.pump, site.county.clock.at
    for look in range(4):
        site.county.clock.at = at + 5 * look
        row = {"participant_id": "classroom-s02", "source": "classroom-s02", "direction": "in", "kind": "video",
               "bitrate": 4e5, "loss": 0.09, "score": 2}  # fmt: skip
        body = {"lesson_id": live.id, "at": site.county.clock.at, "load": 0.1, "rows": [row]}
        await pump.handle([(f"{look}-0", "quality", body)])
    item = await listed(site)
    assert item["quality"] == {"classroom-s02": 2}
    assert [(note["code"], note["since"]) for note in item["notes"]] == [("loss", at)]
