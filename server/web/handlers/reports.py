"""Monthly reports: as they stand, as files, and those that were sent."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from server.county.reports.model import Scope
from server.county.reports.sent import FileKind
from server.county.reports.sheets import heading, report_sheets
from server.documents.report_docx import write_report_docx
from server.documents.word import DOCX
from server.documents.workbook import XLSX, write_workbook

from .. import schemas_reports as r
from .. import views_reports as v
from ..answers import answer, file_answer, page
from ..bodies import body, listed, text_of
from ..context import actor, context

if TYPE_CHECKING:
    from datetime import tzinfo

    from aiohttp import web

    from server.county.reports.model import Report

    from . import Handler

TYPES = {FileKind.XLSX: XLSX, FileKind.DOCX: DOCX}


def _kind(request: web.Request) -> FileKind:
    return (listed(request, "format", FileKind) or [FileKind.XLSX])[0]


async def _asked(request: web.Request) -> Report:
    scope = (listed(request, "scope", Scope) or [Scope.COUNTY])[0]
    return await context(request).services.reports.current(
        actor(request), scope, text_of(request, "id") or "", text_of(request, "month")
    )


def write(report: Report, kind: FileKind, language: int, zone: tzinfo) -> bytes:
    """The report as a file; slow for a big county, so call it in a thread."""
    if kind is FileKind.XLSX:
        return write_workbook(report_sheets(report, language))
    return write_report_docx(report, language, zone)


async def current(request: web.Request) -> web.Response:
    return answer(v.report(await _asked(request)))


async def file(request: web.Request) -> web.Response:
    kind, language = _kind(request), int(text_of(request, "lang") == "en")
    report = await _asked(request)
    zone = context(request).services.reports.zone
    data = await asyncio.to_thread(write, report, kind, language, zone)
    return file_answer(data, TYPES[kind], f"{heading(report, language)}.{kind}")


async def history(request: web.Request) -> web.Response:
    found = await context(request).services.reports.history(
        actor(request),
        scope=next(iter(listed(request, "scope", Scope)), None),
        scope_id=text_of(request, "id"),
        month=text_of(request, "month"),
    )
    return page(v.line(one) for one in found)


async def send(request: web.Request) -> web.Response:
    asked = await body(request, r.ReportSend)
    reports = context(request).services.reports
    report = await reports.current(actor(request), asked.scope, asked.scope_id, asked.month)
    language = int(asked.lang == "en")
    files = [await asyncio.to_thread(write, report, kind, language, reports.zone) for kind in FileKind]
    sent = await reports.send(
        actor(request),
        report,
        language=language,
        xlsx=files[0],
        docx=files[1],
        note=asked.note,
        correction=asked.correction,
    )
    return answer(v.line(sent.line), 201)


async def sent(request: web.Request) -> web.Response:
    found = await context(request).services.reports.sent(actor(request), request.match_info["report_id"])
    return answer(v.sent(found))


async def sent_file(request: web.Request) -> web.Response:
    kind = _kind(request)
    found = await context(request).services.reports.sent(actor(request), request.match_info["report_id"])
    name = v.sent(found).report.title[found.line.language]
    about = f" · {found.line.about}" if found.line.about else ""
    return file_answer(found.file(kind), TYPES[kind], f"{name}{about} v{found.line.version}.{kind}")


HANDLERS: dict[str, Handler] = {
    "reports.current": current,
    "reports.file": file,
    "reports.history": history,
    "reports.send": send,
    "reports.sent": sent,
    "reports.sent_file": sent_file,
}
