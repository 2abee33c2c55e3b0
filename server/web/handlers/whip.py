"""WHIP (RFC 9725) and WHEP over HTTP: headers, statuses, CORS; what they mean is `live.whip`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from server.live.ports import is_probe
from server.live.sdpfrag import BadFragment

from ..auth import media_grant, session_grant
from ..bodies import sdp, text_of
from ..context import context
from ..problems import Refusal
from ..table import SDP, TRICKLE
from .library import address_of

if TYPE_CHECKING:
    from server.county.model import MediaGrant
    from server.live.whip import Created

    from . import Handler


async def publish(request: web.Request) -> web.Response:
    lesson_id, source = request.match_info["lesson_id"], text_of(request, "source")
    grant = await media_grant(request, lesson_id, source)
    offer = await sdp(request, SDP)
    c = context(request)
    created = await c.sessions.publish(grant, source, offer)
    if not is_probe(lesson_id):
        await c.services.doubts.published(grant, address_of(request))
    return _created(request, "whip", grant, created)


async def play(request: web.Request) -> web.Response:
    lesson_id, source = request.match_info["lesson_id"], text_of(request, "source")
    grant = await media_grant(request, lesson_id, source)
    offer = await sdp(request, SDP)
    return _created(request, "whep", grant, await context(request).sessions.play(grant, source, offer))


def _created(request: web.Request, kind: str, grant: MediaGrant, created: Created) -> web.Response:
    made = web.Response(
        status=201,
        text=created.answer,
        content_type=SDP,
        headers={
            "Location": f"/{kind}/{grant.lesson_id}/{created.session_id}",
            "ETag": f'"{created.etag}"',
            "Accept-Patch": TRICKLE,
        },
    )
    for link in context(request).live.ice.relays_for(grant.participant_id).links():
        made.headers.add("Link", link)
    return made


async def patch(request: web.Request) -> web.Response:
    grant = await session_grant(request)
    fragment = await sdp(request, TRICKLE)
    try:
        restarted = await context(request).sessions.patch(
            request.match_info["lesson_id"],
            request.match_info["session_id"],
            fragment,
            request.headers.get("If-Match"),
            grant,
        )
    except BadFragment as error:
        raise Refusal(
            400,
            "bad_fragment",
            f"不是有效的 trickle-ice-sdpfrag：{error}。",
            f"Not a valid trickle-ice-sdpfrag: {error}.",
        ) from None
    if restarted is None:
        return web.Response(status=204)
    return web.Response(text=restarted.fragment, content_type=TRICKLE, headers={"ETag": f'"{restarted.etag}"'})


async def delete(request: web.Request) -> web.Response:
    grant = await session_grant(request)
    await context(request).sessions.end(request.match_info["lesson_id"], request.match_info["session_id"], grant)
    return web.Response(status=200)


async def options(request: web.Request) -> web.Response:
    return _options("OPTIONS, POST", {"Accept-Post": SDP})


async def session_options(request: web.Request) -> web.Response:
    return _options("OPTIONS, PATCH, DELETE", {"Accept-Patch": TRICKLE})


def _options(methods: str, accepts: dict[str, str]) -> web.Response:
    return web.Response(
        status=204, headers={"Allow": methods, "Access-Control-Allow-Methods": methods, **accepts, **_PREFLIGHT}
    )


_PREFLIGHT = {"Access-Control-Allow-Headers": "Authorization, Content-Type, If-Match", "Access-Control-Max-Age": "600"}

# Media tokens come as bearer tokens, never by themselves as cookies do, so any site's player may use these resources.
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Location, ETag, Link, Accept-Post, Accept-Patch, Retry-After",
}

HANDLERS: dict[str, Handler] = {
    "whip.publish": publish,
    "whip.options": options,
    "whip.patch": patch,
    "whip.delete": delete,
    "whip.session_options": session_options,
    "whip.play": play,
    "whip.play_options": options,
    "whip.play_patch": patch,
    "whip.play_delete": delete,
    "whip.play_session_options": session_options,
}
