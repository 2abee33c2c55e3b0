"""Reading what strangers send: JSON bodies as pydantic models, query parameters, SDP texts."""

from __future__ import annotations

import json
import re
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pydantic import BaseModel, ValidationError

from .context import ROUTE
from .problems import Refusal

if TYPE_CHECKING:
    from aiohttp import web
    from pydantic_core import ErrorDetails

Model = TypeVar("Model", bound=BaseModel)
Kinds = TypeVar("Kinds", bound=StrEnum)

# An offer with many m-lines and candidates has about 12 kB; Chromium's with everything about 8.
SDP_MAX = 128 * 1024

# pydantic's error types in Chinese; `{…}` are pydantic's own context values. Others say what pydantic says.
_TEXTS = {
    "missing": "缺少这个字段",
    "string_type": "应为文字",
    "string_too_short": "太短，至少 {min_length} 个字符",
    "string_too_long": "太长，最多 {max_length} 个字符",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "enum": "应为以下之一：{expected}",
    "literal_error": "应为以下之一：{expected}",
    "list_type": "应为列表",
    "too_short": "至少要有 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "timezone_aware": "时间要带时区，例如 2026-09-01T08:00:00+08:00",
    "datetime_type": "应为 RFC 3339 时间，例如 2026-09-01T08:00:00+08:00",
    "datetime_parsing": "应为 RFC 3339 时间，例如 2026-09-01T08:00:00+08:00",
    "datetime_from_date_parsing": "应为 RFC 3339 时间，例如 2026-09-01T08:00:00+08:00",
    "model_attributes_type": "应为 JSON 对象",
    "model_type": "应为 JSON 对象",
}


async def body(request: web.Request, model: type[Model]) -> Model:
    """The JSON body as `model` (the route's own, from the table). Raises Refusal (400, 413, 415)."""
    assert request[ROUTE].body is model, request[ROUTE].name
    if request.content_type != "application/json":
        raise unsupported("application/json")
    raw = await request.read()
    try:
        if b"\\u0000" in raw:  # PostgreSQL keeps no NUL in a text, and nobody means one
            raise ValueError
        value: Any = json.loads(raw)
    except (ValueError, RecursionError):
        raise Refusal(400, "bad_json", "请求内容不是有效的 JSON。", "The body is not valid JSON.") from None
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise invalid(error) from None


def unsupported(wanted: str) -> Refusal:
    """415, naming the content type to send."""
    return Refusal(
        415,
        "unsupported_media_type",
        f"请求的 Content-Type 应为 {wanted}。",
        f"Send Content-Type: {wanted}.",
        headers={"Accept-Post": wanted} if wanted != "application/json" else None,
    )


def invalid(error: ValidationError) -> Refusal:
    """400 with every field that is wrong and how to mend it."""
    found = error.errors(include_url=False, include_input=False)
    chinese = [(_field(one), _explain(one)) for one in found]
    english = [f"{_field(one)}: {one['msg']}" for one in found]
    return Refusal(
        400,
        "invalid",
        "请更正：" + "；".join(f"{field} {text}" for field, text in chinese) + "。",
        "Please correct: " + "; ".join(english) + ".",
        errors=[{"field": field, "detail": text} for field, text in chinese],
    )


def _field(error: ErrorDetails) -> str:
    return ".".join(str(part) for part in error["loc"]) or "body"


def _explain(error: ErrorDetails) -> str:
    text = _TEXTS.get(error["type"])
    if text is None:
        return error["msg"]
    try:
        return text.format(**error.get("ctx", {}))
    except (KeyError, IndexError):
        return error["msg"]


async def sdp(request: web.Request, wanted: str) -> str:
    """A text body of type `wanted`. Raises Refusal (400, 413, 415)."""
    if request.content_type != wanted:
        raise unsupported(wanted)
    raw = await request.read()
    if len(raw) > SDP_MAX:
        raise Refusal(413, "too_large", "SDP 内容太大。", "The SDP is too large.")
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise Refusal(400, "bad_sdp", "SDP 应为 UTF-8 文本。", "The SDP must be UTF-8 text.") from None
    if not text.strip():
        raise Refusal(400, "bad_sdp", "SDP 内容为空。", "The SDP is empty.")
    return text


async def upload(request: web.Request, wanted: str, most: int) -> bytes:
    """A file of type `wanted` as the body, at most `most` bytes. Raises Refusal (400, 413)."""
    if request.content_type != wanted:
        raise Refusal(400, "bad_upload", f"请以 {wanted} 类型上传文件。", f"Upload the file as {wanted}.")
    data = bytearray()
    async for part in request.content.iter_chunked(64 * 1024):
        data += part
        if len(data) > most:
            size = f"{most // 1024 // 1024} MB"
            raise Refusal(413, "too_large", f"文件太大，最多 {size}。", f"The file is too large: at most {size}.")
    return bytes(data)


# --- queries --------------------------------------------------------------------------------------------------------


def text_of(request: web.Request, name: str) -> str | None:
    """A query parameter, None when it is missing or empty."""
    _known(request, name)
    value = request.query.get(name) or None
    if value is not None and (len(value) > 512 or not value.isprintable()):
        raise Refusal(
            400,
            "invalid",
            f"参数 {name} 含有不能用的字符，或者太长。",
            f"`{name}` has characters that cannot be used, or is too long.",
            errors=[{"field": name, "detail": "text"}],
        )
    return value


def integer(request: web.Request, name: str, low: int, high: int) -> int | None:
    """Raises Refusal (400)."""
    value = text_of(request, name)
    if value is None:
        return None
    if not re.fullmatch(r"-?[0-9]{1,9}", value) or not low <= int(value) <= high:
        raise Refusal(
            400,
            "invalid",
            f"参数 {name} 应为 {low} 到 {high} 的整数。",
            f"`{name}` must be an integer from {low} to {high}.",
            errors=[{"field": name, "detail": f"{low}–{high}"}],
        )
    return int(value)


def listed(request: web.Request, name: str, kinds: type[Kinds]) -> list[Kinds]:
    """The values named in a query, comma separated. Raises Refusal (400)."""
    names = [one.strip() for one in (text_of(request, name) or "").split(",") if one.strip()]
    allowed = [kind.value for kind in kinds]
    wrong = [one for one in names if one not in allowed]
    if wrong:
        raise Refusal(
            400,
            "invalid",
            f"参数 {name} 有不认识的值：{'、'.join(wrong)}；可用：{'、'.join(allowed)}。",
            f"`{name}` has unknown values: {', '.join(wrong)}; use {', '.join(allowed)}.",
            errors=[{"field": name, "detail": ", ".join(allowed)}],
        )
    return [kinds(one) for one in names]


def one_of(request: web.Request, name: str, kind: type[Kinds]) -> Kinds | None:
    """One value, None when it is missing. Raises Refusal (400)."""
    found = listed(request, name, kind)
    if len(found) > 1:
        raise Refusal(400, "invalid", f"参数 {name} 只能有一个值。", f"`{name}` takes one value.")
    return found[0] if found else None


def limit(request: web.Request) -> int:
    """The page size: 1 to 500, default 50."""
    return integer(request, "limit", 1, 500) or 50


def flag(request: web.Request, name: str) -> bool:
    """Whether a query parameter is there and not `0`."""
    return text_of(request, name) not in (None, "0")


def moment(request: web.Request, name: str) -> float | None:
    """A time as Unix seconds. Raises Refusal (400)."""
    value = text_of(request, name)
    if value is None:
        return None
    try:
        # A "+" that was not escaped arrives as a space.
        at = datetime.fromisoformat(value.replace(" ", "+"))
        if at.tzinfo is None:
            raise ValueError
        return at.timestamp()
    except (ValueError, OverflowError):
        raise Refusal(
            400,
            "invalid",
            f"参数 {name} 应为带时区的 RFC 3339 时间，例如 2026-09-01T08:00:00Z。",
            f"`{name}` must be an RFC 3339 time with a zone, such as 2026-09-01T08:00:00Z.",
            errors=[{"field": name, "detail": "RFC 3339"}],
        ) from None


def _known(request: web.Request, name: str) -> None:
    # Our misuse: a parameter that the table (hence the OpenAPI document) does not name.
    assert any(query.name == name for query in cast("Any", request[ROUTE]).query), (request[ROUTE].name, name)
