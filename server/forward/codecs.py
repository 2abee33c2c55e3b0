"""Where a keyframe begins in a codec's RTP payload: VP8 (RFC 7741 section 4.2) and H.264 (RFC 6184 section 5.4)."""

from __future__ import annotations

from collections.abc import Callable

KeyframeTest = Callable[[bytes, int, int], bool]

_NAL_IDR = 5
_NAL_SPS = 7
_NAL_STAP_A = 24
_NAL_FU_A = 28


def vp8_keyframe(packet: bytes, start: int, end: int) -> bool:
    """True when `packet[start:end]` is the first payload of a VP8 keyframe: S bit, partition 0, inverse P bit clear."""
    if start >= end:
        return False
    descriptor = packet[start]
    if descriptor & 0x17 != 0x10:  # S set, PID 0 (the R bit 0x08 is ignored, as 0x17 covers S and PID)
        return False
    at = start + 1
    if descriptor & 0x80:  # X: I L T K follow
        if at >= end:
            return False
        flags = packet[at]
        at += 1
        if flags & 0x80:  # I: picture id of 7 or 15 bits
            if at >= end:
                return False
            at += 2 if packet[at] & 0x80 else 1
        if flags & 0x40:  # L
            at += 1
        if flags & 0x30:  # T or K share one byte
            at += 1
    return at < end and packet[at] & 0x01 == 0


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
    if nal != _NAL_STAP_A:
        return False
    at = start + 1
    while at + 2 < end:
        if packet[at + 2] & 0x1F == _NAL_SPS:
            return True
        at += 2 + (packet[at] << 8 | packet[at + 1])
    return False


def always(packet: bytes, start: int, end: int) -> bool:
    """Audio: every packet is a beginning."""
    return start < end


KEYFRAME_TESTS: dict[str, KeyframeTest] = {"vp8": vp8_keyframe, "h264": h264_keyframe, "opus": always}


def keyframe_test(codec_name: str) -> KeyframeTest:
    """The test for a codec name of SDP, in any case."""
    return KEYFRAME_TESTS[codec_name.lower()]
