"""What payloads tell of their pictures: VP8's counts (RFC 7741 section 4.2) and a keyframe's height in pixels."""

from __future__ import annotations

from server.forward import vp8
from server.forward.packet import Picture

_START_CODE = b"\x9d\x01\x2a"  # RFC 6386 section 9.1


def vp8_picture(raw: bytes, start: int, end: int) -> tuple[int, Picture | None]:
    """(temporal layer, counts) of a VP8 payload `raw[start:end]`; no counts without a picture id of 15 bits.

    Called for every packet, so it reads the one layout that browsers send and leaves others to `vp8.temporal_id`.
    """
    # X set in the first octet; I in the second, M in the third: then the id stands at octets 2 and 3
    if end - start < 6 or not raw[start] & 0x80 or not raw[start + 1] & 0x80 or not raw[start + 2] & 0x80:
        return vp8.temporal_id(raw, start, end), None
    flags = raw[start + 1]
    picture = (raw[start + 2] << 8 | raw[start + 3]) & 0x7FFF
    if flags & 0x40:
        return raw[start + 5] >> 6 if flags & 0x20 else 0, Picture(picture, raw[start + 4])
    return raw[start + 4] >> 6 if flags & 0x20 else 0, Picture(picture, None)


def height_of(codec: str, raw: bytes, start: int, end: int) -> int:
    """A keyframe's height in pixels by its first packet, 0 when that does not tell."""
    descriptor = vp8.descriptor_untrusted(raw, start, end) if codec == "vp8" else None
    if descriptor is None:
        return 0
    at = descriptor.payload_start
    # frame tag (3), start code (3), width and height, each with 2 bits of scale
    if at + 10 > end or raw[at + 3 : at + 6] != _START_CODE:
        return 0
    return (raw[at + 8] | raw[at + 9] << 8) & 0x3FFF


def rewritten(payload: bytes, picture: Picture, ids: int, tl0s: int) -> bytes:
    """A VP8 payload whose picture id and TL0PICIDX were moved on."""
    head = payload[:2] + (0x8000 | (picture.id + ids) & 0x7FFF).to_bytes(2)
    if picture.tl0 is None:
        return head + payload[4:]
    return head + bytes(((picture.tl0 + tl0s) & 0xFF,)) + payload[5:]
