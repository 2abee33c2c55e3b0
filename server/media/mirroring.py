"""Both sides of mirroring in one worker: what it passes on, and what it carries for others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server.media.mirrors import Mirrors
from server.media.origins import Origins
from server.media.quality import chosen

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from server.media.clock import WallClock
    from server.media.house import House
    from server.media.lessons import Lesson
    from server.media.stats import Stats


class Mirroring:
    """Attaches itself to a house. `life` is this worker's `{worker}:{epoch}`; others find it at `path`."""

    def __init__(
        self, house: House, life: str, path: str, *, loop: asyncio.AbstractEventLoop, clock: WallClock, stats: Stats
    ) -> None:
        worker, _, epoch = life.rpartition(":")
        self._house = house
        self._clock = clock
        self._origins = Origins(path, epoch, house.lessons, loop, clock, stats)
        self._mirrors = Mirrors(
            worker, house.lessons, house.outgoing, loop, clock, house.end_lesson, house.after_media, house.wish
        )
        house.mirroring = self

    def close(self) -> None:
        """Hang up on everybody."""
        self._origins.close()

    def begin(self, params: dict[str, Any], now: float) -> dict[str, Any]:
        """The command `lesson.mirror`. Raises MediaError."""
        self._mirrors.begin(str(params["lesson_id"]), str(params["origin"]), str(params["path"]), now)
        return {}

    def ended(self, lesson: Lesson) -> None:
        """A lesson has ended here, whichever side of it this was."""
        if lesson.mirrored:
            self._mirrors.forget(lesson)
        else:
            self._origins.closed(lesson)

    def joined(self, lesson: Lesson, now: float) -> None:
        """Somebody plays a mirrored lesson from now on: the keyframe is asked for at once."""
        if lesson.mirrored:
            self._mirrors.look(lesson, now)

    def handle_timer(self, now: float) -> None:
        self._mirrors.handle_timer(now)
        self._origins.handle_timer(now)

    def looked(self, emit: Callable[[str, dict[str, Any]], None], kind: str, body: dict[str, Any]) -> None:
        """A look at a lesson's quality: a mirror's goes to the origin, which tells of everybody."""
        lesson = self._house.lessons.get(body["lesson_id"])
        if lesson is not None and lesson.mirrored:
            self._mirrors.quality(lesson, body["rows"])
            return
        elsewhere = self._origins.rows(lesson, self._clock.now()) if lesson is not None else []
        emit(kind, {**body, "rows": chosen(body["rows"] + elsewhere)} if elsewhere else body)
