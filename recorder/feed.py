"""One RTP stream as the tap delivers it → frames with their place on the lesson's clock (sans-IO)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recorder.depacket.av1 import Av1Assembler
from recorder.depacket.h264 import H264Assembler
from recorder.depacket.opus import OpusAssembler
from recorder.depacket.reorder import Reorder
from recorder.depacket.units import Frame, Packet
from recorder.depacket.vp8 import Vp8Assembler
from recorder.depacket.vp9 import Vp9Assembler
from recorder.pictures import PictureSource
from recorder.timeline import PublisherClock, StreamClock
from server.wire import rtp, seqno
from server.wire.errors import BadPacket

if TYPE_CHECKING:
    from recorder.segments.container import Mark
    from recorder.tap_messages import TrackInfo

NS = 1_000_000_000
Assembler = PictureSource | OpusAssembler
ASSEMBLERS: dict[str, type[Assembler]] = {
    "vp8": Vp8Assembler,
    "h264": H264Assembler,
    "vp9": Vp9Assembler,
    "av1": Av1Assembler,
    "opus": OpusAssembler,
}
# How often to ask for a keyframe, ns. Pieces are about 2 s; a screen's keyframes are large and mostly needless, but
# when it has changed it must be there to be watched within 5 s. A little less than the figures, because the answer
# takes a round trip and a frame.
KEYFRAME_EVERY = {False: 1_850_000_000, True: 8_000_000_000}
CHANGED_EVERY = 2_800_000_000
# Bytes since its last keyframe that tell of a changed screen: a page of text is one of 25 kB and more, a pointer that
# moves sends 100 to 300 a frame.
CHANGED = 12_000
# after a loss: at once, and again while none comes
KEYFRAME_AGAIN = 700_000_000
# A packet of the stream that a restarted recorder knows arrived when its timestamp says, but for what the network does
# to it (ns). Otherwise it is another session of a sender that always takes the same SSRC.
LONGEST_DELAY = 3 * NS
# the packets of one frame come within this (ns), retransmissions included
LONGEST_FRAME = 2 * NS


@dataclass(frozen=True, slots=True)
class Placed:
    """A frame and where it lies, ns on the lesson's clock."""

    at_ns: int
    frame: Frame


class Feed:
    """Take packets and reports in, placed frames out. `zero_ns`: Unix ns of the lesson's clock's zero."""

    def __init__(
        self, info: TrackInfo, epoch: int, publisher: PublisherClock, zero_ns: int, known: Mark | None = None
    ) -> None:
        self.info = info
        self.epoch = epoch
        self.bad = 0  # packets that were no RTP of this stream
        self.continues = known is not None and known.ssrc == info.ssrc
        self.assembler: Assembler = ASSEMBLERS[info.codec]()
        self.zero_ns = zero_ns
        self._reorder = Reorder()
        self.publisher = publisher
        self.clock = StreamClock(info.clock_rate, info.kind, publisher)
        self._skip_until: int | None = None
        self._asked_ns = 0
        self._key_ns = 0
        self.newest_key: Frame | None = None  # of a video; for the wall
        self._frames_since_key = 0
        self._bytes_since_key = 0
        self._packets_since_ask = 0
        if known is not None and self.continues:
            self._skip_until = known.timestamp
            self.clock.resume(known.timestamp, known.lesson_ns)
            self._reorder.expect(known.sequence + 1)
            self.assembler.resume()

    @property
    def oldest(self) -> int | None:
        """The lowest record number that is not yet in a frame."""
        held, begun = self._reorder.oldest, self.assembler.oldest
        numbers = [number for number in (held.number if held else None, begun) if number]
        return min(numbers, default=None)

    def packet(self, number: int, arrival_ns: int, data: bytes | memoryview, now_ns: int) -> list[Placed]:
        """One RTP packet as received, decrypted."""
        try:
            header = rtp.parse_untrusted(data)
        except BadPacket:
            self.bad += 1
            return []
        if header.ssrc != self.info.ssrc:
            self.bad += 1
            return []
        self._packets_since_ask += 1
        if self._skip_until is not None and self._renumbered(header.timestamp, arrival_ns):
            self._begin_anew()
        sequence = self._reorder.extend(header.sequence)
        if header.payload_end == header.payload_start:  # padding only: a probe of the sender's bandwidth
            return self._assemble(self._reorder.skip(sequence), now_ns)
        if self._skip_until is not None:
            if seqno.extend32(header.timestamp, self._skip_until) <= self._skip_until:
                return []
            self._skip_until = None
        timestamp = self.clock.extend(header.timestamp, arrival_ns - self.zero_ns)
        payload = bytes(data[header.payload_start : header.payload_end])
        redundant = header.payload_type == self.info.red
        packet = Packet(number, arrival_ns, sequence, timestamp, header.marker, payload, redundant)
        return self._assemble(self._reorder.push(packet), now_ns)

    def _renumbered(self, timestamp: int, arrival_ns: int) -> bool:
        assert self._skip_until is not None
        expected = self.clock.place(seqno.extend32(timestamp, self._skip_until))
        return abs(arrival_ns - self.zero_ns - expected) > LONGEST_DELAY

    def _begin_anew(self) -> None:
        """What an earlier run knows of this SSRC was of another session."""
        self.continues = False
        self._skip_until = None
        self._reorder = Reorder()
        self.assembler = ASSEMBLERS[self.info.codec]()
        self.clock = StreamClock(self.info.clock_rate, self.info.kind, self.publisher)

    def report(self, ntp: int, timestamp: int) -> None:
        """One RTCP sender report of this stream."""
        self.clock.report(ntp, timestamp)

    def expire(self, now_ns: int) -> list[Placed]:
        """Give up what has not come, the rest of a frame included: it would hold back acknowledgements."""
        begun = self.assembler.begun_ns
        if begun is not None and now_ns - begun > LONGEST_FRAME:
            self.assembler.lost()
        return self._assemble(self._reorder.expire(now_ns), now_ns)

    def finish(self, now_ns: int) -> list[Placed]:
        """What is still to come out: the stream is over."""
        return self._assemble(self._reorder.flush(), now_ns)

    def wants_keyframe(self, now_ns: int) -> bool:
        """Whether to ask the publisher for a keyframe now; counts as asked."""
        if self.info.kind != "video" or not self._packets_since_ask:
            return False
        if self.assembler.damaged:
            due = now_ns - self._asked_ns >= KEYFRAME_AGAIN
        else:
            every = KEYFRAME_EVERY[self.info.still]
            if self._bytes_since_key > CHANGED:
                every = min(every, CHANGED_EVERY)
            due = bool(self._frames_since_key) and now_ns - max(self._key_ns, self._asked_ns) >= every
        if due:
            self._asked_ns = now_ns
            self._packets_since_ask = 0
        return due

    def spoil(self) -> None:
        """Frames behind the assembler were thrown away: begin again at a keyframe."""
        self.assembler.lost()

    def _assemble(self, packets: list[tuple[Packet, bool]], now_ns: int) -> list[Placed]:
        out: list[Placed] = []
        for packet, lost_before in packets:
            if lost_before:
                self.assembler.lost()
            for frame in self.assembler.add(packet):
                if frame.key:
                    self._key_ns = now_ns
                    self.newest_key = frame
                    self._frames_since_key = self._bytes_since_key = 0
                else:
                    self._frames_since_key += 1
                    self._bytes_since_key += len(frame.data)
                out.append(Placed(self.clock.place(frame.timestamp), frame))
        return out
