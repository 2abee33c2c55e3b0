"""The routes of courses on demand."""

from __future__ import annotations

from server.county.model import Role

from . import schemas_courses as c
from .route import ALL, ART, Route

COURSE_ROUTES: tuple[Route, ...] = (
    Route(
        "courses.create",
        "POST",
        "/api/courses",
        "Give a recorded lesson to classes",
        roles=ART,
        body=c.CourseCreate,
        answer=c.CourseAnswer,
        status=201,
    ),
    Route(
        "courses.get",
        "GET",
        "/api/courses/{lesson_id}",
        "A course, what was played",
        roles=ALL,
        answer=c.CourseAnswer,
    ),
    Route(
        "courses.play",
        "POST",
        "/api/courses/{lesson_id}/played",
        "What a class's page has played since its last report",
        roles=frozenset({Role.TEACHER, Role.DEVICE}),
        body=c.PlayedReport,
        answer=c.CourseAnswer,
    ),
)
