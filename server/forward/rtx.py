"""Retransmission packets (RFC 4588): the original sequence number in front of the payload, on an SSRC of their own."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from server.wire import rtp

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEADER = struct.Struct("!BBHII")
_OSN = struct.Struct("!H")


def unwrap(raw: bytes, start: int, end: int, *, ssrc: int, payload_type: int) -> bytes | None:
    """The original packet inside an RTX packet whose payload is `raw[start:end]`, without header extensions.

    None for a padding-only RTX packet (senders probe with those).
    """
    if end - start < 2:
        return None
    _, second, _, timestamp, _ = _HEADER.unpack_from(raw)
    (sequence,) = _OSN.unpack_from(raw, start)
    return _HEADER.pack(0x80, (second & 0x80) | payload_type, sequence, timestamp, ssrc) + raw[start + 2 : end]


class Repair(NamedTuple):
    """A retransmission to be sent: `second` is marker and payload type, `payload` begins with the original number."""

    ssrc: int
    second: int
    sequence: int
    timestamp: int
    payload: bytes

    def build(self, extensions: Mapping[int, bytes] | None = None) -> bytes:
        """The RTP packet, with header extensions {id: value}."""
        return rtp.build(
            payload_type=self.second & 0x7F,
            marker=self.second >> 7,
            sequence=self.sequence,
            timestamp=self.timestamp,
            ssrc=self.ssrc,
            payload=self.payload,
            extensions=extensions,
        )
