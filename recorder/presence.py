"""Is anybody there: where in a camera's picture something moves, minute by minute. No model, no face: only movement.

People who sit and listen move in many places within a minute; an empty room moves nowhere, or in one place where a
curtain, a clock or a screen is. This says nothing about who is there, and it cannot see a room filmed from a still
photograph with a waving flag in it: it is for a person to look at.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from recorder.looking import HEIGHT, WIDTH, is_black, moved, still

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from recorder.looking import Grey
    from recorder.reading import Span

WINDOW = 60.0  # s
CELL = 5  # pixels: the picture has 32×18 cells
# Cells of 576 in which something moved within a minute: one child's head and hands are about 8, a wall clock 1 or 2.
NOBODY = 6
# So large a part of the picture at once is a lamp or the exposure, not people.
EVERYWHERE = 0.6
LONGEST_LOOK = 6.0  # s between two pictures that can be compared
STILL_AT_LEAST = 20.0  # s
MOST_SPANS = 20


@dataclass(slots=True)
class Presence:
    """An onlooker (`looking.Onlooker`) of one source."""

    _before: tuple[float, Grey] | None = None
    _windows: dict[int, NDArray[np.bool_]] = field(default_factory=dict)
    _seen: dict[int, float] = field(default_factory=dict)
    _still: list[Span] = field(default_factory=list)

    def see(self, at: float, picture: Grey, frame: Any) -> None:  # noqa: ANN401 (av is untyped here)
        """See `looking.Onlooker`. A black picture (a browser's camera that is switched off) says nothing."""
        before, self._before = self._before, None if is_black(picture) else (at, picture)
        if self._before is None:
            return
        if before is None or not 0 < at - before[0] <= LONGEST_LOOK:
            return
        pixels = moved(before[1], picture)
        window = int(at // WINDOW)
        cells = self._windows.setdefault(window, np.zeros((HEIGHT // CELL, WIDTH // CELL), bool))
        self._seen[window] = self._seen.get(window, 0.0) + at - before[0]
        if pixels.mean() <= EVERYWHERE:
            cells |= pixels.reshape(HEIGHT // CELL, CELL, WIDTH // CELL, CELL).any(axis=(1, 3))
        if still(pixels):
            self._still.append((before[0], at))

    @property
    def seconds(self) -> float:
        """So long there was a picture to look at."""
        return sum(self._seen.values())

    def empty(self) -> list[Span]:
        """Minutes in which next to nothing moved, joined; minutes with little picture say nothing."""
        found: list[Span] = []
        for window in sorted(self._windows):
            if self._seen[window] < WINDOW / 2 or int(self._windows[window].sum()) > NOBODY:
                continue
            if found and found[-1][1] == window * WINDOW:
                found[-1] = (found[-1][0], (window + 1) * WINDOW)
            else:
                found.append((window * WINDOW, (window + 1) * WINDOW))
        return found

    def still(self) -> list[Span]:
        """Stretches in which no picture differed from the one before."""
        found: list[Span] = []
        for start, end in self._still:
            if found and start - found[-1][1] < 1e-6:
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
        return [span for span in found if span[1] - span[0] >= STILL_AT_LEAST]


def total(spans: list[Span]) -> float:
    """Their length (s)."""
    return sum(end - start for start, end in spans)


def longest(spans: list[Span]) -> list[list[float]]:
    """The longest of them in order, as in the report."""
    kept = sorted(sorted(spans, key=lambda span: span[0] - span[1])[:MOST_SPANS])
    return [[round(start, 1), round(end, 1)] for start, end in kept]
