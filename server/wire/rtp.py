"""RTP packets (RFC 3550 section 5.1) and their header extensions (RFC 8285).

A header is a tuple of offsets into the buffer the packet arrived in: nothing is copied.
"""

from __future__ import annotations

from struct import Struct
from struct import error as StructError
from typing import TYPE_CHECKING, NamedTuple

from server.wire.errors import BadPacket

if TYPE_CHECKING:
    from collections.abc import Mapping

Buffer = bytes | bytearray | memoryview

FIXED_HEADER = 12  # bytes, RFC 3550 section 5.1
ONE_BYTE_PROFILE = 0xBEDE  # RFC 8285 section 4.2
TWO_BYTE_PROFILE = 0x1000  # RFC 8285 section 4.3, the low 4 bits are "appbits"

_FIXED = Struct("!BBHII")
_EXTENSION = Struct("!HH")


class RtpHeader(NamedTuple):
    """Where the parts of one RTP packet are. Offsets are bytes from the packet's start."""

    marker: int  # 0 or 1
    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    extensions_start: (
        int  # of the extensions' data, behind the 4-byte profile and length; equal to the end when there are none
    )
    extensions_end: int
    extension_profile: int  # 0 when there is no extension block
    payload_start: int
    payload_end: int
    padding: int  # bytes behind the payload, their count byte included


def parse_untrusted(buf: Buffer, length: int | None = None) -> RtpHeader:
    """The header of the RTP packet in the first `length` bytes of `buf`. Raises BadPacket."""
    if length is None:
        length = len(buf)
    elif length > len(buf):
        raise BadPacket("shorter than its length")
    if length < FIXED_HEADER:
        raise BadPacket("shorter than an RTP header")
    flags, type_byte, sequence, timestamp, ssrc = _FIXED.unpack_from(buf)
    if flags >> 6 != 2:
        raise BadPacket("not RTP version 2")
    position = FIXED_HEADER + 4 * (flags & 0x0F)
    profile = 0
    start = end = position
    if flags & 0x10:
        if position + 4 > length:
            raise BadPacket("cut in the extension header")
        profile, words = _EXTENSION.unpack_from(buf, position)
        start = position + 4
        position = end = start + 4 * words
    if position > length:
        raise BadPacket("header longer than the packet")
    padding = 0
    if flags & 0x20:
        padding = buf[length - 1] if length > position else 0
        if padding == 0 or padding > length - position:
            raise BadPacket("impossible padding")
    return RtpHeader(
        type_byte >> 7,
        type_byte & 0x7F,
        sequence,
        timestamp,
        ssrc,
        start,
        end,
        profile,
        position,
        length - padding,
        padding,
    )


def read_extensions(buf: Buffer, header: RtpHeader) -> dict[int, bytes]:
    """Header extensions as {id: value}; {} for an unknown profile.

    Tolerant as RFC 8285 asks: an element that runs over the block ends the reading, what came before counts.
    """
    profile = header.extension_profile
    if profile == ONE_BYTE_PROFILE:
        return _read_one_byte(buf, header.extensions_start, header.extensions_end)
    if profile & 0xFFF0 == TWO_BYTE_PROFILE:
        return _read_two_byte(buf, header.extensions_start, header.extensions_end)
    return {}


def _read_one_byte(buf: Buffer, position: int, end: int) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    while position < end:
        byte = buf[position]
        if byte == 0:
            position += 1
            continue
        identifier, start = byte >> 4, position + 1
        if identifier == 15:  # reserved: stop (section 4.2)
            break
        position = start + (byte & 0x0F) + 1
        if position > end:
            break
        if identifier:
            found[identifier] = bytes(buf[start:position])
    return found


def _read_two_byte(buf: Buffer, position: int, end: int) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    while position < end:
        identifier = buf[position]
        if identifier == 0:
            position += 1
            continue
        start = position + 2
        if start > end:
            break
        position = start + buf[position + 1]
        if position > end:
            break
        found[identifier] = bytes(buf[start:position])
    return found


def pack_extensions(extensions: Mapping[int, bytes]) -> tuple[int, bytes]:
    """(profile, padded data) of {id: value}, in the one-byte form where it fits. Raises ValueError on our misuse."""
    if all(1 <= identifier <= 14 and 1 <= len(value) <= 16 for identifier, value in extensions.items()):
        profile = ONE_BYTE_PROFILE
        data = b"".join(bytes((identifier << 4 | len(value) - 1,)) + value for identifier, value in extensions.items())
    else:
        profile = TWO_BYTE_PROFILE
        data = b"".join(bytes((identifier, len(value))) + value for identifier, value in extensions.items())
    return profile, data + bytes(-len(data) % 4)


def build(
    *,
    payload_type: int,
    sequence: int,
    timestamp: int,
    ssrc: int,
    payload: bytes = b"",
    marker: int = 0,
    extensions: Mapping[int, bytes] | None = None,
    padding: int = 0,
) -> bytes:
    """One RTP packet; `padding` is the number of bytes behind the payload (0..255). Raises ValueError on our misuse."""
    if not 0 <= payload_type <= 127:
        raise ValueError("payload type out of range")
    flags = 0x80 | (0x10 if extensions else 0) | (0x20 if padding else 0)
    try:
        parts = [_FIXED.pack(flags, (marker & 1) << 7 | payload_type, sequence, timestamp, ssrc)]
        if extensions:
            profile, data = pack_extensions(extensions)
            parts += [_EXTENSION.pack(profile, len(data) // 4), data]
    except StructError as error:
        raise ValueError(str(error)) from error
    parts.append(payload)
    if padding:
        parts.append(bytes(padding - 1) + bytes((padding,)))
    return b"".join(parts)
