"""How long garbage collections held the worker: nothing is forwarded meanwhile."""

from __future__ import annotations

import gc
import time
from bisect import bisect_left

BOUNDS = (0.0005, 0.001, 0.002, 0.005)  # s
NAMES = ("0.5ms", "1ms", "2ms", "5ms", "longer")


class Pauses:
    """A histogram over all collections since `attach`, by their length."""

    def __init__(self) -> None:
        self._counts = [0] * len(NAMES)
        self._longest = 0.0
        self._began = 0.0

    def attach(self) -> None:
        gc.callbacks.append(self._collecting)

    def detach(self) -> None:
        gc.callbacks.remove(self._collecting)

    def _collecting(self, phase: str, _: dict[str, int]) -> None:
        now = time.perf_counter()
        if phase == "start":
            self._began = now
        else:
            self.took(now - self._began)

    def took(self, seconds: float) -> None:
        """One collection of this length."""
        self._counts[bisect_left(BOUNDS, seconds)] += 1
        self._longest = max(self._longest, seconds)

    def figures(self) -> dict[str, int]:
        """`gc_pauses_{bound}`: collections up to that long and longer than the bound before; the longest in µs."""
        counts = {f"gc_pauses_{name}": count for name, count in zip(NAMES, self._counts, strict=True)}
        return {**counts, "gc_longest_us": round(1e6 * self._longest)}
