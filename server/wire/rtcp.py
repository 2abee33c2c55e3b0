"""RTCP packets (RFC 3550 section 6, RFC 4585, RFC 5104, REMB and transport-wide congestion control drafts).

Each packet is a small frozen value; `bytes(packet)` builds it, `parse_compound_untrusted` reads a datagram of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from struct import error as StructError
from typing import TYPE_CHECKING

from server.wire.errors import BadPacket
from server.wire.transport_cc import TransportCc, parse_transport_cc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SR, RR, SDES, BYE, APP, RTPFB, PSFB, XR = 200, 201, 202, 203, 204, 205, 206, 207
NACK_FORMAT, TRANSPORT_CC_FORMAT = 1, 15  # of RTPFB
PLI_FORMAT, FIR_FORMAT, AFB_FORMAT = 1, 4, 15  # of PSFB

CNAME = 1  # SDES item

_HEADER = Struct("!BBH")
_SENDER = Struct("!IQIII")
_BLOCK = Struct("!IIIIII")
_TWO = Struct("!II")
_PAIR = Struct("!HH")


def packet(packet_type: int, count: int, body: bytes) -> bytes:
    """One RTCP packet: `count` is the 5-bit count or format, `body` a multiple of 4 bytes."""
    return _HEADER.pack(0x80 | count, packet_type, len(body) // 4) + body


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """What one receiver saw of one stream (RFC 3550 section 6.4.1)."""

    ssrc: int
    fraction_lost: int  # of 256, since the last report
    packets_lost: int  # signed, since the start; clamped to 24 bits when built
    highest_sequence: int  # extended: cycles in the upper 16 bits
    jitter: int  # in timestamp units
    lsr: int  # middle 32 bits of the last sender report's NTP time, 0 without one
    dlsr: int  # since then, in 1/65536 s

    def __bytes__(self) -> bytes:
        lost = max(-0x800000, min(0x7FFFFF, self.packets_lost)) & 0xFFFFFF
        return _BLOCK.pack(
            self.ssrc,
            self.fraction_lost << 24 | lost,
            self.highest_sequence & 0xFFFFFFFF,
            self.jitter,
            self.lsr,
            self.dlsr,
        )


@dataclass(frozen=True, slots=True)
class SenderReport:
    """A sender's clock and counts. `ntp` is 64-bit NTP time (seconds since 1900 in 1/2**32 s)."""

    ssrc: int
    ntp: int
    rtp_timestamp: int
    packets: int
    octets: int
    reports: tuple[ReportBlock, ...] = ()

    def __bytes__(self) -> bytes:
        body = _SENDER.pack(
            self.ssrc, self.ntp, self.rtp_timestamp, self.packets & 0xFFFFFFFF, self.octets & 0xFFFFFFFF
        )
        return packet(SR, len(self.reports), body + b"".join(map(bytes, self.reports)))


@dataclass(frozen=True, slots=True)
class ReceiverReport:
    """Report blocks of somebody who sends nothing."""

    ssrc: int
    reports: tuple[ReportBlock, ...] = ()

    def __bytes__(self) -> bytes:
        return packet(RR, len(self.reports), self.ssrc.to_bytes(4, "big") + b"".join(map(bytes, self.reports)))


@dataclass(frozen=True, slots=True)
class Sdes:
    """Source descriptions: per SSRC its (item type, value) pairs; type 1 is the CNAME."""

    chunks: tuple[tuple[int, tuple[tuple[int, bytes], ...]], ...]

    @classmethod
    def cname(cls, ssrc: int, name: str) -> Sdes:
        """The usual one: the CNAME of one SSRC."""
        return cls(((ssrc, ((CNAME, name.encode()),)),))

    def __bytes__(self) -> bytes:
        body = b""
        for ssrc, items in self.chunks:
            chunk = ssrc.to_bytes(4, "big") + b"".join(bytes((kind, len(value))) + value for kind, value in items)
            body += chunk + bytes(4 - len(chunk) % 4)  # at least one zero ends the items
        return packet(SDES, len(self.chunks), body)


@dataclass(frozen=True, slots=True)
class Bye:
    """These SSRCs end."""

    ssrcs: tuple[int, ...]
    reason: bytes = b""

    def __bytes__(self) -> bytes:
        body = b"".join(ssrc.to_bytes(4, "big") for ssrc in self.ssrcs)
        if self.reason:
            text = bytes((len(self.reason),)) + self.reason
            body += text + bytes(-len(text) % 4)
        return packet(BYE, len(self.ssrcs), body)


@dataclass(frozen=True, slots=True)
class Nack:
    """Sequence numbers of `media_ssrc` that did not arrive (RFC 4585 section 6.2.1)."""

    sender_ssrc: int
    media_ssrc: int
    lost: tuple[int, ...]

    def __bytes__(self) -> bytes:
        body = b"".join(_PAIR.pack(first, bits) for first, bits in _nack_pairs(self.lost))
        return packet(RTPFB, NACK_FORMAT, _TWO.pack(self.sender_ssrc, self.media_ssrc) + body)


def _nack_pairs(lost: Iterable[int]) -> list[tuple[int, int]]:
    """(packet id, bitmask of the 16 behind it); good packing needs `lost` in sending order."""
    pairs: list[tuple[int, int]] = []
    for sequence in lost:
        if pairs:
            first, bits = pairs[-1]
            behind = (sequence - first) & 0xFFFF
            if behind == 0:
                continue
            if behind <= 16:
                pairs[-1] = (first, bits | 1 << (behind - 1))
                continue
        pairs.append((sequence, 0))
    return pairs


@dataclass(frozen=True, slots=True)
class Pli:
    """Picture loss: send a keyframe (RFC 4585 section 6.3.1)."""

    sender_ssrc: int
    media_ssrc: int

    def __bytes__(self) -> bytes:
        return packet(PSFB, PLI_FORMAT, _TWO.pack(self.sender_ssrc, self.media_ssrc))


@dataclass(frozen=True, slots=True)
class Fir:
    """Full intra requests: (ssrc, command number) each (RFC 5104 section 4.3.1)."""

    sender_ssrc: int
    entries: tuple[tuple[int, int], ...]

    def __bytes__(self) -> bytes:
        body = b"".join(_TWO.pack(ssrc, (number & 0xFF) << 24) for ssrc, number in self.entries)
        return packet(PSFB, FIR_FORMAT, _TWO.pack(self.sender_ssrc, 0) + body)


@dataclass(frozen=True, slots=True)
class Remb:
    """The receiver's estimate of the bandwidth, bit/s (draft-alvestrand-rmcat-remb-03)."""

    sender_ssrc: int
    bitrate: int
    ssrcs: tuple[int, ...]

    def __bytes__(self) -> bytes:
        exponent = max(0, self.bitrate.bit_length() - 18)
        word = len(self.ssrcs) << 24 | exponent << 18 | self.bitrate >> exponent
        body = b"REMB" + word.to_bytes(4, "big") + b"".join(ssrc.to_bytes(4, "big") for ssrc in self.ssrcs)
        return packet(PSFB, AFB_FORMAT, _TWO.pack(self.sender_ssrc, 0) + body)


Packet = SenderReport | ReceiverReport | Sdes | Bye | Nack | Pli | Fir | Remb | TransportCc


def parse_compound_untrusted(data: bytes) -> list[Packet]:
    """The packets of one RTCP datagram, compound or reduced-size (RFC 5506), known types only. Raises BadPacket."""
    found: list[Packet] = []
    position, end = 0, len(data)
    if end < 4:
        raise BadPacket("shorter than an RTCP header")
    while position < end:
        if position + 4 > end:
            raise BadPacket("cut in an RTCP header")
        flags, packet_type, words = _HEADER.unpack_from(data, position)
        start, position = position + 4, position + 4 + 4 * words
        if flags >> 6 != 2 or position > end:
            raise BadPacket("not RTCP")
        body = data[start:position]
        if flags & 0x20:
            body = _without_padding(body)
        parse = _PARSERS.get(packet_type)
        if parse is None:
            continue
        try:
            parsed = parse(flags & 0x1F, body)
        except (StructError, IndexError) as error:
            raise BadPacket("cut RTCP packet") from error
        if parsed is not None:
            found.append(parsed)
    return found


def _without_padding(body: bytes) -> bytes:
    padding = body[-1] if body else 0
    if padding == 0 or padding > len(body):
        raise BadPacket("impossible padding")
    return body[:-padding]


def _blocks(count: int, body: bytes, position: int) -> tuple[ReportBlock, ...]:
    blocks = []
    for _ in range(count):
        ssrc, loss, highest, jitter, lsr, dlsr = _BLOCK.unpack_from(body, position)
        lost = loss & 0xFFFFFF
        blocks.append(
            ReportBlock(ssrc, loss >> 24, lost - (1 << 24) if lost & 0x800000 else lost, highest, jitter, lsr, dlsr)
        )
        position += 24
    return tuple(blocks)


def _parse_sr(count: int, body: bytes) -> SenderReport:
    ssrc, ntp, rtp_timestamp, packets, octets = _SENDER.unpack_from(body)
    return SenderReport(ssrc, ntp, rtp_timestamp, packets, octets, _blocks(count, body, 24))


def _parse_rr(count: int, body: bytes) -> ReceiverReport:
    return ReceiverReport(_word(body, 0), _blocks(count, body, 4))


def _word(body: bytes, position: int) -> int:
    if position + 4 > len(body):
        raise BadPacket("cut RTCP packet")
    return int.from_bytes(body[position : position + 4], "big")


def _parse_sdes(count: int, body: bytes) -> Sdes:
    chunks = []
    position = 0
    for _ in range(count):
        ssrc = _word(body, position)
        position += 4
        items = []
        while body[position] != 0:
            kind, size = body[position], body[position + 1]
            value = body[position + 2 : position + 2 + size]
            if len(value) != size:
                raise BadPacket("cut SDES item")
            items.append((kind, value))
            position += 2 + size
        position += 4 - position % 4
        chunks.append((ssrc, tuple(items)))
    return Sdes(tuple(chunks))


def _parse_bye(count: int, body: bytes) -> Bye:
    ssrcs = tuple(_word(body, 4 * index) for index in range(count))
    rest = body[4 * count :]
    return Bye(ssrcs, rest[1 : 1 + rest[0]] if rest else b"")


def _parse_rtpfb(form: int, body: bytes) -> Nack | TransportCc | None:
    sender, media = _TWO.unpack_from(body)
    if form == NACK_FORMAT:
        lost: list[int] = []
        if len(body) % 4:
            raise BadPacket("cut NACK")
        for first, bits in _PAIR.iter_unpack(body[8:]):
            lost.append(first)
            lost += [(first + offset + 1) & 0xFFFF for offset in range(16) if bits >> offset & 1]
        return Nack(sender, media, tuple(lost))
    if form == TRANSPORT_CC_FORMAT:
        return parse_transport_cc(sender, media, body[8:])
    return None


def _parse_psfb(form: int, body: bytes) -> Pli | Fir | Remb | None:
    sender, media = _TWO.unpack_from(body)
    if form == PLI_FORMAT:
        return Pli(sender, media)
    if form == FIR_FORMAT:
        if len(body) % 8:
            raise BadPacket("cut FIR")
        return Fir(sender, tuple((ssrc, number >> 24) for ssrc, number in _TWO.iter_unpack(body[8:])))
    if form == AFB_FORMAT and body[8:12] == b"REMB":
        word = _word(body, 12)
        count, exponent, mantissa = word >> 24, word >> 18 & 0x3F, word & 0x3FFFF
        return Remb(sender, mantissa << exponent, tuple(_word(body, 16 + 4 * index) for index in range(count)))
    return None


_PARSERS: dict[int, Callable[[int, bytes], Packet | None]] = {
    SR: _parse_sr,
    RR: _parse_rr,
    SDES: _parse_sdes,
    BYE: _parse_bye,
    RTPFB: _parse_rtpfb,
    PSFB: _parse_psfb,
}
