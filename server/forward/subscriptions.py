"""One subscriber's track: a constant SSRC whose sequence and timestamps go on whoever publishes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from server.forward import rtx

if TYPE_CHECKING:
    from collections.abc import Mapping as Map
    from collections.abc import Sequence
    from random import Random

    from server.forward.packet import Packet
    from server.forward.streams import InboundStream

RESEND_INTERVAL = 0.02  # s: a packet asked for twice within this is sent once
RESENDS_PER_SECOND = 600  # packets: a third of a 5 Mbit/s stream; bounds what a forged NACK can amplify
RESENT_KEPT = 512


class PayloadTypes(NamedTuple):
    """A codec's payload type at the subscriber, and its retransmission's."""

    media: int
    rtx: int | None


@dataclass(frozen=True, slots=True)
class Layout:
    """Which header extensions a subscriber's packets carry: groups of equal layout share one array.

    `mid` is written with id `mid_id`, abs-send-time with id `time_id`; an id of 0 leaves the extension out.
    """

    mid: str = ""
    mid_id: int = 0
    time_id: int = 0

    @property
    def shape(self) -> tuple[int, bool]:
        """(length of the mid or 0, with abs-send-time): equal shapes give equal header lengths."""
        return (len(self.mid) if self.mid_id else 0, bool(self.time_id))


class SenderFigures(NamedTuple):
    """A sender report's fields for one subscription."""

    ssrc: int
    wall: float
    timestamp: int
    packets: int
    octets: int


@dataclass(eq=False)
class Subscription:
    """State of one forwarded track. `ssrc` and `rtx_ssrc` never change; see `start` for the numbering."""

    kind: str
    ssrc: int
    rtx_ssrc: int
    codecs: Map[str, PayloadTypes]
    layout: Layout
    random: Random
    stream: InboundStream | None = None
    started: bool = False
    first: int = 0  # the stream's extended sequence at which this subscriber began
    sequence_offset: int = 0  # ours = stream's + offset, mod 2^16
    timestamp_offset: int = 0  # mod 2^32
    resent: int = 0
    _next_sequence: int = field(default=-1, repr=False)
    _last_timestamp: int = field(default=0, repr=False)
    _last_at: float | None = field(default=None, repr=False)
    _packets: int = field(default=0, repr=False)
    _octets: int = field(default=0, repr=False)
    _base_packets: int = field(default=0, repr=False)
    _base_octets: int = field(default=0, repr=False)
    _rtx_sequence: int = field(default=0, repr=False)
    _resent_at: dict[int, float] = field(default_factory=dict, repr=False)
    _budget: float = field(default=RESENDS_PER_SECOND, repr=False)
    _budget_at: float = field(default=0.0, repr=False)

    def __post_init__(self) -> None:
        # 15 bits: near the wrap a receiver would guess the rollover counter wrong (RFC 3711 section 3.3.1)
        self._next_sequence = self.random.getrandbits(15)
        self._last_timestamp = self.random.getrandbits(32)
        self._rtx_sequence = self.random.getrandbits(15)

    def payload_types(self, codec: str) -> PayloadTypes | None:
        """Those of a codec name, None when this subscriber cannot decode it."""
        return self.codecs.get(codec)

    def start(self, stream: InboundStream, packet: Packet, now: float) -> None:
        """Begin with this packet of this stream: it becomes the next in our numbering.

        The timestamp moves on by the time that passed since the last packet of whoever published before.
        """
        self.stream = stream
        self.started = True
        self.first = packet.sequence
        self.sequence_offset = (self._next_sequence - packet.sequence) & 0xFFFF
        timestamp = self._last_timestamp
        if self._last_at is not None:
            timestamp += max(int((now - self._last_at) * stream.clock_rate), stream.clock_rate // 50)
        self.timestamp_offset = (timestamp - packet.timestamp) & 0xFFFFFFFF
        self._base_packets = stream.forwarded_packets
        self._base_octets = stream.forwarded_octets
        self._resent_at.clear()

    def stop(self, now: float) -> None:
        """The stream ended or another takes its place: remember where ours goes on."""
        stream = self.stream
        if stream is not None and self.started:
            self._next_sequence = (stream.sequence + self.sequence_offset + 1) & 0xFFFF
            self._last_timestamp = (stream.timestamp + self.timestamp_offset) & 0xFFFFFFFF
            self._last_at = stream.last_arrival
            self._packets, self._octets = self.sent()
        self.stream = None
        self.started = False

    def sent(self) -> tuple[int, int]:
        """(packets, payload octets) sent so far, retransmissions not counted."""
        stream = self.stream
        if stream is None or not self.started:
            return self._packets, self._octets
        return (
            self._packets + stream.forwarded_packets - self._base_packets,
            self._octets + stream.forwarded_octets - self._base_octets,
        )

    def sender_figures(self, wall: float) -> SenderFigures | None:
        """What our next sender report says at `wall` (Unix s, server's clock); None while nothing is sent."""
        stream = self.stream
        mapping = stream.mapping() if stream is not None and self.started else None
        if stream is None or mapping is None:
            return None
        timestamp = mapping.timestamp + round((wall - mapping.wall) * stream.clock_rate) + self.timestamp_offset
        packets, octets = self.sent()
        return SenderFigures(self.ssrc, wall, timestamp & 0xFFFFFFFF, packets & 0xFFFFFFFF, octets & 0xFFFFFFFF)

    def resend(self, sequences: Sequence[int], now: float) -> list[bytes]:
        """RTX packets for the 16-bit sequences a NACK names, those still kept and sent to this subscriber.

        Each gets a sequence of its own on the RTX SSRC, so no (SSRC, sequence) ever carries two plaintexts.
        """
        stream = self.stream
        types = self.payload_types(stream.codec) if stream is not None and self.started else None
        if stream is None or types is None or types.rtx is None:
            return []
        self._budget = min(
            self._budget + (now - self._budget_at) * RESENDS_PER_SECOND if self._budget_at else self._budget,
            float(RESENDS_PER_SECOND),
        )
        self._budget_at = now
        packets: list[bytes] = []
        for sequence in sequences:
            behind = (stream.sequence + self.sequence_offset - sequence) & 0xFFFF
            source = stream.sequence - behind
            if source < self.first or self._budget < 1:
                continue
            found = stream.history.get(source)
            if found is None or now - self._resent_at.get(source, -1.0) < RESEND_INTERVAL:
                continue
            self._resent_at[source] = now
            self._budget -= 1
            packets.append(self._wrap(found, sequence, types.rtx))
        if len(self._resent_at) > RESENT_KEPT:
            self._resent_at = {s: at for s, at in self._resent_at.items() if now - at < RESEND_INTERVAL}
        self.resent += len(packets)
        return packets

    def _wrap(self, packet: Packet, original: int, payload_type: int) -> bytes:
        self._rtx_sequence = (self._rtx_sequence + 1) & 0xFFFF
        return rtx.wrap(
            packet.raw[packet.start : packet.end],
            ssrc=self.rtx_ssrc,
            payload_type=payload_type,
            sequence=self._rtx_sequence,
            timestamp=(packet.timestamp + self.timestamp_offset) & 0xFFFFFFFF,
            marker=packet.marker,
            original=original,
        )
