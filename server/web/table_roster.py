"""Routes of the roster as it is edited."""

from __future__ import annotations

from . import schemas_roster as r
from .route import AR, A, Query, Route

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LANGUAGE = Query("lang", "`zh` (default) or `en`: the language of the workbook")
DRY_RUN = Query("dry_run", "1: only tell what would happen")

ROSTER_ROUTES: tuple[Route, ...] = (
    Route("roster_edit.kinds", "GET", "/api/roster", "Kinds of entries", roles=AR, answer=r.KindAnswer, items=True),
    Route(
        "roster_edit.export",
        "GET",
        "/api/roster-workbook",
        "The roster, or its template, as .xlsx",
        roles=AR,
        produces=XLSX,
        query=(Query("template", "1: without entries"), LANGUAGE),
    ),
    Route(
        "roster_edit.import",
        "POST",
        "/api/roster-workbook",
        "Import a roster workbook, whole or not at all",
        roles=A,
        consumes=XLSX,
        answer=r.ImportAnswer,
        query=(DRY_RUN,),
    ),
    Route(
        "roster_edit.passwords",
        "POST",
        "/api/roster-passwords",
        "First passwords for accounts that have none",
        roles=A,
        answer=r.PasswordsAnswer,
    ),
    Route(
        "roster_edit.qr",
        "POST",
        "/api/devices/qr-codes",
        "New codes of classroom screens, with QR codes to print",
        roles=A,
        body=r.QrRequest,
        answer=r.QrSheet,
    ),
    Route(
        "roster_edit.list",
        "GET",
        "/api/roster/{kind}",
        "Entries of a kind",
        roles=AR,
        answer=r.EntryAnswer,
        items=True,
        query=(Query("search", "a part of any value"), Query("archived", "1: those that are archived")),
    ),
    Route(
        "roster_edit.create",
        "POST",
        "/api/roster/{kind}",
        "Add an entry",
        roles=A,
        body=r.EntryCreate,
        answer=r.EntryAnswer,
        status=201,
    ),
    Route(
        "roster_edit.update",
        "PATCH",
        "/api/roster/{kind}/{entry_id}",
        "Change an entry",
        roles=A,
        body=r.EntryUpdate,
        answer=r.EntryAnswer,
    ),
    Route(
        "roster_edit.archive",
        "POST",
        "/api/roster/{kind}/{entry_id}/archive",
        "Archive an entry",
        roles=A,
        body=r.EntryVersion,
        answer=r.EntryAnswer,
    ),
    Route(
        "roster_edit.restore",
        "POST",
        "/api/roster/{kind}/{entry_id}/restore",
        "Restore an archived entry",
        roles=A,
        body=r.EntryVersion,
        answer=r.EntryAnswer,
    ),
)
