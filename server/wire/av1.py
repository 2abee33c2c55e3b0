"""AV1 in RTP (RTP Payload Format For AV1, v1.0.0, section 4): the aggregation header and its OBU elements."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from server.wire.errors import BadPacket

if TYPE_CHECKING:
    from server.wire.rtp import Buffer

SEQUENCE_HEADER, TEMPORAL_DELIMITER, FRAME_HEADER, TILE_GROUP, FRAME = 1, 2, 3, 4, 6  # AV1 section 6.2.2
REDUNDANT_HEADER, TILE_LIST, PADDING = 7, 8, 15

_Z, _Y, _N = 0x80, 0x40, 0x08


class Aggregate(NamedTuple):
    """The OBU elements of one packet, as (start, end) offsets."""

    continues: bool  # Z: the first element goes on from the packet before
    continued: bool  # Y: the last element goes on in the next packet
    sequence_begins: bool  # N: first packet of a coded video sequence
    elements: tuple[tuple[int, int], ...]


def begins_sequence(raw: Buffer, start: int, end: int) -> bool:
    """Whether a decoder can begin at the payload `raw[start:end]`: N set, nothing left over from the packet before."""
    return end - start >= 2 and raw[start] & (_N | _Z) == _N


def aggregate_untrusted(raw: Buffer, start: int, end: int) -> Aggregate:
    """The parts of the payload `raw[start:end]`. Raises BadPacket."""
    if end - start < 2:
        raise BadPacket("shorter than an AV1 aggregation header and an element")
    flags = raw[start]
    count = flags >> 4 & 0x03  # W: 0 means that every element, also the last, has its length
    at = start + 1
    elements: list[tuple[int, int]] = []
    while at < end:
        size = end - at
        if not count or len(elements) < count - 1:
            size, at = leb128_untrusted(raw, at, end)
        if size > end - at:
            raise BadPacket("AV1 element longer than its packet")
        if size:  # an empty element carries nothing
            elements.append((at, at + size))
        elif count:
            count -= 1
        at += size
    if not elements or len(elements) < count:
        raise BadPacket("AV1 packet without the elements it claims")
    return Aggregate(bool(flags & _Z), bool(flags & _Y), bool(flags & _N), tuple(elements))


def leb128_untrusted(raw: Buffer, at: int, end: int) -> tuple[int, int]:
    """(value, offset behind it) of a length (AV1 section 4.10.5). Raises BadPacket."""
    value = 0
    for index in range(min(8, end - at)):
        byte = raw[at + index]
        value |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            return value, at + index + 1
    raise BadPacket("impossible AV1 length")


def leb128(value: int) -> bytes:
    """The shortest form of a length."""
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*parts, value))
