"""Before the lesson: the relays a page may use, and the network test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import schemas_network as n
from ..answers import answer, nothing
from ..auth import holder, media_grant
from ..context import context
from ..schemas import rfc3339

if TYPE_CHECKING:
    from aiohttp import web

    from . import Handler


async def ice_servers(request: web.Request) -> web.Response:
    relays = context(request).live.ice.relays_for(await holder(request))
    return answer(n.IceServersAnswer(ice_servers=n.ice_servers(relays), expires_at=rfc3339(relays.expires_at)))


async def test(request: web.Request) -> web.Response:
    who, c = await holder(request), context(request)
    probe = await c.probes.open(who)
    return answer(
        n.NetworkTestAnswer(
            id=probe.id,
            token=probe.token,
            expires_at=rfc3339(probe.expires_at),
            ice_servers=n.ice_servers(c.live.ice.relays_for(who)),
        ),
        201,
    )


async def end(request: web.Request) -> web.Response:
    test_id = request.match_info["test_id"]
    await media_grant(request, test_id, None)
    await context(request).probes.close(test_id)
    return nothing()


HANDLERS: dict[str, Handler] = {
    "network.ice_servers": ice_servers,
    "network.test": test,
    "network.end": end,
}
