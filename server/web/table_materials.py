"""The routes of materials."""

from __future__ import annotations

from . import schemas_materials as t
from .route import ALL, ART, Route

PIECE = "application/offset+octet-stream"
_MATERIAL = "/api/materials/{material_id}"

MATERIAL_ROUTES: tuple[Route, ...] = (
    Route(
        "materials.list",
        "GET",
        "/api/lessons/{lesson_id}/materials",
        "Materials of a lesson",
        roles=ALL,
        answer=t.MaterialAnswer,
        items=True,
    ),
    Route(
        "materials.begin",
        "POST",
        "/api/lessons/{lesson_id}/materials",
        "Begin to send a file",
        roles=ART,
        body=t.MaterialCreate,
        answer=t.MaterialAnswer,
        status=201,
    ),
    Route("materials.state", "GET", _MATERIAL, "How far a file has come", roles=ALL, answer=t.MaterialAnswer),
    Route(
        "materials.append",
        "PATCH",
        _MATERIAL,
        "Send a piece, from `Upload-Offset` on (at most 8 MiB; `Upload-Checksum: sha256 BASE64` is checked)",
        roles=ART,
        answer=t.MaterialAnswer,
        consumes=PIECE,
    ),
    Route("materials.remove", "DELETE", _MATERIAL, "Delete a file", roles=ART, status=204),
    Route(
        "materials.file",
        "GET",
        f"{_MATERIAL}/file",
        "The file, as an attachment, Range-able",
        roles=ALL,
        produces="application/octet-stream",
    ),
)
