"""What kind of datagram is this? RFC 7983 (first byte) and RFC 5761 section 4 (second byte)."""

from __future__ import annotations

from typing import Literal

Kind = Literal["stun", "dtls", "rtp", "other"]


def _kind_of(first_byte: int) -> Kind:
    if first_byte <= 3:
        return "stun"
    if 20 <= first_byte <= 63:
        return "dtls"
    if 128 <= first_byte <= 191:
        return "rtp"
    return "other"


_KINDS: tuple[Kind, ...] = tuple(_kind_of(byte) for byte in range(256))


def classify(first_byte: int) -> Kind:
    """The protocol of a datagram by its first byte (0..255); "rtp" covers RTCP."""
    return _KINDS[first_byte]


def is_rtcp(second_byte: int) -> bool:
    """Whether an "rtp" datagram is RTCP, by its second byte: packet types 192..223 (RFC 5761 section 4)."""
    return 192 <= second_byte <= 223
