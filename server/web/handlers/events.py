"""Server-sent events: the changes of lessons that the caller may see."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from aiohttp import web

from server.county.model import Actor, Role
from server.county.permissions import Action, Scope, may

from .. import schemas_media as m
from ..context import TOKEN, actor, context

if TYPE_CHECKING:
    from . import Handler

# A comment line keeps proxies from closing the stream (s); the login is looked at again this often (comments).
COMMENT_EVERY = 15.0
LOGIN_EVERY = 4
# Events waiting for one page; a page behind by so many asks anew after it has reconnected.
QUEUE = 256


class EventStreams:
    """The open streams of this web process."""

    def __init__(self) -> None:
        self._open: dict[asyncio.Queue[str | None], Actor] = {}

    def __len__(self) -> int:
        return len(self._open)

    def open(self, who: Actor) -> asyncio.Queue[str | None]:
        """A queue of frames for this caller; None ends the stream."""
        queue: asyncio.Queue[str | None] = asyncio.Queue(QUEUE)
        self._open[queue] = who
        return queue

    def close(self, queue: asyncio.Queue[str | None]) -> None:
        self._open.pop(queue, None)

    def close_all(self) -> None:
        """This web process stops."""
        for queue in list(self._open):
            _put(queue, None)

    async def notice(self, notice: dict[str, Any]) -> None:
        """One notice of the bus."""
        kind = notice.get("kind")
        if kind not in ("lesson", "resync"):
            return
        for queue, who in list(self._open.items()):
            frame = "event: resync\ndata: {}\n\n" if kind == "resync" else lesson_frame(who, notice)
            if frame is not None:
                _put(queue, frame)


def _put(queue: asyncio.Queue[str | None], frame: str | None) -> None:
    if queue.full():  # it does not read: end it, the browser connects again and asks for what it shows
        while not queue.empty():
            queue.get_nowait()
        frame = None
    queue.put_nowait(frame)


def lesson_frame(who: Actor, notice: dict[str, Any]) -> str | None:
    """The event for this caller, None if the lesson is not for these eyes."""
    receiving = [str(school) for school in notice.get("receiving_school_ids", ())]
    scope = Scope(str(notice.get("supporting_school_id", "")), tuple(receiving), notice.get("teacher_id"))
    if not may(who, Action.LESSON_SEE, scope):
        return None
    own = who.school_id if who.role is not Role.ADMIN and who.school_id in receiving else None
    data = m.LessonNotice(
        lesson_id=str(notice["lesson_id"]),
        state=str(notice["state"]),
        receiving_school_id=own or (receiving[0] if receiving else ""),
        supporting_school_id=scope.supporting_school_id,
    )
    return f"event: lesson\ndata: {data.model_dump_json()}\n\n"


async def stream(request: web.Request) -> web.StreamResponse:
    c = context(request)
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    )
    queue = c.streams.open(actor(request))
    comments = 0
    try:
        await response.prepare(request)  # raises too when the page has left already
        await response.write(b": open\n\n")
        while True:
            try:
                frame = await asyncio.wait_for(queue.get(), COMMENT_EVERY)
            except TimeoutError:
                comments += 1
                if comments % LOGIN_EVERY == 0 and await c.services.accounts.actor_for(request[TOKEN]) is None:
                    break
                frame = ": still here\n\n"
            if frame is None:
                break
            await response.write(frame.encode())
    except ConnectionError:
        pass
    finally:
        c.streams.close(queue)
    return response


HANDLERS: dict[str, Handler] = {"events.stream": stream}
