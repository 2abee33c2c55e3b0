"""The VP8 payload descriptor (RFC 7741 section 4.2): what is in it, and where, for those who write it anew."""

from __future__ import annotations

from typing import NamedTuple

_X, _S, _PID = 0x80, 0x10, 0x07
_I, _L, _T, _K = 0x80, 0x40, 0x20, 0x10


class Descriptor(NamedTuple):
    """The descriptor in front of a VP8 payload. Offsets count in the whole packet; a field not there is at 0."""

    begins: bool  # S set, partition 0: the frame's first packet
    picture_id_at: int
    picture_id_bits: int  # 7, 15, or 0
    picture_id: int
    tl0_at: int
    tl0: int  # TL0PICIDX: counts the frames of temporal layer 0, mod 256
    tid_at: int  # of the byte with TID, Y and KEYIDX; also there when only KEYIDX is
    tid: int  # temporal layer; 0 when the descriptor does not say
    sync: bool  # Y: depends on layer 0 alone, so that a receiver of fewer layers may go up here
    payload_start: int


def descriptor_untrusted(raw: bytes, start: int, end: int) -> Descriptor | None:
    """The descriptor of the payload `raw[start:end]`; None when the packet ends within it."""
    if start >= end:
        return None
    first = raw[start]
    begins = first & (_S | _PID) == _S
    at = start + 1
    if not first & _X:
        return Descriptor(begins, 0, 0, 0, 0, 0, 0, 0, False, at) if at < end else None
    if at >= end:
        return None
    flags = raw[at]
    at += 1
    picture_at = bits = picture_id = tl0_at = tl0 = tid_at = tid = 0
    sync = False
    if flags & _I:
        if at >= end:
            return None
        picture_at, picture_id, bits = at, raw[at], 7
        at += 1
        if picture_id & 0x80:
            if at >= end:
                return None
            picture_id, bits = (picture_id & 0x7F) << 8 | raw[at], 15
            at += 1
    if flags & _L:
        if at >= end:
            return None
        tl0_at, tl0 = at, raw[at]
        at += 1
    if flags & (_T | _K):
        if at >= end:
            return None
        tid_at = at
        if flags & _T:
            tid, sync = raw[at] >> 6, bool(raw[at] & 0x20)
        at += 1
    if at >= end:
        return None
    return Descriptor(begins, picture_at, bits, picture_id, tl0_at, tl0, tid_at, tid, sync, at)


def keyframe(raw: bytes, start: int, end: int) -> bool:
    """True when `raw[start:end]` is the first payload of a keyframe: frame tag's inverse P bit clear (RFC 6386 9.1)."""
    if start >= end or raw[start] & (_S | _PID) != _S:  # most packets end here
        return False
    descriptor = descriptor_untrusted(raw, start, end)
    return descriptor is not None and not raw[descriptor.payload_start] & 0x01


def temporal_id(raw: bytes, start: int, end: int) -> int:
    """The temporal layer of a payload, 0 when it does not say."""
    descriptor = descriptor_untrusted(raw, start, end)
    return 0 if descriptor is None else descriptor.tid
