"""Unix time that never jumps while media runs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

STEP = 0.5  # s: when the machine's clock was set by more than this, follow it


class WallClock:
    """Monotonic seconds, and Unix seconds derived from them: a small clock adjustment bends no timeline."""

    def __init__(self, machine: Callable[[], float] = time.time) -> None:
        self._machine = machine
        self._offset = machine() - time.monotonic()

    def now(self) -> float:
        """Monotonic seconds."""
        return time.monotonic()

    def wall(self, now: float) -> float:
        """Unix seconds of the monotonic moment `now`."""
        return now + self._offset

    def check(self) -> None:
        """Follow a machine clock that was set; call now and then, while no lesson is open."""
        offset = self._machine() - time.monotonic()
        if abs(offset - self._offset) > STEP:
            self._offset = offset
