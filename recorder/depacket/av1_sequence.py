"""What a recording needs to know of an AV1 sequence header (AV1 section 5.5)."""

from __future__ import annotations

from typing import NamedTuple

from recorder.depacket.bits import Bits

LONGEST = 256  # bytes; real ones have about 12


class Sequence(NamedTuple):
    """Profile, level and tier as in a codec string, the largest picture in pixels, and how it is coloured."""

    profile: int
    level: int  # seq_level_idx
    tier: int
    width: int
    height: int
    depth: int  # bits: 8, 10 or 12
    monochrome: bool
    subsampling: tuple[int, int]
    position: int  # chroma_sample_position


def read_sequence_untrusted(content: bytes) -> Sequence:
    """The sequence header OBU with this content (behind its header). Raises BadPacket."""
    bits = Bits(content[:LONGEST])
    profile = bits.read(3)
    bits.read(1)  # still_picture
    reduced = bits.read(1)
    level, tier = (bits.read(5), 0) if reduced else _operating_point(bits)
    width_bits, height_bits = bits.read(4) + 1, bits.read(4) + 1
    width, height = bits.read(width_bits) + 1, bits.read(height_bits) + 1
    if not reduced:
        if bits.read(1):  # frame_id_numbers_present_flag
            bits.read(7)
        _skip_tools(bits)
    else:
        bits.read(3)  # use_128x128_superblock, enable_filter_intra, enable_intra_edge_filter
    bits.read(3)  # enable_superres, enable_cdef, enable_restoration
    return Sequence(profile, level, tier, width, height, *_colour(bits, profile))


def _operating_point(bits: Bits) -> tuple[int, int]:
    """(level, tier) of the first operating point, the one with every layer."""
    decoder_model = False
    delay_bits = 0
    if bits.read(1):  # timing_info_present_flag
        bits.read(32)
        bits.read(32)
        if bits.read(1):  # equal_picture_interval
            bits.unsigned()
        decoder_model = bool(bits.read(1))
        if decoder_model:
            delay_bits = bits.read(5) + 1
            bits.read(32)
            bits.read(10)
    display_delay = bits.read(1)
    points: list[tuple[int, int]] = []
    for _ in range(bits.read(5) + 1):
        bits.read(12)  # operating_point_idc
        level = bits.read(5)
        points.append((level, bits.read(1) if level > 7 else 0))
        if decoder_model and bits.read(1):
            bits.read(2 * delay_bits + 1)
        if display_delay and bits.read(1):
            bits.read(4)
    return points[0]


def _skip_tools(bits: Bits) -> None:
    bits.read(7)  # superblock size … enable_dual_filter
    order_hint = bits.read(1)
    if order_hint:
        bits.read(2)  # enable_jnt_comp, enable_ref_frame_mvs
    screen_tools = 2 if bits.read(1) else bits.read(1)
    if screen_tools and not bits.read(1):  # seq_choose_integer_mv
        bits.read(1)
    if order_hint:
        bits.read(3)


def _colour(bits: Bits, profile: int) -> tuple[int, bool, tuple[int, int], int]:
    """(depth, monochrome, subsampling, position), section 5.5.2."""
    high = bits.read(1)
    twelve = bool(profile == 2 and high and bits.read(1))
    depth = 12 if twelve else 10 if high else 8
    monochrome = bool(profile != 1 and bits.read(1))
    described = bits.read(24) if bits.read(1) else 0x020202  # primaries, transfer, matrix; 2: unspecified
    if monochrome:
        return depth, True, (1, 1), 0
    if described == 0x010D00:  # sRGB, identity: 4:4:4 without a word
        return depth, False, (0, 0), 0
    bits.read(1)  # color_range
    if profile == 0:
        subsampling = (1, 1)
    elif profile == 1:
        subsampling = (0, 0)
    elif twelve:
        across = bits.read(1)
        subsampling = (across, bits.read(1) if across else 0)
    else:
        subsampling = (1, 0)
    return depth, False, subsampling, bits.read(2) if subsampling == (1, 1) else 0
