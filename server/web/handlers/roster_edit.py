"""The roster as it is edited: kinds, entries, the workbook in and out, first passwords, QR codes of screens."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from server.county.roster.entries import Known
from server.county.roster.kinds import ACCOUNTS, KINDS
from server.county.sample import CODE_LIFETIME
from server.documents.qr import qr_svg
from server.documents.workbook import MAX_BYTES, XLSX, read_workbook, write_workbook

from .. import schemas as s
from .. import schemas_roster as r
from ..answers import answer, file_answer, page
from ..bodies import body, flag, text_of, upload
from ..context import actor, context

if TYPE_CHECKING:
    from aiohttp import web

    from server.county.books import CellProblem
    from server.county.roster.imports import Plan
    from server.county.roster.kinds import Field
    from server.county.services.roster_editor import EntryView

    from . import Handler

MOST_ROWS = 500


async def kinds(request: web.Request) -> web.Response:
    return page(
        r.KindAnswer(
            name=kind.name,
            title=kind.title[0],
            title_en=kind.title[1],
            fields=[_field(one) for one in kind.fields],
        )
        for kind in KINDS
    )


def _field(field: Field) -> r.FieldAnswer:
    return r.FieldAnswer.model_validate(
        {
            "key": field.key,
            "type": field.type,
            "title": field.title[0],
            "title_en": field.title[1],
            "required": field.required,
            "most": field.most,
            "choices": [
                r.Choice(value=value, title=names[0], title_en=names[1]) for value, names in field.choices.items()
            ],
            "of": field.of,
            "help": field.help[0],
            "help_en": field.help[1],
        }
    )


def entry_answer(view: EntryView) -> r.EntryAnswer:
    entry = view.entry
    return r.EntryAnswer(
        id=entry.id,
        kind=entry.kind,
        version=entry.version,
        archived=entry.archived,
        values={key: list(value) if isinstance(value, tuple) else value for key, value in entry.values.items()},
        labels=dict(view.labels),
    )


async def entries(request: web.Request) -> web.Response:
    found = await context(request).services.roster_editor.entries(
        actor(request),
        request.match_info["kind"],
        text_of(request, "search") or "",
        archived=flag(request, "archived"),
    )
    return page(entry_answer(one) for one in found)


async def create(request: web.Request) -> web.Response:
    asked = await body(request, r.EntryCreate)
    c = context(request)
    view = await c.services.roster_editor.create(actor(request), request.match_info["kind"], asked.values)
    c.views.forget()
    return answer(entry_answer(view), 201)


async def update(request: web.Request) -> web.Response:
    asked = await body(request, r.EntryUpdate)
    c = context(request)
    kind, entry_id = request.match_info["kind"], request.match_info["entry_id"]
    view = await c.services.roster_editor.update(actor(request), kind, entry_id, asked.version, asked.values)
    c.views.forget()
    return answer(entry_answer(view))


async def archive(request: web.Request) -> web.Response:
    return await _set_archived(request, archived=True)


async def restore(request: web.Request) -> web.Response:
    return await _set_archived(request, archived=False)


async def _set_archived(request: web.Request, *, archived: bool) -> web.Response:
    asked = await body(request, r.EntryVersion)
    c = context(request)
    kind, entry_id = request.match_info["kind"], request.match_info["entry_id"]
    view = await c.services.roster_editor.set_archived(actor(request), kind, entry_id, asked.version, archived=archived)
    c.views.forget()
    if archived and kind in ACCOUNTS:
        await c.sessions.end_account(entry_id)
    return answer(entry_answer(view))


async def export(request: web.Request) -> web.Response:
    english, template = text_of(request, "lang") == "en", flag(request, "template")
    sheets = await context(request).services.roster_editor.export(actor(request), int(english), template=template)
    data = await asyncio.to_thread(write_workbook, sheets)
    name = ("名册模板", "roster-template") if template else ("名册", "roster")
    return file_answer(data, XLSX, f"{name[english]}.xlsx")


async def import_(request: web.Request) -> web.Response:
    data = await upload(request, XLSX, MAX_BYTES)
    c = context(request)
    sheets = await asyncio.to_thread(read_workbook, data)
    dry = flag(request, "dry_run")
    editor = c.services.roster_editor
    plan = await (editor.plan if dry else editor.apply)(actor(request), sheets)
    c.views.forget()
    return answer(_imported(plan, applied=plan.possible and not dry))


def _imported(plan: Plan, *, applied: bool) -> r.ImportAnswer:
    known = Known(change.entry for change in plan.changes)
    created = sum(change.before is None for change in plan.changes)
    return r.ImportAnswer(
        applied=applied,
        possible=plan.possible,
        created=created,
        updated=len(plan.changes) - created,
        unchanged=plan.unchanged,
        rows=[
            r.ImportedRow(
                sheet=change.sheet,
                row=change.row,
                action="create" if change.before is None else "update",
                title=str(change.entry.values.get("name") or known.title(change.entry)),
                fields=list(change.fields),
            )
            for change in plan.changes[:MOST_ROWS]
        ],
        problems=[problem_answer(problem) for problem in plan.problems],
    )


def problem_answer(problem: CellProblem) -> r.CellProblemAnswer:
    return r.CellProblemAnswer(
        sheet=problem.sheet,
        cell=problem.cell,
        text=problem.text[0],
        text_en=problem.text[1],
        fix=problem.fix[0],
        fix_en=problem.fix[1],
        warning=problem.warning,
    )


async def passwords(request: web.Request) -> web.Response:
    c = context(request)
    given, left = await c.services.accounts.first_passwords(actor(request))
    items = [
        r.GivenPassword(
            username=user.username,
            name=user.name,
            school=await c.views.school_name(user.school_id) or "",
            password=password,
        )
        for user, password in given
    ]
    return answer(r.PasswordsAnswer(items=items, left=left))


async def qr(request: web.Request) -> web.Response:
    asked = await body(request, r.QrRequest)
    c = context(request)
    given = await c.services.accounts.new_codes(actor(request), asked.device_ids)
    items = []
    for device, code in given:
        await c.sessions.end_account(device.id)
        # Behind the #, so that the code is in no log.
        address = f"{asked.origin}/classroom#{code}"
        shown = await c.views.device(device)
        items.append(r.QrCode(device=shown, code=code, address=address, svg=qr_svg(address)))
    return answer(r.QrSheet(expires_at=s.rfc3339(c.now() + CODE_LIFETIME), items=items))


HANDLERS: dict[str, Handler] = {
    "roster_edit.kinds": kinds,
    "roster_edit.list": entries,
    "roster_edit.create": create,
    "roster_edit.update": update,
    "roster_edit.archive": archive,
    "roster_edit.restore": restore,
    "roster_edit.export": export,
    "roster_edit.import": import_,
    "roster_edit.passwords": passwords,
    "roster_edit.qr": qr,
}
