"""Answers: models and pages of models as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel


def answer(model: BaseModel, status: int = 200) -> web.Response:
    """One model."""
    return web.Response(status=status, text=model.model_dump_json(), content_type="application/json")


def page(models: Iterable[BaseModel], next_cursor: str | None = None) -> web.Response:
    """`{"items", "next"}`."""
    items = ",".join(model.model_dump_json() for model in models)
    text = f'{{"items":[{items}],"next":{json.dumps(next_cursor)}}}'
    return web.Response(text=text, content_type="application/json")


def file_answer(data: bytes, kind: str, name: str) -> web.Response:
    """A file to save under `name`, which need not be ASCII (RFC 6266, 8187)."""
    plain = "".join(char for char in name if char.isascii() and (char.isalnum() or char in "._-")) or "file"
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return web.Response(body=data, content_type=kind, headers={"Content-Disposition": disposition})


def elsewhere(address: str) -> web.Response:
    """302 to a signed address on the object store, which is good for a quarter of an hour."""
    return web.Response(status=302, headers={"Location": address, "Cache-Control": "private, max-age=600"})


def nothing() -> web.Response:
    """204."""
    return web.Response(status=204)
