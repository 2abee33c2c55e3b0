"""What an origin and a mirror of a lesson say to each other (docs/protocols.md, Mirrors). No I/O.

One datagram of a sequenced Unix socket is a type byte and a body; integers are big-endian.
"""

from __future__ import annotations

import json
from struct import Struct, error
from typing import TYPE_CHECKING, Any, NamedTuple

from server.wire.errors import BadPacket

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from server.forward.packet import Packet

HELLO, TRACK, END, PACKETS, SAMPLED, FIGURES, WISHES, CLOSED = b"H", b"T", b"E", b"P", b"S", b"F", b"V", b"C"
KEYFRAME, MISSING, WANTED, QUALITY = b"K", b"N", b"W", b"Q"
LARGEST = 60_000  # bytes of one message; the socket takes a little more

_TRACK = Struct("!I")
_BATCH = Struct("!Id")
_PACKET = Struct("!HHH")
_SAMPLED = Struct("!IdI")
_RTP_HEAD = 12


class Passed(NamedTuple):
    """One packet: its number at the origin (16 bits), where its payload begins, the RTP packet without padding."""

    sequence: int
    start: int
    raw: bytes


def packets(track: int, now: float, batch: Sequence[Packet]) -> Iterator[bytes]:
    """Messages of a stream's packets that arrived at `now` (monotonic)."""
    head = PACKETS + _BATCH.pack(track, now)
    parts, size = [head], len(head)
    for packet in batch:
        raw = packet.raw[: packet.end]
        if size + _PACKET.size + len(raw) > LARGEST and len(parts) > 1:
            yield b"".join(parts)
            parts, size = [head], len(head)
        parts += (_PACKET.pack(packet.sequence & 0xFFFF, packet.start, len(raw)), raw)
        size += _PACKET.size + len(raw)
    yield b"".join(parts)


def read_packets(body: bytes) -> tuple[int, float, list[Passed]]:
    """(track, arrival, packets). Raises BadPacket."""
    try:
        track, now = _BATCH.unpack_from(body)
        found, at = [], _BATCH.size
        while at < len(body):
            sequence, start, length = _PACKET.unpack_from(body, at)
            at += _PACKET.size
            raw = body[at : at + length]
            at += length
            if len(raw) != length or not _RTP_HEAD <= start <= length:
                raise BadPacket("a cut packet of a mirror")
            found.append(Passed(sequence, start, raw))
    except error as cut:
        raise BadPacket("a cut message of a mirror") from cut
    return track, now, found


def sampled(track: int, wall: float, timestamp: int) -> bytes:
    return SAMPLED + _SAMPLED.pack(track, wall, timestamp)


def read_sampled(body: bytes) -> tuple[int, float, int]:
    """(track, Unix s, RTP timestamp). Raises BadPacket."""
    try:
        track, wall, timestamp = _SAMPLED.unpack(body)
    except error as cut:
        raise BadPacket("a cut message of a mirror") from cut
    return track, wall, timestamp


def of_track(kind: bytes, track: int) -> bytes:
    """END or KEYFRAME."""
    return kind + _TRACK.pack(track)


def missing(track: int, sequences: Iterable[int]) -> bytes:
    return MISSING + _TRACK.pack(track) + b"".join(each.to_bytes(2) for each in sequences)


def wanted(tracks: Iterable[int]) -> bytes:
    return WANTED + b"".join(map(_TRACK.pack, tracks))


def read_tracks(body: bytes) -> list[int]:
    """Raises BadPacket."""
    if len(body) % _TRACK.size:
        raise BadPacket("a cut message of a mirror")
    return [number for (number,) in _TRACK.iter_unpack(body)]


def read_missing(body: bytes) -> tuple[int, list[int]]:
    """(track, 16-bit numbers). Raises BadPacket."""
    if len(body) < _TRACK.size or len(body) % 2:
        raise BadPacket("a cut message of a mirror")
    numbers = [int.from_bytes(body[at : at + 2]) for at in range(_TRACK.size, len(body), 2)]
    return _TRACK.unpack_from(body)[0], numbers


def told(kind: bytes, content: object) -> bytes:
    """A message whose body is JSON."""
    return kind + json.dumps(content, separators=(",", ":")).encode()


def read_told(body: bytes) -> Any:  # noqa: ANN401 (JSON)
    """Raises BadPacket."""
    try:
        return json.loads(body)
    except ValueError as wrong:
        raise BadPacket("a mirror's message is no JSON") from wrong
