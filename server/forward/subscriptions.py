"""One subscriber's track: a constant SSRC whose counts go on whoever publishes and whichever layer is sent."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from server.forward.pictures import rewritten
from server.forward.rtx import Repair

if TYPE_CHECKING:
    from collections.abc import Mapping as Map
    from collections.abc import Sequence
    from random import Random

    from server.forward.lanes import Lane
    from server.forward.packet import Packet
    from server.forward.rows import Shape
    from server.forward.streams import InboundStream

RESEND_INTERVAL = 0.02  # s: a packet asked for twice within this is sent once
RESENDS_PER_SECOND = 600  # packets: a third of a 5 Mbit/s stream; bounds what a forged NACK can amplify
RESENT_KEPT = 512
PLEAS_APART = 1.0  # s: a keyframe asked for again within this is the same one
SEGMENTS_KEPT = 3  # how many lanes back a NACK is answered: a switch must not leave holes
MAX_SKEW = 1.0  # s that sender reports may differ from arrival before they are not believed
MAX_PROBE = 64  # packets of padding at once


class PayloadTypes(NamedTuple):
    """A codec's payload type at the subscriber, and its retransmission's."""

    media: int
    rtx: int | None


# The least and most that a player shall wait with a picture: 12 bits each, in 10 ms.
PATIENT = (1 << 12 | 100).to_bytes(3)
# A player's own estimate never forgets the largest picture it was sent, and would show a thin line's small ones late.
PROMPT = (1 << 12 | 25).to_bytes(3)
# Where the source's own uplink loses, its packets come late by a round trip after the next has told of the gap.
HELD = (25 << 12 | 100).to_bytes(3)
# Slides arrive seconds apart and seconds long: by their times a player guesses wrong, and showed them 4 s late. From 0
# on it shows each as soon as it is whole.
AT_ONCE = (0 << 12 | 25).to_bytes(3)


@dataclass(frozen=True, slots=True)
class Layout:
    """Which header extensions a subscriber's packets carry: groups of equal layout share one array.

    `mid` is written with id `mid_id`, abs-send-time with `time_id`, the transport-wide sequence with `transport_id`,
    the playout delay with `delay_id`; an id of 0 leaves the extension out.
    """

    mid: str = ""
    mid_id: int = 0
    time_id: int = 0
    transport_id: int = 0
    delay_id: int = 0

    def fixed(self, delay: bytes = PATIENT) -> bytes:
        """Elements that stay the same in all packets (RFC 8285 section 4.2); `delay` of 3 bytes: how long to wait."""
        elements = b""
        if self.mid_id:
            elements += bytes([self.mid_id << 4 | (len(self.mid) - 1)]) + self.mid.encode()
        if self.delay_id:
            elements += bytes([self.delay_id << 4 | 2]) + delay
        return elements

    @property
    def shape(self) -> Shape:
        """Equal shapes give equal header lengths and columns."""
        return (len(self.fixed()), bool(self.time_id), bool(self.transport_id))


class SenderFigures(NamedTuple):
    """A sender report's fields for one subscription."""

    ssrc: int
    wall: float
    timestamp: int
    packets: int
    octets: int


@dataclass(eq=False, slots=True)
class Segment:
    """A stretch of a subscription on one lane: what is added to the lane's counts to make ours (mod their size)."""

    lane: Lane
    first: int  # the lane's number of its first packet
    last: int | None  # and of its last, when it is over
    sequence: int
    timestamp: int
    picture: int
    tl0: int


@dataclass(eq=False)
class Subscription:
    """State of one forwarded track. `ssrc` and `rtx_ssrc` never change; see `start` for the numbering.

    `slot` is the session's place in the `SendBook`, -1 where nobody keeps one.
    """

    kind: str
    ssrc: int
    rtx_ssrc: int
    codecs: Map[str, PayloadTypes]
    layout: Layout
    random: Random
    slot: int = -1
    segment: Segment | None = None
    resent: int = 0
    delay: bytes = PATIENT  # that its player shall wait with a picture
    pleas: int = 0  # how often its receiver asked for a keyframe, repetitions not counted
    _past: deque[Segment] = field(default_factory=lambda: deque(maxlen=SEGMENTS_KEPT), repr=False)
    _next_sequence: int = field(default=-1, repr=False)
    _next_picture: int = field(default=-1, repr=False)
    _next_tl0: int = field(default=-1, repr=False)
    _last_timestamp: int = field(default=0, repr=False)
    _last_at: float | None = field(default=None, repr=False)
    _last_sampled: float | None = field(default=None, repr=False)
    _packets: int = field(default=0, repr=False)
    _octets: int = field(default=0, repr=False)
    _base_packets: int = field(default=0, repr=False)
    _base_octets: int = field(default=0, repr=False)
    _rtx_sequence: int = field(default=0, repr=False)
    _pleaded_at: float = field(default=float("-inf"), repr=False)
    resends: float = float(RESENDS_PER_SECOND)  # packets a second that this line may be sent again
    _resent_at: dict[int, float] = field(default_factory=dict, repr=False)
    _budget: float = field(default=RESENDS_PER_SECOND, repr=False)
    _budget_at: float = field(default=0.0, repr=False)

    def __post_init__(self) -> None:
        # 15 bits: near the wrap a receiver would guess the rollover counter wrong (RFC 3711 section 3.3.1)
        self._next_sequence = self.random.getrandbits(15)
        self._last_timestamp = self.random.getrandbits(32)
        self._rtx_sequence = self.random.getrandbits(15)

    @property
    def stream(self) -> InboundStream | None:
        """What it is sent now."""
        return None if self.segment is None else self.segment.lane.stream

    @property
    def started(self) -> bool:
        return self.segment is not None

    @property
    def newest(self) -> Segment | None:
        """What it is sent now, or was sent last."""
        return self._past[-1] if self.segment is None and self._past else self.segment

    @property
    def plain(self) -> bool:
        """Whether RED must be unpacked for it."""
        return self.kind == "audio" and "red" not in self.codecs

    def payload_types(self, codec: str) -> PayloadTypes | None:
        """Those of a codec name, None when this subscriber cannot decode it."""
        return self.codecs.get(codec)

    def start(self, lane: Lane, packet: Packet, now: float) -> None:
        """Begin with this packet of this lane: it becomes the next in our numbering.

        The timestamp moves on by the time between the moments at which the last packet and this one were sampled, as
        far as sender reports tell, or else arrived.
        """
        picture = packet.picture
        self.segment = Segment(
            lane,
            packet.sequence,
            None,
            (self._next_sequence - packet.sequence) & 0xFFFF,
            (self._next_timestamp(lane.stream, packet, now) - packet.timestamp) & 0xFFFFFFFF,
            (self._next_picture - picture.id) & 0x7FFF if picture is not None and self._next_picture >= 0 else 0,
            (self._next_tl0 - picture.tl0) & 0xFF
            if picture is not None and picture.tl0 is not None and self._next_tl0 >= 0
            else 0,
        )
        self._base_packets = lane.packets
        self._base_octets = lane.octets

    def _next_timestamp(self, stream: InboundStream, packet: Packet, now: float) -> int:
        if self._last_at is None:
            return self._last_timestamp
        passed = now - self._last_at
        sampled = stream.sampled_at(packet.timestamp)
        if sampled is not None and self._last_sampled is not None:
            exact = sampled - self._last_sampled
            if abs(exact - passed) < MAX_SKEW:
                passed = exact
        return self._last_timestamp + max(round(passed * stream.clock_rate), stream.clock_rate // 1000)

    def stop(self, now: float, *, unsent: int | None = None, broken: bool = False) -> None:
        """The lane ends for us or another takes its place: remember where ours goes on.

        `unsent`: the lane's number of the first packet that was meant for us and never left. `broken`: pictures before
        it cannot be gone on from, so that what was lost of them need not be sent again either.
        """
        segment = self.segment
        if segment is None:
            return
        lane = segment.lane
        self._packets, self._octets = self.sent()
        segment.last = lane.sequence
        self._go_on_after(segment, lane.sequence if unsent is None else unsent - 1)
        if broken:
            self._past.clear()
        elif segment.last >= segment.first:
            self._past.append(segment)
        self.segment = None

    def take_back(self, unsent: int) -> None:
        """Of the lane that has ended, the packets from this number on never left either."""
        if self.segment is None and self._past:
            self._go_on_after(self._past.pop(), unsent - 1)
            self._past.clear()

    def _go_on_after(self, segment: Segment, last: int) -> None:
        """End a segment with this number of its lane, and remember what follows it."""
        lane, stream = segment.lane, segment.lane.stream
        last = max(last, segment.first - 1)
        assert segment.last is not None
        self._packets -= segment.last - last
        segment.last = last
        self._next_sequence = (segment.last + segment.sequence + 1) & 0xFFFF
        newest = lane.get(last) if last >= segment.first else None
        if newest is not None:
            self._last_timestamp = (newest.timestamp + segment.timestamp) & 0xFFFFFFFF
            self._last_at = stream.last_arrival
            self._last_sampled = stream.sampled_at(newest.timestamp)
            if newest.picture is not None:
                self._next_picture = (newest.picture.id + segment.picture + 1) & 0x7FFF
                if newest.picture.tl0 is not None:
                    self._next_tl0 = (newest.picture.tl0 + segment.tl0 + 1) & 0xFF

    def sent(self) -> tuple[int, int]:
        """(packets, payload octets) sent so far, retransmissions not counted."""
        segment = self.segment
        if segment is None:
            return self._packets, self._octets
        return (
            self._packets + segment.lane.packets - self._base_packets,
            self._octets + segment.lane.octets - self._base_octets,
        )

    def sender_figures(self, wall: float) -> SenderFigures | None:
        """What our next sender report says at `wall` (Unix s, server's clock); None while nothing is sent."""
        segment = self.segment
        mapping = segment.lane.stream.mapping() if segment is not None else None
        if segment is None or mapping is None:
            return None
        rate = segment.lane.stream.clock_rate
        timestamp = mapping.timestamp + round((wall - mapping.wall) * rate) + segment.timestamp
        packets, octets = self.sent()
        return SenderFigures(self.ssrc, wall, timestamp & 0xFFFFFFFF, packets & 0xFFFFFFFF, octets & 0xFFFFFFFF)

    def plead(self, now: float) -> None:
        """Its receiver asks for a keyframe: it cannot go on decoding. Until the keyframe comes it asks again."""
        self.pleas += now - self._pleaded_at > PLEAS_APART
        self._pleaded_at = now

    # -- retransmission

    def resend(self, sequences: Sequence[int], now: float) -> list[Repair]:
        """What answers a NACK of these 16-bit sequences: those still kept and sent to this subscriber."""
        self._budget = min(
            self._budget + (now - self._budget_at) * self.resends if self._budget_at else self._budget,
            self.resends,
        )
        self._budget_at = now
        repairs: list[Repair] = []
        for sequence in sequences:
            if self._budget < 1 or now - self._resent_at.get(sequence, -1.0) < RESEND_INTERVAL:
                continue
            repair = self._repair(sequence)
            if repair is not None:
                self._resent_at[sequence] = now
                self._budget -= 1
                repairs.append(repair)
        if len(self._resent_at) > RESENT_KEPT:
            self._resent_at = {s: at for s, at in self._resent_at.items() if now - at < RESEND_INTERVAL}
        self.resent += len(repairs)
        return repairs

    def padding(self, octets: int, least: int) -> list[Repair]:
        """Packets sent lately once more, `octets` of payload in all and at least `least` packets, as far as there are.

        A receiver that lost one of them takes it; the others tell it only that they arrived.
        """
        segment = self.newest
        repairs: list[Repair] = []
        if segment is None:
            return repairs
        number = segment.lane.sequence if segment.last is None else segment.last
        while (octets > 0 or len(repairs) < least) and number >= segment.first and len(repairs) < MAX_PROBE:
            repair = self._repair((number + segment.sequence) & 0xFFFF)
            number -= 1
            if repair is not None:
                repairs.append(repair)
                octets -= len(repair.payload)
        return repairs

    def find(self, sequence: int) -> tuple[Segment, int] | None:
        """Where a 16-bit sequence of ours belongs: the segment and its lane's number."""
        for segment in (self.segment, *reversed(self._past)):
            if segment is None:
                continue
            newest = segment.lane.sequence if segment.last is None else segment.last
            number = newest - ((newest + segment.sequence - sequence) & 0xFFFF)
            if segment.first <= number:
                return segment, number
        return None

    def _repair(self, sequence: int) -> Repair | None:
        where = self.find(sequence)
        if where is None:
            return None
        segment, number = where
        found = segment.lane.get(number)
        types = self.payload_types(segment.lane.stream.codec)
        return None if found is None or types is None else self._repair_of(found, segment, sequence, types)

    def _repair_of(self, packet: Packet, segment: Segment, sequence: int, types: PayloadTypes) -> Repair | None:
        payload = packet.raw[packet.start : packet.end]
        if packet.picture is not None and (segment.picture or segment.tl0 or segment.lane.filtered):
            payload = rewritten(payload, packet.picture, segment.picture, segment.tl0)
        timestamp = (packet.timestamp + segment.timestamp) & 0xFFFFFFFF
        if types.rtx is None:
            return None
        self._rtx_sequence = (self._rtx_sequence + 1) & 0xFFFF
        return Repair(
            self.rtx_ssrc, packet.marker | types.rtx, self._rtx_sequence, timestamp, sequence.to_bytes(2) + payload
        )
