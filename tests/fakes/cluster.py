"""`server/live/ports.py` in memory, with the real interface and behaviour, for tests without Redis or workers."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from server.live.ingest import IngestState
from server.live.ports import MediaError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from server.live.ingest import Ingest


class MemoryBus:
    """`Bus`: every listener gets what is published after it began to listen, through JSON as in Redis."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[str]] = set()
        self.published: list[dict[str, Any]] = []

    async def publish(self, notice: dict[str, Any]) -> None:
        self.published.append(notice)
        for queue in self._listeners:
            queue.put_nowait(json.dumps(notice))

    async def notices(self) -> AsyncIterator[dict[str, Any]]:
        queue: asyncio.Queue[str] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            while True:
                yield json.loads(await queue.get())
        finally:
            self._listeners.discard(queue)

    @property
    def listeners(self) -> int:
        return len(self._listeners)


class MemoryRooms:
    """`RoomState`."""

    def __init__(self) -> None:
        self.hashes: dict[str, dict[str, str]] = defaultdict(dict)

    async def get(self, lesson_id: str) -> dict[str, str]:
        return dict(self.hashes[lesson_id])

    async def set(self, lesson_id: str, field: str, value: str) -> None:
        self.hashes[lesson_id][field] = value

    async def delete(self, lesson_id: str, *fields: str) -> None:
        for field in fields:
            self.hashes[lesson_id].pop(field, None)

    async def clear(self, lesson_id: str) -> None:
        self.hashes.pop(lesson_id, None)


class MemoryEvents:
    """`EventSource`: what is not acknowledged is read again, own pending ones first."""

    def __init__(self) -> None:
        self.queue: list[tuple[str, str, dict[str, Any]]] = []
        self.pending: dict[str, tuple[str, str, dict[str, Any]]] = {}
        self.acked: list[str] = []
        self._count = 0

    def write(self, kind: str, body: dict[str, Any]) -> str:
        """What a worker, the recorder or a job writes."""
        self._count += 1
        self.queue.append((f"{self._count}-0", kind, body))
        return f"{self._count}-0"

    async def read(self, *, block: float) -> list[tuple[str, str, dict[str, Any]]]:
        if not self.pending:
            self.pending = {event[0]: event for event in self.queue[:500]}
            self.queue = self.queue[500:]
        if not self.pending:
            await asyncio.sleep(min(block, 0.01))
        return list(self.pending.values())

    async def ack(self, ids: list[str]) -> None:
        self.acked += ids
        for event_id in ids:
            self.pending.pop(event_id, None)


class MemoryJobs:
    """`Jobs`: remembers what was queued."""

    def __init__(self) -> None:
        self.verifications: list[str] = []
        self.progress: dict[str, float] = {}
        self.exports: list[tuple[str, str]] = []

        self.discarded: list[str] = []

    async def verify(self, lesson_id: str) -> None:
        self.verifications.append(lesson_id)

    async def export(self, lesson_id: str, export_id: str) -> None:
        self.exports.append((lesson_id, export_id))

    async def verifying(self, lesson_id: str) -> float | None:
        return self.progress.get(lesson_id)

    async def discard(self, lesson_id: str) -> None:
        self.discarded.append(lesson_id)


class MemoryIngests:
    """`server.live.ingest.Ingests`: what is wanted, and the states a test sets."""

    def __init__(self) -> None:
        self.wanted: dict[str, Ingest] = {}
        self.states: dict[str, IngestState] = {}

    async def add(self, ingest: Ingest) -> None:
        self.wanted[ingest.id] = ingest

    async def of_lesson(self, lesson_id: str) -> list[tuple[Ingest, IngestState]]:
        found = [ingest for ingest in self.wanted.values() if ingest.lesson_id == lesson_id]
        return [(ingest, self.states.get(ingest.id, IngestState())) for ingest in found]

    async def remove(self, ingest_id: str) -> None:
        self.wanted.pop(ingest_id, None)


class FakePlane:
    """`MediaPlane` over one worker that answers as `server.media` does and can die (`worker`, `epoch`, `fail`)."""

    def __init__(self) -> None:
        self.worker: str | None = "w0"
        self.epoch = "e1"
        self.placed: dict[str, str] = {}
        self.sessions: dict[str, dict[str, Any]] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.closed: list[str] = []
        self.recordings_closed: list[str] = []
        self.fail: MediaError | None = None
        self.elsewhere: dict[str, str] = {}  # participant: life of the other worker that serves it

    def die(self) -> None:
        """The worker's lease is gone."""
        self.worker = None
        self.sessions.clear()

    def start(self, epoch: str) -> None:
        """The worker is back with another epoch."""
        self.worker, self.epoch = "w0", epoch

    async def for_lesson(
        self, lesson_id: str, method: str, params: dict[str, Any], *, timeout: float = 5.0
    ) -> dict[str, Any]:
        if self.fail is not None:
            raise self.fail
        if self.worker is None:
            raise MediaError("unavailable", "没有可用的媒体进程")
        here = f"{self.worker}:{self.epoch}"
        if self.placed.get(lesson_id) != here:
            self.placed[lesson_id] = here
            self.calls.append(("lesson.open", {"lesson_id": lesson_id}))
        self.calls.append((method, params))
        if method in ("session.publish", "session.play"):
            self.sessions[params["session_id"]] = params
            answer = (
                "v=0\r\na=ice-lite\r\na=ice-ufrag:srv1\r\n"
                "a=candidate:1 1 udp 2130706431 192.0.2.1 8189 typ host\r\na=end-of-candidates\r\n"
            )
            return {"answer": answer, "etag": "ice1"}
        return {}

    async def for_session(
        self, session_id: str, method: str, params: dict[str, Any], *, timeout: float = 5.0
    ) -> dict[str, Any]:
        if self.fail is not None:
            raise self.fail
        if session_id not in self.sessions:
            if method == "session.close":
                return {}
            raise MediaError("no_such_session", "没有这个媒体会话")
        self.calls.append((method, params))
        if method == "session.close":
            del self.sessions[session_id]
            return {}
        return {"ufrag": "srv2", "pwd": "p" * 24, "etag": "ice2"}

    async def new_session_id(self, lesson_id: str, *, player: str | None = None) -> str:
        if self.worker is None:
            raise MediaError("unavailable", "没有可用的媒体进程")
        if player is not None and player in self.elsewhere:
            return f"{self.elsewhere[player].partition(':')[0]}.{secrets.token_hex(16)}"
        return f"{self.worker}.{secrets.token_hex(16)}"

    async def close_lesson(self, lesson_id: str) -> None:
        self.closed.append(lesson_id)
        self.placed.pop(lesson_id, None)
        self.sessions = {key: one for key, one in self.sessions.items() if one["lesson_id"] != lesson_id}

    async def placement(self, lesson_id: str) -> str | None:
        placed = self.placed.get(lesson_id)
        return placed if self.worker is not None and placed == f"{self.worker}:{self.epoch}" else None

    async def serving(self, session_id: str) -> str | None:
        worker = session_id.partition(".")[0]
        lives = [*self.elsewhere.values(), *([] if self.worker is None else [f"{self.worker}:{self.epoch}"])]
        return next((life for life in lives if life.partition(":")[0] == worker), None)

    async def tell_lesson(self, lesson_id: str, method: str, params: dict[str, Any], *, timeout: float = 2.0) -> None:
        if self.fail is not None:
            raise self.fail
        if await self.placement(lesson_id) is not None:
            self.calls.append((method, params))

    async def close_recording(self, lesson_id: str) -> None:
        self.recordings_closed.append(lesson_id)

    async def workers(self) -> list[dict[str, Any]]:
        others = [
            {"worker": life.partition(":")[0], "epoch": life.partition(":")[2], "lessons": 1, "load": 0.1, "pid": 2}
            for life in set(self.elsewhere.values())
        ]
        if self.worker is None:
            return others
        return [
            *others,
            {
                "worker": self.worker,
                "epoch": self.epoch,
                "lessons": len(self.placed),
                "load": 0.1,
                "pid": 1,
                "stats": {"packets_in": 5},
            },
        ]
