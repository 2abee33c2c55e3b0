"""One accepted media packet on its way to the subscribers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

MEDIA, RED, FILLER = 0, 1, 2  # forms of a packet: as negotiated first; RFC 2198 in the same stream; padding only


class Picture(NamedTuple):
    """What a VP8 payload descriptor counts, and what a switch of layers must count on (RFC 7741 section 4.2).

    The 15-bit picture id stands at bytes 2 and 3 of the payload, TL0PICIDX, when there, at byte 4.
    """

    id: int
    tl0: int | None


class Packet(NamedTuple):
    """What the fan-out needs of one packet, parsed once.

    `sequence` is extended to more than 16 bits and counts without padding-only packets; `marker` is 0x80 or 0;
    `raw` is the whole RTP packet as received, decrypted, and its payload is `raw[start:end]`. `tid` is the temporal
    layer (0: everybody needs it), `begins` marks a picture's first packet as far as order tells, `picture` is there for
    VP8 with 15-bit picture ids.
    """

    sequence: int
    timestamp: int
    marker: int
    raw: bytes
    start: int
    end: int
    keyframe: bool
    tid: int = 0
    begins: bool = False
    picture: Picture | None = None
    form: int = MEDIA


def new_packet(fields: tuple[int, int, int, bytes, int, int, bool, int, bool, Picture | None, int]) -> Packet:
    """A packet of all its fields; a third of the cost of the call by names, and there is one for each datagram."""
    return _new(Packet, fields)


_new: Callable[[type[Packet], tuple[object, ...]], Packet] = tuple.__new__
