"""Courses on demand: what a class really played of a recording, bounded by the server's own clock. Pure.

The page reports the stretches it has played since its last report. They are merged, so playing twice counts once and
skipping counts nothing. Of what is claimed no more is taken than could have been played since the report before, by
the server's clock: wall time × speed, and a silence longer than `longest_gap` counts only that long. That clock is kept
per class (lesson and school) and per account, so neither several pages nor one page with several courses are faster.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .config import only_table, positive, share, text_of
from .errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_CLAIMS = 100
JOIN = 0.25  # s between two stretches that are one: players report the clock a few times a second
ROUNDING = 1e-6

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class CoursePolicy:
    """`config/courses.toml`; times in seconds."""

    version: str
    played_share: float
    max_speed: float
    longest_gap: float


@dataclass(frozen=True, slots=True)
class Course:
    """A lesson of an on-demand form: the recorded lesson it shows and how long that is (s)."""

    lesson_id: str
    source_id: str
    duration: float


@dataclass(frozen=True, slots=True)
class Played:
    """What one school's class has played of a course: merged stretches (s) of the recording. Moments: Unix seconds."""

    lesson_id: str
    school_id: str
    spans: tuple[Span, ...]
    first_at: float
    last_at: float

    @property
    def seconds(self) -> float:
        return covered(self.spans)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same stretches in order, without overlaps; two that nearly touch are one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1] + JOIN:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        elif end > start:
            found.append((start, end))
    return tuple(found)


def covered(spans: Iterable[Span]) -> float:
    """Seconds in merged stretches."""
    return sum(end - start for start, end in spans)


def allowance(policy: CoursePolicy, speed: float, now: float, *before: float | None) -> float:
    """Seconds of recording that can have been played since the newest of the reports `before` (None: no report yet).

    The first report only starts the clock. A clock that was set back gives nothing.
    """
    if any(at is None for at in before):
        return 0.0
    elapsed = now - max(at for at in before if at is not None)
    return max(0.0, min(elapsed, policy.longest_gap)) * min(speed, policy.max_speed)


def take(known: Sequence[Span], claims: Sequence[Span], allowed: float, duration: float) -> tuple[Span, ...]:
    """`known` with the claims, in their order, until `allowed` seconds are used up; nothing outside the recording."""
    taken: list[Span] = []
    for start, end in claims:
        low, high = max(0.0, start), min(duration, end)
        high = min(high, low + allowed)
        if high > low:
            taken.append((low, high))
            allowed -= high - low
    return merged([*known, *taken])


def check_claims(claims: Sequence[Span], speed: float) -> None:
    """Raises Invalid for what no player reports."""
    numbers = [number for claim in claims for number in claim]
    if len(claims) > MOST_CLAIMS or not all(math.isfinite(each) and 0 <= each < 1e6 for each in numbers):
        raise Invalid("bad_claims", "播放记录不合理。", "The report of what was played makes no sense.")
    if not 0 < speed <= 16:
        raise Invalid("bad_speed", "播放速度不合理。", "The speed makes no sense.")


def enough(seconds: float, duration: float, policy: CoursePolicy) -> bool:
    """Whether so much was played that it counts; the share itself is enough."""
    return duration > 0 and seconds + ROUNDING >= policy.played_share * duration


def parse_courses(text: str, file: str = "courses.toml") -> CoursePolicy:
    """Raises ConfigError naming file, line and key."""
    table = only_table(text, file, "courses")
    policy = CoursePolicy(
        version=table.get("version", text_of),
        played_share=table.get("played_share", share),
        max_speed=table.get("max_speed", positive),
        longest_gap=table.get("longest_gap_seconds", positive),
    )
    table.done()
    return policy
