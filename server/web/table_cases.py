"""The routes of exemplary cases, their reviews and the casebook."""

from __future__ import annotations

from server.documents.casebook_pdf import PDF
from server.documents.pictures import JPEG
from server.documents.word import DOCX

from . import schemas_cases as k
from .route import AR, ART, PAGED, Query, Route

PICTURE = "application/octet-stream"
_CASE = "/api/cases/{case_id}"
_YEAR = Query("year", "of the lessons; this one when it is not given", "integer")
_LANGUAGE = Query("lang", "`en`: headings in English")

CASE_ROUTES: tuple[Route, ...] = (
    Route(
        "cases.list",
        "GET",
        "/api/cases",
        "Exemplary cases, newest first",
        roles=ART,
        answer=k.CaseItem,
        items=True,
        query=(
            Query("view", "`published` (default), `mine`, `review` (by the caller) or `county` (all but drafts)"),
            Query("state", "one state"),
            Query("subject", "one subject"),
            Query("lesson_id", "one lesson"),
            Query("year", "of the lessons", "integer"),
            *PAGED,
        ),
    ),
    Route(
        "cases.open",
        "POST",
        "/api/cases",
        "The caller's case on a lesson, begun if there is none",
        roles=ART,
        body=k.CaseOpen,
        answer=k.CaseAnswer,
    ),
    Route("cases.get", "GET", _CASE, "A case", roles=ART, answer=k.CaseAnswer),
    Route("cases.save", "PATCH", _CASE, "Keep the draft", roles=ART, body=k.CaseSave, answer=k.CaseAnswer),
    Route("cases.discard", "DELETE", _CASE, "Throw a draft away that was never submitted", roles=ART, status=204),
    Route(
        "cases.step",
        "POST",
        f"{_CASE}/steps",
        "Submit, recall, return, select, publish, withdraw, report",
        roles=ART,
        body=k.CaseMove,
        answer=k.CaseAnswer,
    ),
    Route(
        "cases.colleagues",
        "GET",
        f"{_CASE}/colleagues",
        "Who can be an author of the case",
        roles=ART,
        answer=k.AuthorAnswer,
        items=True,
    ),
    Route(
        "cases.add_picture",
        "POST",
        f"{_CASE}/pictures",
        "Put a picture up (JPEG, PNG or WebP); it is kept as a JPEG without what the camera wrote into it",
        roles=ART,
        consumes=PICTURE,
        answer=k.PictureAnswer,
        status=201,
    ),
    Route("cases.picture", "GET", f"{_CASE}/pictures/{{picture_id}}", "A picture", roles=ART, produces=JPEG),
    Route(
        "cases.candidates",
        "GET",
        f"{_CASE}/candidates",
        "Experts of the subject's group, with what speaks against them",
        roles=AR,
        answer=k.CandidateAnswer,
        items=True,
    ),
    Route(
        "cases.assign",
        "POST",
        f"{_CASE}/reviewers",
        "Give the case to two reviewers",
        roles=AR,
        body=k.ReviewersSet,
        answer=k.CaseAnswer,
    ),
    Route(
        "cases.review",
        "PATCH",
        f"{_CASE}/review",
        "Keep or send the caller's review",
        roles=ART,
        body=k.ReviewSave,
        answer=k.CaseAnswer,
    ),
    Route("cases.decline", "POST", f"{_CASE}/decline", "Not review it", roles=ART, body=k.ReviewDecline, status=204),
    Route(
        "cases.goals",
        "GET",
        "/api/case-goals",
        "The year's cases against the goals",
        roles=AR,
        answer=k.CaseGoalsAnswer,
        query=(_YEAR,),
    ),
    Route(
        "casebook.get",
        "GET",
        "/api/casebook",
        "The year's casebook",
        roles=AR,
        answer=k.CasebookAnswer,
        query=(_YEAR,),
    ),
    Route("casebook.save", "POST", "/api/casebook", "Keep it", roles=AR, body=k.CasebookSave, answer=k.CasebookAnswer),
    Route(
        "casebook.docx",
        "GET",
        "/api/casebook.docx",
        "The casebook for Word",
        roles=AR,
        produces=DOCX,
        query=(_YEAR, _LANGUAGE),
    ),
    Route(
        "casebook.pdf",
        "GET",
        "/api/casebook.pdf",
        "The casebook to print",
        roles=AR,
        produces=PDF,
        query=(_YEAR, _LANGUAGE),
    ),
)
