"""Doubts over HTTP: listed, decided, refused; and from which line somebody sent."""

from __future__ import annotations

import pytest

from tests.fakes.county import good_report


@pytest.fixture
async def lesson(site):
    """Credited, and planned for a minute only."""
    taught = await site.county.taught(minutes=1, planned_minutes=1)
    await site.county.services.lessons.verified(taught.id, good_report(taught.id))
    await site.county.services.crediting.run(taught.id)
    await site.county.services.doubts.look(taught.id)
    return taught


async def listed(site, role="researcher", query=""):
    answer = await site.call("GET", f"/api/doubts{query}", role)
    assert answer.status == 200, await answer.text()
    return (await answer.json())["items"]


async def take(site, doubt, step, role="researcher", **body):
    wanted = {"version": doubt["version"], "reason": "看过录像"} | body
    return await site.call("POST", f"/api/doubts/{doubt['id']}/{step}", role, json=wanted)


async def test_a_doubt_goes_over_http_from_the_list_to_the_appeal_and_back(site, lesson):
    (doubt,) = await listed(site)
    assert (doubt["kind"], doubt["state"], doubt["school_id"]) == ("short_plan", "open", None)
    assert doubt["lesson"]["id"] == lesson.id
    assert doubt["credited"] == ["s01", "s02"]
    assert doubt["may_take"] == ["dismiss", "confirm"]
    assert "30 分钟" in doubt["text"]
    assert "30 min" in doubt["text_en"]
    assert await listed(site, "teacher") == []

    confirmed = await (await take(site, doubt, "confirm")).json()
    assert (confirmed["state"], confirmed["credited"]) == ("confirmed", [])
    (seen,) = await listed(site, "teacher", f"?lesson_id={lesson.id}")
    assert seen["may_take"] == ["appeal"]
    appealed = await (await take(site, seen, "appeal", "teacher", reason="是设备调试课")).json()
    assert [event["step"] for event in appealed["events"]] == ["found", "confirm", "appeal"]
    refused = await take(site, appealed, "grant")
    assert (refused.status, (await refused.json())["code"]) == (403, "own_decision")
    granted = await (await take(site, appealed, "grant", "admin")).json()
    assert (granted["state"], granted["credited"]) == ("granted", ["s01", "s02"])


@pytest.mark.parametrize(
    ("step", "body", "status", "code"),
    [
        ("confirm", {"version": 9}, 409, "stale"),
        ("confirm", {"reason": " "}, 400, "invalid"),
        ("grant", {}, 409, "doubt_is_open"),
        ("uphold", {}, 409, "doubt_is_open"),
    ],
)
async def test_a_step_that_cannot_be_taken_is_refused_with_its_reason(site, lesson, step, body, status, code):
    (doubt,) = await listed(site)
    answer = await take(site, doubt, step, **body)
    assert (answer.status, (await answer.json())["code"]) == (status, code)
    assert (await listed(site))[0]["version"] == doubt["version"]


@pytest.mark.parametrize("query", ["?state=open,lost", "?kind=ghost", "?kind=loop,copy", "?limit=0"])
async def test_a_list_asks_for_what_there_is(site, query):
    assert (await site.call("GET", f"/api/doubts{query}", "admin")).status == 400


async def test_lists_filter_by_state_and_kind(site, lesson):
    assert [len(await listed(site, query=query)) for query in ("?state=open,appealed", "?state=dismissed")] == [1, 0]
    assert [len(await listed(site, query=f"?kind={kind}")) for kind in ("short_plan", "loop")] == [1, 0]


async def test_whoever_publishes_leaves_the_line_it_came_from_and_a_network_test_does_not(site):
    lesson = await site.lesson(live=True)
    token = await site.media(lesson.id, "classroom", "s02")
    assert (await site.whip(f"/whip/{lesson.id}", token, **{"X-Forwarded-For": "198.51.100.9"})).status == 201
    test = await (await site.call("POST", "/api/network-test", "teacher")).json()
    forwarded = {"X-Forwarded-For": "198.51.100.10"}
    assert (await site.whip(f"/whip/{test['id']}", test["token"], **forwarded)).status == 201
    async with site.county.store.read() as work:
        found = await work.doubts.publications(
            0, 1e11, lesson_id=lesson.id, addresses=["198.51.100.9", "198.51.100.10"]
        )
    assert [(one.school_id, one.participant_id, one.address) for one in found] == [
        ("s02", "classroom-s02", "198.51.100.9")
    ]
