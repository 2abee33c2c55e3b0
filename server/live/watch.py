"""The watch over live lessons: placed again when their worker is gone, closed when they are over."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from server.county.model import Actor, LessonState, Role

from . import state
from .notices import close_media
from .ports import MediaError

if TYPE_CHECKING:
    from server.county.model import Lesson
    from server.county.services import Services

    from .parts import LiveParts

log = logging.getLogger("tongke.live")

SYSTEM = Actor(id="system", role=Role.ADMIN, name="系统")


async def lessons_in(services: Services, *states: LessonState) -> list[Lesson]:
    """All lessons in these states."""
    found: list[Lesson] = []
    cursor: str | None = None
    while True:
        page = await services.lessons.list(SYSTEM, states=states, cursor=cursor, limit=500)
        found += page.items
        cursor = page.next
        if cursor is None:
            return found


class Watch:
    """Compares placements with what the rooms were told. Safe to run in several web processes at once."""

    def __init__(self, services: Services, live: LiveParts) -> None:
        self._services = services
        self._live = live

    async def look(self) -> None:
        """One round over the live and the ended lessons."""
        lives = {f"{lease['worker']}:{lease['epoch']}" for lease in await self._live.plane.workers()}
        for lesson in await lessons_in(self._services, LessonState.LIVE, LessonState.ENDED):
            try:
                if lesson.state is LessonState.LIVE:
                    await self._hold(lesson.id, lives)
                elif await self._live.plane.placement(lesson.id) is not None:
                    # The web process that ended it died before it closed the media.
                    await close_media(self._live.plane, lesson.id)
            except MediaError as error:
                log.warning("lesson %s has no media worker: %s", lesson.id, error.code)

    async def _hold(self, lesson_id: str, lives: set[str]) -> None:
        fields = await self._live.rooms.get(lesson_id)
        told = fields.get("placed", "")
        placed = await self._live.plane.placement(lesson_id)
        if placed is None:
            await self._live.plane.for_lesson(lesson_id, "lesson.open", {"lesson_id": lesson_id})
            placed = await self._live.plane.placement(lesson_id)
        if placed is None:
            return
        sessions = state.read_room(fields).sessions
        if placed == told:
            if lives:  # none at all: Redis was away
                await self._hold_players(lesson_id, sessions, lives | {placed})
            return
        gone = [state.session_field(each) for each, session in sessions.items() if session.placed not in ("", placed)]
        if gone:
            await self._live.rooms.delete(lesson_id, *gone)
        await self._live.rooms.set(lesson_id, "placed", placed)
        if told or gone:
            log.info("lesson %s moved from %s to %s", lesson_id, told or "?", placed)
            await self._tell(lesson_id, "media_reset", placed=placed, reason="媒体服务已恢复，正在重新连接")
            await self._tell(lesson_id, "presence")

    async def _hold_players(self, lesson_id: str, sessions: dict[str, state.MediaSession], lives: set[str]) -> None:
        """The lesson goes on where it was, but a worker that served some of its players has died: they come again."""
        gone = {each: session for each, session in sessions.items() if session.placed and session.placed not in lives}
        if not gone:
            return
        await self._live.rooms.delete(lesson_id, *(state.session_field(each) for each in gone))
        who = sorted({session.participant_id for session in gone.values()})
        log.info("lesson %s: %d who were served elsewhere are told to come again", lesson_id, len(who))
        await self._live.bus.publish(
            {
                "kind": "room",
                "lesson_id": lesson_id,
                "what": "media_reset",
                "participants": who,
                "reason": "媒体服务已恢复，正在重新连接",
            }
        )
        await self._tell(lesson_id, "presence")

    async def _tell(self, lesson_id: str, what: str, **more: str) -> None:
        await self._live.bus.publish({"kind": "room", "lesson_id": lesson_id, "what": what, **more})
