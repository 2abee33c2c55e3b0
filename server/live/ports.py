"""What a lesson in progress needs from outside: the media plane, the room's shared state, notices, events, jobs.

`server.cluster` implements these on Redis; tests use the in-memory fakes in `tests/fakes/cluster.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


# A lesson id that begins so is a network test (`server.live.probe`): in no database, not recorded, and without
# evidence; its worker ends it after so many seconds.
PROBE = "probe-"
PROBE_SECONDS = 120.0


def is_probe(lesson_id: str) -> bool:
    """Whether this is a network test and no lesson."""
    return lesson_id.startswith(PROBE)


class MediaError(Exception):
    """A worker's refusal (docs/protocols.md, section 2), or `unavailable`.

    `unavailable`: no worker holds a lease, or it did not answer in time.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class MediaPlane(Protocol):
    """Commands to whichever worker carries a lesson."""

    async def for_lesson(
        self, lesson_id: str, method: str, params: dict[str, Any], *, timeout: float = 5.0
    ) -> dict[str, Any]:
        """Place the lesson if it is not placed (or its worker's epoch is gone), then send the command.

        `lesson.open` is sent first whenever the lesson is placed anew. Raises MediaError.
        """
        ...

    async def for_session(
        self, session_id: str, method: str, params: dict[str, Any], *, timeout: float = 5.0
    ) -> dict[str, Any]:
        """Send to the worker named in the session id (`{worker}.{hex}`). Raises MediaError.

        `no_such_session` if that worker is gone.
        """
        ...

    async def new_session_id(self, lesson_id: str, *, player: str | None = None) -> str:
        """An unguessable session id on the lesson's worker (places the lesson if need be). Raises MediaError.

        `player`: the participant who is going to play; where the lesson's worker has no room, it is on another one.
        """
        ...

    async def serving(self, session_id: str) -> str | None:
        """The life (`{worker}:{epoch}`) of the worker named in a session id; None if its lease is gone."""
        ...

    async def close_lesson(self, lesson_id: str) -> None:
        """`lesson.close` on its worker if it has one, and forget the placement. Never raises for an unplaced lesson."""
        ...

    async def placement(self, lesson_id: str) -> str | None:
        """Where the lesson's media is, as `{worker}:{epoch}`; None if not placed or that worker's lease is gone."""
        ...

    async def tell_lesson(self, lesson_id: str, method: str, params: dict[str, Any], *, timeout: float = 2.0) -> None:
        """Send to the lesson's worker if it has one, and never place it: for what only matters while media flows.

        Raises MediaError.
        """
        ...

    async def close_recording(self, lesson_id: str) -> None:
        """Tell the recorder (`recording.close` on `tk:cmd:recorder`) that the lesson is over.

        So a recording is closed though the worker that carried it died. Never raises; may be lost.
        """
        ...

    async def workers(self) -> list[dict[str, Any]]:
        """The live leases, as JSON of `tk:worker:{w}`."""
        ...


class RoomState(Protocol):
    """The shared hash `tk:room:{lesson_id}` of one lesson's room."""

    async def get(self, lesson_id: str) -> dict[str, str]: ...
    async def set(self, lesson_id: str, field: str, value: str) -> None: ...
    async def delete(self, lesson_id: str, *fields: str) -> None: ...
    async def clear(self, lesson_id: str) -> None: ...


class Bus(Protocol):
    """Small notices to every web process: `{"kind": "room" | "lesson", "lesson_id": ..., ...}`; may be lost."""

    async def publish(self, notice: dict[str, Any]) -> None: ...
    def notices(self) -> AsyncIterator[dict[str, Any]]:
        """Notices from now on, this process's own included; reconnects by itself, then yields `{"kind": "resync"}`."""
        ...


class EventSource(Protocol):
    """The stream `tk:events` read as group `live`; what is not acknowledged is delivered again."""

    async def read(self, *, block: float) -> list[tuple[str, str, dict[str, Any]]]:
        """Up to 500 events as (id, type, body), own pending ones first; [] after `block` seconds without any."""
        ...

    async def ack(self, ids: list[str]) -> None: ...


class Jobs(Protocol):
    """The job queue."""

    async def verify(self, lesson_id: str) -> None:
        """Queue the verification of a lesson's recording; idempotent."""
        ...

    async def export(self, lesson_id: str, export_id: str) -> None:
        """Queue an export that stands on disk; idempotent. Never raises: the exports' own sweep finds it too."""
        ...

    async def verifying(self, lesson_id: str) -> float | None:
        """How much of it is done (0..1, 0 while it waits); None when none is queued or under way. Never raises."""
        ...

    async def discard(self, lesson_id: str) -> None:
        """Queue the deletion of a recording's files; idempotent. `recording.discarded` tells when they are gone."""
        ...
