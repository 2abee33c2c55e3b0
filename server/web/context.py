"""What handlers reach through the application: services, live parts, recordings, settings."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from server.county.model import Actor
    from server.county.services import Services
    from server.live.exports import ExportFiles
    from server.live.librarian import Librarian
    from server.live.materials import MaterialFiles
    from server.live.parts import LiveParts
    from server.live.probe import Probes
    from server.live.pump import EventPump
    from server.live.recordings import RecordingFiles
    from server.live.rooms import RoomHub
    from server.live.whip import MediaSessions

    from .handlers.events import EventStreams
    from .metrics import Metrics
    from .route import Route
    from .views import Views


class WebSettings(Protocol):
    """What the web reads of `server.settings.Settings`."""

    @property
    def client_dist(self) -> Path:
        """The built web client (it may not be there)."""
        ...

    @property
    def secure(self) -> bool:
        """Whether pages are served over HTTPS: cookies are then `Secure`."""
        ...

    @property
    def video_codecs(self) -> tuple[str, ...]:
        """What video is best published in, in this order, where everybody plays it."""
        ...


class System(Protocol):
    """The machine and the services around this process; bootstrap implements it."""

    @property
    def version(self) -> str: ...

    @property
    def started_at(self) -> float:
        """Unix seconds at which `tongke serve` (or this process) began."""
        ...

    async def database(self) -> str | None:
        """None: it answers. Otherwise what is wrong, for people. Never raises."""
        ...

    async def redis(self) -> str | None:
        """Same for Redis."""
        ...

    async def recorder_alive(self) -> bool:
        """Whether the recorder takes media."""
        ...

    async def queue(self) -> int:
        """Jobs waiting, -1 when unknown."""
        ...

    async def start_audit(self, by: str, key: str | None = None) -> None:
        """Begin an audit that goes on by itself."""
        ...

    async def disk(self) -> tuple[int, int]:
        """Bytes (free, total) where recordings are written."""
        ...


@dataclass(slots=True)
class Context:
    """Filled once by build_app."""

    settings: WebSettings
    services: Services
    live: LiveParts
    recordings: RecordingFiles
    exports: ExportFiles
    materials: MaterialFiles
    system: System
    sessions: MediaSessions
    probes: Probes
    hub: RoomHub
    streams: EventStreams
    pump: EventPump
    metrics: Metrics
    views: Views
    librarian: Librarian
    now: Callable[[], float] = field(default=time.time)


CONTEXT: web.AppKey[Context] = web.AppKey("context", object)  # type: ignore[arg-type]
# Set by the middlewares on each request.
ROUTE: web.RequestKey[Route] = web.RequestKey("route", object)  # type: ignore[arg-type]
ACTOR: web.RequestKey[Actor] = web.RequestKey("actor", object)  # type: ignore[arg-type]
TOKEN: web.RequestKey[str] = web.RequestKey("token", str)


def context(request: web.Request) -> Context:
    return request.app[CONTEXT]


def origin_of(request: web.Request) -> str:
    """The address of our pages as the caller has it, for links in what is taken away."""
    return f"{'https' if context(request).settings.secure else request.scheme}://{request.host}"


def actor(request: web.Request) -> Actor:
    """Who asks; the authorization middleware has put it there."""
    return request[ACTOR]
