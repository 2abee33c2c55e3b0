"""Every error as `application/problem+json` (RFC 9457), in the caller's language."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aiohttp import web

from server.county.errors import CountyError, InvalidFields, Stale, TooMany, Unavailable
from server.live.ports import MediaError

if TYPE_CHECKING:
    from collections.abc import Mapping

PROBLEM = "application/problem+json"


class Refusal(CountyError):
    """A refusal of the HTTP layer itself, with its own status and headers."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        detail_en: str,
        *,
        headers: Mapping[str, str] | None = None,
        errors: list[dict[str, str]] | None = None,
    ) -> None:
        super().__init__(code, detail, detail_en)
        self.status = status
        self.headers = dict(headers or {})
        self.errors = errors or []


# A worker's refusals (docs/protocols.md, section 2): status, what to do. The worker's own words follow in brackets.
MEDIA_ERRORS: dict[str, tuple[int, str, str]] = {
    "bad_sdp": (
        400,
        "SDP 提议无法读取，请发送完整的 WebRTC offer",
        "The SDP offer cannot be read; send a complete WebRTC offer",
    ),
    "bad_request": (400, "媒体服务不接受这个请求", "The media server does not take this request"),
    "no_common_codec": (
        422,
        "没有双方都支持的编码，请提供 VP8 或 H.264（constrained baseline）和 Opus",
        "No codec in common: offer VP8 or H.264 (constrained baseline) and Opus",
    ),
    "no_such_lesson": (409, "这节课的媒体还没有打开，请先开始上课", "The lesson's media is not open; start the lesson"),
    "no_such_session": (404, "没有这个媒体会话，它可能已经结束，请重新连接", "No such session; connect again"),
    "too_many": (503, "媒体服务已满，请几秒后再试", "The media server is full; try again in a few seconds"),
    "unavailable": (
        503,
        "媒体服务暂时不可用，正在自动恢复，请几秒后再试",
        "The media server is not available; it recovers by itself, try again in a few seconds",
    ),
}
_OTHER_MEDIA = (502, "媒体服务拒绝了这个请求", "The media server refused")
# Seconds a client should wait before it tries a full or absent worker again: a worker is back within a lease.
MEDIA_RETRY = 2

_STATUS_TEXTS: dict[int, tuple[str, str, str]] = {
    404: ("not_found", "没有这个地址。请检查网址。", "There is nothing at this address."),
    405: ("method_not_allowed", "这个地址不支持这种请求方法。", "This address does not take this method."),
    413: ("too_large", "请求内容太大。", "The request body is too large."),
    500: (
        "internal",
        "服务器出错了，已记入日志。请再试一次；如仍出错，请联系管理员。",
        "The server failed and has logged it. Try again; if it stays, ask the administrator.",
    ),
}


def english(request: web.Request) -> bool:
    """Whether the caller prefers English to Chinese: the first of the two in Accept-Language."""
    best, is_english = 0.0, False
    for part in request.headers.get("Accept-Language", "").split(","):
        name, _, quality = part.strip().partition(";q=")
        language = name.partition("-")[0].lower()
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        if language in ("zh", "en") and weight > best:
            best, is_english = weight, language == "en"
    return is_english


def problem(
    request: web.Request,
    status: int,
    code: str,
    detail: str,
    detail_en: str,
    *,
    headers: Mapping[str, str] | None = None,
    errors: list[dict[str, str]] | None = None,
    current: Mapping[str, Any] | None = None,
) -> web.Response:
    """The answer. `current`: what is stored now, where the caller changed something older."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": (detail_en if english(request) else detail) or HTTPStatus(status).phrase,
        "code": code,
        "errors": errors or [],
    }
    if current is not None:
        body["current"] = dict(current)
    text = json.dumps(body, ensure_ascii=False)
    answer = web.Response(status=status, text=text, content_type=PROBLEM, headers=headers)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Vary"] = "Accept-Language"
    return answer


def from_error(request: web.Request, error: Exception) -> web.Response | None:
    """The problem for an error that we understand, else None."""
    if isinstance(error, Refusal):
        return problem(
            request,
            error.status,
            error.code,
            error.detail,
            error.detail_en,
            headers=error.headers,
            errors=error.errors,
        )
    if isinstance(error, CountyError):
        headers: dict[str, str] = {}
        if isinstance(error, TooMany):
            headers["Retry-After"] = str(max(1, round(error.retry_after + 0.5)))
        errors = None
        if isinstance(error, InvalidFields):
            spoken = 2 if english(request) else 1
            errors = [{"field": one[0], "detail": one[spoken]} for one in error.problems]
        if error.status == 401:
            headers["WWW-Authenticate"] = 'Bearer realm="tongke"'
        return problem(
            request,
            error.status,
            error.code,
            error.detail,
            error.detail_en,
            headers=headers,
            errors=errors,
            current=error.current if isinstance(error, Stale) else None,
        )
    if isinstance(error, Unavailable):
        again = {"Retry-After": str(MEDIA_RETRY)}
        return problem(request, error.status, error.code, error.detail, error.detail_en, headers=again)
    if isinstance(error, MediaError):
        status, chinese, text = MEDIA_ERRORS.get(error.code, _OTHER_MEDIA)
        retry = {"Retry-After": str(MEDIA_RETRY)} if status == 503 else None
        said = f"（{error.detail}）" if error.detail else ""
        said_en = f" ({error.detail})" if error.detail.isascii() and error.detail else ""
        return problem(request, status, error.code, f"{chinese}{said}。", f"{text}{said_en}.", headers=retry)
    if isinstance(error, web.HTTPException) and error.status >= 400:
        return from_status(request, error.status, error.headers.get("Allow"))
    return None


def from_status(request: web.Request, status: int, allow: str | None = None) -> web.Response:
    """The problem for a bare status of aiohttp's own."""
    phrase = HTTPStatus(status).phrase
    code, detail, detail_en = _STATUS_TEXTS.get(
        status, (phrase.lower().replace(" ", "_"), f"请求无法处理：{phrase}。", phrase)
    )
    return problem(request, status, code, detail, detail_en, headers={"Allow": allow} if allow else None)
