"""Garbage collection that holds no media up: what lives for long is not looked at while anybody is connected.

Reference counts free everything that a session had the moment it is closed (a test says so), so collections are only
for the rest: cycles that libraries leave behind. Those are young, and found by a look at what came since the last look;
the whole is gone through when the worker is empty. With 500 sessions a full collection takes 5 to 20 ms, the looks
0.1 to 1 ms. How long they all took is in the worker's figures (`server.media.pauses`).
"""

from __future__ import annotations

import gc

EVERY = 1.0  # s between looks: joins of a second are about 4,000 objects
# Automatic ones come between the looks only after this many new objects: a burst of joins.
THRESHOLDS = (20_000, 20, 20)


class Collector:
    """`handle_timer` now and then, from the loop."""

    def __init__(self) -> None:
        self._due = 0.0
        self._used = False  # whether somebody was connected since the last full collection

    def begin(self) -> None:
        """After start-up: what was imported stays."""
        gc.collect()
        gc.freeze()
        gc.set_threshold(*THRESHOLDS)

    def handle_timer(self, now: float, *, empty: bool) -> None:
        """Look when due; `empty`: nobody is connected, so that a pause holds nothing up."""
        if now < self._due:
            return
        self._due = now + EVERY
        if not empty:
            self._used = True
            gc.collect(1)
        elif self._used:
            self._used = False
            gc.unfreeze()
            gc.collect()
        gc.freeze()
