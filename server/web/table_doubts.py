"""The routes of doubts."""

from __future__ import annotations

from server.county.doubts import DoubtStep

from . import schemas_doubts as d
from .route import AR, ART, PAGED, Query, Route, T

STEPS = {
    DoubtStep.DISMISS: (AR, "It is an honest lesson"),
    DoubtStep.REOPEN: (AR, "Look at it again"),
    DoubtStep.CONFIRM: (AR, "It is not: withdraw the credit it concerns"),
    DoubtStep.APPEAL: (T, "A school of the lesson objects to a confirmed doubt"),
    DoubtStep.UPHOLD: (AR, "The appeal is refused"),
    DoubtStep.GRANT: (AR, "Give the credit back"),
}

DOUBT_ROUTES: tuple[Route, ...] = (
    Route(
        "doubts.list",
        "GET",
        "/api/doubts",
        "Doubts about lessons, newest first; a teacher sees confirmed ones of the own school",
        roles=ART,
        answer=d.DoubtAnswer,
        items=True,
        query=(
            Query("state", "comma separated: open gone dismissed confirmed appealed upheld granted"),
            Query("kind", "one kind"),
            Query("lesson_id", "one lesson"),
            Query("school_id", "lessons in which this school takes part"),
            *PAGED,
        ),
    ),
    *(
        Route(
            f"doubts.{step}",
            "POST",
            f"/api/doubts/{{doubt_id}}/{step}",
            summary,
            roles=roles,
            body=d.DoubtTake,
            answer=d.DoubtAnswer,
        )
        for step, (roles, summary) in STEPS.items()
    ),
)
