"""Every route against every role, made from the route table, so none can be forgotten."""

from __future__ import annotations

import re

import pytest

from server.county.model import Role
from server.web.app import HANDLERS
from server.web.route import Access
from server.web.table import BY_NAME, ROUTES

ROLES = ("admin", "researcher", "teacher", "device", None)
ACCOUNT = [route for route in ROUTES if route.access is Access.ACCOUNT]


def path_of(route):
    return re.sub(r"{\w+}", "x1", route.path)


def test_every_route_has_a_handler_and_every_handler_a_route():
    assert HANDLERS.keys() == BY_NAME.keys()


def test_names_and_addresses_are_unique():
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES) == len(BY_NAME)


def test_every_account_route_names_its_roles():
    assert all(route.roles for route in ACCOUNT)
    assert not any(route.roles for route in ROUTES if route.access not in (Access.ACCOUNT, Access.LOCAL))


@pytest.mark.parametrize("role", ROLES)
async def test_the_table_decides_who_may_call_what(site, role):
    for route in ACCOUNT:
        if route.name in ("events.stream", "sessions.logout"):
            continue  # own tests: it does not end; it ends the login
        answer = await site.call(route.method, path_of(route), role, json={} if route.body else None)
        where = f"{route.name} as {role}"
        if role is None:
            assert answer.status == 401, where
            assert (await answer.json())["code"] == "not_logged_in", where
        elif Role(role) not in route.roles:
            assert answer.status == 403, where
        else:
            # Allowed in: a bad body, an unknown id or a good answer, never a matter of who asks.
            assert answer.status in (200, 201, 204, 400, 404), f"{where}: {answer.status} {await answer.text()}"
        if answer.status >= 400:
            assert answer.content_type == "application/problem+json", where


async def test_a_media_token_opens_no_api_route(site):
    lesson = await site.lesson(live=True)
    token = await site.media(lesson.id, "observer")
    for route in ACCOUNT:
        answer = await site.client.request(
            route.method, path_of(route), headers={"Authorization": f"Bearer {token}"}, json={} if route.body else None
        )
        assert answer.status == 401, route.name


@pytest.mark.parametrize("route", [route for route in ROUTES if route.access is Access.MEDIA], ids=lambda r: r.name)
async def test_media_routes_want_a_token(site, route):
    answer = await site.client.request(
        route.method, path_of(route), data="v=0", headers={"Content-Type": "application/sdp"}
    )
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    if route.tag == "whip":  # anybody's player may use these
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer", "Bearer ", "Bearer é", "Bearer " + "x" * 5000, "token"])
async def test_a_header_that_is_no_bearer_token_is_refused(site, header):
    answer = await site.client.get("/api/session", headers={"Authorization": header})
    assert answer.status == 401


async def test_every_route_answers_other_methods_with_405(site):
    for path in {path_of(route) for route in ROUTES if route.path.startswith("/api/")}:
        answer = await site.call("PUT", path)
        assert answer.status == 405, path
        assert answer.content_type == "application/problem+json"
        assert answer.headers["Allow"]
