"""The web application: the route table joined with its handlers, and what surrounds every request."""

from __future__ import annotations

import asyncio
import logging
import re
import time
import traceback
from typing import TYPE_CHECKING

from aiohttp import hdrs, web

from server.county.errors import CountyError, Unavailable
from server.live.exports import ExportFiles
from server.live.librarian import Librarian
from server.live.ports import MediaError
from server.live.probe import Probes
from server.live.pump import EventPump
from server.live.rooms import RoomHub, run_hub
from server.live.watch import Watch
from server.live.whip import MediaSessions

from . import static
from .auth import authorize
from .context import CONTEXT, ROUTE, Context, System, WebSettings
from .handlers import (
    audit_log,
    board,
    casebook,
    cases,
    chapters,
    courses,
    devices,
    doubts,
    evaluation,
    events,
    exports,
    feeds,
    ingest,
    ledger,
    lessons,
    library,
    materials,
    network,
    observations,
    readiness,
    recordings,
    reports,
    rooms,
    roster,
    roster_edit,
    sessions,
    surveys,
    system,
    timetable,
    users,
    wall,
    whip,
)
from .metrics import Metrics
from .problems import from_error, from_status
from .table import ROUTES
from .views import Views

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from server.county.services import Services
    from server.live.materials import MaterialFiles
    from server.live.parts import LiveParts
    from server.live.recordings import RecordingFiles

    from .handlers import Handler
    from .route import Route

log = logging.getLogger("tongke.web")

# The largest body anybody sends is an SDP offer (bodies.SDP_MAX).
BODY_MAX = 256 * 1024
# How long a background task may take to end before it is told again (s).
CANCEL_AGAIN = 0.2
# Ids, tracks and file names in paths; anything else names nothing.
_PATH_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,199}")
# Exceptions of our own making whose texts cannot hold what a stranger sent as a secret.
_TELLABLE = (AssertionError, AttributeError, KeyError, TypeError, NameError)

HANDLERS: dict[str, Handler] = {
    name: handler
    for module in (
        sessions,
        devices,
        users,
        roster,
        roster_edit,
        timetable,
        feeds,
        lessons,
        ledger,
        doubts,
        board,
        reports,
        evaluation,
        readiness,
        surveys,
        chapters,
        courses,
        materials,
        observations,
        cases,
        casebook,
        exports,
        ingest,
        library,
        recordings,
        audit_log,
        system,
        events,
        rooms,
        wall,
        whip,
        network,
    )
    for name, handler in module.HANDLERS.items()
}


def build_app(
    settings: WebSettings,
    services: Services,
    live: LiveParts,
    recordings: RecordingFiles,
    system: System,
    now: Callable[[], float] = time.time,
    *,
    materials_files: MaterialFiles,
) -> web.Application:
    """The application; its background tasks (rooms, event pump) run from start-up to clean-up."""
    missing = {route.name for route in ROUTES} ^ HANDLERS.keys()
    if missing:
        raise RuntimeError(f"route table and handlers differ: {sorted(missing)}")
    views, metrics = Views(services), Metrics()
    watch = Watch(services, live)
    app = web.Application(middlewares=[_around], client_max_size=BODY_MAX)
    app[CONTEXT] = Context(
        settings=settings,
        services=services,
        live=live,
        recordings=recordings,
        exports=ExportFiles(recordings.root, recordings.objects),
        materials=materials_files,
        system=system,
        sessions=MediaSessions(services.lessons, live.plane, live.rooms, live.bus, now),
        probes=Probes(live.plane, live.rooms, live.tokens, now),
        hub=RoomHub(live.rooms, live.bus, live.plane, views.room_lesson, now, settings.video_codecs),
        streams=events.EventStreams(),
        pump=EventPump(services, live, watch, now, metrics.observe_quality),
        metrics=metrics,
        views=views,
        librarian=Librarian(services, recordings, live.jobs),
        now=now,
    )
    for route in ROUTES:
        bound = _bind(route, HANDLERS[route.name])
        app.router.add_route(route.method, route.path, bound)
        if route.method == hdrs.METH_GET and route.status == 200 and route.name != "events.stream":
            app.router.add_route(hdrs.METH_HEAD, route.path, bound)
    app.router.add_route(hdrs.METH_GET, static.ANYTHING, static.client)
    app.router.add_route(hdrs.METH_HEAD, static.ANYTHING, static.client)
    app.cleanup_ctx.append(_background)
    app.on_response_prepare.append(_add_headers)
    app.on_shutdown.append(_shut_down)
    return app


def _bind(route: Route, handler: Handler) -> Handler:
    """The handler behind its row of the table."""

    async def bound(request: web.Request) -> web.StreamResponse:
        request[ROUTE] = route
        if not all(_PATH_PART.fullmatch(part) for part in request.match_info.values()):
            raise web.HTTPNotFound
        await authorize(request)
        return await handler(request)

    return bound


@web.middleware
async def _around(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Errors become problems, requests are counted."""
    began = time.perf_counter()
    try:
        answer = await handler(request)
    except (CountyError, MediaError, Unavailable, web.HTTPException) as error:
        found = from_error(request, error)
        if found is None:  # a redirect of aiohttp's own
            raise
        answer = found
    except ConnectionError:
        if request.transport is not None:
            raise
        answer = from_status(request, 400)  # the caller went away in mid-request, as a page on a cut line does
    except Exception as error:
        _log_failure(request, error)
        answer = from_status(request, 500)
    route = request.get(ROUTE)
    name = route.name if route is not None else "client"
    request.app[CONTEXT].metrics.observe(name, request.method, answer.status, time.perf_counter() - began)
    return answer


def _log_failure(request: web.Request, error: Exception) -> None:
    """The route and the stack, never what was sent: bodies hold passwords, paths and headers hold tokens."""
    route = request.get(ROUTE)
    text = f": {error}" if isinstance(error, _TELLABLE) else ""
    stack = "".join(traceback.format_tb(error.__traceback__))
    log.error(
        "%s %s failed: %s%s\n%s", request.method, route.path if route else "(client)", type(error).__name__, text, stack
    )


_HOST = re.compile(r"[A-Za-z0-9.\-]+(:[0-9]+)?|\[[0-9a-fA-F:]+\](:[0-9]+)?")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self), fullscreen=(self)",
}


async def _add_headers(request: web.Request, answer: web.StreamResponse) -> None:
    """Before any answer is sent: streams and files too."""
    answer.headers[hdrs.SERVER] = "tongke"
    for name, value in _HEADERS.items():
        answer.headers.setdefault(name, value)
    answer.headers.setdefault("Content-Security-Policy", _policy(request.host, request.app[CONTEXT].recordings.origin))
    if request.get(ROUTE) is not None:
        answer.headers.setdefault(hdrs.CACHE_CONTROL, "no-store")
    if request.path.startswith(("/whip/", "/whep/")):
        answer.headers.update(whip.CORS)


def _policy(host: str, store: str) -> str:
    # Older browsers do not count ws: to 'self'. Element Plus sets inline styles; players use blob: and MediaStreams.
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    store = f" {store}" if store else ""
    return (
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        f"font-src 'self' data:; media-src 'self' blob: mediastream:{store}; worker-src 'self' blob:; "
        f"connect-src 'self' blob:{sockets}{store}; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )


async def _background(app: web.Application) -> AsyncIterator[None]:
    c = app[CONTEXT]
    tasks = [
        asyncio.create_task(_kept_running("rooms", lambda: run_hub(c.hub, c.live.bus, c.streams.notice))),
        asyncio.create_task(_kept_running("event pump", c.pump.run)),
        asyncio.create_task(_kept_running("library", c.librarian.run)),
    ]
    yield
    pending = set(tasks)
    while pending:
        # Once more if need be: a cancellation can be lost when it meets a timeout inside a library.
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=CANCEL_AGAIN)


async def _kept_running(name: str, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await work()
        except Exception:  # a bug in it must not leave the lessons without it
            log.exception("%s stopped and starts again", name)
        await asyncio.sleep(1.0)


async def _shut_down(app: web.Application) -> None:
    c = app[CONTEXT]
    c.streams.close_all()
    c.hub.close_all()
