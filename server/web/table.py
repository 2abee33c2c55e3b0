"""Every route in one table: who may call it, what it takes, what it answers.

Handlers (`web/handlers/*`, joined by name), the authorization middleware, the OpenAPI document and the test of every
route against every role all come from here, so none can be forgotten.
"""

from __future__ import annotations

from server.live import playlists

from . import schemas as s
from . import schemas_media as m
from . import schemas_network as n
from . import table_evaluation as evaluation
from . import table_readiness as readiness
from . import table_survey as survey
from . import table_takeaway as takeaway
from .route import ALL, AR, ART, PAGED, A, Access, Query, Route
from .table_board import BOARD_ROUTES
from .table_cases import CASE_ROUTES
from .table_courses import COURSE_ROUTES
from .table_doubts import DOUBT_ROUTES
from .table_library import LIBRARY
from .table_materials import MATERIAL_ROUTES
from .table_observation import OBSERVATION_ROUTES
from .table_reports import REPORT_ROUTES
from .table_roster import ROSTER_ROUTES
from .table_timetable import TIMETABLE_ROUTES

SDP = "application/sdp"
TRICKLE = "application/trickle-ice-sdpfrag"

LESSON_QUERY = (
    Query("state", "states, comma separated"),
    Query("form", "forms, comma separated"),
    Query("school_id", "on either side"),
    Query("subject", "subject id"),
    Query("from", "starts at or after", "date-time"),
    Query("to", "starts before", "date-time"),
    Query("order", "`starts_at` or `-starts_at` (default: newest first)"),
    *PAGED,
)
SOURCE = (Query("source", "`teacher` (default), `screen` or a participant id"),)

_P = Access.PUBLIC
_M = Access.MEDIA
_S = Access.SESSION

ROUTES: tuple[Route, ...] = (
    # sessions
    Route("sessions.login", "POST", "/api/session", "Log in", _P, body=s.LoginRequest, answer=s.LoginAnswer),
    Route("sessions.who", "GET", "/api/session", "Who am I", roles=ALL, answer=s.SessionAnswer),
    Route("sessions.logout", "DELETE", "/api/session", "Log out", roles=ALL, status=204),
    Route(
        "sessions.password",
        "POST",
        "/api/session/password",
        "Change my password",
        roles=ART,
        body=s.PasswordChange,
        status=204,
    ),
    # devices
    Route(
        "devices.redeem",
        "POST",
        "/api/devices/redeem",
        "Redeem a classroom screen's code",
        _P,
        body=s.RedeemRequest,
        answer=s.RedeemAnswer,
    ),
    Route("devices.list", "GET", "/api/devices", "Classroom screens", roles=A, answer=s.DeviceAnswer, items=True),
    Route(
        "devices.create",
        "POST",
        "/api/devices",
        "Add a classroom screen",
        roles=A,
        body=s.DeviceCreate,
        answer=s.DeviceCode,
        status=201,
    ),
    Route(
        "devices.code",
        "POST",
        "/api/devices/{device_id}/code",
        "A new code; the old token ends",
        roles=A,
        answer=s.DeviceCode,
    ),
    Route("devices.revoke", "DELETE", "/api/devices/{device_id}", "Revoke a screen", roles=A, status=204),
    # users
    Route("users.list", "GET", "/api/users", "Accounts", roles=A, answer=s.UserAnswer, items=True),
    Route(
        "users.create",
        "POST",
        "/api/users",
        "Add an account",
        roles=A,
        body=s.UserCreate,
        answer=s.UserAnswer,
        status=201,
    ),
    Route(
        "users.update",
        "PATCH",
        "/api/users/{user_id}",
        "Change an account",
        roles=A,
        body=s.UserUpdate,
        answer=s.UserAnswer,
    ),
    # roster
    Route("roster.schools", "GET", "/api/schools", "Schools", roles=ALL, answer=s.SchoolAnswer, items=True),
    Route("roster.subjects", "GET", "/api/subjects", "Subjects", roles=ALL, answer=s.SubjectAnswer, items=True),
    Route("roster.pairings", "GET", "/api/pairings", "Pairings", roles=ALL, answer=s.PairingAnswer, items=True),
    *ROSTER_ROUTES,
    *TIMETABLE_ROUTES,
    # lessons
    Route(
        "lessons.list",
        "GET",
        "/api/lessons",
        "Lessons the caller may see",
        roles=ALL,
        answer=s.LessonAnswer,
        items=True,
        query=LESSON_QUERY,
    ),
    Route(
        "lessons.create",
        "POST",
        "/api/lessons",
        "Schedule a lesson",
        roles=ART,
        body=s.LessonCreate,
        answer=s.LessonAnswer,
        status=201,
    ),
    Route("lessons.get", "GET", "/api/lessons/{lesson_id}", "A lesson", roles=ALL, answer=s.LessonDetailAnswer),
    Route(
        "lessons.update",
        "PATCH",
        "/api/lessons/{lesson_id}",
        "Change a scheduled lesson",
        roles=ART,
        body=s.LessonUpdate,
        answer=s.LessonAnswer,
    ),
    Route("lessons.start", "POST", "/api/lessons/{lesson_id}/start", "Start", roles=ART, answer=s.LessonAnswer),
    Route("lessons.end", "POST", "/api/lessons/{lesson_id}/end", "End", roles=ART, answer=s.LessonAnswer),
    Route(
        "lessons.cancel",
        "POST",
        "/api/lessons/{lesson_id}/cancel",
        "Cancel",
        roles=ART,
        body=s.CancelRequest,
        answer=s.LessonAnswer,
    ),
    Route(
        "lessons.tokens",
        "POST",
        "/api/lessons/{lesson_id}/tokens",
        "A media token for this lesson",
        roles=ALL,
        body=s.TokenRequest,
        answer=s.TokenAnswer,
        status=201,
    ),
    Route(
        "lessons.verify",
        "POST",
        "/api/lessons/{lesson_id}/verify",
        "Verify the recording again",
        roles=AR,
        answer=m.Accepted,
        status=202,
    ),
    # ledger
    Route(
        "ledger.credit",
        "POST",
        "/api/lessons/{lesson_id}/credits",
        "Credit by hand",
        roles=AR,
        body=s.CreditRequest,
        answer=s.LedgerAnswer,
        status=201,
    ),
    Route(
        "ledger.reverse",
        "POST",
        "/api/ledger/{entry_id}/reverse",
        "Reverse an entry",
        roles=AR,
        body=s.ReverseRequest,
        answer=s.LedgerAnswer,
        status=201,
    ),
    Route(
        "ledger.list",
        "GET",
        "/api/ledger",
        "Ledger entries",
        roles=ART,
        answer=s.LedgerAnswer,
        items=True,
        query=(Query("lesson_id", "one lesson"), Query("school_id", "one school"), *PAGED),
    ),
    *BOARD_ROUTES,
    *REPORT_ROUTES,
    *COURSE_ROUTES,
    *MATERIAL_ROUTES,
    *DOUBT_ROUTES,
    *OBSERVATION_ROUTES,
    *CASE_ROUTES,
    # recordings
    *LIBRARY,
    Route(
        "recordings.get",
        "GET",
        "/api/recordings/{recording_id}",
        "Tracks, duration, gaps, files",
        roles=ALL,
        answer=m.RecordingAnswer,
        query=(Query("after", "only the pieces that end after this second, what is new of an open one", "integer"),),
    ),
    Route(
        "recordings.piece",
        "GET",
        "/api/recordings/{recording_id}/tracks/{track}/{file}",
        "One piece or init",
        roles=ALL,
        produces="application/octet-stream",
    ),
    Route(
        "recordings.hls",
        "GET",
        "/api/recordings/{recording_id}/hls/{playlist}",
        "HLS: `index.m3u8`, or of a source, a source's kind or a track; EVENT while it is recorded",
        roles=ALL,
        produces=playlists.MIME,
    ),
    Route(
        "recordings.file",
        "GET",
        "/api/recordings/{recording_id}/files/{track}",
        "A whole track, Range-able",
        roles=ALL,
        produces="application/octet-stream",
    ),
    *takeaway.ROUTES,
    *evaluation.ROUTES,
    *readiness.ROUTES,
    *survey.ROUTES,
    # what is live, the system
    Route(
        "system.live",
        "GET",
        "/api/live",
        "What is live now",
        roles=AR,
        answer=m.LiveLesson,
        items=True,
        query=(Query("pictures", "1: this is the wall; keeps its pictures coming for a minute"),),
    ),
    Route(
        "wall.snapshot",
        "GET",
        "/api/lessons/{lesson_id}/snapshots/{source}",
        "A small picture of a live source",
        roles=ART,
        produces="image/jpeg",
    ),
    Route("system.state", "GET", "/api/system", "State of the system", roles=A, answer=m.SystemAnswer),
    Route("system.openapi", "GET", "/api/openapi.json", "This document", _P),
    Route("system.health", "GET", "/healthz", "200 once it can take a lesson", _P, answer=m.HealthAnswer),
    Route("system.metrics", "GET", "/metrics", "Prometheus metrics", Access.LOCAL, roles=A, produces="text/plain"),
    Route("events.stream", "GET", "/api/events", "Server-sent events", roles=ALL, produces="text/event-stream"),
    # the network before the lesson
    Route("network.ice_servers", "GET", "/api/ice-servers", "Relays (TURN)", Access.HOLDER, answer=n.IceServersAnswer),
    Route(
        "network.test",
        "POST",
        "/api/network-test",
        "Open a network test",
        Access.HOLDER,
        answer=n.NetworkTestAnswer,
        status=201,
    ),
    Route("network.end", "DELETE", "/api/network-test/{test_id}", "End a network test", _M, status=204),
    # the room and its media
    Route("rooms.connect", "GET", "/api/lessons/{lesson_id}/room", "The lesson's WebSocket", Access.ROOM, status=101),
    Route(
        "whip.publish",
        "POST",
        "/whip/{lesson_id}",
        "Publish (WHIP, RFC 9725)",
        _M,
        status=201,
        consumes=SDP,
        produces=SDP,
        query=SOURCE,
    ),
    Route("whip.options", "OPTIONS", "/whip/{lesson_id}", "CORS and Accept-Post", _P, status=204),
    Route(
        "whip.patch",
        "PATCH",
        "/whip/{lesson_id}/{session_id}",
        "Trickle or ICE restart",
        _S,
        consumes=TRICKLE,
        produces=TRICKLE,
    ),
    Route("whip.delete", "DELETE", "/whip/{lesson_id}/{session_id}", "End the session", _S),
    Route("whip.session_options", "OPTIONS", "/whip/{lesson_id}/{session_id}", "CORS, Accept-Patch", _P, status=204),
    Route(
        "whip.play",
        "POST",
        "/whep/{lesson_id}",
        "Play (WHEP)",
        _M,
        status=201,
        consumes=SDP,
        produces=SDP,
        query=SOURCE,
    ),
    Route("whip.play_options", "OPTIONS", "/whep/{lesson_id}", "CORS and Accept-Post", _P, status=204),
    Route(
        "whip.play_patch",
        "PATCH",
        "/whep/{lesson_id}/{session_id}",
        "Trickle or ICE restart",
        _S,
        consumes=TRICKLE,
        produces=TRICKLE,
    ),
    Route("whip.play_delete", "DELETE", "/whep/{lesson_id}/{session_id}", "End the session", _S),
    Route(
        "whip.play_session_options",
        "OPTIONS",
        "/whep/{lesson_id}/{session_id}",
        "CORS and Accept-Patch",
        _P,
        status=204,
    ),
)

BY_NAME = {route.name: route for route in ROUTES}
