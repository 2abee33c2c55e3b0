"""The routes of lesson observation."""

from __future__ import annotations

from . import schemas_observation as o
from .route import AR, ART, PAGED, Query, Route

_SHEET = "/api/observations/{sheet_id}"

OBSERVATION_ROUTES: tuple[Route, ...] = (
    Route(
        "observations.rubrics",
        "GET",
        "/api/rubrics",
        "Versions of the form, newest first",
        roles=ART,
        answer=o.RubricAnswer,
        items=True,
    ),
    Route(
        "observations.edit_rubric",
        "POST",
        "/api/rubrics",
        "A new version of the form",
        roles=AR,
        body=o.RubricCreate,
        answer=o.RubricAnswer,
        status=201,
    ),
    Route(
        "observations.list",
        "GET",
        "/api/observations",
        "Own sheets and the signed ones the caller may see, newest first",
        roles=ART,
        answer=o.SheetItem,
        items=True,
        query=(
            Query("lesson_id", "one lesson"),
            Query("state", "`draft` or `signed`"),
            Query("mine", "1: only the caller's own"),
            *PAGED,
        ),
    ),
    Route(
        "observations.open",
        "POST",
        "/api/observations",
        "The caller's sheet on a lesson, begun if there is none",
        roles=AR,
        body=o.SheetOpen,
        answer=o.SheetAnswer,
    ),
    Route("observations.get", "GET", _SHEET, "A sheet", roles=ART, answer=o.SheetAnswer),
    Route("observations.save", "PATCH", _SHEET, "Keep the draft", roles=AR, body=o.SheetSave, answer=o.SheetAnswer),
    Route("observations.discard", "DELETE", _SHEET, "Throw a draft away", roles=AR, status=204),
    Route(
        "observations.sign",
        "POST",
        f"{_SHEET}/sign",
        "Sign and lock",
        roles=AR,
        body=o.SheetSign,
        answer=o.SheetAnswer,
    ),
    Route(
        "observations.withdraw",
        "POST",
        f"{_SHEET}/withdraw",
        "Withdraw the signature",
        roles=AR,
        body=o.SheetWithdraw,
        answer=o.SheetAnswer,
    ),
    Route("observations.read", "POST", f"{_SHEET}/read", "The teacher has seen it", roles=ART, answer=o.SheetAnswer),
    Route(
        "observations.answer",
        "POST",
        f"{_SHEET}/answers",
        "Answer it",
        roles=ART,
        body=o.SheetReply,
        answer=o.SheetAnswer,
    ),
    Route(
        "observations.averages",
        "GET",
        "/api/observation-averages",
        "Averages of signed sheets per teacher, subject or pairing",
        roles=ART,
        answer=o.AverageAnswer,
        items=True,
        query=(
            Query("by", "`teacher` (default), `subject` or `pairing`"),
            Query("from", "lessons that began at or after", "date-time"),
            Query("to", "lessons that began before", "date-time"),
        ),
    ),
)
