"""The year's board."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..answers import answer
from ..bodies import integer
from ..context import actor, context

if TYPE_CHECKING:
    from aiohttp import web

    from . import Handler


async def board(request: web.Request) -> web.Response:
    c = context(request)
    year = integer(request, "year", 2000, 2999)
    return answer(c.views.board(await c.services.board.board(actor(request), year)))


HANDLERS: dict[str, Handler] = {"board.get": board}
