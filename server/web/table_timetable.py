"""Routes of the timetable and of calendar addresses."""

from __future__ import annotations

from . import schemas_timetable as t
from .route import ART, Access, Query, Route
from .table_roster import DRY_RUN

SPAN = (Query("from", "starts at or after", "date-time"), Query("to", "starts before", "date-time"))
FILTERS = (
    Query("school_id", "on either side"),
    Query("subject", "subject id"),
    Query("researcher_id", "pairings of a researcher"),
)
TIMETABLE_ROUTES: tuple[Route, ...] = (
    Route(
        "timetable.show",
        "GET",
        "/api/timetable",
        "Lessons of a span, clashes, holidays, terms",
        roles=ART,
        answer=t.TimetableAnswer,
        query=(*SPAN, *FILTERS),
    ),
    Route(
        "timetable.check",
        "POST",
        "/api/timetable/check",
        "What to know before a lesson is moved",
        roles=ART,
        body=t.CheckRequest,
        answer=t.NoticesAnswer,
    ),
    Route(
        "timetable.series",
        "POST",
        "/api/timetable/series",
        "A weekly series, holidays skipped",
        roles=ART,
        body=t.SeriesCreate,
        answer=t.SeriesAnswer,
        query=(DRY_RUN,),
    ),
    Route(
        "timetable.substitute",
        "POST",
        "/api/timetable/substitutions",
        "Another teacher for a teacher's lessons to come",
        roles=ART,
        body=t.SubstitutionRequest,
        answer=t.ChangedAnswer,
        query=(DRY_RUN,),
    ),
    Route(
        "timetable.teachers",
        "GET",
        "/api/timetable/teachers",
        "Teachers who can be given lessons",
        roles=ART,
        answer=t.TeacherAnswer,
        items=True,
        query=(Query("school_id", "one school"),),
    ),
    Route(
        "timetable.suggestion",
        "GET",
        "/api/lessons/{lesson_id}/suggestion",
        "The next free time for a lesson",
        roles=ART,
        answer=t.SuggestionAnswer,
    ),
    Route(
        "timetable.reschedule",
        "POST",
        "/api/lessons/{lesson_id}/reschedule",
        "Give a missed lesson another time",
        roles=ART,
        body=t.RescheduleRequest,
        answer=t.ChangedAnswer,
    ),
    Route("feeds.list", "GET", "/api/feeds", "My calendar addresses", roles=ART, answer=t.FeedAnswer, items=True),
    Route(
        "feeds.create",
        "POST",
        "/api/feeds",
        "A new calendar address",
        roles=ART,
        body=t.FeedCreate,
        answer=t.FeedCreated,
        status=201,
    ),
    Route("feeds.revoke", "DELETE", "/api/feeds/{feed_id}", "Revoke a calendar address", roles=ART, status=204),
    Route(
        "feeds.read",
        "GET",
        "/calendar/{token}.ics",
        "The calendar behind a secret address",
        Access.PUBLIC,
        produces="text/calendar",
    ),
)
