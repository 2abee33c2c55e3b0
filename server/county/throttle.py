"""Slowing down who guesses: failures per key, exponential waits. Pure: `now` comes in.

An attempt counts as failed until `forgive` says otherwise, so that parallel guesses do not slip through together.
"""

from __future__ import annotations

from dataclasses import dataclass

from .errors import TooMany

FORGET_AFTER = 3600.0  # seconds without an attempt
MAX_KEYS = 20_000  # bounds memory; the oldest are forgotten first


@dataclass(frozen=True, slots=True)
class Limit:
    """`free` attempts, then 1, 2, 4 … seconds between attempts, at most `longest`."""

    free: int
    longest: float


class Throttle:
    """Counts by key. In memory: a restart forgives, which an attacker cannot cause."""

    def __init__(self) -> None:
        self._failures: dict[str, tuple[int, float]] = {}

    def attempt(self, limits: dict[str, Limit], now: float) -> None:
        """Count an attempt on each key; raises TooMany, counting nothing, while any key has to wait."""
        wait = max(self._wait(key, limit, now) for key, limit in limits.items())
        if wait > 0:
            seconds = max(1, round(wait))
            raise TooMany(
                "slow_down",
                f"尝试次数过多，请 {seconds} 秒后再试。",
                f"Too many attempts; try again in {seconds} s.",
                retry_after=wait,
            )
        for key in limits:
            count, _ = self._recent(key, now)
            self._failures.pop(key, None)  # re-inserted last: the dict is in order of the last attempt
            self._failures[key] = (count + 1, now)
        while len(self._failures) > MAX_KEYS:
            del self._failures[next(iter(self._failures))]

    def forgive(self, key: str) -> None:
        """A right answer: forget this key's failures."""
        self._failures.pop(key, None)

    def _recent(self, key: str, now: float) -> tuple[int, float]:
        count, last = self._failures.get(key, (0, now))
        if last > now:  # the clock was set back: nobody waits until it has caught up
            last = now
            self._failures[key] = (count, last)
        return (0, now) if now - last > FORGET_AFTER else (count, last)

    def _wait(self, key: str, limit: Limit, now: float) -> float:
        count, last = self._recent(key, now)
        over = count - limit.free
        return 0.0 if over < 0 else last + min(2.0 ** min(over, 30), limit.longest) - now
