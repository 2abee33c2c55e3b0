"""The estimate of one player's session from its transport-wide feedback, else from its REMB and receiver reports.

What goes in: `feedback` per transport-cc packet, `round_trip` per report, `receiver_limit` and `report` where there is
no transport-cc, `probe_sent` after a cluster, `overdue` while packets older than about a second are unanswered.
What comes out: `bitrate`, `overusing`, `loss`, `acked`, `probe`. There is no timer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.forward.bandwidth.acknowledged import AcknowledgedRate
from server.forward.bandwidth.arrivals import ArrivalGroups
from server.forward.bandwidth.budget import LATELY, MOST, START, Budget
from server.forward.bandwidth.probes import Cluster
from server.forward.bandwidth.trendline import Trendline, Usage

if TYPE_CHECKING:
    from server.forward.bandwidth.probes import Probe

CLOCK_WRAP = float(1 << 24) * 0.064  # s: the reference time of transport-cc has 24 bits of 64 ms
DEFAULT_ROUND_TRIP = 0.2  # s before the first report (libwebrtc's kDefaultRttMs)


class Estimator:
    """One session's measurements; alone on its link, or one of several in a `budget`."""

    def __init__(self, *, start: float = START, most: float = MOST, budget: Budget | None = None) -> None:
        self.budget = Budget(start=start, most=most) if budget is None else budget
        self.budget.join(self)
        self.measured = False  # transport-wide feedback has come: REMB and reports are not asked any more
        self.limit: float | None = None  # the last REMB
        self._groups = ArrivalGroups()
        self._trendline = Trendline()
        self._acknowledged = AcknowledgedRate()
        self._round_trip = DEFAULT_ROUND_TRIP
        self._cluster: Cluster | None = None
        self._answered_at = float("-inf")
        self._last_arrival: float | None = None
        self._wrapped = 0.0  # s to add to the receiver's clock
        self._sending: float | None = None
        self._reported_at: float | None = None

    def feedback(self, sent: list[tuple[float, int]], arrived: list[float | None], now: float) -> None:
        """One transport-cc feedback, in order of sequence.

        Per packet (send time s, size in bytes with headers), and the arrival in s on the receiver's clock or None for
        lost. Packets whose send time is not known any more are left out by the caller.
        """
        if self._cluster is not None and sent:
            self._fill_cluster(self._cluster, sent, arrived, now)
        packets = [(arrival, *packet) for packet, arrival in zip(sent, arrived, strict=True) if arrival is not None]
        self.measured = True
        self._answered_at = now
        usage = Usage.NORMAL
        if packets:
            packets.sort()
            packets = self._unwrapped(packets)
            self._acknowledged.add(packets[-1][0], sum([size for _, _, size in packets]))
            heard = packets
            deaf_from, deaf_until = self.budget.deaf_from, self.budget.deaf_until
            if sent[0][0] <= deaf_until:
                heard = [packet for packet in packets if not deaf_from <= packet[1] <= deaf_until]
            for send_delta, arrival_delta, arrival in self._groups.add(heard):
                self._trendline.update(send_delta, arrival_delta, arrival)
            usage = self._trendline.usage
        self.budget.measured(usage, len(sent) - len(packets), len(packets), self._round_trip, now)

    def receiver_limit(self, bitrate: float, now: float) -> None:
        """A REMB: the receiver's own estimate for this session, used alone where there is no transport-cc."""
        self.limit = bitrate

    def sending(self, bitrate: float) -> None:
        """bit/s now sent to this session: without transport-cc nothing else tells how much was tried."""
        self._sending = bitrate

    def report(self, fraction_lost: float, now: float) -> None:
        """A receiver report's loss (0..1) since the one before; counts only where there is no transport-cc."""
        if self.measured:
            return
        passed = 1.0 if self._reported_at is None else min(now - self._reported_at, 5.0)
        self._reported_at = now
        self.budget.reported(fraction_lost, self._sending, passed, self._round_trip, now)

    def round_trip(self, seconds: float) -> None:
        self._round_trip = max(seconds, 0.0)

    def overdue(self, now: float) -> None:
        """This session has had no feedback for over a second; call at every look as long as that is so."""
        self.budget.overdue(now)

    def probe(self, wanted: float, now: float) -> Probe | None:
        """A padding cluster to send on this session now, towards `wanted` bit/s for the whole link; mostly None."""
        return self.budget.probe(wanted, now)

    def probe_sent(self, probe: Probe, first: float, last: float) -> None:
        """Its padding went out from send time `first` to `last`: what the session sent then, media too, is judged."""
        self._cluster = Cluster(probe, first, last)
        self.budget.probe_sent(last)

    def bitrate(self, now: float) -> float:
        """bit/s that may be sent, over all sessions of the budget, sound included."""
        return self.budget.total(now)

    def acked_rate(self, now: float) -> float | None:
        """bit/s of this session that arrive; None when not known, 0 when nothing was answered lately."""
        rate = self._acknowledged.bitrate
        return rate if rate is None or self.answered_lately(now) else 0.0

    def answered_lately(self, now: float, within: float = LATELY) -> bool:
        """Whether feedback came in the last `within` seconds."""
        return now - self._answered_at <= within

    @property
    def acked(self) -> float:
        """bit/s of this session that arrive, by the last feedback."""
        return self._acknowledged.bitrate or 0.0

    @property
    def overusing(self) -> bool:
        return self._trendline.usage is Usage.OVERUSE

    @property
    def loss(self) -> float:
        """Smoothed share of lost packets over the budget, 0..1."""
        return self.budget.loss

    @property
    def queueing(self) -> float:
        """s that this session's packets wait at the bottleneck."""
        return self._groups.queueing

    def _fill_cluster(
        self, cluster: Cluster, sent: list[tuple[float, int]], arrived: list[float | None], now: float
    ) -> None:
        for (send, size), arrival in zip(sent, arrived, strict=True):
            if cluster.first <= send <= cluster.last:
                cluster.add(send, size, arrival)
        if sent[-1][0] >= cluster.last:
            self._cluster = None
            self.budget.probed(self, cluster.bitrate(), now)

    def _unwrapped(self, packets: list[tuple[float, float, int]]) -> list[tuple[float, float, int]]:
        """The same on a clock that does not wrap after 12 days."""
        last = packets[-1][0] + self._wrapped
        if self._last_arrival is not None:
            turns = round((self._last_arrival - last) / CLOCK_WRAP)
            if turns:
                self._wrapped += turns * CLOCK_WRAP
                last += turns * CLOCK_WRAP
        self._last_arrival = last
        if self._wrapped:
            return [(arrival + self._wrapped, send, size) for arrival, send, size in packets]
        return packets
