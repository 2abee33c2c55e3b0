"""What happens when a lesson changes its state: every web process is told, and a lesson that ended is closed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from server.county.model import LessonState

from .ports import MediaError

if TYPE_CHECKING:
    from server.county.model import Lesson

    from .ports import Bus, MediaPlane

log = logging.getLogger("tongke.live")


class LiveNotices:
    """`server.county.ports.LessonNotices`: tells the bus; closes media and recording of a lesson that ended."""

    def __init__(self, bus: Bus, plane: MediaPlane) -> None:
        self._bus = bus
        self._plane = plane

    async def lesson_changed(self, lesson: Lesson) -> None:
        """See the port. Never raises for what cannot be told or closed: the event pump looks again later."""
        try:
            await self._bus.publish(lesson_notice(lesson))
        except Exception as error:  # the change is committed; losing the notice must not fail the request
            log.warning("change of lesson %s was not told: %s", lesson.id, type(error).__name__)
        if lesson.state is LessonState.ENDED:
            await close_media(self._plane, lesson.id)


def lesson_notice(lesson: Lesson) -> dict[str, Any]:
    """A bus notice with what is needed to decide who may see it."""
    return {
        "kind": "lesson",
        "lesson_id": lesson.id,
        "state": lesson.state.value,
        "supporting_school_id": lesson.supporting_school_id,
        "receiving_school_ids": list(lesson.receiving_school_ids),
        "teacher_id": lesson.teacher_id,
    }


async def close_media(plane: MediaPlane, lesson_id: str) -> None:
    """Close a lesson's media sessions and its recording; what fails is logged and tried again by the watch."""
    try:
        await plane.close_lesson(lesson_id)
    except MediaError as error:
        log.warning("media of lesson %s is not closed yet: %s", lesson_id, error.code)
    except Exception as error:  # redis away: the watch closes it when redis is back
        log.warning("media of lesson %s is not closed yet: %s", lesson_id, type(error).__name__)
    try:
        await plane.close_recording(lesson_id)
    except Exception as error:  # same
        log.warning("recording of lesson %s is not closed yet: %s", lesson_id, type(error).__name__)
