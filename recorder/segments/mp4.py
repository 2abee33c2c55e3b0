"""A small CMAF writer (ISO/IEC 14496-12, 14496-15, 23000-19; Opus: the encapsulation of Opus in ISO BMFF, 1.0).

H.264 uses sample entry `avc3`: parameter sets stand in the stream before each IDR, so one init file survives every
change of resolution; keyframes of VP9 (`vp09`) and AV1 (`av01`) tell their size themselves. Chunks are `free` (our
mark) + `moof` + `mdat`; a piece is chunks back to back.
"""

from __future__ import annotations

from struct import Struct, unpack_from
from struct import error as StructError
from typing import TYPE_CHECKING

from recorder.segments.container import ChunkInfo, Mark, Sample

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recorder.depacket.av1_sequence import Sequence

VIDEO_RATE = 90_000
AUDIO_RATE = 48_000
SYNC, DEPENDS = 0x02000000, 0x01010000  # sample flags, ISO/IEC 14496-12 section 8.8.3.1
# data-offset, sample duration, size and flags present (section 8.8.8)
TRUN_FLAGS = 0x000701
BASE_IS_MOOF = 0x020000  # tfhd, section 8.8.7
MATRIX = bytes.fromhex("00010000000000000000000000000000000100000000000000000000000000004000 0000")
_SAMPLE = Struct(">III")


def box(name: bytes, *parts: bytes) -> bytes:
    """One box."""
    return (8 + sum(map(len, parts))).to_bytes(4, "big") + name + b"".join(parts)


def full_box(name: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    """One box with version and flags."""
    return box(name, (version << 24 | flags).to_bytes(4, "big"), *parts)


def u16(value: int) -> bytes:
    return value.to_bytes(2, "big")


def u32(value: int) -> bytes:
    return value.to_bytes(4, "big")


def avc3_entry(sps: bytes, pps: bytes, width: int, height: int) -> bytes:
    """Sample entry of H.264 with in-band parameter sets; the first ones are repeated in its `avcC`."""
    config = box(b"avcC", b"\x01" + sps[1:4] + b"\xff\xe1" + u16(len(sps)) + sps + b"\x01" + u16(len(pps)) + pps)
    return visual_entry(b"avc3", width, height, config)


def vp09_entry(level: int, width: int, height: int) -> bytes:
    """Sample entry of VP9 profile 0 (VP Codec ISO Media File Format Binding 1.0), `level` times ten."""
    colour = bytes((8 << 4 | 1 << 1, 2, 2, 2))  # 8 bits, 4:2:0 collocated with luma, limited range; unspecified colours
    return visual_entry(b"vp09", width, height, full_box(b"vpcC", 1, 0, bytes((0, level)), colour, u16(0)))


def av01_entry(sequence: Sequence, obu: bytes, width: int, height: int) -> bytes:
    """Sample entry of AV1 (AV1 Codec ISO Media File Format Binding 1.2); `obu`: the first sequence header, sized."""
    across, down = sequence.subsampling
    high, twelve = sequence.depth > 8, sequence.depth == 12
    flags = sequence.tier << 7 | high << 6 | twelve << 5 | sequence.monochrome << 4
    flags |= across << 3 | down << 2 | sequence.position
    config = box(b"av1C", bytes((0x81, sequence.profile << 5 | sequence.level, flags, 0)), obu)
    return visual_entry(b"av01", width, height, config)


def visual_entry(name: bytes, width: int, height: int, config: bytes) -> bytes:
    """A sample entry of pictures (ISO/IEC 14496-12 section 12.1.3) with its codec's configuration box."""
    visual = bytes(6) + u16(1) + bytes(16) + u16(width) + u16(height)
    visual += u32(0x480000) * 2 + u32(0) + u16(1) + bytes(32) + u16(24) + b"\xff\xff"
    return box(name, visual, config)


def opus_entry(channels: int) -> bytes:
    """Sample entry of Opus; no pre-skip, because a live stream begins in the middle."""
    config = box(b"dOps", b"\0" + bytes((channels,)) + u16(0) + u32(AUDIO_RATE) + u16(0) + b"\0")
    return box(b"Opus", bytes(6) + u16(1) + bytes(8) + u16(channels) + u16(16) + u32(0) + u32(AUDIO_RATE << 16), config)


class Mp4:
    """One track as CMAF. `entry` is its sample entry box; `size` (0, 0) for sound."""

    name = "mp4"
    suffix = ".m4s"

    def __init__(self, rate: int, entry: bytes, size: tuple[int, int] = (0, 0)) -> None:
        self.rate = rate
        self._entry = entry
        self._size = size
        self._number = 0

    def init(self) -> bytes:
        """ftyp + moov."""
        width, height = self._size
        video = width > 0
        volume = u16(0 if video else 0x0100)
        tkhd = full_box(
            b"tkhd", 0, 7, bytes(8), u32(1), bytes(8), bytes(8), bytes(4), volume, bytes(2), MATRIX,
            u32(width << 16), u32(height << 16),
        )  # fmt: skip
        header = full_box(b"vmhd", 0, 1, bytes(8)) if video else full_box(b"smhd", 0, 0, bytes(4))
        dinf = box(b"dinf", full_box(b"dref", 0, 0, u32(1), full_box(b"url ", 0, 1)))
        stbl = box(
            b"stbl",
            full_box(b"stsd", 0, 0, u32(1), self._entry),
            full_box(b"stts", 0, 0, u32(0)),
            full_box(b"stsc", 0, 0, u32(0)),
            full_box(b"stsz", 0, 0, u32(0), u32(0)),
            full_box(b"stco", 0, 0, u32(0)),
        )
        mdhd = full_box(b"mdhd", 0, 0, bytes(8), u32(self.rate), u32(0), u16(0x55C4), bytes(2))  # language "und"
        hdlr = full_box(b"hdlr", 0, 0, u32(0), b"vide" if video else b"soun", bytes(12), b"Tongke\0")
        mdia = box(b"mdia", mdhd, hdlr, box(b"minf", header, dinf, stbl))
        mvhd = full_box(
            b"mvhd", 0, 0, bytes(8), u32(1000), u32(0), u32(0x10000), u16(0x100), bytes(10), MATRIX, bytes(24), u32(2)
        )
        mvex = box(b"mvex", full_box(b"trex", 0, 0, u32(1), u32(1), u32(0), u32(0), u32(0)))
        ftyp = box(b"ftyp", b"iso6", u32(0), b"iso6cmfcmp41")
        return ftyp + box(b"moov", mvhd, box(b"trak", tkhd, mdia), mvex)

    def chunk(self, samples: list[Sample], mark: Mark) -> tuple[bytes, int]:
        """See Container."""
        self._number += 1
        rows = b"".join(
            _SAMPLE.pack(sample.duration, len(sample.data), SYNC if sample.key else DEPENDS) for sample in samples
        )
        mfhd = full_box(b"mfhd", 0, 0, u32(self._number))
        tfhd = full_box(b"tfhd", 0, BASE_IS_MOOF, u32(1))
        tfdt = full_box(b"tfdt", 1, 0, samples[0].start.to_bytes(8, "big"))
        # moof: 8, traf: 8, trun: 12 + count + data offset + rows
        moof_size = 16 + len(mfhd) + len(tfhd) + len(tfdt) + 20 + len(rows)
        trun = full_box(b"trun", 0, TRUN_FLAGS, u32(len(samples)), u32(moof_size + 8), rows)
        moof = box(b"moof", mfhd, box(b"traf", tfhd, tfdt, trun))
        free = box(b"free", bytes(mark))
        mdat = box(b"mdat", *[sample.data for sample in samples])
        return free + moof + mdat, len(free) + len(moof) - _SAMPLE.size

    def read(self, piece: bytes) -> list[ChunkInfo]:
        """See Container."""
        found: list[ChunkInfo] = []
        mark: Mark | None = None
        moof: tuple[int, int] | None = None
        for name, start, end in boxes_untrusted(piece, 0, len(piece)):
            if name == b"free":
                mark = Mark.parse(piece[start:end])
            elif name == b"moof":
                moof = (start, end)
            elif name == b"mdat" and moof is not None:
                info = _read_moof(piece, *moof, end, mark)
                if info is None:
                    break
                found.append(info)
                mark = moof = None
            else:
                break
        return found


def boxes_untrusted(data: bytes, position: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(name, start of content, end) of the whole boxes between the offsets; stops at what is torn."""
    while position + 8 <= end:
        size, name = unpack_from(">I4s", data, position)
        if size < 8 or position + size > end:
            return
        yield name, position + 8, position + size
        position += size


def _read_moof(data: bytes, start: int, end: int, chunk_end: int, mark: Mark | None) -> ChunkInfo | None:
    for name, inner, inner_end in boxes_untrusted(data, start, end):
        if name != b"traf":
            continue
        base: int | None = None
        for part, at, _ in boxes_untrusted(data, inner, inner_end):
            try:
                if part == b"tfdt":
                    base = unpack_from(">Q", data, at + 4)[0]
                elif part == b"trun" and base is not None:
                    flags, count = unpack_from(">II", data, at)
                    if flags != TRUN_FLAGS or not count:
                        return None
                    rows = [_SAMPLE.unpack_from(data, at + 12 + 12 * index) for index in range(count)]
                    last_at = at + 12 + 12 * (count - 1)
                    total = sum(row[0] for row in rows)
                    return ChunkInfo(chunk_end, base, base + total - rows[-1][0], base + total, last_at, mark)
            except StructError:
                return None
    return None
