"""Health, metrics, the system's state, what is live, server-sent events, the web client's files."""

from __future__ import annotations

import asyncio
import json

import pytest

from server.web.context import CONTEXT
from server.web.handlers import events
from tests.fakes.county import ADMIN


async def test_health_names_what_is_missing(site):
    assert (await site.client.get("/healthz")).status == 200
    site.plane.die()
    answer = await site.client.get("/healthz")
    assert answer.status == 503
    assert "媒体" in (await answer.json())["detail"]
    site.plane.start("e2")
    site.system.wrong = {"recorder": "x"}
    answer = await site.client.get("/healthz")
    assert (answer.status, "录像" in (await answer.json())["detail"]) == (503, True)
    site.system.wrong = {"database": "x", "redis": "y"}
    body = await (await site.client.get("/healthz", headers={"Accept-Language": "en"})).json()
    assert "database" in body["detail"]
    assert "Redis" in body["detail"]


async def test_metrics_count_requests_lessons_and_workers(site):
    await site.lesson(live=True)
    await site.call("GET", "/api/schools")
    text = await (await site.client.get("/metrics")).text()
    assert 'tongke_http_requests_total{method="GET",route="roster.schools",status="200"} 1.0' in text
    assert 'tongke_lessons{state="live"} 1.0' in text
    assert 'tongke_worker_stat{stat="packets_in",worker="w0"} 5.0' in text
    assert "tongke_recorder_up 1.0" in text


async def test_metrics_are_for_this_machine_or_an_administrator(site):
    far = {"X-Forwarded-For": "192.0.2.1"}
    assert (await site.client.get("/metrics", headers=far)).status == 401
    assert (await site.call("GET", "/metrics", "teacher", headers=far)).status == 403
    assert (await site.call("GET", "/metrics", "admin", headers=far)).status == 200


async def test_the_systems_state(site):
    body = await (await site.call("GET", "/api/system")).json()
    assert (body["redis"], body["database"], body["disk"]) == ("ok", "ok", {"free": 10, "total": 100})
    assert body["workers"][0]["worker"] == "w0"
    assert body["recorder"]["alive"] is True


async def test_what_is_live_and_who_is_there(site):
    lesson = await site.lesson(live=True)
    async with site.client.ws_connect(f"/api/lessons/{lesson.id}/room") as socket:
        token = await site.media(lesson.id, "teacher")
        await socket.send_str(json.dumps({"v": 1, "type": "hello", "token": token}))
        await socket.receive(timeout=5)
        body = await (await site.call("GET", "/api/live", "researcher")).json()
    assert [item["lesson"]["id"] for item in body["items"]] == [lesson.id]
    assert [one["participant_id"] for one in body["items"][0]["participants"]] == ["teacher"]
    assert body["items"][0]["recording"] == {"state": "idle", "detail": ""}


async def test_metrics_tell_how_good_live_lessons_are_and_name_no_observer(site):
    lesson = await site.lesson()
    await site.county.services.lessons.start(ADMIN, lesson.id)
    rows = [
        {"participant_id": who, "source": "teacher", "direction": "out", "kind": "video", "bitrate": 5e5,
         "loss": 0.04, "score": 2}
        for who in ("classroom-s02", "observer-x")
    ]  # fmt: skip
    pump = site.client.app[CONTEXT].pump
    body = {"lesson_id": lesson.id, "at": site.county.clock.at, "load": 0.1, "rows": rows}
    await pump.handle([("1-0", "quality", body)])
    text = await (await site.call("GET", "/metrics", "admin")).text()
    labels = f'{{direction="out",lesson="{lesson.id}",participant="classroom-s02"}}'
    assert f"tongke_participant_score{labels} 2.0" in text
    assert f"tongke_participant_loss_ratio{labels} 0.04" in text
    assert 'tongke_quality_looks_total{direction="out",kind="video",score="2"} 2.0' in text
    assert "tongke_lessons_bad 1.0" in text
    assert "observer-x" not in text
    await site.county.services.lessons.end(ADMIN, lesson.id)
    assert "tongke_participant_score{" not in await (await site.call("GET", "/metrics", "admin")).text()


async def next_event(answer):
    lines = []
    while True:
        line = (await asyncio.wait_for(answer.content.readline(), 5)).decode()
        assert line, "the stream ended"
        if line == "\n":
            if lines and not lines[0].startswith(":"):
                return lines
            lines = []
        else:
            lines.append(line.strip())


async def test_events_tell_only_of_lessons_the_caller_may_see(site):
    own, other = await site.lesson(), await site.lesson(pairing_id="p02")
    answer = await site.call("GET", "/api/events", "device")
    assert answer.content_type == "text/event-stream"
    await site.county.services.lessons.start(ADMIN, other.id)
    await site.county.services.lessons.start(ADMIN, own.id)
    name, data = await next_event(answer)
    assert name == "event: lesson"
    assert json.loads(data.removeprefix("data: ")) == {
        "lesson_id": own.id,
        "state": "live",
        "receiving_school_id": "s02",
        "supporting_school_id": "s01",
    }
    answer.close()


async def test_an_event_stream_ends_with_the_login(site, monkeypatch):
    monkeypatch.setattr(events, "COMMENT_EVERY", 0.01)
    answer = await site.call("GET", "/api/events", "teacher")
    await site.call("DELETE", "/api/session", "teacher")
    await asyncio.wait_for(answer.read(), 5)


async def test_the_client_is_served_with_its_history(site):
    missing = await site.client.get("/")
    assert missing.status == 503
    assert "make setup" in await missing.text()
    assets = site.settings.client_dist / "assets"
    assets.mkdir(parents=True)
    (site.settings.client_dist / "index.html").write_text("<!doctype html>the page")
    (site.settings.client_dist.parent / "outside.txt").write_text("outside")
    (assets / "index-BKq3xYz9.js").write_text("1")
    for path in ("/", "/lessons/l1", "/board"):
        answer = await site.client.get(path)
        assert (answer.status, await answer.text()) == (200, "<!doctype html>the page")
        assert answer.headers["Cache-Control"] == "no-cache"
        assert answer.content_type == "text/html"
    script = await site.client.get("/assets/index-BKq3xYz9.js")
    assert "immutable" in script.headers["Cache-Control"]
    assert script.content_type.endswith("/javascript")
    assert (await site.client.get("/assets/index-gone0000.js")).status == 404
    assert (await site.client.post("/", data="x")).status == 405


@pytest.mark.parametrize(
    "path", ["/../outside.txt", "/..%2foutside.txt", "/%2e%2e/outside.txt", "/assets/..%2f..%2foutside.txt"]
)
async def test_no_way_out_of_the_clients_folder(site, path):
    from yarl import URL

    site.settings.client_dist.mkdir()
    (site.settings.client_dist / "index.html").write_text("page")
    (site.settings.client_dist.parent / "outside.txt").write_text("outside")
    url = URL(str(site.client.make_url("/"))[:-1] + path, encoded=True)
    assert "outside" not in await (await site.client.session.get(url)).text()
