"""The values that pass between reordering, assembling and cutting."""

from __future__ import annotations

from typing import NamedTuple


class Packet(NamedTuple):
    """One RTP packet that carries payload."""

    number: int  # of the tap's record, 0 for none
    arrival_ns: int  # Unix
    sequence: int  # extended, never wraps
    timestamp: int  # extended, never wraps; RTP ticks
    marker: int
    payload: bytes
    redundant: bool = False  # whether RFC 2198's headers and older blocks stand before it


class Frame(NamedTuple):
    """One whole coded picture (length-prefixed NAL units or a VP8 frame) or one Opus packet."""

    number: int  # the first record it needs
    arrival_ns: int  # of its last packet
    sequence: int  # extended, of its last packet
    timestamp: int  # extended RTP ticks
    key: bool
    data: bytes
    size: tuple[int, int] | None = None  # (width, height), known for keyframes of video
