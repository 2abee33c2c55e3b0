"""Accounts of people, kept by the administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import schemas as s
from ..answers import answer, page
from ..bodies import body
from ..context import actor, context

if TYPE_CHECKING:
    from aiohttp import web

    from . import Handler


async def users(request: web.Request) -> web.Response:
    c = context(request)
    return page([await c.views.user(one) for one in await c.services.accounts.list_users(actor(request))])


async def create(request: web.Request) -> web.Response:
    asked = await body(request, s.UserCreate)
    c = context(request)
    user = await c.services.accounts.create_user(
        actor(request),
        username=asked.username,
        name=asked.name,
        role=asked.role,
        school_id=asked.school_id,
        password=asked.password,
    )
    c.views.forget()
    return answer(await c.views.user(user), 201)


async def update(request: web.Request) -> web.Response:
    asked = await body(request, s.UserUpdate)
    c = context(request)
    user = await c.services.accounts.update_user(
        actor(request),
        request.match_info["user_id"],
        name=asked.name,
        school_id=asked.school_id,
        password=asked.password,
        disabled=asked.disabled,
    )
    c.views.forget()
    if user.disabled or asked.password is not None:
        await c.sessions.end_account(user.id)
    return answer(await c.views.user(user))


HANDLERS: dict[str, Handler] = {"users.list": users, "users.create": create, "users.update": update}
