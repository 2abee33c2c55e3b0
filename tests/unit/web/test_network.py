"""Relays for whoever has any token of ours, and the network test from opening to its end."""

from __future__ import annotations

import pytest

from server.live.ports import PROBE_SECONDS
from server.live.probe import MAX_OPEN, MAX_PER_HOLDER
from tests.unit.web.site import OFFER, RELAYS


async def open_test(site, role="teacher"):
    answer = await site.call("POST", "/api/network-test", role)
    assert answer.status == 201, await answer.text()
    return await answer.json()


@pytest.mark.parametrize("role", ["admin", "researcher", "teacher", "device"])
async def test_any_account_gets_relays(site, role):
    body = await (await site.call("GET", "/api/ice-servers", role)).json()
    ((server),) = body["ice_servers"]
    assert server["urls"] == list(RELAYS)
    assert int(server["username"].partition(":")[0]) == pytest.approx(site.county.clock() + 3600, abs=1)
    assert server["credential"]
    assert body["expires_at"].endswith("Z")


async def test_a_media_token_gets_relays_in_its_participants_name(site):
    lesson = await site.lesson(live=True)
    token = await site.media(lesson.id, "classroom", "s02")
    answer = await site.client.get("/api/ice-servers", headers={"Authorization": f"Bearer {token}"})
    (server,) = (await answer.json())["ice_servers"]
    assert answer.status == 200
    assert ":" in server["username"]


@pytest.mark.parametrize(("method", "path"), [("GET", "/api/ice-servers"), ("POST", "/api/network-test")])
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nonsense"}])
async def test_nobody_gets_nothing(site, method, path, headers):
    assert (await site.client.request(method, path, headers=headers)).status == 401


async def test_media_answers_name_the_relays(site):
    lesson = await site.lesson(live=True)
    answer = await site.whip(f"/whip/{lesson.id}", await site.media(lesson.id, "teacher"))
    links = answer.headers.getall("Link")
    assert [link.partition(">")[0] for link in links] == [f"<{url}" for url in RELAYS]
    assert all('rel="ice-server"' in link and 'credential-type="password"' in link for link in links)


async def test_a_test_publishes_and_plays_its_own_source(site):
    opened = await open_test(site)
    assert [server["urls"] for server in opened["ice_servers"]] == [list(RELAYS)]
    for way, method in (("whip", "session.publish"), ("whep", "session.play")):
        answer = await site.whip(f"/{way}/{opened['id']}", opened["token"])
        assert answer.status == 201, await answer.text()
        name, params = site.plane.calls[-1]
        assert (name, params["lesson_id"], params["source"]) == (method, opened["id"], "network-test")
        ended = await site.client.delete(
            answer.headers["Location"], headers={"Authorization": f"Bearer {opened['token']}"}
        )
        assert ended.status == 200


async def test_its_token_opens_nothing_else_and_no_other_token_opens_it(site):
    opened, other = await open_test(site), await open_test(site)
    lesson = await site.lesson(live=True)
    for target in (lesson.id, other["id"]):
        assert (await site.whip(f"/whip/{target}", opened["token"])).status == 403
    assert (await site.whip(f"/whip/{opened['id']}", await site.media(lesson.id, "teacher"))).status == 403
    assert (await site.whip(f"/whip/{opened['id']}", site.logins["teacher"])).status in (401, 404)
    assert (await site.client.get("/api/lessons", headers={"Authorization": f"Bearer {opened['token']}"})).status == 401


async def test_it_is_over_after_two_minutes(site):
    opened = await open_test(site)
    site.county.clock.at += PROBE_SECONDS + 1
    assert (await site.whip(f"/whip/{opened['id']}", opened["token"], OFFER)).status == 401


async def test_one_account_has_a_few_at_once_and_more_when_they_end(site):
    opened = [await open_test(site) for _ in range(MAX_PER_HOLDER)]
    refused = await site.call("POST", "/api/network-test", "teacher")
    assert refused.status == 429
    assert 0 < int(refused.headers["Retry-After"]) <= PROBE_SECONDS
    await open_test(site, "device")
    ended = await site.client.delete(
        f"/api/network-test/{opened[0]['id']}", headers={"Authorization": f"Bearer {opened[0]['token']}"}
    )
    assert ended.status == 204
    await open_test(site)
    assert (await site.call("POST", "/api/network-test", "teacher")).status == 429
    site.county.clock.at += PROBE_SECONDS + 1
    await open_test(site)


async def test_the_county_has_only_so_many_at_once(site):
    for number in range(MAX_OPEN):
        await site.context.probes.open(f"somebody-{number}")
    assert (await site.call("POST", "/api/network-test", "teacher")).status == 429
