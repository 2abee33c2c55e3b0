"""Rows of the route table: readiness."""

from __future__ import annotations

from server.county.model import Role

from . import schemas_readiness as r
from .route import ALL, AR, A, Query, Route

SCAN = "application/octet-stream"
CHECKERS = frozenset({Role.TEACHER, Role.DEVICE})

ROUTES: tuple[Route, ...] = (
    Route(
        "readiness.county",
        "GET",
        "/api/readiness",
        "Equipment, network spaces, agreements, small schools",
        roles=AR,
        answer=r.ReadinessAnswer,
    ),
    Route(
        "readiness.standard",
        "GET",
        "/api/readiness/standard",
        "The standard of a classroom",
        roles=ALL,
        answer=r.StandardAnswer,
    ),
    Route(
        "readiness.check",
        "POST",
        "/api/readiness/checks",
        "Keep what a classroom measured of itself",
        roles=CHECKERS,
        body=r.ReadinessCheckRequest,
        answer=r.ReadinessCheckAnswer,
        status=201,
    ),
    Route(
        "readiness.own",
        "GET",
        "/api/readiness/checks",
        "Checks of my classroom, or of my school",
        roles=CHECKERS,
        answer=r.ReadinessCheckAnswer,
        items=True,
    ),
    Route(
        "readiness.put_scan",
        "POST",
        "/api/readiness/agreements/{pairing_id}/file",
        "Put up the scan of an agreement",
        roles=A,
        consumes=SCAN,
        status=204,
        query=(Query("name", "the file's name"),),
    ),
    Route(
        "readiness.scan",
        "GET",
        "/api/readiness/agreements/{pairing_id}/file",
        "The scan of an agreement, as an attachment",
        roles=AR,
        produces=SCAN,
    ),
    Route(
        "readiness.of_school",
        "GET",
        "/api/readiness/schools/{school_id}/checks",
        "A school's checks, newest first",
        roles=AR,
        answer=r.ReadinessCheckAnswer,
        items=True,
    ),
)
