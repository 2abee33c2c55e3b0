"""When each packet with a transport-wide sequence number left, for all sessions of a worker, as columns.

A subscriber's bandwidth is estimated from what its transport-cc feedback says of these; nothing is kept per packet but
a time and a size in an array.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

KEPT = 1024  # packets per session, a power of two: 5 s of 720p; feedback comes within 0.25 s and a round trip
_FIRST_SLOTS = 8
_MASK = KEPT - 1


class SendBook:
    """A slot per session; numbers are 16 bits and wrap."""

    def __init__(self) -> None:
        self._times = np.zeros((_FIRST_SLOTS, KEPT))
        self._sizes = np.zeros((_FIRST_SLOTS, KEPT), np.int32)  # bytes
        self._numbers = np.zeros((_FIRST_SLOTS, KEPT), np.uint16)
        self._next = np.zeros(_FIRST_SLOTS, np.uint16)
        self._free = list(range(_FIRST_SLOTS))
        self._look_plainly()

    def open(self) -> int:
        """A slot of its own for a session."""
        if not self._free:
            self._grow()
        slot = self._free.pop()
        self._times[slot] = 0.0
        self._next[slot] = 0
        return slot

    def close(self, slot: int) -> None:
        """Give the slot back. Harmless with -1."""
        if slot >= 0:
            self._free.append(slot)

    def note(self, slots: NDArray[np.intp], sizes: NDArray[np.int32], now: float) -> NDArray[np.uint16]:
        """`len(sizes)` packets leave for each of `slots`: their numbers, (packets, slots)."""
        first = self._next[slots]
        numbers: NDArray[np.uint16] = first + np.arange(len(sizes), dtype=np.uint16)[:, None]
        at = numbers & _MASK
        self._times[slots, at] = now
        self._sizes[slots, at] = sizes[:, None]
        self._numbers[slots, at] = numbers
        self._next[slots] = first + np.uint16(len(sizes))
        return numbers

    def note_one(self, slot: int, size: int, now: float) -> int:
        """One packet for one session; its number."""
        number: int = self._plain_next[slot]
        place = slot, number & _MASK
        self._plain_times[place] = now
        self._plain_sizes[place] = size
        self._plain_numbers[place] = number
        self._plain_next[slot] = (number + 1) & 0xFFFF
        return number

    def look(self, slot: int, base: int, count: int) -> list[tuple[float, int]] | None:
        """(time, size) of `count` packets from number `base` on.

        None when one of them was not sent or is not known any more.
        """
        if count > KEPT:
            return None
        numbers = np.arange(base, base + count).astype(np.uint16)
        at = numbers & _MASK
        if not np.array_equal(self._numbers[slot, at], numbers):
            return None
        times: list[float] = self._times[slot, at].tolist()
        sizes: list[int] = self._sizes[slot, at].tolist()
        if not all(times):
            return None
        return list(zip(times, sizes, strict=True))

    def _grow(self) -> None:
        more = len(self._next)
        self._free = list(range(more, 2 * more))
        self._times, self._sizes, self._numbers, self._next = (
            _doubled(column) for column in (self._times, self._sizes, self._numbers, self._next)
        )
        self._look_plainly()

    def _look_plainly(self) -> None:
        """The same memory for one packet at a time: numpy's cost per access would be three times as much."""
        self._plain_times: Any = self._times.data
        self._plain_sizes: Any = self._sizes.data
        self._plain_numbers: Any = self._numbers.data
        self._plain_next: Any = self._next.data


def _doubled(column: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate([column, np.zeros_like(column)])
