"""The event pump: what workers, recorder and jobs report, carried into the database and into the rooms.

Every handler may run twice with the same event (a crash between write and acknowledgement): the county's services are
idempotent, and so is what is written into a room. An event is acknowledged only after its handler is done.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

import msgspec

from server.county.errors import CountyError, Unavailable
from server.county.model import FlowRow, TokenRole

from . import quality as q
from . import state
from .diagnosis import diagnose
from .messages import Recording
from .ports import MediaError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from server.county.services import Services

    from .parts import LiveParts
    from .ports import EventSource
    from .watch import Watch

    Event = tuple[str, str, dict[str, Any]]

log = logging.getLogger("tongke.live")

# Missed, abandoned and forgotten lessons are looked for this often (s).
SWEEP_EVERY = 5.0
# Placements are compared with the leases this often (s); a lease lasts 3 s.
WATCH_EVERY = 2.0
# An event whose handling fails by a bug is given up after so many tries, or it would stop all others.
GIVE_UP = 20
_BUGS = (KeyError, TypeError, ValueError, AttributeError, LookupError, msgspec.ValidationError)


class EventPump:
    """Reads one event source; one pump per web process. `events` None: only sweeps and watches."""

    def __init__(
        self,
        services: Services,
        live: LiveParts,
        watch: Watch,
        now: Callable[[], float],
        observe: Callable[[q.QualityRow], None] = lambda row: None,
    ) -> None:
        self._services = services
        self._live = live
        self._watch = watch
        self._now = now
        self._observe = observe  # each row of quality, for the metrics
        self._tries: Counter[str] = Counter()
        self.lag = 0.0  # seconds between an event's writing and its handling, newest batch
        self.handled: Counter[str] = Counter()
        self.failed = 0
        self.trouble: dict[str, str] = {}  # lesson id -> what the recorder complains of

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            if self._live.events is not None:
                group.create_task(self._pumping(self._live.events))
            group.create_task(_every(SWEEP_EVERY, self.sweep))
            group.create_task(_every(WATCH_EVERY, self._watch.look))

    async def _pumping(self, source: EventSource) -> None:
        while True:
            try:
                events = await source.read(block=1.0)
                if events:
                    await source.ack(await self.handle(events))
            except Exception:  # whatever it was, events that were not acknowledged come again
                log.exception("reading events failed")
                await asyncio.sleep(1.0)

    async def sweep(self) -> None:
        """What no event tells: lessons missed, abandoned, or forgotten by a crash."""
        for lesson_id in await self._services.lessons.sweep():
            await self._live.jobs.verify(lesson_id)

    async def handle(self, events: list[Event]) -> list[str]:
        """Handle a batch in order; the ids to acknowledge. Flow in a row is merged in one transaction."""
        done: list[str] = []
        for is_flow, run in groupby(events, key=lambda event: event[1] == "flow"):
            group = list(run)
            self.lag = max(0.0, self._now() - written_at(group[-1][0], self._now()))
            if is_flow:
                ids = [event_id for event_id, _, _ in group]
                rows = [row for _, _, body in group for row in flow_rows(body)]
                if await self._one(ids, "flow", partial(self._services.lessons.record_flow, rows)):
                    done += ids
                continue
            for event_id, kind, body in group:
                handler = _HANDLERS.get(kind)
                if handler is None or await self._one([event_id], kind, partial(handler, self, body)):
                    done.append(event_id)
        return done

    async def _one(self, ids: list[str], kind: str, work: Callable[[], Awaitable[None]]) -> bool:
        """Whether the events are done with: handled, or never to be handled."""
        try:
            await work()
        except CountyError as error:
            log.info("event %s refused: %s", kind, error.code)
        except Unavailable as error:  # database or Redis: it comes again when they are back
            self.failed += 1
            log.warning("event %s will be tried again: %s", kind, error)
            return False
        except Exception as error:
            self.failed += 1
            self._tries.update(ids)
            if isinstance(error, _BUGS) and self._tries[ids[0]] >= GIVE_UP:
                log.exception("event %s is given up", kind)
            else:
                log.warning("event %s will be tried again: %s", kind, type(error).__name__, exc_info=True)
                return False
        for event_id in ids:
            self._tries.pop(event_id, None)
        self.handled[kind] += len(ids)
        return True

    # --- one handler per type ---------------------------------------------------------------------------------------

    async def _worker_started(self, body: dict[str, Any]) -> None:
        log.info("worker %s started", body["worker"])
        await self._watch.look()

    async def _session_connected(self, body: dict[str, Any]) -> None:
        lesson, name = str(body["lesson_id"]), state.session_field(str(body["session_id"]))
        session = state.read_session((await self._live.rooms.get(lesson)).get(name))
        if session is None:  # ended meanwhile; whoever it was, the flow says what counts
            return
        await self._services.lessons.participant_seen(
            lesson, session.participant_id, TokenRole(session.role), session.school_id, session.name
        )
        connected = msgspec.structs.replace(session, connected=True)
        await self._live.rooms.set(lesson, name, state.encode(connected))
        await self._tell(lesson, "presence")

    async def _session_closed(self, body: dict[str, Any]) -> None:
        lesson = str(body["lesson_id"])
        await self._live.rooms.delete(lesson, state.session_field(str(body["session_id"])))
        await self._tell(lesson, "presence")

    async def _quality(self, body: dict[str, Any]) -> None:
        """Evidence first; the room's snapshot only if it tells of now: after an outage old looks come in a row."""
        lesson, at, rows = str(body["lesson_id"]), float(body["at"]), q.rows_of(body)
        await self._services.lessons.record_quality(q.minutes(lesson, at, rows))
        for row in rows:
            self._observe(row)
        if abs(self._now() - at) > q.STALE:
            return
        fields = await self._live.rooms.get(lesson)
        before = q.read_snapshot(fields.get(q.FIELD))
        if before is not None and before.at >= at:
            return
        claims = q.read_claims(fields, self._now())
        present = state.participants(state.read_room(fields), self._now())
        load = float(body.get("load", 0.0))
        notes = diagnose(rows, claims, {one.participant_id: one.name for one in present}, load)
        told = q.carried(before.notes if before is not None else (), notes, at)
        await self._live.rooms.set(lesson, q.FIELD, q.encode(q.Snapshot(at=at, load=load, rows=rows, notes=told)))
        await self._tell(lesson, "quality")

    async def _recording_opened(self, body: dict[str, Any]) -> None:
        await self._services.lessons.recording_opened(str(body["lesson_id"]))
        await self._recording(str(body["lesson_id"]), Recording(state="recording"))

    async def _recording_closed(self, body: dict[str, Any]) -> None:
        lesson = str(body["lesson_id"])
        if await self._services.lessons.recording_closed(lesson) is not None:
            await self._live.jobs.verify(lesson)
        await self._recording(lesson, Recording(state="closed"))

    async def _recording_trouble(self, body: dict[str, Any]) -> None:
        lesson, detail = str(body["lesson_id"]), str(body.get("detail", ""))
        over = bool(body.get("ok", False))
        if over:
            self.trouble.pop(lesson, None)
        else:
            self.trouble[lesson] = detail
        await self._recording(lesson, Recording(state="recording" if over else "trouble", detail=detail))

    async def _recording(self, lesson_id: str, recording: Recording) -> None:
        if recording.state == "closed":
            self.trouble.pop(lesson_id, None)
        await self._live.rooms.set(lesson_id, "recording", msgspec.json.encode(recording).decode())
        await self._tell(lesson_id, "recording")

    async def _recording_verified(self, body: dict[str, Any]) -> None:
        lesson = str(body["lesson_id"])
        if await self._services.lessons.verified(lesson, dict(body["report"])) is not None:
            await self._services.crediting.run(lesson)
            await self._services.doubts.look(lesson)

    async def _recording_discarded(self, body: dict[str, Any]) -> None:
        await self._services.library.deleted(str(body["lesson_id"]), int(body.get("objects", 0)))

    async def _tell(self, lesson_id: str, what: str) -> None:
        await self._live.bus.publish({"kind": "room", "lesson_id": lesson_id, "what": what})


_HANDLERS: dict[str, Callable[[EventPump, dict[str, Any]], Awaitable[None]]] = {
    "worker.started": EventPump._worker_started,
    "session.connected": EventPump._session_connected,
    "session.closed": EventPump._session_closed,
    "quality": EventPump._quality,
    "recording.opened": EventPump._recording_opened,
    "recording.closed": EventPump._recording_closed,
    "recording.trouble": EventPump._recording_trouble,
    "recording.verified": EventPump._recording_verified,
    "recording.discarded": EventPump._recording_discarded,
}


def flow_rows(body: dict[str, Any]) -> list[FlowRow]:
    """A flow event's rows; those that are not rows are left out (and logged), so that they never stop the others."""
    found: list[FlowRow] = []
    for row in body.get("rows", ()):
        try:
            mask = row["mask"]
            found.append(
                FlowRow(
                    lesson_id=str(body["lesson_id"]),
                    participant_id=str(row["participant_id"]),
                    source=str(row["source"]),
                    direction=str(row["direction"]),
                    kind=str(row["kind"]),
                    minute=int(row["minute"]),
                    mask=(int(mask, 16) if isinstance(mask, str) else int(mask)) & ((1 << 60) - 1),
                    packets=int(row.get("packets", 0)),
                    bytes=int(row.get("bytes", 0)),
                )
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            log.warning("a flow row is not one: %s", type(error).__name__)
    return found


def written_at(event_id: str, default: float) -> float:
    """Unix seconds at which a Redis stream entry (`{ms}-{n}`) was written."""
    ms, _, _ = event_id.partition("-")
    return int(ms) / 1000 if ms.isdecimal() and len(ms) >= 12 else default


async def _every(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        name = getattr(work, "__qualname__", "round")
        try:
            await work()
        except (CountyError, MediaError, Unavailable) as error:  # the next round does it
            log.warning("%s failed: %s", name, error)
        except Exception:
            log.exception("%s failed", name)
