"""One direction of a poor network, sans-IO and seeded: loss, bursts, delay, jitter, reordering, a rate with a queue.

The same link serves unit tests of the cores in virtual time and, pumped by `tests/netns`, browsers in real time.
The drain rule: after every `put` and when the time of `next_deadline()` has come, call `get(now)` and hand on what it
gives. `now` is any clock in seconds that never goes back.
"""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

CROSS_SIZE = 1200  # bytes of one datagram of cross traffic: a full-sized packet of someone's download
REORDERED_BY = 0.030  # s that a reordered datagram comes late: some five packets of a 1.5 Mbit/s stream


@dataclass(frozen=True)
class Profile:
    """How the link treats what is put into it from now on. The default is a perfect link.

    `loss`, `duplicate` and `reorder` are probabilities per datagram. `burst_loss` is the part that is lost in bursts on
    top of it, in runs of `burst_length` datagrams on average (Gilbert-Elliott, everything lost in the bad state).
    `delay` and `jitter` are seconds: each datagram takes the delay and a uniform share of the jitter, order is kept but
    for the reordered ones. `rate` is in bit/s (None: no limit), `queue` how many seconds of it the router holds before
    it drops the newest, `cross` the bit/s that someone else sends through the same queue. `down`: everything is lost.
    """

    loss: float = 0.0
    burst_loss: float = 0.0
    burst_length: float = 5.0
    delay: float = 0.0
    jitter: float = 0.0
    reorder: float = 0.0
    duplicate: float = 0.0
    rate: float | None = None
    queue: float = 0.25
    cross: float = 0.0
    down: bool = False

    def __post_init__(self) -> None:
        for name in ("loss", "burst_loss", "reorder", "duplicate"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name} is a probability, not {getattr(self, name)}")
        if self.burst_length < 1.0 or (self.rate is not None and self.rate <= 0.0):
            raise ValueError("a burst has at least one datagram, a rate more than none")


PERFECT = Profile()


@dataclass
class Counts:
    """Datagrams since the link was made; `overflowed` found the queue full, `lost` fell to chance or an outage."""

    put: int = 0
    lost: int = 0
    overflowed: int = 0
    delivered: int = 0
    bytes_delivered: int = 0
    cross_delivered: int = 0


@dataclass
class Link:
    """A one-way link with a seeded `random`; `overhead` is added to each datagram's size on the wire (28: UDP on IPv4).

    Assign `profile` to change it at once, or `follow` steps over time. What is under way keeps the times it was given.
    """

    random: Random
    profile: Profile = PERFECT
    overhead: int = 0
    counts: Counts = field(default_factory=Counts)

    def __post_init__(self) -> None:
        self._under_way: list[tuple[float, int, Any]] = []  # a heap of (arrival, serial, datagram)
        self._serial = 0
        self._busy_until = 0.0  # when the last accepted datagram has left the queue
        self._latest = 0.0  # no datagram in order arrives before this
        self._bad = False  # the Gilbert-Elliott state
        self._next_cross: float | None = None
        self._steps: deque[tuple[float, Profile]] = deque()

    def follow(self, steps: Iterable[tuple[float, Profile]]) -> None:
        """Takes each profile at its time (the clock of `now`), in place of the steps that were still to come."""
        self._steps = deque(sorted(steps, key=lambda step: step[0]))

    def outages(self, intervals: Iterable[tuple[float, float]]) -> None:
        """Follows (from, until) intervals in which everything is lost, with today's profile between them."""
        up, down = replace(self.profile, down=False), replace(self.profile, down=True)
        self.follow(step for since, until in intervals for step in ((since, down), (until, up)))

    def put(self, datagram: bytes, now: float) -> None:
        """Takes one datagram; whether and when it arrives is decided here."""
        self._advance(now)
        self.counts.put += 1
        if self.profile.down or self._falls():
            self.counts.lost += 1
            return
        left = self._through_queue(len(datagram) + self.overhead, now)
        if left is None:
            self.counts.overflowed += 1
            return
        self._send(datagram, left)
        if self.profile.duplicate and self.random.random() < self.profile.duplicate:
            self._send(datagram, left)

    def get(self, now: float) -> list[bytes]:
        """The datagrams that have arrived by now, in the order of their arrival."""
        self._advance(now)
        arrived: list[bytes] = []
        while self._under_way and self._under_way[0][0] <= now:
            arrived.append(heapq.heappop(self._under_way)[2])
        self.counts.delivered += len(arrived)
        self.counts.bytes_delivered += sum(map(len, arrived))
        return arrived

    def next_deadline(self) -> float | None:
        """When the next datagram arrives; None when none is under way."""
        return self._under_way[0][0] if self._under_way else None

    def backlog(self, now: float) -> float:
        """Seconds that a datagram put now would wait in the queue."""
        return max(0.0, self._busy_until - now)

    def _advance(self, now: float) -> None:
        while self._steps and self._steps[0][0] <= now:
            at, profile = self._steps.popleft()
            self._cross_traffic(at)
            self.profile = profile
        self._cross_traffic(now)

    def _cross_traffic(self, now: float) -> None:
        """Lets the datagrams of others, which come at random (Poisson), take their place in the queue."""
        if not self.profile.cross:
            self._next_cross = None
            return
        every = CROSS_SIZE * 8 / self.profile.cross
        if self._next_cross is None:
            self._next_cross = now + self.random.expovariate(1 / every)
        while self._next_cross <= now:
            if self._through_queue(CROSS_SIZE, self._next_cross) is not None:
                self.counts.cross_delivered += 1
            self._next_cross += self.random.expovariate(1 / every)

    def _falls(self) -> bool:
        profile = self.profile
        if profile.burst_loss:
            leave = 1 / profile.burst_length
            enter = leave * profile.burst_loss / max(1e-9, 1 - profile.burst_loss)
            self._bad = self.random.random() >= leave if self._bad else self.random.random() < enter
            if self._bad:
                return True
        return profile.loss > 0 and self.random.random() < profile.loss

    def _through_queue(self, size: int, now: float) -> float | None:
        """When a datagram of that size has left the queue, or None when the queue is full."""
        if self.profile.rate is None:
            return now
        if self.backlog(now) > self.profile.queue:
            return None
        self._busy_until = max(now, self._busy_until) + size * 8 / self.profile.rate
        return self._busy_until

    def _send(self, datagram: bytes, left: float) -> None:
        profile = self.profile
        arrives = left + profile.delay + (self.random.random() * profile.jitter if profile.jitter else 0.0)
        if profile.reorder and self.random.random() < profile.reorder:
            arrives = max(arrives, self._latest) + REORDERED_BY
        else:
            arrives = self._latest = max(arrives, self._latest)
        self._serial += 1
        heapq.heappush(self._under_way, (arrives, self._serial, datagram))
