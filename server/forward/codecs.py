"""What the forwarding core asks of a codec's RTP payload: where a keyframe begins, and what may be left out.

A test takes a packet and the offsets of its payload, and never raises: what it cannot read is no keyframe, of layer 0.
"""

from __future__ import annotations

from collections.abc import Callable

from server.forward import vp8
from server.wire import av1, vp9
from server.wire.errors import BadPacket

KeyframeTest = Callable[[bytes, int, int], bool]
TemporalId = Callable[[bytes, int, int], int]

_NAL_SLICE = 1
_NAL_SPS = 7
_NAL_STAP_A = 24
_NAL_FU_A = 28


def h264_keyframe(packet: bytes, start: int, end: int) -> bool:
    """True when a decoder can begin at this payload: it carries an SPS, alone, in a STAP-A or in an FU-A's start.

    An IDR without its SPS before it is no beginning: the parameter sets travel in band (packetization mode 1).
    """
    if start >= end:
        return False
    nal = packet[start] & 0x1F
    if nal == _NAL_SPS:
        return True
    if nal == _NAL_FU_A:
        return start + 1 < end and packet[start + 1] & 0x80 != 0 and packet[start + 1] & 0x1F == _NAL_SPS
    return nal == _NAL_STAP_A and _NAL_SPS in _aggregated(packet, start, end)


def h264_temporal_id(packet: bytes, start: int, end: int) -> int:
    """1 for slices no other picture refers to (nal_ref_idc 0, RFC 6184 section 5.3), 0 for everything else."""
    if start >= end or packet[start] & 0x60:
        return 0
    nal = packet[start] & 0x1F
    if nal == _NAL_FU_A:
        return int(start + 1 < end and packet[start + 1] & 0x1F == _NAL_SLICE)
    return int(nal == _NAL_SLICE or (nal == _NAL_STAP_A and _NAL_SLICE in _aggregated(packet, start, end)))


def _aggregated(packet: bytes, start: int, end: int) -> list[int]:
    """NAL unit types in a STAP-A, as far as it is whole."""
    types: list[int] = []
    at = start + 1
    while at + 2 < end:
        types.append(packet[at + 2] & 0x1F)
        at += 2 + (packet[at] << 8 | packet[at + 1])
    return types


def vp9_keyframe(packet: bytes, start: int, end: int) -> bool:
    """True at the first packet of a key picture: its base layer's, predicted from nothing (RFC 9628 section 4)."""
    if start >= end or packet[start] & 0x48 != 0x08:  # B set, P clear: most packets end here
        return False
    try:
        descriptor = vp9.descriptor_untrusted(packet, start, end)
    except BadPacket:
        return False
    return descriptor.spatial == 0 and vp9.key_header(packet[descriptor.payload_start])


def always(packet: bytes, start: int, end: int) -> bool:
    """Audio: every packet is a beginning."""
    return start < end


KEYFRAME_TESTS: dict[str, KeyframeTest] = {
    "vp8": vp8.keyframe,
    "h264": h264_keyframe,
    "vp9": vp9_keyframe,
    "av1": av1.begins_sequence,
    "opus": always,
    "red": always,
}
TEMPORAL_IDS: dict[str, TemporalId] = {"vp8": vp8.temporal_id, "h264": h264_temporal_id}


def keyframe_test(codec_name: str) -> KeyframeTest:
    """The test for a codec name of SDP, in any case."""
    return KEYFRAME_TESTS[codec_name.lower()]


def temporal_id(codec_name: str) -> TemporalId | None:
    """Tells the temporal layer of a payload; None for codecs that are forwarded whole."""
    return TEMPORAL_IDS.get(codec_name.lower())
