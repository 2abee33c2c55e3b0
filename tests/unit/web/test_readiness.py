"""Readiness over HTTP: a screen's check, the county's list, scans of agreements."""

from __future__ import annotations

import io
from dataclasses import asdict

import pytest

from tests.unit.county.readiness.test_standard import GOOD

PDF = b"%PDF-1.7\n" + bytes(range(256))


async def test_a_screens_check_is_judged_kept_and_seen_by_the_county(site):
    standard = await (await site.call("GET", "/api/readiness/standard", "device")).json()
    assert (standard["min_width"], standard["min_seconds"]) == (1280, 60)
    body = {"figures": asdict(GOOD) | {"up_kbps": 400.0}}
    answer = await site.call("POST", "/api/readiness/checks", "device", json=body)
    assert answer.status == 201
    assert (await answer.json())["failed"] == ["up"]
    site.county.clock.at += 60
    good = await (await site.call("POST", "/api/readiness/checks", "device", json={"figures": asdict(GOOD)})).json()
    assert (good["failed"], good["day"], good["by_device"]) == ([], "2025-11-24", True)
    own = (await (await site.call("GET", "/api/readiness/checks", "device")).json())["items"]
    assert own[0]["id"] == good["id"]
    county = await (await site.call("GET", "/api/readiness", "researcher")).json()
    [school] = [one for one in county["schools"] if one["school_id"] == "s02"]
    assert (school["met_on"], school["checked_on"], school["accepted_on"]) == ("2025-11-24", "2025-11-24", None)
    assert school["rooms"][0]["last"]["figures"]["up_kbps"] == 2400
    listed = (await (await site.call("GET", "/api/readiness/schools/s02/checks", "admin")).json())["items"]
    assert listed == own


@pytest.mark.parametrize(
    "change", [{"width": -1}, {"loss": 1.5}, {"seconds": "long"}, {"microphone_db": 300}, {"heard": None}]
)
async def test_figures_that_cannot_be_are_refused(site, change):
    body = {"figures": asdict(GOOD) | change}
    assert (await site.call("POST", "/api/readiness/checks", "device", json=body)).status == 400


async def _put(site, pairing: str, data: bytes, name: str, role: str = "admin"):
    return await site.call(
        "POST",
        f"/api/readiness/agreements/{pairing}/file",
        role,
        data=io.BytesIO(data),
        params={"name": name},
        headers={"Content-Type": "application/octet-stream"},
    )


async def test_a_scan_is_put_up_replaced_and_taken_down_as_an_attachment(site):
    assert (await site.call("GET", "/api/readiness/agreements/p01/file", "researcher")).status == 404
    assert (await _put(site, "p01", PDF, "协议 1.pdf")).status == 204
    assert (await _put(site, "p01", PDF + b"2", "../协议 2.pdf")).status == 204
    found = await site.call("GET", "/api/readiness/agreements/p01/file", "researcher")
    assert await found.read() == PDF + b"2"
    assert found.content_type == "application/pdf"
    assert found.headers["Content-Disposition"].startswith("attachment")
    assert found.headers["X-Content-Type-Options"] == "nosniff"
    county = await (await site.call("GET", "/api/readiness", "researcher")).json()
    [mine] = [one for one in county["agreements"] if one["pairing_id"] == "p01"]
    assert (mine["file_name"], mine["file_url"]) == ("协议 2.pdf", "/api/readiness/agreements/p01/file")
    assert len(list((site.recordings.parent / "materials").iterdir())) == 1  # the one before is gone


@pytest.mark.parametrize(
    ("pairing", "data", "name", "status"),
    [
        ("p99", PDF, "a.pdf", 404),
        ("p01", b"<html>", "a.pdf", 400),
        ("p01", PDF, "a.exe", 400),
        ("p01", PDF, "pdf", 400),
        ("p01", b"", "a.pdf", 400),
        ("p01", b"%PDF-" + bytes(20 * 1024 * 1024), "a.pdf", 413),
    ],
)
async def test_what_is_no_document_is_refused_and_leaves_nothing(site, pairing, data, name, status):
    assert (await _put(site, pairing, data, name)).status == status
    assert (await _put(site, "p01", PDF, "a.pdf", "researcher")).status == 403
    folder = site.recordings.parent / "materials"
    assert not folder.exists() or list(folder.iterdir()) == []
