"""One participant's downlink: the sessions that share it, what they may send together, and when to probe for more.

A classroom plays the teacher, the screen and other classrooms by a session each, all through one thin link. Each
session measures delay on its own packets, but there is one bitrate for all of them: if each kept its own, what moved
from one picture to another would be counted twice (an estimate does not decay when less is sent), and they would push
each other off the link. So the sessions' verdicts meet here (coupled congestion control, RFC 8699 in spirit).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.forward.bandwidth.aimd import HEADROOM, Aimd
from server.forward.bandwidth.loss import LossControl
from server.forward.bandwidth.probes import Prober
from server.forward.bandwidth.standing import StandingQueue
from server.forward.bandwidth.trendline import Usage

if TYPE_CHECKING:
    from server.forward.bandwidth.estimator import Estimator
    from server.forward.bandwidth.probes import Probe

START = 500_000.0  # bit/s before anything is known: a camera's middle layer at half its frame rate
MOST = 20e6
LEAST = 50_000.0  # sound with headers goes on whatever happens

MEMORY = 0.5  # s that one session's overuse keeps the others from growing: some feedbacks of each
CALM = 2.0  # s after a decrease before a probe: the queue is to be empty first
REAL_QUEUE = 0.025  # s waited, and as long as these bits take at what arrives (packets of 1200 bytes), below which a
REAL_QUEUE_BITS = 1.5 * 9600  # growing delay is someone else's few packets and not an overuse
REAL_QUEUE_RATE = 150_000.0  # bit/s at least, lest sound alone lets a queue of 0.3 s pass
FULL_QUEUE = 0.1  # s waited from which the line is at work all the time: what arrives is what it carries
PROVEN_WITHIN = 1.0  # s after a decrease in which that corrects it
SHORT_QUEUE = 0.06  # s waited above which nobody probes and nothing grows
DRAINED_FROM = 0.15  # s waited: a keyframe may take as long, and is over by itself
DRAIN_IN = 1.2  # s in which a queue of our own making is to be empty again
MOST_DRAINED = 0.4  # of the estimate that is left out for it
DRAINED_WITHIN = 3.0  # s after a decrease; a queue that stays longer is somebody else's
OTHERS = 0.8  # of the other sessions' bitrate that is added to a cluster's: it may have pushed them back
DRAIN = 0.15  # s after a cluster in which its queue drains, if the link is not full
LATELY = 2.0  # s after its last feedback that what a session measured counts
HEADROOM_UNPROBED = 4.0  # × what is sent: without probes only the next layer tells whether the line takes it
UNANSWERED = 1.0  # s without feedback for any session after which the link counts as cut or choked
RETREAT_EVERY = 1.0  # s between two halvings while nothing is answered
RETREAT_LEAST = 200_000.0  # bit/s: sound and the smallest layer, which must be there when the network returns


class Budget:
    """Estimates for the sum of its sessions: `Estimator(budget=…)` joins, `leave` leaves."""

    def __init__(self, *, start: float = START, most: float = MOST) -> None:
        self._estimators: list[Estimator] = []
        self._aimd = Aimd(start, LEAST, most)
        self._loss = LossControl(LEAST)
        self._prober = Prober()
        self._standing = StandingQueue()
        self._most = most
        # send times of a cluster and of what waits behind it: the queue in it is our own doing and soon over
        self.deaf_from = self.deaf_until = float("-inf")
        self._overused_at = float("-inf")
        self._retreated_at: float | None = None
        self._retreat = 1.0  # factor while nothing is answered

    def join(self, estimator: Estimator) -> None:
        self._estimators.append(estimator)

    def leave(self, estimator: Estimator) -> None:
        """The session has ended. Harmless when it has left before."""
        if estimator in self._estimators:
            self._estimators.remove(estimator)

    def total(self, now: float) -> float:
        """bit/s that all sessions may send together, sound included."""
        bitrate = self._aimd.rate
        limits = [each.limit for each in self._estimators if not each.measured and each.limit is not None]
        if limits:  # players without transport-wide feedback: their own REMB
            bitrate = sum(limits) + (bitrate if any(each.measured for each in self._estimators) else 0.0)
        bitrate = min(bitrate, self._loss.limit, self._most)
        if self._retreat < 1.0:
            bitrate = min(bitrate, max(bitrate * self._retreat, RETREAT_LEAST))
        return max(bitrate, LEAST)

    def room(self, now: float) -> float:
        """bit/s to choose pictures by: the total, but less while a queue of our own making is to be emptied.

        Pictures that only just fit would keep it for seconds.
        """
        total, queueing = self.total(now), self.queueing(now)
        if queueing <= DRAINED_FROM or now - self._aimd.decreased_at >= DRAINED_WITHIN:
            return total
        return max(total * (1 - min(queueing / DRAIN_IN, MOST_DRAINED)), LEAST)

    def acked(self, now: float) -> float | None:
        """bit/s that arrive over all sessions, None before that is known."""
        known = [each.acked_rate(now) for each in self._estimators]
        rates = [rate for rate in known if rate is not None]
        return sum(rates) if rates else None

    @property
    def overusing(self) -> bool:
        return any(each.overusing for each in self._estimators)

    @property
    def loss(self) -> float:
        """Smoothed share of lost packets, 0..1."""
        return self._loss.loss

    @property
    def own_loss(self) -> float:
        """The share that this line loses whatever is sent."""
        return self._loss.own

    def queueing(self, now: float) -> float:
        """Seconds that packets wait at the bottleneck, by the session that saw most."""
        return max((each.queueing for each in self._estimators if each.answered_lately(now)), default=0.0)

    def measured(self, usage: Usage, lost: int, received: int, round_trip: float, now: float) -> None:
        """One session's verdict after one feedback."""
        if self._retreat < 1.0:
            self._retreat, self._retreated_at = 1.0, None
            self._prober.at_once()
        acked, queueing = self.acked(now), self.queueing(now)
        usage = self._judged(usage, acked or LEAST, queueing, now)
        before = self._aimd.decreased_at
        # a picture that was off for long leaves nothing to probe with: then the picture itself is the probe
        headroom = HEADROOM_UNPROBED if self._prober.unsent else HEADROOM
        self._aimd.update(usage, acked, round_trip, now, headroom=headroom)
        if queueing > FULL_QUEUE and acked is not None and now - self._aimd.decreased_at < PROVEN_WITHIN:
            self._aimd.prove(acked)
        if self._aimd.decreased_at != before:
            self._prober.decreased(acked or 0.0, now)
        self._loss.add(lost, received, self._aimd.rate, acked or 0.0, queueing, now)

    def _judged(self, usage: Usage, acked: float, queueing: float, now: float) -> Usage:
        """The verdict of one session in the light of all; UNDERUSE holds the estimate."""
        if usage is Usage.OVERUSE and queueing > REAL_QUEUE + REAL_QUEUE_BITS / max(acked, REAL_QUEUE_RATE):
            self._overused_at = now
            return usage
        if self._standing.overused(queueing, self._aimd.decreased_at, now):
            return Usage.OVERUSE
        if usage is Usage.OVERUSE or now - self._overused_at < MEMORY or queueing > SHORT_QUEUE:
            return Usage.UNDERUSE
        return usage

    def reported(
        self, fraction_lost: float, sending: float | None, passed: float, round_trip: float, now: float
    ) -> None:
        """A receiver report of a session without transport-wide feedback. `sending` bit/s is what it was sent."""
        self._loss.judge(fraction_lost, passed, self.total(now), 0.0, 0.0)
        if sending is not None and not any(each.measured or each.limit is not None for each in self._estimators):
            usage = Usage.OVERUSE if self._loss.congested else Usage.NORMAL
            self._aimd.update(usage, sending * (1 - fraction_lost), round_trip, now, headroom=HEADROOM_UNPROBED)

    def overdue(self, now: float) -> None:
        """A session hears nothing: if none does, half as much from now on, until one is answered again."""
        if any(each.answered_lately(now, UNANSWERED) for each in self._estimators):
            return  # that session sends nothing
        if self._retreated_at is None or now - self._retreated_at >= RETREAT_EVERY:
            self._retreated_at = now
            self._retreat = max(self._retreat / 2, 1e-3)

    def probe(self, wanted: float, now: float) -> Probe | None:
        """A cluster to send now on any one session (which is then told by `Estimator.probe_sent`), or None."""
        if (
            self._retreat < 1.0
            or self._loss.congested
            or now - self._aimd.decreased_at < CALM
            or now - self._overused_at < MEMORY
            or self.queueing(now) > SHORT_QUEUE
            or self.acked(now) is None
        ):
            return None
        probe = self._prober.propose(min(wanted, self._most), self.total(now), now)
        if probe is not None:
            self.deaf_from, self.deaf_until = now, now + probe.duration + DRAIN
        return probe

    def probe_sent(self, last: float) -> None:
        """A cluster's last packet went out at `last`."""
        self._prober.sent()
        self.deaf_until = last + DRAIN

    def probed(self, estimator: Estimator, bitrate: float | None, now: float) -> None:
        """What a cluster on `estimator` has shown, None when nothing."""
        before = self.total(now)
        if bitrate is not None:
            others = (each.acked_rate(now) for each in self._estimators if each is not estimator)
            bitrate += OTHERS * sum(rate for rate in others if rate is not None)
        if bitrate is None or bitrate <= before * 1.05:
            self._prober.failed(now)
            return
        self._aimd.raise_to(bitrate)
        self._loss.limit = max(self._loss.limit, bitrate)
        self._prober.succeeded(before, now)
