"""One accepted media packet on its way to the subscribers."""

from __future__ import annotations

from typing import NamedTuple


class Packet(NamedTuple):
    """What the fan-out needs of one packet, parsed once.

    `sequence` is extended to more than 16 bits and counts without padding-only packets; `marker` is 0x80 or 0;
    `raw` is the whole RTP packet as received, decrypted, and its payload is `raw[start:end]`.
    """

    sequence: int
    timestamp: int
    marker: int
    raw: bytes
    start: int
    end: int
    keyframe: bool
