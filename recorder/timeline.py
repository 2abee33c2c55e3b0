"""RTP timestamps → times on the lesson's clock (ns since `clock_zero_ns`), sans-IO.

Until a stream's first sender report its packets lie where they arrived. Sender reports (RFC 3550 section 6.4.1) then
tie RTP time to the publisher's own wall clock, which sound and picture of one publisher share. That clock is not
ours and does not run like ours (200 ppm are half a second in a lesson): its offset is taken from the sound's packets
that were under way for the shortest time, and follows them slowly, so that all publishers lie on one clock to the
end. Sound leads because a jump in it is heard; a picture only stands a little longer.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from server.wire import seqno

NS = 1_000_000_000
# A sender report that would move a stream further than this tells of a clock that was set, not of drift.
CLOCK_STEP_NS = 500_000_000
# RTP time and arrival may part by a long burst or a stalled network, not by more than this: then it was counted anew.
BROKEN_NS = 10 * NS
# How fast an offset follows: more than two bad clocks can part (±200 ppm each), less than a line that fills its queue
# for a minute could move by what is seen.
SLEW = 500e-6


def ntp_to_ns(ntp: int) -> int:
    """A 64-bit NTP timestamp (RFC 3550 section 4) in ns of its own epoch; only differences matter here."""
    return (ntp >> 32) * NS + ((ntp & 0xFFFFFFFF) * NS >> 32)


@dataclass
class PublisherClock:
    """The offset of one publisher's wall clock, shared by its streams."""

    offset_ns: int | None = None  # lesson time = publisher's NTP time + offset
    kinds: set[str] = field(default_factory=set)  # which streams it has: a second of one kind is another publisher
    leader: str | None = None  # the kind whose place the offset was taken from
    told_ns: int = 0  # the publisher's time of the leader's last report

    def follow(self, late_ns: int, there_ns: int) -> None:
        """Since its last report even the quickest of the leader's packets came so much later than it was placed."""
        assert self.offset_ns is not None
        most = int(max(there_ns - self.told_ns, 0) * SLEW)
        self.offset_ns += min(max(late_ns, -most), most)
        self.told_ns = there_ns


class StreamClock:
    """Where one RTP stream (one SSRC) lies on the lesson's clock. `rate` is its RTP clock in Hz."""

    def __init__(self, rate: int, kind: str, publisher: PublisherClock) -> None:
        self._rate = rate
        self._kind = kind
        self._publisher = publisher
        publisher.kinds.add(kind)
        self._highest: int | None = None  # extended timestamp seen last
        self._anchor: tuple[int, int] | None = None  # (extended timestamp, lesson ns)
        self._waiting: tuple[int, int] | None = None  # a report that waits for the sound's: (extended, publisher's ns)
        self._late_ns: int | None = None  # of the quickest packet since the last report: its arrival after its place

    def resume(self, timestamp: int, lesson_ns: int) -> None:
        """An earlier recording of this very stream had this RTP timestamp at this time."""
        self._highest = timestamp
        self._anchor = (timestamp, lesson_ns)

    def extend(self, timestamp: int, arrival_ns: int) -> int:
        """The extended form of a packet's 32-bit timestamp; `arrival_ns` on the lesson's clock anchors the first."""
        if self._highest is None or self._anchor is None:
            self._highest = timestamp
            self._anchor = (timestamp, arrival_ns)
            return timestamp
        if self._waiting is not None and self._publisher.leader == "audio":
            (reported, there), self._waiting = self._waiting, None
            self._move(reported, there)
        extended = seqno.extend32(timestamp, self._highest)
        late = arrival_ns - self.place(extended)
        if abs(late) > BROKEN_NS:
            self._anchor = (extended, arrival_ns)
            self._late_ns = late = 0
        if self._late_ns is None or late < self._late_ns:
            self._late_ns = late
        self._highest = max(self._highest, extended) if extended - self._highest > -self._rate else extended
        return extended

    def place(self, extended: int) -> int:
        """The lesson time (ns) of an extended timestamp."""
        assert self._anchor is not None
        ticks, base = self._anchor
        return base + (extended - ticks) * NS // self._rate

    def report(self, ntp: int, timestamp: int) -> None:
        """A sender report: `timestamp` (32 bit) was at the publisher's NTP time `ntp`."""
        if not ntp or self._highest is None or self._anchor is None:
            return
        extended = seqno.extend32(timestamp, self._highest)
        here, there = self.place(extended), ntp_to_ns(ntp)
        publisher = self._publisher
        leads = self._kind == "audio" or "audio" not in publisher.kinds
        late, self._late_ns = self._late_ns or 0, None
        if leads and publisher.leader != self._kind:
            publisher.offset_ns, publisher.leader, publisher.told_ns = here + late - there, self._kind, there
            self._anchor = (extended, here + late)
            return
        if publisher.offset_ns is None or publisher.leader not in (self._kind, "audio"):
            self._waiting = (extended, there)  # the picture waits for the sound's first report
        elif abs(there + publisher.offset_ns - here) <= CLOCK_STEP_NS:
            if leads:
                publisher.follow(late, there)
            self._move(extended, there)
        elif leads:
            publisher.offset_ns, publisher.told_ns = here - there, there

    def _move(self, extended: int, there_ns: int) -> None:
        """From here on this stream lies where its report says, unless that tells of a clock that was set."""
        assert self._publisher.offset_ns is not None
        moved = there_ns + self._publisher.offset_ns
        if abs(moved - self.place(extended)) <= CLOCK_STEP_NS:
            self._anchor = (extended, moved)
