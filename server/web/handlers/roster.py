"""Schools, subjects, pairings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import schemas as s
from ..answers import page
from ..context import context

if TYPE_CHECKING:
    from aiohttp import web

    from . import Handler


async def schools(request: web.Request) -> web.Response:
    found = await context(request).services.roster.schools()
    return page(
        s.SchoolAnswer.model_validate(
            {
                "id": one.id,
                "name": one.name,
                "name_en": one.name_en,
                "kind": one.kind,
                "stage": one.stage,
                "archived": one.archived,
            }
        )
        for one in found
    )


async def subjects(request: web.Request) -> web.Response:
    found = await context(request).services.roster.subjects()
    return page(s.SubjectAnswer(id=one.id, name=one.name, name_en=one.name_en, archived=one.archived) for one in found)


async def pairings(request: web.Request) -> web.Response:
    c = context(request)
    return page([await c.views.pairing(one) for one in await c.services.roster.pairings()])


HANDLERS: dict[str, Handler] = {
    "roster.schools": schools,
    "roster.subjects": subjects,
    "roster.pairings": pairings,
}
