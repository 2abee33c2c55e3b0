"""The year's evaluation: live, what if, entered facts, frozen ones; and the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.county.permissions import Action, require

from .. import schemas_evaluation as e
from .. import views_evaluation as v
from ..answers import answer, nothing, page
from ..bodies import body, integer
from ..context import actor, context

if TYPE_CHECKING:
    from aiohttp import web

    from . import Handler


async def current(request: web.Request) -> web.Response:
    c = context(request)
    year = integer(request, "year", 2000, 2100)
    return answer(v.evaluation(await c.services.evaluations.current(actor(request), year)))


async def rows(request: web.Request) -> web.Response:
    c = context(request)
    year, fact = integer(request, "year", 2000, 2100), request.match_info["fact"]
    found = await c.services.evaluations.rows(actor(request), fact, year)
    return answer(v.fact_rows(found, found.entries))


async def surveyed(request: web.Request) -> web.Response:
    c = context(request)
    year, fact = integer(request, "year", 2000, 2100), request.match_info["fact"]
    found = await c.services.evaluations.satisfaction(actor(request), fact, year)
    names = {row.school_id: await c.views.school_name(row.school_id) for row in found.rows}
    return answer(v.surveyed(fact, found, names))


async def what_if(request: web.Request) -> web.Response:
    asked = await body(request, e.WhatIfRequest)
    c = context(request)
    return answer(v.evaluation(await c.services.evaluations.current(actor(request), asked.year, asked.changes)))


async def enter(request: web.Request) -> web.Response:
    asked = await body(request, e.EnterRequest)
    c = context(request)
    entry = await c.services.evaluations.enter(
        actor(request), asked.year, asked.name, asked.subject, asked.value, asked.source
    )
    return answer(v.entered(entry), 201)


async def frozen_list(request: web.Request) -> web.Response:
    c = context(request)
    return page([v.frozen_line(*one) for one in await c.services.evaluations.all_frozen(actor(request))])


async def freeze(request: web.Request) -> web.Response:
    asked = await body(request, e.FreezeRequest)
    c = context(request)
    frozen = await c.services.evaluations.freeze(actor(request), asked.year, asked.note)
    return answer(v.frozen_line(frozen, genuine=True), 201)


async def frozen(request: web.Request) -> web.Response:
    c = context(request)
    found = await c.services.evaluations.frozen(actor(request), request.match_info["frozen_id"])
    return answer(v.frozen_detail(found))


async def audits(request: web.Request) -> web.Response:
    c = context(request)
    return page([v.audit_run(run) for run in await c.services.audits.last(actor(request))])


async def start_audit(request: web.Request) -> web.Response:
    c = context(request)
    require(actor(request), Action.AUDIT_RUN)
    await c.system.start_audit(actor(request).name)
    return nothing()


HANDLERS: dict[str, Handler] = {
    "evaluation.get": current,
    "evaluation.rows": rows,
    "evaluation.surveyed": surveyed,
    "evaluation.what_if": what_if,
    "evaluation.enter": enter,
    "evaluation.frozen_list": frozen_list,
    "evaluation.freeze": freeze,
    "evaluation.frozen": frozen,
    "audits.list": audits,
    "audits.start": start_audit,
}
