"""One published stream (a track, or a layer of it) as it arrives: order, loss, jitter, repair, keyframes, numbers."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from server.forward.clock import Mapping
from server.forward.codecs import keyframe_test, temporal_id
from server.forward.history import SIZE, History
from server.forward.keyframes import KeyframeRequester
from server.forward.nacks import NackList
from server.forward.packet import MEDIA, RED, Packet, new_packet
from server.forward.pictures import height_of, vp8_picture
from server.wire.rtcp import ReportBlock

if TYPE_CHECKING:
    from server.forward.clock import PublisherClock

WINDOW = 1024  # packets: how far back one still counts as late rather than foreign; a power of two
MAX_JUMP = 3000  # RFC 3550 appendix A.1 MAX_DROPOUT
FIRST_CYCLE = 0x10000  # extended sequences begin one cycle up, so that a reordered first packet stays positive
ALIVE = 1.0  # s since the last packet; the slowest layer has a few pictures a second
CUT = 16  # packets missing after a silence: a line that was cut; they are too old to repair. Fewer: a slide's last ones
TEMPORAL_LAYERS = 8
OVERHEAD = 60  # bytes of a packet on the wire beside its payload: IP, UDP, RTP with extensions, SRTP's tag
PADDING_KEPT = 64  # how many left-out padding-only packets are remembered for late ones before them


class InboundStream:
    """A published stream. `receive` takes each decrypted packet; numbers given out have no holes but real losses.

    `rid` and `rank` are its name and place among a track's layers as offered; `height` is in pixels, 0 while unknown;
    `red_type` is the payload type of RFC 2198 packets in the same stream, -1 for none; `repairs` whether lost packets
    are asked for.
    """

    def __init__(
        self,
        *,
        ssrc: int,
        mid: str,
        kind: str,
        codec: str,
        payload_type: int,
        clock_rate: int,
        clock: PublisherClock,
        rid: str = "",
        rank: int = 0,
        red_type: int = -1,
        repairs: bool = True,
    ) -> None:
        self.ssrc = ssrc
        self.mid = mid
        self.rid = rid
        self.rank = rank
        self.height = 0
        self.red_type = red_type
        self.repairs = repairs
        self.kind = kind
        self.codec = codec
        self.payload_type = payload_type
        self.clock_rate = clock_rate
        self.history = History()
        self._ring = self.history.ring
        self.nacks = NackList()
        self.keyframes = KeyframeRequester()
        self.video = kind == "video"
        self.packets = 0
        self.bytes = 0
        self.duplicates = 0
        self.repaired = 0  # that came by retransmission; counted by the ingress
        self.highest = -1  # extended sequence as the sender counts
        self.sequence = -1  # highest extended sequence given out
        self.timestamp = 0  # of the newest packet given out
        self.last_arrival = float("-inf")
        self.temporal_octets = [0] * TEMPORAL_LAYERS  # what arrived of each temporal layer, with its headers
        self.keyframe_octets = 0  # of the newest keyframe, with its headers
        self._still_octets = 0  # of all keyframes
        self._keyframe_timestamp = -1
        self._is_keyframe = keyframe_test(codec)
        self._temporal_id = temporal_id(codec)
        self._pictured = codec == "vp8"
        self._clock = clock
        self._seen = [-1] * WINDOW
        self._padding: deque[int] = deque(maxlen=PADDING_KEPT)
        self._left_out = 0
        self._base = 0
        self._bad = -1
        self._jitter = 0.0
        self._transit: float | None = None
        self._expected_prior = 0
        self._received_prior = 0
        self._received = 0
        self._mapping: Mapping | None = None
        self._sr_middle = 0
        self._sr_arrival = 0.0

    @property
    def size(self) -> tuple[int, int]:
        """To compare the layers of a track: larger ones are greater."""
        return self.height, self.rank

    @property
    def moving_octets(self) -> int:
        """What arrived of pictures that are no keyframes, with its headers."""
        return sum(self.temporal_octets) - self._still_octets

    def alive(self, now: float) -> bool:
        """Whether packets still come; a layer that its sender has no bandwidth for stops."""
        return now - self.last_arrival < ALIVE

    # -- packets in

    def receive(
        self, raw: bytes, start: int, end: int, sequence: int, timestamp: int, marker: int, now: float, wall: float
    ) -> Packet | None:
        """Take one packet; `raw[start:end]` is its payload. None: a duplicate, too old, only padding.

        `now` is monotonic, `wall` the same moment in Unix seconds.
        """
        extended = self.highest + 1
        newest = sequence == extended & 0xFFFF and extended > 0 and now - self.last_arrival <= ALIVE
        if newest:  # as nearly always: the next in order
            self.highest = self._seen[extended & (WINDOW - 1)] = extended
        else:
            before = self.highest
            extended = self._out_of_order(sequence, now)
            if extended < 0:
                return None
            newest = extended > before
        self._received += 1
        if start >= end:
            self._leave_out(extended, newest)
            return None
        begins = newest and timestamp != self.timestamp
        if newest:
            if begins or self._transit is None:
                self._measure_jitter(timestamp, now)
            self.timestamp = timestamp
        self.last_arrival = now
        if self._mapping is None:
            self._mapping = Mapping(wall, timestamp, False)
        octets = end - start
        number = extended - self._left_out_before(extended) if self._left_out else extended
        if number > self.sequence:
            self.sequence = number
        self.packets += 1
        self.bytes += octets
        tid, picture = 0, None
        if self._pictured:
            tid, picture = vp8_picture(raw, start, end)
        elif self._temporal_id is not None:
            tid = self._temporal_id(raw, start, end)
        self.temporal_octets[tid] += octets + OVERHEAD
        keyframe = True  # of sound every packet is a beginning
        if self.video:
            keyframe = self._is_keyframe(raw, start, end)
            if keyframe:
                self._keyframe(raw, start, end, timestamp, now)
            if timestamp == self._keyframe_timestamp:
                self.keyframe_octets += octets + OVERHEAD
                self._still_octets += octets + OVERHEAD
        form = RED if raw[1] & 0x7F == self.red_type else MEDIA
        packet = new_packet((number, timestamp, marker, raw, start, end, keyframe, tid, begins, picture, form))
        self._ring[number & (SIZE - 1)] = packet
        return packet

    def _keyframe(self, raw: bytes, start: int, end: int, timestamp: int, now: float) -> None:
        """A keyframe begins here, or goes on with one more of its first packets."""
        self.keyframes.seen(now)
        if timestamp != self._keyframe_timestamp:
            self._keyframe_timestamp = timestamp
            self.keyframe_octets = 0
        self.height = height_of(self.codec, raw, start, end) or self.height

    def _out_of_order(self, sequence: int, now: float) -> int:
        """A packet that is not simply the next: its extended sequence, -1 for one to be left alone."""
        extended = self._extend(sequence, now)
        if extended < 0:
            return -1
        slot = extended & (WINDOW - 1)
        if self._seen[slot] == extended:
            self.duplicates += 1
            return -1
        self._seen[slot] = extended
        if extended > self.highest:
            missing = extended - self.highest - 1
            silent = now - self.last_arrival > ALIVE
            if silent:
                self.keyframes.hurry()
            beyond_repair = silent and missing > CUT
            if missing > 0 and self.repairs and not beyond_repair:
                beyond_repair = not self.nacks.gap(self.highest + 1, extended - 1, now)
            if beyond_repair and self.video:
                self.keyframes.want(now)
            self.highest = extended
        elif self.repairs:
            self.nacks.arrived(extended)
        return extended

    def _extend(self, sequence: int, now: float) -> int:
        """The sender's 16-bit sequence → extended, or -1 when it is out of all order."""
        if self.highest < 0:
            extended = sequence | FIRST_CYCLE
            self._base = extended
            self.highest = self.sequence = extended - 1
            return extended
        step = (sequence - self.highest) & 0xFFFF
        if 0 < step < MAX_JUMP:
            return self.highest + step
        back = 0x10000 - step if step else 0
        if back < WINDOW:
            return self.highest - back
        if sequence != self._bad:  # one stray packet proves nothing; two in order are a sender that began anew
            self._bad = (sequence + 1) & 0xFFFF
            return -1
        return self._restart(sequence, now)

    def _restart(self, sequence: int, now: float) -> int:
        """Go on from a sender that jumped: numbers given out continue, what was missing is given up."""
        extended = ((self.highest >> 16) + 1) << 16 | sequence
        self._left_out += extended - 1 - self.highest
        self._padding.clear()
        self.nacks = NackList()
        self._base = extended
        self._received = self._received_prior = self._expected_prior = 0
        self.highest = extended - 1
        self._bad = -1
        if self.video:
            self.keyframes.want(now)
        return extended

    def _leave_out(self, extended: int, newest: bool) -> None:
        """A padding-only packet in order disappears from the numbering; a late one left its hole already."""
        if newest:
            self._padding.append(extended)
            self._left_out += 1

    def _left_out_before(self, extended: int) -> int:
        count = self._left_out
        for number in reversed(self._padding):
            if number < extended:
                break
            count -= 1
        return count

    def _measure_jitter(self, timestamp: int, now: float) -> None:
        """RFC 3550 section 6.4.1; only a timestamp's first packet counts, or a frame's others would look late."""
        transit = now * self.clock_rate - timestamp
        if self._transit is not None:
            difference = abs(transit - self._transit)
            if difference < 0x40000000:  # the timestamp did not wrap between the two
                self._jitter += (difference - self._jitter) / 16
        self._transit = transit

    # -- reports

    @property
    def expected(self) -> int:
        """Packets its sender has sent by its numbers, since it began or began anew."""
        return self.highest - self._base + 1 if self.highest >= 0 else 0

    @property
    def received(self) -> int:
        """Of `expected`, retransmissions included, repetitions not."""
        return self._received

    @property
    def jitter(self) -> float:
        """Interarrival jitter, s (RFC 3550 section 6.4.1)."""
        return self._jitter / self.clock_rate

    def sender_report(self, ntp: int, timestamp: int, wall: float, now: float) -> None:
        """The publisher's SR for this stream, arrived at `wall` / `now`."""
        self._mapping = Mapping(self._clock.to_server(ntp, wall), timestamp, True)
        self._sr_middle = ntp >> 16 & 0xFFFFFFFF
        self._sr_arrival = now

    def mapping(self) -> Mapping | None:
        """When (server's clock) which timestamp was sampled; None before the first packet."""
        return self._mapping

    def sampled_at(self, timestamp: int) -> float | None:
        """When (Unix s, server's clock) this was sampled, as the publisher's reports say; None before the first."""
        mapping = self._mapping
        if mapping is None or not mapping.from_report:
            return None
        ticks = (timestamp - mapping.timestamp + 0x80000000 & 0xFFFFFFFF) - 0x80000000
        return mapping.wall + ticks / self.clock_rate

    def report(self, now: float) -> ReportBlock | None:
        """The next receiver report's block, on the interval since the last one. None before the first packet."""
        if self.highest < 0:
            return None
        expected = self.expected
        lost = expected - self._received
        expected_interval = expected - self._expected_prior
        lost_interval = expected_interval - (self._received - self._received_prior)
        self._expected_prior, self._received_prior = expected, self._received
        fraction = min((lost_interval << 8) // expected_interval, 255) if expected_interval > 0 < lost_interval else 0
        delay = int((now - self._sr_arrival) * 65536) & 0xFFFFFFFF if self._sr_middle else 0
        return ReportBlock(
            self.ssrc,
            fraction,
            max(-0x800000, min(lost, 0x7FFFFF)),
            (self.highest - FIRST_CYCLE) & 0xFFFFFFFF,
            int(self._jitter),
            self._sr_middle,
            delay,
        )

    # -- timer

    def next_missing(self, count: int, now: float) -> list[int]:
        """16-bit sequences that follow the newest, for a sender whose last packets are thought lost; none if it rests.

        Not noted as missing: perhaps they were never sent.
        """
        if not self.video or not self.repairs or self.highest < 0 or len(self.nacks) or not self.alive(now):
            return []
        return [(self.highest + step) & 0xFFFF for step in range(1, count + 1)]

    def nacks_due(self, now: float) -> list[int]:
        """16-bit sequences to ask the publisher for now; what is given up becomes a wish for a keyframe."""
        if not len(self.nacks):
            return []
        given_up = self.nacks.given_up
        due = self.nacks.due(now)
        if self.video and self.nacks.given_up > given_up:
            self.keyframes.want(now)
        return [sequence & 0xFFFF for sequence in due]
