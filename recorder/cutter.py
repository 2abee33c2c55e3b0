"""Cuts one track into pieces (about 2 s, a picture's begins with a keyframe) of chunks (at most 0.5 s), sans-IO.

The rule: samples go in, file operations come out of `take()`, in the order in which they must reach the disk. A
sample's duration is known when the next one comes. If none comes for a while (a still screen), the sample is written
with a guess, and the four bytes of its duration are stretched in place when the next one does come: a crash in
between costs nothing but the tail of a still picture.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from recorder.segments.container import ChunkInfo, Container, Mark, Sample

if TYPE_CHECKING:
    from collections.abc import Iterable

CHUNK_SECONDS = 0.5
# a flush must not wait for the next frame longer than this (ns of wall time)
IDLE_NS = 600_000_000
GUESS_SECONDS = 1 / 30
LONGEST_GUESS = 0.1


class Write(NamedTuple):
    """Append one chunk to a piece; `pins`: what may be acknowledged once it is durable, (epoch, record number)."""

    piece: int
    data: bytes
    pins: tuple[tuple[int, int], ...]


class Stretch(NamedTuple):
    """Overwrite four bytes of a piece: the last sample's duration."""

    piece: int
    offset: int
    value: bytes


class Entry(NamedTuple):
    """One line of the index: a closed piece, times in seconds on the lesson's clock."""

    n: int
    start: float
    end: float
    bytes: int


class Seal(NamedTuple):
    """The piece is complete: index it."""

    entry: Entry


Operation = Write | Stretch | Seal


@dataclass(frozen=True, slots=True)
class Resume:
    """Where an earlier run left a track."""

    piece: int = 0  # the highest piece number in use
    size: int = 0  # its bytes, if it is still open
    open_start: int | None = None  # its first tick, if it is still open
    last: ChunkInfo | None = None  # the last whole chunk of the track
    end: int = 0  # tick where the track ends


class _Pending(NamedTuple):
    start: int
    key: bool
    data: bytes
    mark: Mark
    pin: tuple[int, int]


@dataclass(slots=True)
class _Tail:
    """The last sample on disk, whose duration was a guess."""

    offset: int
    start: int
    end: int


@dataclass(slots=True)
class Cutter:
    """See the module. `piece_seconds`: cut at the first keyframe after it. Ticks are the container's."""

    container: Container
    piece_seconds: float
    resume: Resume = field(default_factory=Resume)
    mark: Mark | None = None  # of the newest sample taken
    end: int = 0  # tick behind the newest sample, its guess included
    last_start: int = -1
    _piece: int = 0
    _size: int = 0
    _piece_start: int | None = None
    _ready: list[Sample] = field(default_factory=list)
    _pins: list[tuple[int, int]] = field(default_factory=list)
    _held: _Pending | None = None
    _tail: _Tail | None = None
    _ready_mark: Mark | None = None
    _since_ns: int = 0
    _usual: int = 0
    _out: list[Operation] = field(default_factory=list)

    def __post_init__(self) -> None:
        state = self.resume
        self._usual = max(1, int(self.container.rate * GUESS_SECONDS))
        self._piece, self._size, self._piece_start = state.piece, state.size, state.open_start
        self.end = state.end
        if state.last is not None:
            self.mark = state.last.mark
            self.last_start = state.last.last_start
            if state.open_start is not None:
                self._tail = _Tail(state.last.stretch_offset, state.last.last_start, state.last.end)

    @property
    def writing(self) -> bool:
        """Whether a piece is open or begun, so that a frame which is no keyframe can follow."""
        return self._piece_start is not None or self._held is not None or bool(self._ready)

    def add(
        self, start: int, key: bool, data: bytes, mark: Mark, pin: tuple[int, int], now_ns: int, *, hole: bool = False
    ) -> None:
        """One sample at `start` ticks, after all before it. `hole`: time is missing before it, nothing is stretched."""
        start = max(start, self.last_start + 1, 0)
        if hole:
            self._let_go()
        else:
            self._settle(start)
        long_enough = self._piece_start is not None and start - self._piece_start >= (
            self.piece_seconds * self.container.rate
        )
        if hole or (key and long_enough):
            self._flush()
            self._seal()
        elif self._ready and start - self._ready[0].start >= CHUNK_SECONDS * self.container.rate:
            self._flush()
        if not self._ready:
            self._since_ns = now_ns
        self._held = _Pending(start, key, data, mark, pin)
        self.mark, self.last_start, self.end = mark, start, start + self._usual

    def tick(self, now_ns: int) -> None:
        """Write what has waited long enough."""
        if (self._held or self._ready) and now_ns - self._since_ns >= IDLE_NS:
            self._let_go()
            self._flush()

    def finish(self, stretch_to: int | None = None) -> None:
        """Write everything and close the piece; a still picture lasts until `stretch_to` ticks."""
        if stretch_to is not None and stretch_to > self.last_start:
            self._settle(stretch_to)
            self.end = max(self.end, stretch_to)
        self._let_go()
        self._flush()
        self._seal()

    def oldest(self, epoch: int) -> int | None:
        """The lowest record number of this epoch that is not yet in an operation."""
        pins = [*self._pins, *([self._held.pin] if self._held else [])]
        return min((number for owner, number in pins if owner == epoch and number), default=None)

    def take(self) -> list[Operation]:
        """What is to be done on disk since the last call, in this order."""
        out, self._out = self._out, []
        return out

    def _settle(self, until: int) -> None:
        """The newest sample lasts until this tick."""
        if self._held is not None:
            self._keep(self._held, until - self._held.start)
        elif self._tail is not None and self._tail.end != until:
            self._out.append(Stretch(self._piece, self._tail.offset, (until - self._tail.start).to_bytes(4, "big")))
            self.end = until
        self._tail = None

    def _let_go(self) -> None:
        """The newest sample lasts as long as such samples usually do."""
        if self._held is not None:
            self._keep(self._held, self._usual)

    def _keep(self, sample: _Pending, duration: int) -> None:
        self._ready.append(Sample(sample.start, duration, sample.key, sample.data))
        self._pins.append(sample.pin)
        self._ready_mark = sample.mark
        if duration <= self.container.rate * LONGEST_GUESS:
            self._usual = max(duration, 1)
        self.end = sample.start + duration
        self._held = None

    def _flush(self) -> None:
        if not self._ready:
            return
        assert self._ready_mark is not None
        if self._piece_start is None:
            self._piece += 1
            self._size = 0
            self._piece_start = self._ready[0].start
        data, stretch = self.container.chunk(self._ready, self._ready_mark)
        last = self._ready[-1]
        self._tail = _Tail(self._size + stretch, last.start, last.start + last.duration)
        self._out.append(Write(self._piece, data, tuple(_lowest(self._pins))))
        self._size += len(data)
        self._ready = []
        self._pins = []

    def _seal(self) -> None:
        if self._piece_start is None:
            return
        rate = self.container.rate
        entry = Entry(self._piece, round(self._piece_start / rate, 6), round(self.end / rate, 6), self._size)
        self._out.append(Seal(entry))
        self._piece_start = None
        self._tail = None


def _lowest(pins: Iterable[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    """The lowest number of each epoch."""
    lowest: dict[int, int] = {}
    for owner, number in pins:
        if number and number < lowest.get(owner, number + 1):
            lowest[owner] = number
    return lowest.items()
