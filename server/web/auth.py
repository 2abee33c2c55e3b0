"""Who asks: session cookie, session or device token, media token; and the table's roles applied to it."""

from __future__ import annotations

import contextlib
import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from server.county.errors import Forbidden, Unauthorized
from server.county.model import Role, TokenRole
from server.live.ports import is_probe
from server.live.tokens import BadToken

from .context import ACTOR, ROUTE, TOKEN, context
from .route import Access

if TYPE_CHECKING:
    from server.county.model import Actor, MediaGrant

COOKIE = "tongke_session"
# Browsers keep the cookie as long as a person's session can slide (12 h a time); the server decides.
COOKIE_AGE = 30 * 24 * 3600
_SAFE = frozenset({hdrs.METH_GET, hdrs.METH_HEAD, hdrs.METH_OPTIONS})


async def authorize(request: web.Request) -> None:
    """Apply the route's row: sets ACTOR and TOKEN where the row wants an account. Raises CountyError."""
    route = request[ROUTE]
    if route.access is Access.ACCOUNT or (route.access is Access.LOCAL and not on_this_machine(request)):
        actor = await _account(request)
        if actor.role not in route.roles:
            raise Forbidden("forbidden", "您的身份没有权限做这件事。", "Your role is not allowed to do this.")


async def _account(request: web.Request) -> Actor:
    token, by_cookie = _token(request)
    if token is None:
        raise Unauthorized("not_logged_in", "请先登录。", "Log in first.")
    if by_cookie:
        refuse_forged(request)
    actor = await context(request).services.accounts.actor_for(token)
    if actor is None:
        raise Unauthorized("session_ended", "登录已失效，请重新登录。", "The session has ended; log in again.")
    request[ACTOR], request[TOKEN] = actor, token
    return actor


def bearer(request: web.Request) -> str | None:
    """The bearer token, None when there is no Authorization header. Raises Unauthorized for another scheme."""
    header = request.headers.get(hdrs.AUTHORIZATION)
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or len(token) > 4096 or not token.isascii():
        raise Unauthorized("bad_token", "Authorization 应为 Bearer 令牌。", "Authorization must be a Bearer token.")
    return token


def _token(request: web.Request) -> tuple[str | None, bool]:
    token = bearer(request)
    if token is not None:
        return token, False
    return request.cookies.get(COOKIE) or None, True


def refuse_forged(request: web.Request) -> None:
    """Cross-site request forgery: a request that only the cookie vouches for must come from our own pages.

    Either its Origin is our own host, or (no Origin: not a browser's form or fetch) it carries what a plain HTML form
    cannot send. Raises Forbidden.
    """
    if request.method in _SAFE:
        return
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is not None:
        if urlsplit(origin).netloc.lower() == request.host.lower():
            return
    elif (
        request.method != hdrs.METH_POST  # a form cannot, and a fetch would have an Origin
        or request.content_type == "application/json"
        or "X-Requested-With" in request.headers
    ):
        return
    raise Forbidden(
        "cross_site",
        "请求不是从本系统的页面发出的，已拒绝。脚本请使用 Authorization: Bearer。",
        "The request does not come from our own pages. Scripts: use Authorization: Bearer.",
    )


async def media_grant(request: web.Request, lesson_id: str, source: str | None) -> MediaGrant:
    """The grant of the request's media token, or one made for a session token's bearer. Raises CountyError."""
    token = bearer(request)
    if token is None:
        raise Unauthorized(
            "no_media_token",
            "缺少媒体令牌：请先 POST /api/lessons/{id}/tokens，再以 Authorization: Bearer 携带。",
            "A media token is missing: POST /api/lessons/{id}/tokens, then send it as Authorization: Bearer.",
        )
    try:
        grant = context(request).live.tokens.read(token)
    except BadToken as error:
        grant_of_session = await _grant_of_session(request, token, lesson_id, source)
        if grant_of_session is None:
            raise Unauthorized(
                "bad_media_token",
                "媒体令牌无效或已过期，请重新获取。",
                "The media token is not valid or has expired; get a new one.",
            ) from error
        return grant_of_session
    require_lesson(grant, lesson_id)
    await _check(request, grant)
    return grant


async def _check(request: web.Request, grant: MediaGrant) -> None:
    if not is_probe(grant.lesson_id):  # a network test is over before its account could end
        await context(request).services.lessons.check_grant(grant)


async def holder(request: web.Request) -> str:
    """Who asks, by any token of ours: an account's id, or whom a media token was given to. Raises Unauthorized."""
    token = bearer(request)
    if token is not None:
        with contextlib.suppress(BadToken):
            grant = context(request).live.tokens.read(token)
            await _check(request, grant)
            return grant.account_id or grant.participant_id
    return (await _account(request)).id


def require_lesson(grant: MediaGrant, lesson_id: str) -> None:
    """Raises Forbidden for another lesson's token."""
    if grant.lesson_id != lesson_id:
        raise Forbidden("other_lesson", "这个媒体令牌属于另一节课。", "This media token belongs to another lesson.")


_ROLE_OF = {Role.TEACHER: TokenRole.TEACHER, Role.DEVICE: TokenRole.CLASSROOM, Role.RESEARCHER: TokenRole.OBSERVER}


async def _grant_of_session(request: web.Request, token: str, lesson_id: str, source: str | None) -> MediaGrant | None:
    services = context(request).services
    actor = await services.accounts.actor_for(token)
    if actor is None:
        return None
    role, school = _ROLE_OF.get(actor.role), actor.school_id
    if role is None:  # an administrator may be anybody: what the source says when publishing, else an observer
        publishing = request[ROUTE].name == "whip.publish"
        if publishing and source is not None and source.startswith("classroom-"):
            role, school = TokenRole.CLASSROOM, source.removeprefix("classroom-")
        else:
            role = TokenRole.TEACHER if publishing else TokenRole.OBSERVER
    return await services.lessons.grant(actor, lesson_id, role, school if role is TokenRole.CLASSROOM else None)


async def session_grant(request: web.Request) -> MediaGrant | None:
    """For a session's own address: the grant of a media token if there is one. The address alone is enough else.

    Raises Unauthorized for a token that is not one.
    """
    token = bearer(request)
    if token is None:
        return None
    try:
        grant = context(request).live.tokens.read(token)
    except BadToken as error:
        if await context(request).services.accounts.actor_for(token) is not None:
            return None
        raise Unauthorized(
            "bad_media_token", "媒体令牌无效或已过期。", "The media token is not valid or has expired."
        ) from error
    if request.method != hdrs.METH_DELETE:  # whoever it was may always end what is theirs
        await _check(request, grant)
    return grant


def on_this_machine(request: web.Request) -> bool:
    """Whether the caller is on this machine, and no proxy stands between."""
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        return False


def set_cookie(request: web.Request, answer: web.StreamResponse, token: str) -> None:
    """The session cookie."""
    secure = context(request).settings.secure
    answer.set_cookie(COOKIE, token, max_age=COOKIE_AGE, httponly=True, samesite="Lax", secure=secure, path="/")


def drop_cookie(request: web.Request, answer: web.StreamResponse) -> None:
    secure = context(request).settings.secure
    answer.del_cookie(COOKIE, path="/", httponly=True, samesite="Lax", secure=secure)
