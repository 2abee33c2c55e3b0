"""The VP9 payload descriptor (RFC 9628 section 4.2), and how a VP9 frame begins (VP9 bitstream section 6.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from server.wire.errors import BadPacket

if TYPE_CHECKING:
    from server.wire.rtp import Buffer

_I, _P, _L, _F, _B, _E, _V = 0x80, 0x40, 0x20, 0x10, 0x08, 0x04, 0x02


class Descriptor(NamedTuple):
    """What the descriptor in front of a VP9 payload says."""

    predicted: bool  # P: from another picture
    begins: bool  # B: first packet of a layer's frame
    ends: bool  # E: last packet of a layer's frame
    picture_id: int  # -1: none
    temporal: int  # TID, 0 when the descriptor does not say
    spatial: int  # SID, 0 when the descriptor does not say
    switches: bool  # U: a receiver of lower temporal layers may go up here
    payload_start: int


def descriptor_untrusted(raw: Buffer, start: int, end: int) -> Descriptor:
    """The descriptor of the payload `raw[start:end]`. Raises BadPacket."""
    if start >= end:
        raise BadPacket("empty VP9 payload")
    flags = raw[start]
    at = start + 1
    picture_id = -1
    temporal = spatial = switches = 0
    try:
        if flags & _I:
            picture_id = raw[at]
            at += 1
            if picture_id & 0x80:
                picture_id = (picture_id & 0x7F) << 8 | raw[at]
                at += 1
        if flags & _L:
            temporal, switches, spatial = raw[at] >> 5, raw[at] & 0x10, raw[at] >> 1 & 0x07
            at += 1 if flags & _F else 2  # without F comes TL0PICIDX
        if flags & _F and flags & _P:
            for _ in range(3):  # P_DIFF, at most three, N says that another follows
                at += 1
                if not raw[at - 1] & 1:
                    break
            else:
                raise BadPacket("too many VP9 reference indices")
        if flags & _V:
            at = _behind_structure(raw, at)
    except IndexError:
        raise BadPacket("cut in the VP9 descriptor") from None
    if at >= end:
        raise BadPacket("cut in the VP9 descriptor")
    return Descriptor(
        bool(flags & _P), bool(flags & _B), bool(flags & _E), picture_id, temporal, spatial, bool(switches), at
    )


def _behind_structure(raw: Buffer, at: int) -> int:
    """Where the scalability structure at `at` ends (section 4.2.1)."""
    head = raw[at]
    at += 1
    if head & 0x10:  # Y: width and height of each of N_S + 1 layers
        at += 4 * ((head >> 5) + 1)
    if head & 0x08:  # G: a group of pictures
        pictures = raw[at]
        at += 1
        for _ in range(pictures):
            at += 1 + (raw[at] >> 2 & 0x03)  # R reference indices follow
    return at


def key_header(byte: int) -> bool:
    """Whether a frame with this first byte is a keyframe: marker 2, not shown again, frame_type 0; profiles 0 to 2."""
    return byte & 0xCC == 0x80
