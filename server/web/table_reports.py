"""Routes of the monthly reports."""

from __future__ import annotations

from . import schemas_reports as r
from .route import AR, ART, Query, Route
from .table_roster import LANGUAGE

SCOPE = (
    Query("scope", "`county` (default), `pairing` or `subject`"),
    Query("id", "of the pairing or subject"),
    Query("month", "as `2026-11`; default: this month"),
)
FORMAT = Query("format", "`xlsx` (default) or `docx`")
REPORT_ROUTES: tuple[Route, ...] = (
    Route(
        "reports.current",
        "GET",
        "/api/reports/current",
        "A monthly report as it stands now",
        roles=ART,
        answer=r.ReportAnswer,
        query=SCOPE,
    ),
    Route(
        "reports.file",
        "GET",
        "/api/reports/current/file",
        "It as .xlsx or .docx",
        roles=ART,
        produces="application/octet-stream",
        query=(*SCOPE, FORMAT, LANGUAGE),
    ),
    Route(
        "reports.history",
        "GET",
        "/api/reports/sent",
        "Reports that were sent, newest first",
        roles=ART,
        answer=r.SentAnswer,
        items=True,
        query=(Query("scope", "one scope"), Query("id", "one pairing or subject"), Query("month", "one month")),
    ),
    Route(
        "reports.send",
        "POST",
        "/api/reports/sent",
        "Keep a report as sent; again is a correction",
        roles=AR,
        body=r.ReportSend,
        answer=r.SentAnswer,
        status=201,
    ),
    Route(
        "reports.sent",
        "GET",
        "/api/reports/sent/{report_id}",
        "A sent report with its figures",
        roles=ART,
        answer=r.SentDetail,
    ),
    Route(
        "reports.sent_file",
        "GET",
        "/api/reports/sent/{report_id}/file",
        "Its file as it was sent",
        roles=ART,
        produces="application/octet-stream",
        query=(FORMAT,),
    ),
)
