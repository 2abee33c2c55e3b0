"""RTP timestamps → times on the lesson's clock (ns since `clock_zero_ns`), sans-IO.

Until a stream's first sender report its packets lie where they arrived. Sender reports (RFC 3550 section 6.4.1) then
tie RTP time to the publisher's own wall clock, which sound and picture of one publisher share. That clock is not
ours: its offset is taken once, from where the sound already lies, so that sound goes on without a jump and the
picture moves to it. Sound leads because a jump in it is heard; a picture only stands a little longer.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from server.wire import seqno

NS = 1_000_000_000
# A sender report that would move a stream further than this tells of a clock that was set, not of drift.
CLOCK_STEP_NS = 500_000_000
# RTP time and arrival may part by a long burst or a stalled network, not by more than this: then it was counted anew.
BROKEN_NS = 10 * NS


def ntp_to_ns(ntp: int) -> int:
    """A 64-bit NTP timestamp (RFC 3550 section 4) in ns of its own epoch; only differences matter here."""
    return (ntp >> 32) * NS + ((ntp & 0xFFFFFFFF) * NS >> 32)


@dataclass
class PublisherClock:
    """The offset of one publisher's wall clock, shared by its streams."""

    offset_ns: int | None = None  # lesson time = publisher's NTP time + offset
    kinds: set[str] = field(default_factory=set)  # which streams it has: a second of one kind is another publisher
    leader: str | None = None  # the kind whose place the offset was taken from


class StreamClock:
    """Where one RTP stream (one SSRC) lies on the lesson's clock. `rate` is its RTP clock in Hz."""

    def __init__(self, rate: int, kind: str, publisher: PublisherClock) -> None:
        self._rate = rate
        self._kind = kind
        self._publisher = publisher
        publisher.kinds.add(kind)
        self._highest: int | None = None  # extended timestamp seen last
        self._anchor: tuple[int, int] | None = None  # (extended timestamp, lesson ns)

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
        extended = seqno.extend32(timestamp, self._highest)
        if abs(self.place(extended) - arrival_ns) > BROKEN_NS:
            self._anchor = (extended, arrival_ns)
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
        if leads and publisher.leader != self._kind:
            publisher.offset_ns, publisher.leader = here - there, self._kind
            return
        if publisher.offset_ns is None or publisher.leader not in (self._kind, "audio"):
            return  # the picture waits for the sound's first report
        moved = there + publisher.offset_ns
        if abs(moved - here) <= CLOCK_STEP_NS:
            self._anchor = (extended, moved)
        elif leads:
            publisher.offset_ns = here - there
