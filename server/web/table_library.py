"""Rows of the route table: the library and the audit log."""

from __future__ import annotations

from . import schemas_library as lib
from .route import ALL, AR, PAGED, A, Query, Route

SEARCH = (
    Query("q", "words in the topic, or in the name of the teacher, the subject or a school"),
    Query("state", "states of the lesson, comma separated"),
    Query("school_id", "on either side"),
    Query("subject", "subject id"),
    Query("teacher_id", "user id"),
    Query("from", "starts at or after", "date-time"),
    Query("to", "starts before", "date-time"),
    Query("shelf", "`open` (default), `kept` or `trash` (administrators)"),
    *PAGED,
)
AUDIT = (
    Query("action", "one action, or a group by its beginning, as `recording.`"),
    Query("actor_id", "user or device id"),
    Query("subject", "what it was done to, as a lesson's id"),
    Query("from", "at or after", "date-time"),
    Query("to", "before", "date-time"),
)
_KEEP, _TRASH = "/api/recordings/{recording_id}/keep", "/api/recordings/{recording_id}/trash"

LIBRARY: tuple[Route, ...] = (
    Route(
        "library.list",
        "GET",
        "/api/recordings",
        "Recordings the caller may see, newest first",
        roles=ALL,
        answer=lib.RecordingItem,
        items=True,
        query=SEARCH,
    ),
    Route(
        "library.watching",
        "GET",
        "/api/watching",
        "Recordings the caller began to watch and did not finish",
        roles=ALL,
        answer=lib.RecordingItem,
        items=True,
    ),
    Route(
        "library.position",
        "POST",
        "/api/recordings/{recording_id}/position",
        "Remember how far the caller watched",
        roles=ALL,
        body=lib.PositionRequest,
        status=204,
    ),
    Route("library.keep", "POST", _KEEP, "Keep for ever", roles=AR, body=lib.ReasonRequest, answer=lib.ShelfAnswer),
    Route("library.release", "DELETE", _KEEP, "Keep for its term only", roles=AR, answer=lib.ShelfAnswer),
    Route(
        "library.trash", "POST", _TRASH, "Put into the trash", roles=A, body=lib.ReasonRequest, answer=lib.ShelfAnswer
    ),
    Route("library.restore", "DELETE", _TRASH, "Take back out of the trash", roles=A, answer=lib.ShelfAnswer),
    Route(
        "audit_log.list",
        "GET",
        "/api/audit-log",
        "The audit log, newest first",
        roles=A,
        answer=lib.AuditLogAnswer,
        items=True,
        query=(*AUDIT, *PAGED),
    ),
    Route(
        "audit_log.export",
        "GET",
        "/api/audit-log/export",
        "The same as CSV",
        roles=A,
        produces="text/csv",
        query=AUDIT,
    ),
)
