"""Readiness: classrooms' own checks, and the county's list."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING

from server.county.materials import HEAD
from server.county.permissions import Action, require
from server.county.readiness.agreements import MOST_BYTES
from server.county.readiness.standard import Figures

from .. import schemas_readiness as r
from ..answers import answer, nothing, page
from ..bodies import body, text_of, upload
from ..context import actor, context
from ..schemas import rfc3339
from ..table_readiness import SCAN
from .materials import attachment, write_file

if TYPE_CHECKING:
    from datetime import date

    from aiohttp import web

    from server.county.model import Pairing
    from server.county.readiness.agreements import AgreementFile
    from server.county.readiness.dates import Check, Room
    from server.county.roster.entries import Entry
    from server.county.services.readiness import SchoolReadiness

    from . import Handler


async def county(request: web.Request) -> web.Response:
    found = await context(request).services.readiness.county(actor(request))
    return answer(
        r.ReadinessAnswer(
            standard=r.StandardAnswer(**asdict(found.standard)),
            schools=[_school(one) for one in found.schools],
            agreements=[_agreement(*one) for one in found.agreements],
            small_schools=[_small(entry, paired=paired) for entry, paired in found.small],
        )
    )


async def standard(request: web.Request) -> web.Response:
    return answer(r.StandardAnswer(**asdict(context(request).services.readiness.standard())))


async def check(request: web.Request) -> web.Response:
    asked = await body(request, r.ReadinessCheckRequest)
    figures = Figures(**asked.figures.model_dump())
    kept = await context(request).services.readiness.check(actor(request), asked.room, figures)
    return answer(_check(kept), 201)


async def own(request: web.Request) -> web.Response:
    return page(_check(one) for one in await context(request).services.readiness.own(actor(request)))


async def of_school(request: web.Request) -> web.Response:
    found = await context(request).services.readiness.of_school(actor(request), request.match_info["school_id"])
    return page(_check(one) for one in found)


async def put_scan(request: web.Request) -> web.Response:
    c, pairing_id = context(request), request.match_info["pairing_id"]
    require(actor(request), Action.ROSTER_MANAGE)  # before a stranger's megabytes are read
    data = await upload(request, SCAN, MOST_BYTES)
    name = text_of(request, "name") or ""
    file = await c.services.readiness.scan(actor(request), pairing_id, name, data[:HEAD], len(data))
    await write_file(c, file.id, data)
    before = await c.services.readiness.keep_scan(actor(request), file)
    if before is not None:
        await asyncio.to_thread(c.materials.remove, before.id)
    return nothing()


async def scan(request: web.Request) -> web.StreamResponse:
    c = context(request)
    file = await c.services.readiness.scan_of(actor(request), request.match_info["pairing_id"])
    return attachment(c.materials.path(file.id), file.media_type, file.name)


def _check(one: Check) -> r.ReadinessCheckAnswer:
    return r.ReadinessCheckAnswer(
        id=one.id,
        school_id=one.school_id,
        room_name=one.room_name,
        by_device=one.by_device,
        at=rfc3339(one.at),
        day=one.day.isoformat(),
        by=one.by,
        standard=one.standard,
        figures=r.FiguresBody(**asdict(one.figures)),
        failed=list(one.failed),
    )


def _school(one: SchoolReadiness) -> r.SchoolReadinessAnswer:
    return r.SchoolReadinessAnswer(
        school_id=one.school.id,
        school_name=one.school.name,
        school_name_en=one.school.name_en,
        kind=one.school.kind,
        paired=one.paired,
        rooms=[_room(room) for room in one.equipment.rooms],
        checked_on=_iso(one.equipment.checked_on),
        accepted_on=_iso(one.equipment.accepted_on),
        met_on=_iso(one.equipment.met_on),
        equipment_source=_text(one.entry, "equipment_source"),
        space_opened_on=_iso(one.space_opened_on),
        space_address=_text(one.entry, "space_address"),
        entry_id=None if one.entry is None else one.entry.id,
    )


def _room(room: Room) -> r.ReadyRoomAnswer:
    return r.ReadyRoomAnswer(
        room=room.room,
        name=room.name,
        by_device=room.by_device,
        last=None if room.last is None else _check(room.last),
        first_met=_iso(room.first_met),
    )


def _agreement(pairing: Pairing, entry: Entry | None, file: AgreementFile | None) -> r.AgreementAnswer:
    return r.AgreementAnswer(
        pairing_id=pairing.id,
        number=pairing.number,
        supporting_school_id=pairing.supporting_school_id,
        receiving_school_id=pairing.receiving_school_id,
        agreement_number=_text(entry, "number"),
        signed_on=None if entry is None else str(entry.values["signed_on"]),
        file_name="" if file is None else file.name,
        file_url=None if file is None else f"/api/readiness/agreements/{pairing.id}/file",
        entry_id=None if entry is None else entry.id,
    )


def _small(entry: Entry, *, paired: bool) -> r.SmallSchoolAnswer:
    values = entry.values
    return r.SmallSchoolAnswer(
        entry_id=entry.id,
        name=_text(entry, "name"),
        school_id=None if values["school_id"] is None else str(values["school_id"]),
        paired=paired,
        merged_in=values["merged_in"] if isinstance(values["merged_in"], int) else None,
        without_pupils=values["without_pupils"] == "yes",
        source=_text(entry, "source"),
    )


def _text(entry: Entry | None, key: str) -> str:
    return "" if entry is None else str(entry.values[key] or "")


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


HANDLERS: dict[str, Handler] = {
    "readiness.county": county,
    "readiness.standard": standard,
    "readiness.check": check,
    "readiness.own": own,
    "readiness.put_scan": put_scan,
    "readiness.scan": scan,
    "readiness.of_school": of_school,
}
