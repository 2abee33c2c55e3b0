"""Perceptual hashes of a camera over time: of what changes before it, not of what stands there.

Every 2 s one hash of 64 bits (8 bytes; 40 minutes are 10 kB). A classroom's camera shows the same room in every lesson,
so the picture itself would be like that of any other day: from each picture, as 32×18 grey cells, the mean of the two
minutes around it and its own brightness are taken away, and what is left (who stood where, who moved) is hashed by
the signs of 64 projections. The same video encoded again gives nearly the same hashes whatever its size and bitrate;
where nothing changes for half a minute there is nothing to tell, and no hash.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import cv2
import numpy as np

from recorder.storage import write_atomic

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from recorder.looking import Grey

    Hashes = NDArray[np.uint64]

FILE = "prints.json"
VERSION = 1
STEP = 2.0  # s; a keyframe comes every 1.85 s
COLUMNS, ROWS, BITS = 32, 18, 64
AROUND = 30  # steps to each side whose mean is the background
HOLE = 6.0  # s between two looks that are not bridged
# Root mean square over the cells, of 255 levels: a re-encoded still picture stays under 0.3, a moving head is over 1.
QUIET = 0.8
LASTING = 15  # steps: another slide, then nothing for minutes, differs from what is around it and is still
NONE = np.uint64(0)  # no hash here
# Of 64 bits. Unrelated pictures differ in 32 ± 4, the same one encoded again, looked at up to 1 s later, in 2 to 14.
NEAR = 16
# Signs of the projections; not from numpy, whose generators may change: hashes of years are compared.
_SIGNS = np.unpackbits(
    np.frombuffer(hashlib.shake_256(b"tongke prints 1").digest(COLUMNS * ROWS * BITS // 8), np.uint8)
)
PROJECTION = (_SIGNS.reshape(COLUMNS * ROWS, BITS).astype(np.float32) * 2 - 1).astype(np.float32)
_PLACES = np.uint64(1) << np.arange(BITS, dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Prints:
    """One source's hashes; `hashes[i]` is of second `(first + i) * STEP` on the lesson's clock, `NONE`: nothing."""

    source: str
    first: int
    hashes: Hashes

    def second(self, index: int) -> float:
        """Where that hash is."""
        return (self.first + index) * STEP


@dataclass(slots=True)
class PrintMaker:
    """An onlooker (`looking.Onlooker`) of one source."""

    source: str
    _times: list[float] = field(default_factory=list)
    _cells: list[NDArray[np.uint8]] = field(default_factory=list)

    def see(self, at: float, picture: Grey, frame: Any) -> None:  # noqa: ANN401 (av is untyped here)
        """See `looking.Onlooker`; times go up."""
        if not self._times or at > self._times[-1]:
            self._times.append(at)
            self._cells.append(
                cast("NDArray[np.uint8]", cv2.resize(picture, (COLUMNS, ROWS), None, 0, 0, cv2.INTER_AREA))
            )

    def prints(self) -> Prints:
        """The hashes of all that was seen."""
        times = np.array(self._times)
        if len(times) < 2:
            return Prints(self.source, 0, np.zeros(0, np.uint64))
        cells = np.stack(self._cells).reshape(len(times), -1).astype(np.float32)
        first, last = int(np.ceil(times[0] / STEP)), int(times[-1] // STEP)
        at, there = on_grid(times, cells, first, last)
        return Prints(self.source, first, hashed(at, there))


def on_grid(
    times: NDArray[np.float64], cells: NDArray[np.float32], first: int, last: int
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """The pictures at steps first..last, between two looks in proportion; and whether there is one."""
    seconds = np.arange(first, last + 1) * STEP
    after = np.clip(np.searchsorted(times, seconds), 1, len(times) - 1)
    before = after - 1
    width = times[after] - times[before]
    part = ((seconds - times[before]) / width).clip(0, 1).astype(np.float32)[:, None]
    return cells[before] * (1 - part) + cells[after] * part, width <= HOLE


def hashed(cells: NDArray[np.float32], there: NDArray[np.bool_]) -> Hashes:
    """A hash for each row of cells (576 levels) that differs from what is around it."""
    count = np.concatenate([[0], np.cumsum(there)])
    total = np.concatenate([np.zeros((1, cells.shape[1])), np.cumsum(cells * there[:, None], axis=0, dtype=np.float64)])
    rows = np.arange(len(cells))
    low, high = np.maximum(rows - AROUND, 0), np.minimum(rows + AROUND + 1, len(cells))
    mean = (total[high] - total[low]) / np.maximum(count[high] - count[low], 1)[:, None]
    rest = (cells - mean).astype(np.float32)
    rest -= rest.mean(axis=1, keepdims=True)  # exposure and lamps
    told = there & (np.sqrt((rest**2).mean(axis=1)) >= QUIET)
    bits = (rest @ PROJECTION > 0).astype(np.uint64)
    hashes = cast("Hashes", (bits * _PLACES).sum(axis=1, dtype=np.uint64))
    hashes[hashes == NONE] = np.uint64(1)
    hashes[~told] = NONE
    hashes[_lasting(hashes)] = NONE
    return hashes


def _lasting(hashes: Hashes) -> NDArray[np.bool_]:
    """Where the picture has been the same for so long that it tells nothing any more."""
    lasting = np.zeros(len(hashes), bool)
    if len(hashes) > LASTING:
        ends = hashes[LASTING:]
        lasting[LASTING:] = np.logical_and.reduce(
            [near(ends, hashes[LASTING - back : len(hashes) - back]) for back in range(1, LASTING + 1)]
        )
    return lasting


def near(one: Hashes, other: Hashes) -> NDArray[np.bool_]:
    """Where both have a hash and these are of the same picture (shapes as numpy broadcasts them)."""
    return cast("NDArray[np.bool_]", (np.bitwise_count(one ^ other) <= NEAR) & (one != NONE) & (other != NONE))


def save(folder: Path, zero_ns: int, prints: list[Prints]) -> None:
    """Beside the recording. Raises OSError."""
    content = {
        "version": VERSION,
        "clock_zero_ns": zero_ns,
        "sources": [
            {
                "source": one.source,
                "first": one.first,
                "hashes": base64.b64encode(one.hashes.astype("<u8").tobytes()).decode(),
            }
            for one in prints
            if len(one.hashes)
        ],
    }
    write_atomic(folder / FILE, json.dumps(content).encode())


def load(folder: Path) -> tuple[int, list[Prints]] | None:
    """(clock zero in ns, the prints); None if there are none that can be read."""
    try:
        content = json.loads((folder / FILE).read_bytes())
        if content["version"] != VERSION:
            return None
        found = [
            Prints(str(one["source"]), int(one["first"]), np.frombuffer(base64.b64decode(one["hashes"]), "<u8"))
            for one in content["sources"]
        ]
        return int(content["clock_zero_ns"]), found
    except (OSError, ValueError, KeyError, TypeError):
        return None
