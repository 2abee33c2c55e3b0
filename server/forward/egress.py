"""Everything one subscriber plays: what it tells about its tracks, and the reports it gets on them.

Four verbs: `control` its RTCP (the answer is what it misses), `handle_timer` for sender reports, `next_deadline`; media
itself goes through `server.forward.relay`.
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING, NamedTuple

from server.forward.clock import unix_to_ntp
from server.wire import rtcp
from server.wire.errors import BadPacket

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from server.forward.subscriptions import Subscription

REPORT_INTERVAL = 2.0  # s between sender reports: clocks drift by 0.2 ms meanwhile
IDLE_INTERVAL = 1.0  # s between signs of life while nothing plays
START_INTERVAL = 0.25  # s: for the first seconds reports come fast, players need them to put lips to words
START_REPORTS = 8


_BLOCK = Struct("!IIIIII")
_SENDER = Struct("!BBHIQIII")  # a sender report without blocks (RFC 3550 section 6.4.1)
_TICKS = 65536  # per second, of LSR and DLSR (RFC 3550 section 6.4.1)
MAX_FEEDBACK = 16  # transport-cc packets kept until somebody looks


class Report(NamedTuple):
    """What a receiver said of one of our SSRCs last, at `at` (monotonic)."""

    fraction_lost: float  # 0..1, since its last report
    packets_lost: int
    jitter: float  # s
    round_trip: float | None  # s
    at: float


class Egress:
    """A subscriber's subscriptions, by SSRC, and what its receiver reported.

    `remb` (bit/s) is the receiver's own estimate, `feedback` the bodies of transport-cc packets not yet looked at.
    """

    def __init__(self, subscriptions: Sequence[Subscription], *, cname: str) -> None:
        self.subscriptions = list(subscriptions)
        self.nacked = 0
        self.last_report = float("-inf")  # when the receiver last sent RTCP
        self.reports: dict[int, Report] = {}  # by SSRC
        self.remb: float | None = None
        self.feedback: list[bytes] = []
        self._by_ssrc = {subscription.ssrc: subscription for subscription in subscriptions}
        self._names = {each.ssrc: bytes(rtcp.Sdes.cname(each.ssrc, cname)) for each in subscriptions}
        self._due = 0.0
        self._sent_reports = 0

    def control(
        self, datagram: bytes, now: float, wall: float, want_keyframe: Callable[[Subscription], None]
    ) -> list[tuple[Subscription, list[int]]]:
        """The subscriber's RTCP: whose packets it misses (16-bit sequences). Raises BadPacket."""
        self.last_report = now
        missing: list[tuple[Subscription, list[int]]] = []
        at, end = 0, len(datagram)
        while at + 4 <= end:
            kind, form = datagram[at + 1], datagram[at] & 0x1F
            to = at + 4 * (1 + (datagram[at + 2] << 8 | datagram[at + 3]))
            if to > end:
                raise BadPacket("cut RTCP packet")
            if kind == rtcp.RR:
                self._read_blocks(datagram, at + 8, to, form, now, wall)
            elif kind == rtcp.RTPFB and form == rtcp.TRANSPORT_CC_FORMAT:
                self._read_feedback(datagram, at, to)
            elif kind == rtcp.PSFB and form == rtcp.AFB_FORMAT:
                self._read_remb(datagram, at, to)
            elif kind in (rtcp.RTPFB, rtcp.PSFB):
                for packet in rtcp.parse_compound_untrusted(datagram[at:to]):
                    self._asked(packet, missing, want_keyframe)
            at = to
        if at != end:
            raise BadPacket("bytes behind the last RTCP packet")
        return missing

    def _asked(
        self,
        packet: rtcp.Packet,
        missing: list[tuple[Subscription, list[int]]],
        want_keyframe: Callable[[Subscription], None],
    ) -> None:
        if isinstance(packet, rtcp.Nack):
            subscription = self._by_ssrc.get(packet.media_ssrc)
            if subscription is not None:
                self.nacked += len(packet.lost)
                missing.append((subscription, list(packet.lost)))
            return
        wanted = [packet.media_ssrc] if isinstance(packet, rtcp.Pli) else []
        if isinstance(packet, rtcp.Fir):
            wanted = [ssrc for ssrc, _ in packet.entries]
        for ssrc in wanted:
            subscription = self._by_ssrc.get(ssrc)
            if subscription is not None and subscription.started:
                subscription.plead(self.last_report)
                want_keyframe(subscription)

    def _read_blocks(self, datagram: bytes, at: int, to: int, count: int, now: float, wall: float) -> None:
        for start in range(at, min(at + 24 * count, to - 23), 24):
            ssrc, lost, _, jitter, lsr, dlsr = _BLOCK.unpack_from(datagram, start)
            subscription = self._by_ssrc.get(ssrc)
            if subscription is None:
                continue
            stream = subscription.stream
            rate = stream.clock_rate if stream is not None else 90000
            passed = ((unix_to_ntp(wall) >> 16) - lsr - dlsr) & 0xFFFFFFFF
            self.reports[ssrc] = Report(
                (lost >> 24) / 256,
                lost & 0x7FFFFF if not lost & 0x800000 else 0,
                jitter / rate,
                passed / _TICKS if lsr and passed < 60 * _TICKS else None,
                now,
            )

    def _read_feedback(self, datagram: bytes, at: int, to: int) -> None:
        if datagram[at] & 0x20:
            to -= datagram[to - 1]
        if to > at + 12 and len(self.feedback) < MAX_FEEDBACK:
            self.feedback.append(datagram[at + 12 : to])

    def _read_remb(self, datagram: bytes, at: int, to: int) -> None:
        """draft-alvestrand-rmcat-remb-03 section 2.2: 6 bits of exponent, 18 of mantissa."""
        if to - at >= 20 and datagram[at + 12 : at + 16] == b"REMB":
            mantissa = (datagram[at + 17] & 3) << 16 | datagram[at + 18] << 8 | datagram[at + 19]
            self.remb = float(mantissa << (datagram[at + 17] >> 2))

    def handle_timer(self, now: float, wall: float) -> bytes:
        """Sender reports of every track that plays, with one CNAME, when due; b"" when nothing is.

        While nothing plays an empty receiver report goes out: whoever hears nothing at all knows that its path is dead.
        """
        if now < self._due:
            return b""
        built = b""
        for subscription in self.subscriptions:
            figures = subscription.sender_figures(wall)
            if figures is not None:
                ssrc, at, timestamp, packets, octets = figures
                built += _SENDER.pack(0x80, rtcp.SR, 6, ssrc, unix_to_ntp(at), timestamp, packets, octets)
                built += self._names[ssrc]
        self._sent_reports += bool(built)
        self._due = now + (START_INTERVAL if self._sent_reports < START_REPORTS else REPORT_INTERVAL)
        if not built and self.subscriptions:
            ssrc = self.subscriptions[0].ssrc
            self._due = now + IDLE_INTERVAL
            built = bytes(rtcp.ReceiverReport(ssrc)) + self._names[ssrc]
        return built

    def restart_reports(self) -> None:
        """Another publisher took over: its clock is to be told at once."""
        self._due = 0.0
        self._sent_reports = 0

    def next_deadline(self) -> float:
        return self._due
