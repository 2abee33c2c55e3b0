"""What both containers have in common: samples in, one self-contained chunk out, and reading chunks back."""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from typing import NamedTuple, Protocol

MAGIC = b"TKm1"
_MARK = Struct(">4sIIIIQ")
MARK_SIZE = _MARK.size


class Sample(NamedTuple):
    """One coded frame at `start` ticks of the container's clock, shown for `duration` ticks."""

    start: int
    duration: int
    key: bool
    data: bytes


class Mark(NamedTuple):
    """The RTP packet a chunk ends with, so that a restarted recorder knows what it has and where it lies."""

    ssrc: int
    sequence: int  # 32 bits of the extended number
    timestamp: int  # RTP, 32 bits
    lesson_ns: int  # place of that timestamp on the lesson's clock
    flags: int = 0

    def __bytes__(self) -> bytes:
        return _MARK.pack(
            MAGIC,
            self.ssrc,
            self.sequence & 0xFFFFFFFF,
            self.timestamp & 0xFFFFFFFF,
            self.flags,
            max(self.lesson_ns, 0),
        )

    @classmethod
    def parse(cls, data: bytes) -> Mark | None:
        """The mark in these bytes, or None if they are something else."""
        if len(data) != MARK_SIZE or data[:4] != MAGIC:
            return None
        _, ssrc, sequence, timestamp, flags, lesson_ns = _MARK.unpack(data)
        return cls(ssrc, sequence, timestamp, lesson_ns, flags)


@dataclass(frozen=True, slots=True)
class ChunkInfo:
    """One whole chunk found in a piece. Times in ticks, places in bytes from the piece's start."""

    end_offset: int  # behind the chunk
    start: int
    last_start: int
    end: int
    stretch_offset: int  # where the last sample's duration stands, 4 bytes big-endian
    mark: Mark | None


class Container(Protocol):
    """One way to write a track. `rate` is its clock in Hz."""

    rate: int
    suffix: str  # of piece files
    name: str  # "mp4" or "webm"

    def init(self) -> bytes:
        """The init file."""
        ...

    def chunk(self, samples: list[Sample], mark: Mark) -> tuple[bytes, int]:
        """(the chunk's bytes, where in them the last sample's 4-byte duration stands)."""
        ...

    def read(self, piece: bytes) -> list[ChunkInfo]:
        """The whole chunks at the start of a piece; what follows them is torn."""
        ...
