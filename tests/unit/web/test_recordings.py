"""Recordings over HTTP: JSON, pieces, whole tracks with ranges; no way out of the folder."""

from __future__ import annotations

import json

import pytest

from recorder.uploads import Uploader
from server.objects import S3Objects
from tests.fakes.county import good_report
from tests.fakes.objects import object_server
from tests.unit.web.recording_folder import write_manifest, write_track
from tests.unit.web.site import open_site

VIDEO = [(0.5, 2.5, b"piece-one-"), (2.5, 4.5, b"piece-two-"), (9.5, 11.5, b"piece-three")]
AUDIO = [(0.4, 5.0, b"audio-one-"), (5.0, 11.0, b"audio-two-")]
WHOLE = b"INIT-teacher-video-h264" + b"".join(data for _, _, data in VIDEO)


@pytest.fixture(params=["disk", "objects"])
def objects(request):
    """Where the pieces are: the same must come out of both."""
    if request.param == "disk":
        yield None
        return
    with object_server() as server:
        yield server


@pytest.fixture
async def site(tmp_path, objects):
    async with open_site(tmp_path, S3Objects(objects.store()) if objects else None) as site:
        yield site


@pytest.fixture
async def lesson(site, objects):
    lesson = await site.county.taught()
    tracks = [
        write_track(site.recordings, lesson.id, "teacher-video-h264", "teacher", "video", VIDEO),
        write_track(site.recordings, lesson.id, "teacher-audio-opus", "teacher", "audio", AUDIO),
    ]
    write_manifest(site.recordings, lesson.id, tracks)
    if objects is not None:
        await Uploader(site.recordings, objects.store(), 0.0).look()
        for piece in (site.recordings / lesson.id).glob("*/[0-9]*.m4s"):
            piece.unlink()
    (site.recordings / "secret").write_text("outside")
    (site.recordings / lesson.id / "secret").write_text("inside, not listed")
    return lesson


async def test_a_recording_as_json(site, lesson):
    body = await (await site.call("GET", f"/api/recordings/{lesson.id}", "device")).json()
    assert (body["id"], body["state"], body["clock_zero"]) == (lesson.id, "closed", 1_763_942_400.0)
    assert body["duration"] == pytest.approx(11.1)
    assert body["gap_seconds"] == pytest.approx(0.0)  # the microphone covers the camera's hole, up to its end
    assert body["gaps"] == [{"track": "teacher-video-h264", "start": 4.5, "end": 9.5}]
    track = body["tracks"][0]
    assert (track["width"], track["start"], track["duration"]) == (1280, 0.5, 11.0)
    assert body["verification"] is None
    for url in (track["init_url"], track["pieces"][2]["url"]):
        answer = await site.call("GET", url)
        assert answer.status == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.content_type == "video/mp4"
    assert await answer.read() == b"piece-three"
    assert body["files"][0]["bytes"] == len(WHOLE)


async def test_an_open_recording_tells_what_is_new_and_what_is_being_written(site, lesson):
    path = f"/api/recordings/{lesson.id}"
    tracks = json.loads((site.recordings / lesson.id / "manifest.json").read_text())["tracks"]
    following = site.recordings / lesson.id / "teacher-video-h264" / "000004.m4s"
    following.write_bytes(b"begun")
    write_manifest(site.recordings, lesson.id, tracks, "open")
    video, audio = (await (await site.call("GET", f"{path}?after=9")).json())["tracks"]
    assert ([piece["start"] for piece in video["pieces"]], video["growing"]["bytes"]) == ([9.5], 5)
    assert (video["start"], video["duration"]) == (0.5, 11.0)  # of the whole track
    assert audio["growing"] is None
    following.write_bytes(b"begun, more")
    url = video["growing"]["url"]
    answer = await site.call("GET", url, headers={"Range": "bytes=5-"})
    assert (answer.status, await answer.read(), answer.headers["Cache-Control"]) == (206, b", more", "no-store")
    assert (await site.call("GET", url.replace("000004", "000005"))).status == 404
    for wrong in ("-1", "1.5", "soon"):
        assert (await site.call("GET", f"{path}?after={wrong}")).status == 400
    write_manifest(site.recordings, lesson.id, tracks)
    # what is left over in a closed recording is torn
    assert (await (await site.call("GET", path)).json())["tracks"][0]["growing"] is None
    assert (await site.call("GET", url)).status == 404


async def test_the_list_shows_only_what_the_caller_may_see(site, lesson):
    for role, count in (("admin", 1), ("researcher", 1), ("teacher", 1), ("device", 1)):
        body = await (await site.call("GET", "/api/recordings", role)).json()
        assert len(body["items"]) == count, role
    elsewhere = await site.county.taught(pairing_id="p02")
    write_manifest(
        site.recordings, elsewhere.id, [write_track(site.recordings, elsewhere.id, "t", "teacher", "audio", AUDIO)]
    )
    for role, count in (("admin", 2), ("teacher", 1), ("device", 1)):
        body = await (await site.call("GET", "/api/recordings", role)).json()
        assert len(body["items"]) == count, role
    for path in ("", "/files/t", "/tracks/t/000001.m4s"):
        assert (await site.call("GET", f"/api/recordings/{elsewhere.id}{path}", "device")).status == 404


async def test_verification_and_torn_lines(site, lesson):
    folder = site.recordings / lesson.id
    (folder / "verify.json").write_text(json.dumps({"lesson_id": lesson.id, "opens": True, "tracks": [], "extra": 1}))
    with (folder / "teacher-video-h264" / "index.jsonl").open("a") as index:
        index.write('{"n":4,"file":"0000')
    body = await (await site.call("GET", f"/api/recordings/{lesson.id}")).json()
    assert body["verification"]["opens"] is True
    assert len(body["tracks"][0]["pieces"]) == 3
    for report in ({"lesson_id": lesson.id, "opens": True, "problems": ["an older text"]}, {"opens": 1}, [], 3):
        (folder / "verify.json").write_text(json.dumps(report))
        body = await (await site.call("GET", f"/api/recordings/{lesson.id}")).json()
        assert body["verification"] is None
    (folder / "manifest.json").write_text("{")
    assert (await site.call("GET", f"/api/recordings/{lesson.id}")).status == 404


@pytest.mark.parametrize(
    ("header", "status", "start", "end"),
    [
        (None, 200, 0, len(WHOLE)),
        ("bytes=0-", 206, 0, len(WHOLE)),
        ("bytes=0-0", 206, 0, 1),
        ("bytes=20-40", 206, 20, 41),  # across init and two pieces
        ("bytes=-5", 206, len(WHOLE) - 5, len(WHOLE)),
        ("bytes=-9999", 206, 0, len(WHOLE)),
        ("bytes=30-99999", 206, 30, len(WHOLE)),
        ("bytes=5-2", 200, 0, len(WHOLE)),
        ("bytes=0-1,3-4", 200, 0, len(WHOLE)),
        ("pieces=1-2", 200, 0, len(WHOLE)),
        ("bytes=-", 200, 0, len(WHOLE)),
    ],
)
async def test_ranges_of_a_whole_track(site, lesson, header, status, start, end):
    headers = {"Range": header} if header else {}
    answer = await site.call("GET", f"/api/recordings/{lesson.id}/files/teacher-video-h264", headers=headers)
    assert answer.status == status
    assert await answer.read() == WHOLE[start:end]
    assert answer.headers["Content-Length"] == str(end - start)
    assert answer.headers["Accept-Ranges"] == "bytes"
    if status == 206:
        assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(WHOLE)}"


async def test_ranges_beyond_the_end_and_conditions(site, lesson):
    path = f"/api/recordings/{lesson.id}/files/teacher-video-h264"
    for header in (f"bytes={len(WHOLE)}-", "bytes=-0"):
        answer = await site.call("GET", path, headers={"Range": header})
        assert (answer.status, answer.headers["Content-Range"]) == (416, f"bytes */{len(WHOLE)}")
    head = await site.call("HEAD", path)
    assert (head.status, head.headers["Content-Length"]) == (200, str(len(WHOLE)))
    etag = head.headers["ETag"]
    assert (await site.call("GET", path, headers={"If-None-Match": etag})).status == 304
    assert (await site.call("GET", path, headers={"Range": "bytes=0-1", "If-Range": etag})).status == 206
    assert (await site.call("GET", path, headers={"Range": "bytes=0-1", "If-Range": '"old"'})).status == 200


@pytest.mark.parametrize(
    "path",
    [
        "../secret",
        "..%2Fsecret",
        "..%2f..%2fsecret",
        "%2e%2e%2fsecret",
        "teacher-video-h264/..%2Fmanifest.json",
        "teacher-video-h264/..%2F..%2Fsecret",
        "teacher-video-h264/index.jsonl",
        "teacher-video-h264/%2Fetc%2Fpasswd",
        "teacher-video-h264/000001.m4s%00",
        "teacher-video-h264/000009.m4s",
        "nothing/000001.m4s",
        "./secret",
    ],
)
async def test_nothing_but_listed_files_is_served(site, lesson, path):
    from yarl import URL

    base = str(site.client.make_url("/"))
    for prefix in (f"api/recordings/{lesson.id}/tracks/", f"api/recordings/{lesson.id}/files/"):
        answer = await site.client.session.get(URL(base + prefix + path, encoded=True), headers=site.auth("admin"))
        text = await answer.text()
        assert answer.status == 404, text
        assert "outside" not in text
        assert "inside" not in text


async def test_hls_from_the_first_piece_to_the_end_of_the_list(site, lesson):
    tracks = json.loads((site.recordings / lesson.id / "manifest.json").read_text())["tracks"]
    tracks[0]["mime"] = 'video/mp4; codecs="avc3.42e01f"'
    write_manifest(site.recordings, lesson.id, tracks, "open")
    body = await (await site.call("GET", f"/api/recordings/{lesson.id}")).json()
    assert body["hls"]["sources"] == {"teacher": f"/api/recordings/{lesson.id}/hls/teacher.m3u8"}
    answer = await site.call("GET", body["tracks"][0]["hls_url"], "device")
    assert answer.content_type == "application/vnd.apple.mpegurl"
    live = await answer.text()
    assert live.count("#EXTINF") == 3
    again = await site.call("GET", body["tracks"][0]["hls_url"], headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status == 304
    write_manifest(site.recordings, lesson.id, tracks)
    assert await (await site.call("GET", body["tracks"][0]["hls_url"])).text() == live + "#EXT-X-ENDLIST\n"
    whole = await (await site.call("GET", body["hls"]["url"])).text()
    assert "avc3.42e01f" in whole
    for wrong in ("nobody.m3u8", "index", "index.mpd", "..%2findex.m3u8"):
        assert (await site.call("GET", f"/api/recordings/{lesson.id}/hls/{wrong}")).status == 404, wrong


async def test_chapters_and_thumbnails_for_who_may_see_the_lesson(site, lesson):
    address = f"/api/recordings/{lesson.id}/chapters"
    assert await (await site.call("GET", address, "device")).json() == {"chapters": [], "thumbnails": []}
    assert (await site.call("GET", f"/api/recordings/{lesson.id}/thumbnails/teacher")).status == 404
    folder = site.recordings / lesson.id
    sheet = {"source": "teacher", "file": "thumbnails-teacher.jpg", "width": 160, "height": 90, "columns": 10}
    made = {"version": 1, "chapters": [{"start": 2.5}], "thumbnails": [sheet | {"times": [0.5, 5.5]}]}
    (folder / "chapters.json").write_text(json.dumps(made))
    (folder / "thumbnails-teacher.jpg").write_bytes(b"a sheet")
    body = await (await site.call("GET", address, "device")).json()
    assert body["chapters"] == [{"start": 2.5}]
    assert body["thumbnails"][0]["times"] == [0.5, 5.5]
    answer = await site.call("GET", body["thumbnails"][0]["url"], "device")
    assert (answer.status, answer.content_type, await answer.read()) == (200, "image/jpeg", b"a sheet")
    assert "immutable" in answer.headers["Cache-Control"]
    elsewhere = await site.county.taught(pairing_id="p02")
    assert (await site.call("GET", f"/api/recordings/{elsewhere.id}/chapters", "device")).status == 404


async def test_what_the_ends_showed_is_told_to_nobody_beside_the_recording(site, lesson):
    report = good_report(lesson.id, sources=[{"source": "teacher", "loop": {"period": 5.0}}])
    (site.recordings / lesson.id / "verify.json").write_text(json.dumps(report))
    for role in ("teacher", "admin"):
        body = await (await site.call("GET", f"/api/recordings/{lesson.id}", role)).json()
        assert body["verification"]["opens"] is True
        assert "sources" not in body["verification"]


async def test_a_recording_says_how_far_its_verification_is(site, lesson):
    address = f"/api/recordings/{lesson.id}"
    assert (await (await site.call("GET", address)).json())["verifying"] is None
    site.jobs.progress[lesson.id] = 0.25
    assert (await (await site.call("GET", address)).json())["verifying"] == 0.25
