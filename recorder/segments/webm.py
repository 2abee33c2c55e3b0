"""A small WebM writer for VP8 (RFC 8794, RFC 9559): one cluster per chunk, times in ms.

Every frame is a BlockGroup with its own duration, so that a picture that stands still covers its time; the first
thing in a cluster is a Void element with our mark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recorder.segments.container import ChunkInfo, Mark, Sample

if TYPE_CHECKING:
    from collections.abc import Iterator

RATE = 1000
EBML, SEGMENT, INFO, TRACKS, CLUSTER = 0x1A45DFA3, 0x18538067, 0x1549A966, 0x1654AE6B, 0x1F43B675
TIMESTAMP, VOID, BLOCK_GROUP, BLOCK, DURATION, REFERENCE = 0xE7, 0xEC, 0xA0, 0xA1, 0x9B, 0xFB
UNKNOWN_SIZE = b"\x01\xff\xff\xff\xff\xff\xff\xff"
LONGEST_OFFSET = 32_000  # ms; a block's time is 16 bits, signed, from its cluster's


def identifier(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def element(name: int, *parts: bytes) -> bytes:
    """One element, its size in four bytes."""
    return identifier(name) + (0x10000000 | sum(map(len, parts))).to_bytes(4, "big") + b"".join(parts)


def unsigned(name: int, value: int, length: int = 0) -> bytes:
    """An element with an unsigned number, in its shortest form or in `length` bytes."""
    return element(name, value.to_bytes(length or max(1, (value.bit_length() + 7) // 8), "big"))


class WebM:
    """One VP8 track."""

    name = "webm"
    suffix = ".webm"
    rate = RATE

    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size

    def init(self) -> bytes:
        """EBML header, the segment's begin, its info and tracks."""
        header = element(
            EBML,
            unsigned(0x4286, 1), unsigned(0x42F7, 1), unsigned(0x42F2, 4), unsigned(0x42F3, 8),
            element(0x4282, b"webm"), unsigned(0x4287, 4), unsigned(0x4285, 2),
        )  # fmt: skip
        info = element(INFO, unsigned(0x2AD7B1, 1_000_000), element(0x4D80, b"Tongke"), element(0x5741, b"Tongke"))
        width, height = self._size
        video = element(0xE0, unsigned(0xB0, width), unsigned(0xBA, height))
        track = element(
            0xAE,
            unsigned(0xD7, 1), unsigned(0x73C5, 1), unsigned(0x9C, 0), unsigned(0x83, 1),
            element(0x86, b"V_VP8"), video,
        )  # fmt: skip
        return header + identifier(SEGMENT) + UNKNOWN_SIZE + info + element(TRACKS, track)

    def chunk(self, samples: list[Sample], mark: Mark) -> tuple[bytes, int]:
        """See Container."""
        base = samples[0].start
        groups = []
        for index, sample in enumerate(samples):
            offset = min(sample.start - base, LONGEST_OFFSET)
            block = element(BLOCK, b"\x81", offset.to_bytes(2, "big", signed=True), b"\0", sample.data)
            # a reference says "no keyframe"; its distance is the time back to the frame before (RFC 9559, 5.1.3.5.5)
            back = sample.start - samples[index - 1].start if index else 1
            reference = b"" if sample.key else element(REFERENCE, (-max(back, 1)).to_bytes(4, "big", signed=True))
            groups.append(element(BLOCK_GROUP, block, reference, unsigned(DURATION, sample.duration, 4)))
        void = element(VOID, bytes(mark))
        cluster = element(CLUSTER, unsigned(TIMESTAMP, base, 8), void, *groups)
        return cluster, len(cluster) - 4

    def read(self, piece: bytes) -> list[ChunkInfo]:
        """See Container."""
        found: list[ChunkInfo] = []
        for name, start, end in elements_untrusted(piece, 0, len(piece)):
            info = _read_cluster(piece, start, end) if name == CLUSTER else None
            if info is None:
                break
            found.append(info)
        return found


def elements_untrusted(data: bytes, position: int, end: int) -> Iterator[tuple[int, int, int]]:
    """(identifier, start of content, end) of the whole elements between the offsets; stops at what is torn."""
    while position < end:
        length = 9 - data[position].bit_length()
        size_at = position + length
        if length > 4 or size_at >= end:
            return
        name = int.from_bytes(data[position:size_at], "big")
        width = 9 - data[size_at].bit_length()
        start = size_at + width
        if width > 8 or start > end:
            return
        size = int.from_bytes(data[size_at:start], "big") & (1 << 7 * width) - 1
        if start + size > end:
            return
        yield name, start, start + size
        position = start + size


def _read_cluster(data: bytes, start: int, end: int) -> ChunkInfo | None:
    mark: Mark | None = None
    base: int | None = None
    last: tuple[int, int, int] | None = None  # start, duration, where the duration stands
    for name, at, at_end in elements_untrusted(data, start, end):
        if name == TIMESTAMP:
            base = int.from_bytes(data[at:at_end], "big")
        elif name == VOID:
            mark = Mark.parse(data[at:at_end])
        elif name == BLOCK_GROUP and base is not None:
            parts = {part: (inner, inner_end) for part, inner, inner_end in elements_untrusted(data, at, at_end)}
            if BLOCK not in parts or DURATION not in parts:
                return None
            block = parts[BLOCK][0]
            offset = int.from_bytes(data[block + 1 : block + 3], "big", signed=True)
            where, where_end = parts[DURATION]
            last = (base + offset, int.from_bytes(data[where:where_end], "big"), where)
    if base is None or last is None:
        return None
    return ChunkInfo(end, base, last[0], last[0] + last[1], last[2], mark)
