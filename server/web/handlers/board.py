"""The year's board, the lessons behind its figures, and the board as a workbook."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from server.county.progress import RowQuery, Standing
from server.documents.workbook import XLSX, write_workbook

from .. import views_board as v
from ..answers import answer, file_answer, page
from ..bodies import flag, integer, limit, listed, moment, text_of
from ..context import actor, context

if TYPE_CHECKING:
    from aiohttp import web

    from . import Handler


async def board(request: web.Request) -> web.Response:
    found = await context(request).services.board.board(actor(request), integer(request, "year", 2000, 2100))
    return answer(v.board(found))


async def rows(request: web.Request) -> web.Response:
    c = context(request)
    first, last = c.services.board.span(integer(request, "year", 2000, 2100))
    since, until = moment(request, "from"), moment(request, "to")
    query = RowQuery(
        first if since is None else since,
        last if until is None else until,
        school_id=text_of(request, "school_id"),
        pairing_id=text_of(request, "pairing_id"),
        subject_id=text_of(request, "subject"),
        standings=tuple(listed(request, "standing", Standing)),
        code=text_of(request, "code"),
    )
    found = await c.services.board.rows(actor(request), query, cursor=text_of(request, "cursor"), limit=limit(request))
    lessons = await c.views.lessons([row.lesson for row in found.items])
    return page(v.rows(found.items, lessons), found.next)


async def export(request: web.Request) -> web.Response:
    year, english = integer(request, "year", 2000, 2100), text_of(request, "lang") == "en"
    sheets = await context(request).services.board.sheets(
        actor(request), year, int(english), kind=text_of(request, "kind"), behind=flag(request, "behind")
    )
    data = await asyncio.to_thread(write_workbook, sheets)
    name = ("看板", "board")[english]
    return file_answer(data, XLSX, f"{name}-{year}.xlsx" if year else f"{name}.xlsx")


HANDLERS: dict[str, Handler] = {"board.get": board, "board.rows": rows, "board.export": export}
