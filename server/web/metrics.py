"""Prometheus metrics of this web process and of what it sees of the others, in a registry of its own."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from server.county.model import LessonState
from server.live.watch import lessons_in

from .metrics_quality import QualityMetrics

if TYPE_CHECKING:
    from typing import Any

    from server.live.quality import QualityRow

    from .context import Context

log = logging.getLogger("tongke.web")

# Lessons of these states are few at any time; those that are done are in the board and the ledger.
_COUNTED = (LessonState.SCHEDULED, LessonState.LIVE, LessonState.ENDED, LessonState.RECORDED, LessonState.VERIFIED)
_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """`observe` per request; `render` collects the rest when it is asked for."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "tongke_http_requests_total", "Requests by route", ("route", "method", "status"), registry=registry
        )
        self._seconds = Histogram(
            "tongke_http_request_seconds", "Time to the answer", ("route",), registry=registry, buckets=_BUCKETS
        )
        self._lessons = Gauge("tongke_lessons", "Lessons by state", ("state",), registry=registry)
        self._pages = Gauge("tongke_room_pages", "Pages in lesson rooms of this process", registry=registry)
        self._streams = Gauge("tongke_event_streams", "Open server-sent event streams", registry=registry)
        self._lag = Gauge("tongke_events_lag_seconds", "Age of the newest handled event", registry=registry)
        self._failed = Gauge("tongke_events_failed", "Event handlings that failed", registry=registry)
        self._handled = Gauge("tongke_events_handled", "Events handled by type", ("type",), registry=registry)
        self._trouble = Gauge("tongke_recorder_trouble", "Lessons whose recording is in trouble", registry=registry)
        self._recorder = Gauge("tongke_recorder_up", "1 while the recorder takes media", registry=registry)
        self._workers = Gauge("tongke_workers", "Media workers with a lease", registry=registry)
        self._worker_lessons = Gauge("tongke_worker_lessons", "Lessons on a worker", ("worker",), registry=registry)
        self._worker_load = Gauge("tongke_worker_load", "Load of a worker", ("worker",), registry=registry)
        self._worker_stats = Gauge(
            "tongke_worker_stat", "What a worker measures of itself", ("worker", "stat"), registry=registry
        )

        self._quality = QualityMetrics(registry)

    def observe_quality(self, row: QualityRow) -> None:
        """One row of a look was handled by this process."""
        self._quality.observe(row)

    def observe(self, route: str, method: str, status: int, seconds: float) -> None:
        """A request was answered. `seconds` of streams and sockets are their lifetimes: not counted."""
        self._requests.labels(route, method, str(status)).inc()
        if route not in ("events.stream", "rooms.connect"):
            self._seconds.labels(route).observe(seconds)

    async def render(self, c: Context) -> bytes:
        """The exposition text."""
        try:
            lessons = await lessons_in(c.services, *_COUNTED)
            await self._quality.collect(c, [lesson.id for lesson in lessons if lesson.state is LessonState.LIVE])
            for state in _COUNTED:
                self._lessons.labels(state.value).set(sum(lesson.state is state for lesson in lessons))
        except Exception as error:  # the database is away; the other figures are the more wanted
            log.warning("lessons were not counted: %s", type(error).__name__)
        self._pages.set(c.hub.connected)
        self._streams.set(len(c.streams))
        self._lag.set(c.pump.lag)
        self._failed.set(c.pump.failed)
        for kind, count in c.pump.handled.items():
            self._handled.labels(kind).set(count)
        self._trouble.set(len(c.pump.trouble))
        self._recorder.set(await c.system.recorder_alive())
        self._set_workers(await c.live.plane.workers())
        return generate_latest(self._registry)

    def _set_workers(self, leases: list[dict[str, Any]]) -> None:
        for gauge in (self._worker_lessons, self._worker_load, self._worker_stats):
            gauge.clear()
        self._workers.set(len(leases))
        for lease in leases:
            name = str(lease["worker"])
            self._worker_lessons.labels(name).set(lease.get("lessons", 0))
            self._worker_load.labels(name).set(lease.get("load", 0))
            for stat, value in lease.get("stats", {}).items():
                if isinstance(value, int | float):
                    self._worker_stats.labels(name, stat).set(value)
