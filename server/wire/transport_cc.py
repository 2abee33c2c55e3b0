"""Transport-wide congestion control feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1).

It tells the sender when each packet of the whole transport arrived; Chromium ramps up on it in 2 s.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from struct import Struct
from typing import TYPE_CHECKING

from server.wire.errors import BadPacket

if TYPE_CHECKING:
    from collections.abc import Sequence

TICK_US = 250  # of a receive delta
REFERENCE_US = 64_000  # of the reference time

_RTPFB, _FORMAT = 205, 15
_HEADER = Struct("!IIHHI")
_MAX_RUN = 0x1FFF  # 13 bits

_LOST, _SMALL, _LARGE = 0, 1, 2  # packet status symbols
_RUNS = (b"\0", b"\x01", b"\x02", b"\x03")
_ONE_BIT = [bytes([bits >> shift & 1 for shift in range(6, -1, -1)]) for bits in range(128)]  # half a vector of 14
_TICK = TICK_US / 1e6


@dataclass(frozen=True, slots=True)
class TransportCc:
    """Arrivals of `len(deltas)` packets from `base_sequence` on.

    `deltas`: per packet the time since the packet received before it (the first: since `reference_time` × 64 ms) in
    ticks of 250 µs, -32768..32767, or None when it did not arrive.
    """

    sender_ssrc: int
    media_ssrc: int  # must be a real SSRC of the publisher (0 makes Chromium fall to 30 kbit/s)
    base_sequence: int
    feedback_count: int  # 8 bits, counts these packets
    reference_time: int  # signed 24 bits, in 64 ms
    deltas: tuple[int | None, ...]

    @classmethod
    def from_arrivals(
        cls, sender_ssrc: int, media_ssrc: int, feedback_count: int, arrivals: Sequence[tuple[int, int]]
    ) -> tuple[TransportCc, int]:
        """(feedback, how many of `arrivals` it covers) for (sequence, arrival µs) in order of sequence.

        It stops before a delta that 16 bits cannot hold (8 s); call again with the rest. Raises ValueError when empty.
        """
        if not arrivals:
            raise ValueError("no arrivals")
        first_sequence, first_us = arrivals[0]
        reference = first_us // REFERENCE_US
        before_ticks = reference * (REFERENCE_US // TICK_US)
        deltas: list[int | None] = []
        covered = 0
        expected = first_sequence
        for sequence, arrival_us in arrivals:
            gap = (sequence - expected) & 0xFFFF
            delta = arrival_us // TICK_US - before_ticks
            if gap >= 0x8000 or len(deltas) + gap > 0xFFFE or not -32768 <= delta <= 32767:
                break
            deltas += [None] * gap
            deltas.append(delta)
            before_ticks += delta
            expected = sequence + 1
            covered += 1
        signed = ((reference + 0x800000) & 0xFFFFFF) - 0x800000
        return cls(
            sender_ssrc, media_ssrc, first_sequence & 0xFFFF, feedback_count & 0xFF, signed, tuple(deltas)
        ), covered

    def arrivals_us(self) -> list[tuple[int, int]]:
        """(16-bit sequence, µs on the receiver's clock) of those that arrived."""
        ticks = self.reference_time * (REFERENCE_US // TICK_US)
        found = []
        for index, delta in enumerate(self.deltas):
            if delta is not None:
                ticks += delta
                found.append(((self.base_sequence + index) & 0xFFFF, ticks * TICK_US))
        return found

    def __bytes__(self) -> bytes:
        body = _HEADER.pack(
            self.sender_ssrc,
            self.media_ssrc,
            self.base_sequence,
            len(self.deltas),
            (self.reference_time & 0xFFFFFF) << 8 | self.feedback_count,
        )
        symbols = [_symbol(delta) for delta in self.deltas]
        body += b"".join(chunk.to_bytes(2, "big") for chunk in _chunks(symbols))
        body += b"".join(
            delta.to_bytes(symbol, "big", signed=symbol == _LARGE)
            for symbol, delta in zip(symbols, self.deltas, strict=True)
            if delta is not None
        )
        padding = -len(body) % 4
        if padding:
            body += bytes(padding - 1) + bytes((padding,))
        return bytes((0x80 | (0x20 if padding else 0) | _FORMAT, _RTPFB)) + (len(body) // 4).to_bytes(2, "big") + body


def _symbol(delta: int | None) -> int:
    if delta is None:
        return _LOST
    return _SMALL if 0 <= delta <= 255 else _LARGE


def _chunks(symbols: Sequence[int]) -> list[int]:
    """Runs where 7 or more are equal, else vectors of 14 one-bit or 7 two-bit symbols (sections 3.1.3, 3.1.4)."""
    chunks: list[int] = []
    position, count = 0, len(symbols)
    while position < count:
        symbol = symbols[position]
        run = 1
        while position + run < count and run < _MAX_RUN and symbols[position + run] == symbol:
            run += 1
        if run >= 7 or position + run == count:
            chunks.append(symbol << 13 | run)
            position += run
            continue
        vector = symbols[position : position + 14]
        if _LARGE not in vector:
            word = 0x8000
            for index, each in enumerate(vector):
                word |= each << (13 - index)
        else:
            vector = vector[:7]
            word = 0xC000
            for index, each in enumerate(vector):
                word |= each << (12 - 2 * index)
        chunks.append(word)
        position += len(vector)
    return chunks


def parse_transport_cc(sender_ssrc: int, media_ssrc: int, body: bytes) -> TransportCc:
    """From the bytes behind the two SSRCs, padding already taken off. Raises BadPacket."""
    if len(body) < 8:
        raise BadPacket("cut transport-cc feedback")
    base = int.from_bytes(body[0:2], "big")
    count = int.from_bytes(body[2:4], "big")
    reference = int.from_bytes(body[4:7], "big", signed=True)
    symbols: list[int] = []
    position = 8
    while len(symbols) < count:
        if position + 2 > len(body):
            raise BadPacket("cut transport-cc chunks")
        chunk = int.from_bytes(body[position : position + 2], "big")
        position += 2
        if not chunk & 0x8000:
            symbols += [chunk >> 13] * min(chunk & _MAX_RUN, count - len(symbols))
            if not chunk & _MAX_RUN:
                raise BadPacket("empty run")
        elif chunk & 0x4000:
            symbols += [chunk >> shift & 3 for shift in range(12, -1, -2)]
        else:
            symbols += [chunk >> shift & 1 for shift in range(13, -1, -1)]
    deltas: list[int | None] = []
    for symbol in symbols[:count]:
        if symbol == _LOST:
            deltas.append(None)
            continue
        if symbol > _LARGE or position + symbol > len(body):
            raise BadPacket("cut transport-cc deltas")
        deltas.append(int.from_bytes(body[position : position + symbol], "big", signed=symbol == _LARGE))
        position += symbol
    return TransportCc(sender_ssrc, media_ssrc, base, body[7], reference, tuple(deltas))


def arrivals_untrusted(body: bytes) -> tuple[int, list[float | None]]:
    """(base sequence, per packet from it on the arrival in s on the receiver's clock or None for lost).

    The fast way for who gets ten of these a second from each of hundreds of players: `parse_transport_cc` of the same
    `body` (the bytes behind the two SSRCs, padding already taken off) says the same in ticks. The clock wraps after
    2^24 × 64 ms. Raises BadPacket.
    """
    size = len(body)
    if size < 8:
        raise BadPacket("cut transport-cc feedback")
    count = body[2] << 8 | body[3]
    symbols, position = _symbols(body, count)
    small, large = symbols.count(_SMALL), symbols.count(_LARGE)
    if position + small + 2 * large > size or small + large + symbols.count(_LOST) < count:
        raise BadPacket("cut transport-cc deltas")
    ticks = int.from_bytes(body[4:7], "big", signed=True) * (REFERENCE_US // TICK_US)
    base = body[0] << 8 | body[1]
    arrivals: list[float | None] = []
    if small == count:  # nothing lost, nothing late: the usual one
        arrivals += [each * _TICK for each in accumulate(body[position : position + count], initial=ticks)][1:]
        return base, arrivals
    for symbol in symbols:
        if symbol == _SMALL:
            ticks += body[position]
            position += 1
            arrivals.append(ticks * _TICK)
        elif symbol == _LOST:
            arrivals.append(None)
        else:
            ticks += (body[position] << 8 | body[position + 1]) - (body[position] >> 7 << 16)
            position += 2
            arrivals.append(ticks * _TICK)
    return base, arrivals


def _symbols(body: bytes, count: int) -> tuple[bytes, int]:
    """(`count` status symbols, a byte each; where the deltas begin). Raises BadPacket."""
    symbols = b""
    position = 8
    size = len(body)
    while len(symbols) < count:
        if position + 2 > size:
            raise BadPacket("cut transport-cc chunks")
        chunk = body[position] << 8 | body[position + 1]
        position += 2
        if chunk < 0x8000:
            run = min(chunk & _MAX_RUN, count - len(symbols))
            if not run:
                raise BadPacket("empty run")
            symbols += _RUNS[chunk >> 13] * run
        elif chunk < 0xC000:
            symbols += _ONE_BIT[chunk >> 7 & 0x7F] + _ONE_BIT[chunk & 0x7F]
        else:
            symbols += bytes([chunk >> shift & 3 for shift in range(12, -1, -2)])
    return symbols[:count], position
