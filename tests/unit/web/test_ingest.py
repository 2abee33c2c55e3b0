"""Room recorders over HTTP: who may let one in, what is said of it, and how it is stopped."""

from __future__ import annotations

import ipaddress

import pytest

from server.live.ingest import IngestDesk, IngestState
from server.web.context import CONTEXT
from tests.fakes.cluster import MemoryIngests

URL = "rtsp://admin:secret@10.20.3.4/stream"


async def resolve(host, port):
    return [host]


@pytest.fixture
def ingests(site):
    """A desk that lets 10.20.0.0/16 in."""
    context = site.client.app[CONTEXT]
    made = MemoryIngests()
    desk = IngestDesk(made, (ipaddress.ip_network("10.20.0.0/16"),), resolve)
    object.__setattr__(context.live, "ingest", desk)
    return made


async def test_a_recorder_is_let_in_watched_and_stopped(site, ingests):
    lesson = await site.lesson()
    address = f"/api/lessons/{lesson.id}/ingest"
    answer = await site.call("POST", address, "teacher", json={"url": URL, "role": "teacher"})
    assert answer.status == 201, await answer.text()
    made = await answer.json()
    assert (made["source"], made["state"], made["url"]) == ("teacher", "connecting", "rtsp://10.20.3.4/stream")
    (wanted,) = ingests.wanted.values()
    assert (wanted.target.url, wanted.target.address, wanted.target.port) == (URL, "10.20.3.4", 554)
    assert site.tokens.read(wanted.token).participant_id == "teacher"
    ingests.states[made["id"]] = IngestState("live", "", "H.264 1280×720", "aac", 5.0)
    (listed,) = (await (await site.call("GET", address, "researcher")).json())["items"]
    assert (listed["state"], listed["video"], listed["audio"]) == ("live", "H.264 1280×720", "aac")
    again = await (await site.call("POST", address, "admin", json={"url": URL, "role": "teacher"})).json()
    assert list(ingests.wanted) == [again["id"]]  # one for each place
    assert (await site.call("DELETE", f"{address}/{made['id']}", "teacher")).status == 404
    assert (await site.call("DELETE", f"{address}/{again['id']}", "researcher")).status == 403
    assert (await site.call("DELETE", f"{address}/{again['id']}", "teacher")).status == 204
    assert ingests.wanted == {}
    kept = [(row.action, row.detail) for row in site.county.store.state.audit if row.action.startswith("ingest")]
    assert [action for action, _ in kept] == ["ingest.start", "ingest.start", "ingest.stop"]
    assert not any("secret" in detail for _, detail in kept)


async def test_a_classrooms_recorder_needs_its_school_and_an_administrator(site, ingests):
    lesson = await site.lesson()
    address = f"/api/lessons/{lesson.id}/ingest"
    body = {"url": URL, "role": "classroom", "school_id": lesson.receiving_school_ids[0]}
    made = await (await site.call("POST", address, "admin", json=body)).json()
    assert made["source"] == f"classroom-{lesson.receiving_school_ids[0]}"
    assert (await site.call("POST", address, "teacher", json=body)).status == 403
    assert (await site.call("POST", address, "researcher", json=body | {"role": "teacher"})).status == 403
    assert (await site.call("POST", address, "device", json=body)).status == 403


@pytest.mark.parametrize(
    ("url", "code"),
    [("rtsp://192.168.1.1/x", "address_not_allowed"), ("http://10.20.3.4/", "bad_url"), ("", "invalid")],
)
async def test_a_bad_address_is_a_clear_problem(site, ingests, url, code):
    lesson = await site.lesson()
    answer = await site.call("POST", f"/api/lessons/{lesson.id}/ingest", "admin", json={"url": url, "role": "teacher"})
    assert (answer.status, answer.content_type) == (400, "application/problem+json")
    assert (await answer.json())["code"] == code
    assert ingests.wanted == {}


async def test_without_allowed_ranges_the_page_says_whom_to_ask(site):
    lesson = await site.lesson()
    answer = await site.call("POST", f"/api/lessons/{lesson.id}/ingest", "admin", json={"url": URL, "role": "teacher"})
    assert (answer.status, (await answer.json())["code"]) == (409, "ingest_off")


async def test_lessons_of_others_take_no_recorder(site, ingests):
    elsewhere = await site.lesson(pairing_id="p02")
    address = f"/api/lessons/{elsewhere.id}/ingest"
    assert (await site.call("GET", address, "teacher")).status == 404
    assert (await site.call("POST", address, "teacher", json={"url": URL, "role": "teacher"})).status == 404
