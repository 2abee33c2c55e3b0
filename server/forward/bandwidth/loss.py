"""How far loss limits the bitrate: congestion's loss does, a bad line's does not.

gcc-02 section 6 takes every loss over 10 % for congestion and every loss over 2 % as a reason not to grow; a rural line
that loses 5 % whatever is sent would never carry more than it began with. So growth is left to the delay, and loss is
judged against what this line always loses: a slow average, which a loss that goes on at whatever bitrate becomes part
of. Loss beyond it counts as congestion from 10 %, or from 2 % while the queue is long (a full queue drops its tail, and
a flat delay shows no trend).
"""

from __future__ import annotations

CONGESTED = 0.10  # loss beyond the line's own (gcc-02 section 6)
CONGESTED_WITH_QUEUE = 0.02
LONG_QUEUE = 0.06  # s waited: more than the jitter of a wireless bridge
WINDOW, WINDOW_PACKETS = 1.0, 20  # a judgement needs both: s, packets
RECOVERY = 1.08  # per second without congestion
OWN_WEIGHT = 0.1  # per window: 10 windows make a loss the line's own
OWN_MOST = 0.20  # a line that loses more cannot carry a lesson: less is sent
OWN_HALF = 0.5  # weight towards less: a line that got better is believed sooner
NO_LIMIT = float("inf")


class LossControl:
    """`limit` is bit/s (infinite: none), `loss` the smoothed share 0..1, `own` the part not due to what we send."""

    def __init__(self, least: float) -> None:
        self.limit = NO_LIMIT
        self.loss = 0.0
        self.own = 0.0
        self.congested = False
        self._least = least
        self._lost = self._received = 0
        self._since: float | None = None

    def add(self, lost: int, received: int, rate: float, acked: float, queueing: float, now: float) -> None:
        """One feedback's packets; `rate` bit/s is the estimate now, `queueing` s what packets wait."""
        self._lost += lost
        self._received += received
        if self._since is None:
            self._since = now
        passed = now - self._since
        total = self._lost + self._received
        if passed < WINDOW or total < WINDOW_PACKETS:
            return
        share = self._lost / total
        self._lost = self._received = 0
        self._since = now
        self.judge(share, min(passed, 5.0), rate, acked, queueing)

    def judge(self, share: float, passed: float, rate: float, acked: float, queueing: float) -> None:
        """One window's (or one receiver report's) share of lost packets after `passed` seconds."""
        self.loss += 0.5 * (share - self.loss)
        beyond = share - self.own
        self.congested = beyond > (CONGESTED_WITH_QUEUE if queueing > LONG_QUEUE else CONGESTED)
        if self.congested:
            self.limit = max(min(self.limit, rate) * (1 - 0.5 * beyond), acked, self._least)
        elif self.limit != NO_LIMIT:
            self.limit *= RECOVERY**passed
            if self.limit > 2 * rate:
                self.limit = NO_LIMIT
        weight = OWN_WEIGHT if beyond > 0 else OWN_HALF
        if queueing <= LONG_QUEUE or beyond < 0:
            self.own = min(self.own + weight * beyond, OWN_MOST)
