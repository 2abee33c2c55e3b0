"""Routes of the board."""

from __future__ import annotations

from . import schemas_board as b
from .route import ART, PAGED, Query, Route
from .table_roster import LANGUAGE, XLSX

YEAR = Query("year", "default: this year", "integer")
BOARD_ROUTES: tuple[Route, ...] = (
    Route(
        "board.get",
        "GET",
        "/api/board",
        "School × subject against the targets, pace, forecast, losses, milestones",
        roles=ART,
        answer=b.BoardAnswer,
        query=(YEAR,),
    ),
    Route(
        "board.rows",
        "GET",
        "/api/board/rows",
        "The lessons behind a figure of the board or of a report",
        roles=ART,
        answer=b.BoardRow,
        items=True,
        query=(
            YEAR,
            Query("from", "began at or after; default: the year's first moment", "date-time"),
            Query("to", "began before, a year later at most; default: the year's end", "date-time"),
            Query("school_id", "as the lessons stand for this school; without: for the county"),
            Query("pairing_id", "one pairing"),
            Query("subject", "subject id"),
            Query("standing", "standings, comma separated"),
            Query("code", "reason code"),
            *PAGED,
        ),
    ),
    Route(
        "board.export",
        "GET",
        "/api/board/workbook",
        "The board as .xlsx",
        roles=ART,
        produces=XLSX,
        query=(
            YEAR,
            LANGUAGE,
            Query("kind", "only `supporting` or `receiving` schools"),
            Query("behind", "only schools that are behind"),
        ),
    ),
)
