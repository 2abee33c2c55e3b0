"""Materials over HTTP: sent in pieces, continued, refused, downloaded without rights."""

from __future__ import annotations

import base64
import hashlib
import io

import pytest

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
PIECE = "application/offset+octet-stream"


@pytest.fixture
async def lesson(site):
    return await site.lesson()


async def begin(site, lesson, role="teacher", status=201, **changes):
    body = {"kind": "plan", "name": "导学案.pdf", "size": len(PDF)} | changes
    answer = await site.call("POST", f"/api/lessons/{lesson.id}/materials", role, json=body)
    assert answer.status == status, await answer.text()
    return await answer.json()


async def send(site, material, offset, data, role="teacher", **headers):
    headers = {"Content-Type": PIECE, "Upload-Offset": str(offset)} | headers
    return await site.call("PATCH", f"/api/materials/{material['id']}", role, data=data, headers=headers)


async def put(site, lesson, data=PDF, role="teacher", **changes):
    material = await begin(site, lesson, role, size=len(data), **changes)
    return await (await send(site, material, 0, data, role)).json()


async def test_a_file_arrives_in_pieces_and_is_there_for_both_schools(site, lesson):
    material = await begin(site, lesson)
    assert (material["offset"], material["ready"]) == (0, False)
    half = await (await send(site, material, 0, PDF[:5000])).json()
    assert (half["offset"], half["ready"]) == (5000, False)
    listed = await (await site.call("GET", f"/api/lessons/{lesson.id}/materials", "device")).json()
    assert listed["items"] == []  # not whole yet: nobody else sees it
    done = await (await send(site, material, 5000, PDF[5000:])).json()
    assert (done["offset"], done["ready"], done["media_type"]) == (len(PDF), True, "application/pdf")
    for role in ("admin", "researcher", "teacher", "device"):
        answer = await site.call("GET", done["url"], role)
        assert await answer.read() == PDF, role


async def test_a_download_is_an_attachment_that_no_browser_runs(site, lesson):
    done = await put(site, lesson)
    answer = await site.call("GET", done["url"], "device")
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''%E5%AF%BC%E5%AD%A6%E6%A1%88.pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Content-Type"] == "application/pdf"
    part = await site.call("GET", done["url"], "device", headers={"Range": "bytes=9-12"})
    assert (part.status, await part.read()) == (206, PDF[9:13])


async def test_an_upload_goes_on_where_the_disk_says(site, lesson):
    material = await begin(site, lesson)
    await send(site, material, 0, PDF[:3000])
    again = await send(site, material, 0, PDF[:3000])
    assert (again.status, again.headers["Upload-Offset"]) == (409, "3000")
    state = await (await site.call("GET", f"/api/materials/{material['id']}", "teacher")).json()
    assert state["offset"] == 3000
    assert (await (await send(site, material, 3000, PDF[3000:])).json())["ready"]
    late = await send(site, material, len(PDF), b"x")
    assert (late.status, (await late.json())["code"]) == (409, "finished")


async def test_what_a_crash_left_whole_but_unfinished_is_finished_by_an_empty_piece(site, lesson):
    material = await begin(site, lesson)
    site.context.materials.append(material["id"], 0, PDF, len(PDF))
    done = await (await send(site, material, len(PDF), b"")).json()
    assert done["ready"]


async def test_a_damaged_piece_is_not_kept(site, lesson):
    material = await begin(site, lesson)
    right = base64.b64encode(hashlib.sha256(PDF).digest()).decode()
    damaged = await send(site, material, 0, PDF[:-1] + b"?", **{"Upload-Checksum": f"sha256 {right}"})
    assert (damaged.status, (await damaged.json())["code"]) == (400, "bad_checksum")
    assert (await (await send(site, material, 0, PDF, **{"Upload-Checksum": f"sha256 {right}"})).json())["ready"]


async def test_a_page_under_a_harmless_name_is_dropped_with_its_bytes(site, lesson):
    material = await begin(site, lesson, size=20)
    refused = await send(site, material, 0, b"<script>1</script>..")
    assert (refused.status, (await refused.json())["code"]) == (400, "bad_content")
    assert site.context.materials.offset(material["id"]) == 0
    assert (await site.call("GET", f"/api/materials/{material['id']}", "teacher")).status == 404


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"name": "游戏.exe"}, 400, "bad_type"),
        ({"name": "没有后缀"}, 400, "bad_name"),
        ({"kind": "video"}, 400, "bad_type"),
        ({"size": 3 << 30}, 400, "bad_size"),
        ({"size": 0}, 400, "invalid"),
    ],
)
async def test_what_is_not_taken_is_said_before_a_byte_is_sent(site, lesson, changes, status, code):
    assert (await begin(site, lesson, status=status, **changes))["code"] == code


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Upload-Offset": "x"}, 400), ({"Content-Type": "text/html"}, 415), ({"Upload-Checksum": "md5 x"}, 400)],
)
async def test_a_piece_must_say_where_it_belongs(site, lesson, headers, status):
    material = await begin(site, lesson)
    assert (await send(site, material, 0, b"x", **headers)).status == status


async def test_a_piece_that_is_too_long_is_refused(site, lesson):
    material = await begin(site, lesson, size=20 << 20)
    assert (await send(site, material, 0, io.BytesIO(b"x" * (8 * 1024 * 1024 + 1)))).status == 413
    assert site.context.materials.offset(material["id"]) == 0


async def test_only_the_two_schools_put_up_and_only_ones_own_is_continued_or_deleted(site, lesson):
    elsewhere = await site.lesson(pairing_id="p02")
    assert (await begin(site, elsewhere, status=404))["code"] == "no_such_lesson"
    material = await begin(site, lesson, "researcher")
    assert (await send(site, material, 0, PDF)).status == 403
    done = await (await send(site, material, 0, PDF, "researcher")).json()
    path = f"/api/materials/{done['id']}"
    assert (await site.call("DELETE", path, "teacher")).status == 403
    assert (await site.call("DELETE", path, "admin")).status == 204
    assert (await site.call("GET", f"{path}/file", "researcher")).status == 404
    assert site.context.materials.offset(done["id"]) == 0


async def test_uploads_that_nobody_continues_are_forgotten(site, lesson):
    old = await begin(site, lesson)
    await send(site, old, 0, PDF[:100])
    site.county.clock.at += 8 * 86400
    secret = next(account.secret for account in site.county.accounts if account.username == "shiyan")
    _, site.logins["teacher"] = await site.county.services.accounts.login("shiyan", secret, "192.0.2.9")
    await begin(site, lesson)
    assert site.context.materials.offset(old["id"]) == 0
    listed = await (await site.call("GET", f"/api/lessons/{lesson.id}/materials", "teacher")).json()
    assert len(listed["items"]) == 1
