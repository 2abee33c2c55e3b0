"""Video that was there before: a loop within one camera's picture, or the picture of an earlier recording.

Both look for a lag at which hash after hash is the same. What stands still has no hashes, and what people do does not
come again: two stretches of honest lessons agree at no lag better than at any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recorder.prints import NEAR, NONE, STEP, Prints, load, near

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from recorder.prints import Hashes

SHORTEST = 5  # steps of a loop: what comes again sooner is a fan, a clock, a swaying curtain
FEWEST = 30  # pairs (a minute) that must be comparable before anything is said of two recordings
FEWEST_OF_LOOP = 60  # and of one
# Of the comparable pairs at that lag this many are the same, and this many times more than at the usual lag.
SAME_SHARE = 0.6
SHARPNESS = 2.5
JOIN = 8  # steps of no agreement within one stretch
SHORTEST_STRETCH = 10  # steps
MOST_STRETCHES = 20
ASKED_EVERY = 8  # steps: of this recording so many hashes are looked for in all earlier ones
FEWEST_HITS = 5  # of them at one lag before two recordings are compared in full
MOST_LAGS = 3  # of one earlier recording: it may have been cut into pieces
SAME_SCENE = 3  # steps around the best lag that belong to it
ABOUT = 30  # steps around it that do not


@dataclass(frozen=True, slots=True)
class Stretch:
    """start..end (s) of this recording is what was at `there` (s) first."""

    start: float
    end: float
    there: float

    def as_json(self) -> dict[str, float]:
        """As in the report."""
        return {"start": round(self.start, 1), "end": round(self.end, 1), "there": round(self.there, 1)}


@dataclass(frozen=True, slots=True)
class Loop:
    """The picture comes again every `period` s."""

    period: float
    stretches: tuple[Stretch, ...]

    @property
    def seconds(self) -> float:
        """So much of the picture had been shown before."""
        return sum(one.end - one.start for one in self.stretches)


@dataclass(frozen=True, slots=True)
class Copy:
    """The picture of another recording."""

    lesson_id: str
    source: str
    stretches: tuple[Stretch, ...]

    @property
    def seconds(self) -> float:
        return sum(one.end - one.start for one in self.stretches)


def find_loop(prints: Prints) -> Loop | None:
    """The shortest time after which the picture comes again, if it does."""
    hashes, count = prints.hashes, len(prints.hashes)
    longest = count - FEWEST_OF_LOOP
    if longest < SHORTEST:
        return None
    shares = np.zeros(longest + 1)
    for lag in range(SHORTEST, longest + 1):
        both = (hashes[lag:] != NONE) & (hashes[:-lag] != NONE)
        pairs = int(np.count_nonzero(both))
        if pairs >= max(FEWEST_OF_LOOP, (count - lag) // 4):
            shares[lag] = np.count_nonzero(near(hashes[lag:], hashes[:-lag])) / pairs
    usual = float(np.median(shares[SHORTEST:]))
    good = [
        int(lag) for lag in np.flatnonzero(shares >= max(SAME_SHARE, SHARPNESS * usual)) if _sharp(shares, int(lag))
    ]
    if not good:
        return None
    lag = max((lag for lag in good if lag <= good[0] + SAME_SCENE), key=lambda lag: float(shares[lag]))
    same = np.concatenate([np.zeros(lag, bool), near(hashes[lag:], hashes[:-lag])])
    found = tuple(
        Stretch(prints.second(start), prints.second(end), prints.second(start - lag)) for start, end in stretches(same)
    )
    return Loop(lag * STEP, found) if found else None


def _sharp(shares: NDArray[np.float64], lag: int) -> bool:
    """Whether the pictures agree at this lag, not at any lag about it: people who sat still for long do."""
    about = [*shares[max(SHORTEST, lag - ABOUT) : lag - SAME_SCENE], *shares[lag + SAME_SCENE + 1 : lag + ABOUT + 1]]
    return not about or float(shares[lag]) >= SHARPNESS * float(np.median(about))


def stretches(same: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """[start, end) of the longest stretches that agree for the greater part, in order."""
    at = np.flatnonzero(same)
    if not len(at):
        return []
    cuts = np.flatnonzero(np.diff(at) > JOIN) + 1
    found = [
        (int(part[0]), int(part[-1]) + 1)
        for part in np.split(at, cuts)
        if part[-1] + 1 - part[0] >= SHORTEST_STRETCH and len(part) * 2 >= part[-1] + 1 - part[0]
    ]
    return sorted(sorted(found, key=lambda one: one[0] - one[1])[:MOST_STRETCHES])


@dataclass(frozen=True, slots=True)
class Earlier:
    """The prints of one recording that began before."""

    lesson_id: str
    prints: tuple[Prints, ...]


def earlier_than(root: Path, lesson_id: str, zero_ns: int, since_ns: int) -> Iterator[Earlier]:
    """All recordings under `root` that began in [since, zero), by their folders' names."""
    for folder in sorted(root.iterdir()):
        if folder.name == lesson_id or folder.name.startswith("."):
            continue
        found = load(folder)
        if found is not None and since_ns <= found[0] < zero_ns:
            yield Earlier(folder.name, tuple(found[1]))


def find_copies(prints: Prints, others: Iterable[Earlier]) -> list[Copy]:
    """Earlier recordings whose picture this is, the longest first. A teacher is compared with teachers, a classroom
    with classrooms."""
    asked = np.flatnonzero(prints.hashes[::ASKED_EVERY] != NONE) * ASKED_EVERY
    if len(asked) < FEWEST_HITS:
        return []
    found = []
    for other in others:
        for theirs in other.prints:
            if is_room(theirs.source) == is_room(prints.source) and len(theirs.hashes) >= FEWEST:
                spans = _copied(prints, theirs, asked)
                if spans:
                    found.append(Copy(other.lesson_id, theirs.source, spans))
    return sorted(found, key=lambda copy: -copy.seconds)


def is_room(source: str) -> bool:
    """Whether a source is a classroom's camera."""
    return source.startswith("classroom-")


def _copied(mine: Prints, theirs: Prints, asked: NDArray[np.int64]) -> tuple[Stretch, ...]:
    hits = np.argwhere(
        (np.bitwise_count(mine.hashes[asked][:, None] ^ theirs.hashes[None, :]) <= NEAR)
        & (theirs.hashes[None, :] != NONE)
    )
    if len(hits) < FEWEST_HITS:
        return ()
    lags = asked[hits[:, 0]] - hits[:, 1]
    counts = np.bincount(lags + len(theirs.hashes), minlength=3)
    about = np.convolve(counts, [1, 1, 1], "same")  # a lag between two steps is seen at both
    spans: list[Stretch] = []
    for _ in range(MOST_LAGS):
        place = int(np.argmax(about))
        if about[place] < FEWEST_HITS:
            break
        best = max(range(place - 1, place + 2), key=lambda one: counts[one] if 0 <= one < len(counts) else 0)
        spans += _at_lag(mine, theirs, best - len(theirs.hashes))
        about[max(0, place - SAME_SCENE) : place + SAME_SCENE + 1] = 0
    return tuple(sorted(_apart(spans), key=lambda one: one.start))


def _at_lag(mine: Prints, theirs: Prints, lag: int) -> list[Stretch]:
    """Where `mine[i]` is `theirs[i - lag]`, if that is so at this lag alone."""
    best = _same(mine.hashes, theirs.hashes, lag)
    found = []
    for start, end in stretches(best):
        here = mine.hashes[start:end]
        told = np.count_nonzero(here != NONE)
        around = [
            np.count_nonzero(_same(mine.hashes, theirs.hashes, lag + off)[start:end])
            for off in (-30, -20, -10, 10, 20, 30)
        ]
        same = np.count_nonzero(best[start:end])
        if end - start >= FEWEST and same >= SAME_SHARE * told and same >= SHARPNESS * np.median(around):
            there = theirs.second(start - lag)
            found.append(Stretch(mine.second(start), mine.second(end), there))
    return found


def _same(mine: Hashes, theirs: Hashes, lag: int) -> NDArray[np.bool_]:
    """For each of `mine` whether it is `theirs[i - lag]`."""
    same = np.zeros(len(mine), bool)
    start, end = max(0, lag), min(len(mine), len(theirs) + lag)
    if start < end:
        same[start:end] = near(mine[start:end], theirs[start - lag : end - lag])
    return same


def _apart(spans: list[Stretch]) -> list[Stretch]:
    """Of stretches that lie on each other the longest; where two only touch, the edge is the longer one's."""
    kept: list[Stretch] = []
    for one in sorted(spans, key=lambda one: one.start - one.end):
        start, end = one.start, one.end
        for other in kept:
            if other.start <= start < other.end:
                start = other.end
            if other.start < end <= other.end:
                end = other.start
        if end - start >= SHORTEST_STRETCH * STEP:
            kept.append(Stretch(start, end, one.there + start - one.start))
    return kept
