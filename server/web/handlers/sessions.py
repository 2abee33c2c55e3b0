"""Logging in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.county.model import Role

from .. import schemas as s
from ..answers import answer, nothing
from ..auth import drop_cookie, set_cookie
from ..bodies import body
from ..context import TOKEN, actor, context

if TYPE_CHECKING:
    from aiohttp import web

    from . import Handler


async def login(request: web.Request) -> web.Response:
    asked = await body(request, s.LoginRequest)
    c = context(request)
    user, token = await c.services.accounts.login(asked.username, asked.password, request.remote or "")
    profile = s.SessionUser(
        id=user.id,
        username=user.username,
        name=user.name,
        role=user.role,
        school_id=user.school_id,
        school_name=await c.views.school_name(user.school_id),
    )
    response = answer(s.LoginAnswer(token=token, user=profile))
    set_cookie(request, response, token)
    return response


async def who(request: web.Request) -> web.Response:
    me, c = actor(request), context(request)
    username = me.id if me.role is Role.DEVICE else (await c.services.accounts.get_user(me.id)).username
    return answer(
        s.SessionAnswer(
            user=s.SessionUser(
                id=me.id,
                username=username,
                name=me.name,
                role=me.role,
                school_id=me.school_id,
                school_name=await c.views.school_name(me.school_id),
            )
        )
    )


async def logout(request: web.Request) -> web.Response:
    await context(request).services.accounts.logout(request[TOKEN])
    response = nothing()
    drop_cookie(request, response)
    return response


async def password(request: web.Request) -> web.Response:
    asked = await body(request, s.PasswordChange)
    c, who = context(request), actor(request)
    await c.services.accounts.change_password(who, asked.old, asked.new, keep_token=request[TOKEN])
    await c.sessions.end_account(who.id)  # one's own pages are back in a second, with a new media token
    return nothing()


HANDLERS: dict[str, Handler] = {
    "sessions.login": login,
    "sessions.who": who,
    "sessions.logout": logout,
    "sessions.password": password,
}
