"""What happens to recordings by itself: closed ones are measured, terms end, the trash is emptied at night.

Safe to run in several web processes at once and to be killed anywhere: each step may be repeated.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.county.services import Services

    from .ports import Jobs
    from .recordings import RecordingFiles

log = logging.getLogger("tongke.live")

LOOK_EVERY = 30.0  # s


class Librarian:
    """One per web process."""

    def __init__(self, services: Services, recordings: RecordingFiles, jobs: Jobs) -> None:
        self._services = services
        self._recordings = recordings
        self._jobs = jobs
        self._night: int | None = None

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """One round. The night's work is done once a night, and once after each start: a night may have been missed."""
        await self._measure()
        night = self._services.library.tonight()
        if night != self._night:
            for lesson_id in await self._services.library.night():
                await self._jobs.discard(lesson_id)
            await self._services.doubts.night()
            self._night = night

    async def _measure(self) -> None:
        for lesson_id in await self._services.library.unmeasured():
            closed, measure = await asyncio.to_thread(self._recordings.measure, lesson_id)
            if closed:
                await self._services.library.measure(lesson_id, measure)
