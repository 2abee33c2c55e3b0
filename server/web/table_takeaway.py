"""Rows of the route table: what is made of a recording."""

from __future__ import annotations

from . import schemas_takeaway as t
from .route import ALL, Route

ROUTES: tuple[Route, ...] = (
    Route(
        "chapters.get",
        "GET",
        "/api/recordings/{recording_id}/chapters",
        "Chapters and thumbnails",
        roles=ALL,
        answer=t.ChaptersAnswer,
    ),
    Route(
        "chapters.sheet",
        "GET",
        "/api/recordings/{recording_id}/thumbnails/{source}",
        "A sheet of thumbnails",
        roles=ALL,
        produces="image/jpeg",
    ),
)
