"""Classroom screens: added by the administrator, redeemed once by a code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.county.errors import NotFound

from .. import schemas as s
from ..answers import answer, nothing, page
from ..auth import set_cookie
from ..bodies import body
from ..context import actor, context

if TYPE_CHECKING:
    from aiohttp import web

    from . import Handler


async def redeem(request: web.Request) -> web.Response:
    asked = await body(request, s.RedeemRequest)
    c = context(request)
    device, token = await c.services.accounts.redeem(asked.code, request.remote or "")
    response = answer(s.RedeemAnswer(token=token, device=await c.views.device(device)))
    set_cookie(request, response, token)
    return response


async def devices(request: web.Request) -> web.Response:
    c = context(request)
    return page([await c.views.device(one) for one in await c.services.accounts.list_devices(actor(request))])


async def create(request: web.Request) -> web.Response:
    asked = await body(request, s.DeviceCreate)
    c = context(request)
    device, code = await c.services.accounts.create_device(actor(request), asked.school_id, asked.name)
    return answer(s.DeviceCode(device=await c.views.device(device), code=code), 201)


async def code(request: web.Request) -> web.Response:
    c, device_id = context(request), request.match_info["device_id"]
    fresh = await c.services.accounts.new_code(actor(request), device_id)
    await c.sessions.end_account(device_id)
    for device in await c.services.accounts.list_devices(actor(request)):
        if device.id == device_id:
            return answer(s.DeviceCode(device=await c.views.device(device), code=fresh))
    raise NotFound("no_such_device", "没有这个设备。", "No such device.")


async def revoke(request: web.Request) -> web.Response:
    c, device_id = context(request), request.match_info["device_id"]
    await c.services.accounts.revoke_device(actor(request), device_id)
    await c.sessions.end_account(device_id)
    return nothing()


HANDLERS: dict[str, Handler] = {
    "devices.redeem": redeem,
    "devices.list": devices,
    "devices.create": create,
    "devices.code": code,
    "devices.revoke": revoke,
}
