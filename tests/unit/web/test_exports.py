"""Exports over HTTP: asked for, watched, cancelled, taken up again, taken home; who may, and what is kept of it."""

from __future__ import annotations

import json
import time
from urllib.parse import unquote_to_bytes

import pytest
from aiohttp import ClientSession
from yarl import URL

from recorder.films import Films
from server.live.exports import ExportState
from server.objects import S3Objects
from tests.fakes.objects import object_server
from tests.unit.web.recording_folder import write_manifest, write_track
from tests.unit.web.site import open_site

VIDEO = [(0.5, 2.5, b"piece-one-"), (2.5, 4.5, b"piece-two-")]


@pytest.fixture
async def lesson(site):
    lesson = await site.county.taught()
    tracks = [
        write_track(site.recordings, lesson.id, "teacher-video-h264", "teacher", "video", VIDEO),
        write_track(site.recordings, lesson.id, "screen-video-h264", "screen", "video", VIDEO),
    ]
    write_manifest(site.recordings, lesson.id, tracks)
    return lesson


def address(lesson, *more):
    return "/".join((f"/api/recordings/{lesson.id}/exports", *more))


async def make(site, lesson, role="teacher", **wish):
    answer = await site.call("POST", address(lesson), role, json={"layout": "picture_in_picture"} | wish)
    assert answer.status == 201, await answer.text()
    return await answer.json()


def set_state(site, lesson, made, **values):
    path = site.recordings / lesson.id / "exports" / made["id"] / "export.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))
    return path.parent


async def test_a_film_from_the_wish_to_the_download(site, lesson):
    made = await make(site, lesson)
    assert (made["state"], made["main"], made["second"], made["url"]) == ("queued", "screen", "teacher", None)
    assert site.jobs.exports == [(lesson.id, made["id"])]
    stored = json.loads((site.recordings / lesson.id / "exports" / made["id"] / "export.json").read_text())
    assert stored["card"][0] == lesson.topic
    assert "→" in stored["card"][2]
    assert (await site.call("GET", address(lesson, made["id"], "file"))).status == 404
    folder = set_state(site, lesson, made, state="running", progress=0.5)
    (listed,) = (await (await site.call("GET", address(lesson), "researcher")).json())["items"]
    assert (listed["state"], listed["progress"]) == ("running", 0.5)
    (folder / "lesson.mp4").write_bytes(b"a film of many bytes")
    set_state(site, lesson, made, state="done", progress=1.0, size=20, seconds=44.0)
    done = await (await site.call("GET", address(lesson, made["id"]), "teacher")).json()
    assert (done["bytes"], done["seconds"]) == (20, 44.0)
    answer = await site.call("GET", done["url"], "teacher")
    assert (answer.status, answer.content_type, await answer.read()) == (200, "video/mp4", b"a film of many bytes")
    assert "attachment" in answer.headers["Content-Disposition"]
    part = await site.call("GET", done["url"], "teacher", headers={"Range": "bytes=2-5"})
    assert (part.status, await part.read()) == (206, b"film")
    again = await make(site, lesson)  # the same one, not another
    assert again["id"] == made["id"]
    kept = [row for row in site.county.store.state.audit if row.action.startswith("recording.export")]
    assert [row.action.rpartition(".")[2] for row in kept] == ["make", "download"]
    assert (await site.call("DELETE", address(lesson, made["id"]), "teacher")).status == 204
    assert not folder.exists()
    assert (await site.call("GET", address(lesson, made["id"]))).status == 404


async def test_films_are_not_there_while_their_recording_is_in_the_trash_and_come_back_with_it(site, lesson):
    made = await make(site, lesson)
    folder = set_state(site, lesson, made, state="done", progress=1.0, size=6)
    (folder / "lesson.mp4").write_bytes(b"a film")
    await site.county.services.lessons.verified(lesson.id, {"opens": False, "tracks": []})
    await site.county.services.crediting.run(lesson.id)
    trash = f"/api/recordings/{lesson.id}/trash"
    assert (await site.call("POST", trash, json={"reason": "试讲"})).status == 200
    for role in ("teacher", "admin"):
        for method, *more in (
            ("GET",),
            ("POST",),
            ("GET", made["id"]),
            ("GET", made["id"], "file"),
            ("POST", made["id"], "cancel"),
            ("POST", made["id"], "resume"),
            ("DELETE", made["id"]),
        ):
            answer = await site.call(method, address(lesson, *more), role, json={"layout": "one"})
            assert (answer.status, (await answer.json())["code"]) == (404, "recording_in_trash"), (role, method, more)
    assert (await site.call("DELETE", trash)).status == 200
    answer = await site.call("GET", address(lesson, made["id"], "file"), "teacher")
    assert (answer.status, await answer.read()) == (200, b"a film")
    kept = [row.action for row in site.county.store.state.audit if row.action.startswith("recording.export")]
    assert kept == ["recording.export.make", "recording.export.download"]


async def test_a_film_that_left_the_disk_is_fetched_from_the_object_store(tmp_path):
    with object_server() as server:
        async with open_site(tmp_path, S3Objects(server.store())) as site:
            lesson = await site.county.taught()
            tracks = [write_track(site.recordings, lesson.id, "teacher-video-h264", "teacher", "video", VIDEO)]
            write_manifest(site.recordings, lesson.id, tracks)
            made = await make(site, lesson)
            folder = set_state(site, lesson, made, state="done", progress=1.0)
            (folder / "lesson.mp4").write_bytes(b"a film of many bytes")
            films = Films(site.recordings, server.store(), 0.0)
            await films.look()
            assert films.free(time.time() + 1.0) == 1
            url = address(lesson, made["id"], "file")
            sent = await site.call("GET", url, "teacher", allow_redirects=False)
            assert (sent.status, sent.headers["Cache-Control"]) == (302, "private, max-age=600")
            async with ClientSession() as browser:  # what it is sent to is good without any login
                answer = await browser.get(URL(sent.headers["Location"], encoded=True), headers={"Range": "bytes=2-5"})
                assert (answer.status, await answer.read()) == (206, b"film")
                assert made["name"].encode() == unquote_to_bytes(
                    answer.headers["Content-Disposition"].rpartition("''")[2]
                )
            (site.recordings / lesson.id / "exports" / made["id"] / "remote.json").unlink()
            assert (await site.call("GET", url, "teacher")).status == 404


async def test_cancel_and_go_on(site, lesson):
    made = await make(site, lesson, layout="one", main="teacher")
    assert made["second"] is None
    cancelled = await (await site.call("POST", address(lesson, made["id"], "cancel"), "teacher")).json()
    assert cancelled["state"] == ExportState.CANCELLED
    set_state(site, lesson, made, state="cancelled", progress=0.4)
    resumed = await (await site.call("POST", address(lesson, made["id"], "resume"), "teacher")).json()
    assert resumed["state"] == ExportState.QUEUED
    assert site.jobs.exports == [(lesson.id, made["id"])] * 2
    set_state(site, lesson, made, state="failed", error="no_space")
    (site.recordings / lesson.id / "exports" / made["id"] / "again").unlink()
    failed = await (await site.call("GET", address(lesson, made["id"]))).json()
    assert (failed["state"], failed["error"]) == ("failed", "no_space")


async def test_what_cannot_be_exported_is_said(site, lesson):
    for wish, status, code in (
        ({"layout": "mosaic"}, 400, "invalid"),
        ({"layout": "one", "main": "classroom-s99"}, 400, "invalid"),
        ({"layout": "one", "main": "../x"}, 400, "invalid"),
    ):
        answer = await site.call("POST", address(lesson), "teacher", json=wish)
        assert (answer.status, (await answer.json())["code"]) == (status, code), wish
    manifest = json.loads((site.recordings / lesson.id / "manifest.json").read_text())
    write_manifest(site.recordings, lesson.id, manifest["tracks"], "open")
    answer = await site.call("POST", address(lesson), "teacher", json={"layout": "one"})
    assert (answer.status, (await answer.json())["code"]) == (409, "still_recording")
    bare = await site.county.taught(pairing_id="p01", topic="没有录像")
    answer = await site.call("POST", address(bare), "admin", json={"layout": "one"})
    assert (answer.status, (await answer.json())["code"]) == (404, "no_recording")


async def test_films_of_other_schools_are_not_there(site, lesson):
    elsewhere = await site.county.taught(pairing_id="p02")
    for method, more in (("GET", ()), ("POST", ()), ("GET", ("x1",)), ("POST", ("x1", "cancel")), ("DELETE", ("x1",))):
        answer = await site.call(method, address(elsewhere, *more), "teacher", json={"layout": "one"})
        assert answer.status == 404, (method, more)
    made = await make(site, lesson)
    for export_id in ("..", "x%2f..", made["id"] + "x"):
        assert (await site.call("GET", address(lesson, export_id, "file"))).status == 404


async def test_only_so_many_wait_at_once(site, lesson):
    for wish in ({"layout": "one"}, {"layout": "one", "main": "teacher"}, {"layout": "side_by_side"}, {}):
        await make(site, lesson, **wish)
    answer = await site.call("POST", address(lesson), "teacher", json={"layout": "side_by_side", "main": "teacher"})
    assert (answer.status, (await answer.json())["code"]) == (409, "too_many_exports")
