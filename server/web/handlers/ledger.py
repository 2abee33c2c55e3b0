"""The ledger: read, credit by hand, reverse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import schemas as s
from ..answers import answer, page
from ..bodies import body, limit, text_of
from ..context import actor, context

if TYPE_CHECKING:
    from aiohttp import web

    from . import Handler


async def entries(request: web.Request) -> web.Response:
    c = context(request)
    found = await c.services.crediting.ledger(
        actor(request),
        lesson_id=text_of(request, "lesson_id"),
        school_id=text_of(request, "school_id"),
        cursor=text_of(request, "cursor"),
        limit=limit(request),
    )
    return page([await c.views.entry(entry) for entry in found.items], found.next)


async def credit(request: web.Request) -> web.Response:
    asked = await body(request, s.CreditRequest)
    c = context(request)
    entry = await c.services.crediting.credit_by_hand(
        actor(request), request.match_info["lesson_id"], asked.school_id, asked.reason
    )
    return answer(await c.views.entry(entry), 201)


async def reverse(request: web.Request) -> web.Response:
    asked = await body(request, s.ReverseRequest)
    c = context(request)
    entry = await c.services.crediting.reverse(actor(request), request.match_info["entry_id"], asked.reason)
    return answer(await c.views.entry(entry), 201)


HANDLERS: dict[str, Handler] = {"ledger.list": entries, "ledger.credit": credit, "ledger.reverse": reverse}
