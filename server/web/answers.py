"""Answers: models and pages of models as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

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


def nothing() -> web.Response:
    """204."""
    return web.Response(status=204)
