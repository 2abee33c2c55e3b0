"""Rows of the route table: what is made of a recording, and room recorders as sources of one."""

from __future__ import annotations

from . import schemas_ingest as i
from . import schemas_takeaway as t
from .route import ALL, ART, Route

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
    Route(
        "ingest.list",
        "GET",
        "/api/lessons/{lesson_id}/ingest",
        "Room recorders that are pulled, and how they fare",
        roles=ART,
        answer=i.IngestAnswer,
        items=True,
    ),
    Route(
        "ingest.create",
        "POST",
        "/api/lessons/{lesson_id}/ingest",
        "Pull a room recorder (RTSP, RTMP) and publish it",
        roles=ART,
        body=i.IngestRequest,
        answer=i.IngestAnswer,
        status=201,
    ),
    Route(
        "ingest.delete",
        "DELETE",
        "/api/lessons/{lesson_id}/ingest/{ingest_id}",
        "Stop pulling",
        roles=ART,
        status=204,
    ),
    Route(
        "exports.list",
        "GET",
        "/api/recordings/{recording_id}/exports",
        "Exports as one film, newest first",
        roles=ART,
        answer=t.ExportAnswer,
        items=True,
    ),
    Route(
        "exports.create",
        "POST",
        "/api/recordings/{recording_id}/exports",
        "Make one MP4 of a closed recording",
        roles=ART,
        body=t.ExportRequest,
        answer=t.ExportAnswer,
        status=201,
    ),
    Route(
        "exports.get",
        "GET",
        "/api/recordings/{recording_id}/exports/{export_id}",
        "An export and its progress",
        roles=ART,
        answer=t.ExportAnswer,
    ),
    Route(
        "exports.cancel",
        "POST",
        "/api/recordings/{recording_id}/exports/{export_id}/cancel",
        "Stop it; what is made stays for `resume`",
        roles=ART,
        answer=t.ExportAnswer,
    ),
    Route(
        "exports.resume",
        "POST",
        "/api/recordings/{recording_id}/exports/{export_id}/resume",
        "Go on with a cancelled or failed export",
        roles=ART,
        answer=t.ExportAnswer,
    ),
    Route(
        "exports.delete",
        "DELETE",
        "/api/recordings/{recording_id}/exports/{export_id}",
        "Delete the film; the recording stays",
        roles=ART,
        status=204,
    ),
    Route(
        "exports.file",
        "GET",
        "/api/recordings/{recording_id}/exports/{export_id}/file",
        "The film (MP4), Range-able",
        roles=ART,
        produces="video/mp4",
    ),
)
