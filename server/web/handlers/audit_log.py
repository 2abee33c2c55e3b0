"""The audit log: who did what, when and from where; as pages and as one CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import hdrs, web

from server.county.ports import AuditQuery

from ..answers import page
from ..bodies import limit, moment, text_of
from ..context import actor, context
from ..csv import BOM, line

if TYPE_CHECKING:
    from .. import schemas_library as lib
    from . import Handler

PAGE = 500
COLUMNS = "时间 at,谁 actor,账号 actor_id,做了什么 action,对象 subject,课题 topic,说明 detail,来源 address"


def _query(request: web.Request, size: int) -> AuditQuery:
    return AuditQuery(
        action=text_of(request, "action"),
        actor_id=text_of(request, "actor_id"),
        subject=text_of(request, "subject"),
        since=moment(request, "from"),
        until=moment(request, "to"),
        limit=size,
    )


async def _page(
    request: web.Request, query: AuditQuery, cursor: str | None
) -> tuple[list[lib.AuditLogAnswer], str | None]:
    c = context(request)
    found = await c.services.library.audit(actor(request), query, cursor)
    return await c.views.audit(found.items), found.next


async def rows(request: web.Request) -> web.Response:
    return page(*await _page(request, _query(request, limit(request)), text_of(request, "cursor")))


async def export(request: web.Request) -> web.StreamResponse:
    query = _query(request, PAGE)
    found, cursor = await _page(request, query, None)  # a refusal must come before the first byte
    response = web.StreamResponse(
        headers={
            hdrs.CONTENT_TYPE: "text/csv; charset=utf-8",
            hdrs.CONTENT_DISPOSITION: 'attachment; filename="audit.csv"',
        }
    )
    await response.prepare(request)
    if request.method != hdrs.METH_HEAD:
        await response.write((BOM + line(COLUMNS.split(","))).encode())
        while True:
            await response.write("".join(line(_cells(row)) for row in found).encode())
            if cursor is None:
                break
            found, cursor = await _page(request, query, cursor)
    await response.write_eof()
    return response


def _cells(row: lib.AuditLogAnswer) -> tuple[str, ...]:
    return row.at, row.actor, row.actor_id, row.action, row.subject, row.topic or "", row.detail, row.address


HANDLERS: dict[str, Handler] = {"audit_log.list": rows, "audit_log.export": export}
