"""What a recording needs to know of an H.264 sequence parameter set (H.264 section 7.3.2.1.1)."""

from __future__ import annotations

from typing import NamedTuple

from recorder.depacket.bits import Bits
from server.wire.errors import BadPacket

# profiles whose SPS carries chroma format and scaling matrices (section 7.3.2.1.1)
HIGH_PROFILES = frozenset((100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135))
LONGEST = 512  # bytes; real ones have about 30


class Sps(NamedTuple):
    """Profile and level as in a codec string, and the cropped picture size in pixels."""

    profile: int
    constraints: int
    level: int
    width: int
    height: int


def _skip_scaling_lists(bits: Bits, count: int) -> None:
    for index in range(count):
        if not bits.read(1):
            continue
        last = following = 8
        for _ in range(16 if index < 6 else 64):
            if following:
                following = (last + bits.signed() + 256) % 256
            last = following or last


def read_sps_untrusted(unit: bytes) -> Sps:
    """The SPS in this NAL unit (its header byte included). Raises BadPacket."""
    if len(unit) < 4 or len(unit) > LONGEST or unit[0] & 0x1F != 7:
        raise BadPacket("not a sequence parameter set")
    profile, constraints, level = unit[1:4]
    bits = Bits(unit[4:].replace(b"\0\0\3", b"\0\0"))
    bits.unsigned()  # seq_parameter_set_id
    chroma = 1
    if profile in HIGH_PROFILES:
        chroma = bits.unsigned()
        if chroma == 3:
            bits.read(1)
        bits.unsigned()
        bits.unsigned()
        bits.read(1)
        if bits.read(1):
            _skip_scaling_lists(bits, 12 if chroma == 3 else 8)
    bits.unsigned()  # log2_max_frame_num_minus4
    order = bits.unsigned()
    if order == 0:
        bits.unsigned()
    elif order == 1:
        bits.read(1)
        bits.signed()
        bits.signed()
        cycle = bits.unsigned()
        if cycle > 255:
            raise BadPacket("impossible cycle in a sequence parameter set")
        for _ in range(cycle):
            bits.signed()
    bits.unsigned()  # max_num_ref_frames
    bits.read(1)
    columns, rows = bits.unsigned() + 1, bits.unsigned() + 1
    frames_only = bits.read(1)
    if not frames_only:
        bits.read(1)
    bits.read(1)
    left = right = top = bottom = 0
    if bits.read(1):
        left, right, top, bottom = (bits.unsigned() for _ in range(4))
    unit_x = 2 if chroma in (1, 2) else 1
    unit_y = (2 if chroma == 1 else 1) * (2 - frames_only)
    width = 16 * columns - unit_x * (left + right)
    height = 16 * rows * (2 - frames_only) - unit_y * (top + bottom)
    if not (0 < width <= 16384 and 0 < height <= 16384):
        raise BadPacket("impossible picture size")
    return Sps(profile, constraints, level, width, height)
