"""Everything one subscriber plays: what it tells about its tracks, and the reports it gets on them.

Four verbs: `control` its RTCP (the answer is retransmissions), `handle_timer` for sender reports, `next_deadline`;
media itself goes through `server.forward.relay`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.forward.clock import unix_to_ntp
from server.wire import rtcp

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from server.forward.subscriptions import Subscription

REPORT_INTERVAL = 1.0  # s between sender reports
START_INTERVAL = 0.25  # s: for the first seconds reports come fast, players need them to put lips to words
START_REPORTS = 8


_ASKING = {(rtcp.RTPFB, rtcp.NACK_FORMAT), (rtcp.PSFB, rtcp.PLI_FORMAT), (rtcp.PSFB, rtcp.FIR_FORMAT)}


def asks(datagram: bytes) -> bool:
    """Whether a subscriber's RTCP asks for anything: most of it is reports and REMB, not worth parsing whole."""
    at, end = 0, len(datagram)
    while at + 4 <= end:
        if (datagram[at + 1], datagram[at] & 0x1F) in _ASKING:
            return True
        at += 4 * (1 + (datagram[at + 2] << 8 | datagram[at + 3]))
    return at != end  # malformed: the parser shall count it


class Egress:
    """A subscriber's subscriptions, by SSRC. `keyframe_wanted` gathers those whose decoder is lost."""

    def __init__(self, subscriptions: Sequence[Subscription], *, cname: str) -> None:
        self.subscriptions = list(subscriptions)
        self.nacked = 0
        self.last_report = float("-inf")  # when the receiver last sent RTCP
        self._by_ssrc = {subscription.ssrc: subscription for subscription in subscriptions}
        self._cname = cname
        self._due = 0.0
        self._reports = 0

    def control(
        self, packets: Sequence[rtcp.Packet], now: float, want_keyframe: Callable[[Subscription], None]
    ) -> list[bytes]:
        """The subscriber's RTCP → the RTX packets to send it."""
        self.last_report = now
        resent: list[bytes] = []
        for packet in packets:
            if isinstance(packet, rtcp.Nack):
                subscription = self._by_ssrc.get(packet.media_ssrc)
                if subscription is not None:
                    self.nacked += len(packet.lost)
                    resent += subscription.resend(packet.lost, now)
            elif isinstance(packet, rtcp.Pli):
                self._keyframe(packet.media_ssrc, want_keyframe)
            elif isinstance(packet, rtcp.Fir):
                for ssrc, _ in packet.entries:
                    self._keyframe(ssrc, want_keyframe)
        return resent

    def _keyframe(self, ssrc: int, want_keyframe: Callable[[Subscription], None]) -> None:
        subscription = self._by_ssrc.get(ssrc)
        if subscription is not None and subscription.started:
            want_keyframe(subscription)

    def handle_timer(self, now: float, wall: float) -> bytes:
        """Sender reports of every track that plays, with one CNAME, when due; b"" otherwise."""
        if now < self._due:
            return b""
        built = b""
        for subscription in self.subscriptions:
            figures = subscription.sender_figures(wall)
            if figures is not None:
                built += bytes(
                    rtcp.SenderReport(
                        figures.ssrc, unix_to_ntp(figures.wall), figures.timestamp, figures.packets, figures.octets
                    )
                ) + bytes(rtcp.Sdes.cname(figures.ssrc, self._cname))
        self._reports += bool(built)
        self._due = now + (START_INTERVAL if self._reports < START_REPORTS else REPORT_INTERVAL)
        return built

    def restart_reports(self) -> None:
        """Another publisher took over: its clock is to be told at once."""
        self._due = 0.0
        self._reports = 0

    def next_deadline(self) -> float:
        return self._due
