"""The bitrate by delay: up by 8 % a second, near the top by a packet per response time; down to 85 % of what arrives.

gcc-02 section 5.5, with libwebrtc's AimdRateControl where they differ.
"""

from __future__ import annotations

from server.forward.bandwidth.trendline import Usage

BETA = 0.85  # of the acknowledged bitrate that is left at an overuse
GROWTH = 1.08  # per second, far from the known capacity
HEADROOM, HEADROOM_FLAT = 1.5, 10_000.0  # the estimate grows to 1.5 × acknowledged + 10 kbit/s, no further
APPLICATION_LIMITED = 1.2  # estimate ÷ acknowledged: so much less was sent than allowed that others filled the queue,
AGAIN = 1.0  # and what arrives stays allowed, unless it was taken back within this time (s) already
LEAST_ADDED = 4_000.0  # bit/s per second
PACKET_BITS = 1200 * 8
FRAME_RATE = 30.0
CAPACITY_WEIGHT = 0.05  # of a new sample of the capacity


class Capacity:
    """Where overuse began the last times: mean and spread, in kbit/s as libwebrtc's LinkCapacityEstimator."""

    def __init__(self) -> None:
        self.mean: float | None = None
        self._variance = 0.4  # normalized by the mean

    def overused_at(self, bitrate: float) -> None:
        sample = bitrate / 1e3
        if self.mean is None:
            self.mean = sample
        else:
            self.mean += CAPACITY_WEIGHT * (sample - self.mean)
        error = self.mean - sample
        variance = self._variance + CAPACITY_WEIGHT * (error * error / max(self.mean, 1.0) - self._variance)
        self._variance = min(max(variance, 0.4), 2.5)

    def forget(self) -> None:
        self.mean = None

    def bounds(self) -> tuple[float, float]:
        """bit/s, three deviations below and above; (0, infinite) when nothing is known."""
        if self.mean is None:
            return 0.0, float("inf")
        spread = 3.0 * (self._variance * self.mean) ** 0.5
        return max(self.mean - spread, 0.0) * 1e3, (self.mean + spread) * 1e3


class Aimd:
    """`rate` is the estimate in bit/s; `decreased_at` when it was last taken back."""

    def __init__(self, start: float, least: float, most: float) -> None:
        self.rate = start
        self.decreased_at = float("-inf")
        self.capacity = Capacity()
        self._least, self._most = least, most
        self._updated_at: float | None = None

    def update(
        self, usage: Usage, acked: float | None, round_trip: float, now: float, *, headroom: float = HEADROOM
    ) -> None:
        """After each feedback; `acked` bit/s arrive, None when not known yet; it grows to `headroom` × that."""
        passed = 0.0 if self._updated_at is None else min(now - self._updated_at, 1.0)
        self._updated_at = now
        if usage is Usage.OVERUSE:
            self._decrease(acked, round_trip, now)
        elif usage is Usage.NORMAL and acked is not None:
            self._increase(acked, round_trip, passed, headroom)

    def raise_to(self, bitrate: float) -> None:
        """A probe has shown that this much gets through."""
        if bitrate > self.capacity.bounds()[1]:
            self.capacity.forget()
        self.rate = min(max(self.rate, bitrate), self._most)

    def prove(self, acked: float) -> None:
        """So much arrives while the line is full: what was taken back by a rate measured before it was, comes again."""
        self.rate = min(max(self.rate, BETA * acked), self._most)

    def _decrease(self, acked: float | None, round_trip: float, now: float) -> None:
        """At most once per round trip, so that the queue can drain and tell, unless far too much is sent."""
        again_after = min(max(round_trip, 0.01), 0.2)
        if acked is None:
            if now - self.decreased_at >= 0.2:
                self.rate, self.decreased_at = max(self.rate / 2, self._least), now
            return
        if now - self.decreased_at < again_after and self.rate < 2 * acked:
            return
        lower = BETA * acked
        low, _ = self.capacity.bounds()
        if lower > self.rate and self.capacity.mean is not None:
            lower = BETA * self.capacity.mean * 1e3
        if acked < low:
            self.capacity.forget()
        self.capacity.overused_at(acked)
        if self.rate > APPLICATION_LIMITED * acked and now - self.decreased_at > AGAIN:
            lower = max(lower, min(acked, BETA * self.rate))
        self.rate = max(min(self.rate, lower), self._least)
        self.decreased_at = now

    def _increase(self, acked: float, round_trip: float, passed: float, headroom: float) -> None:
        _, high = self.capacity.bounds()
        if acked > high:
            self.capacity.forget()
        limit = headroom * acked + HEADROOM_FLAT
        if self.rate >= limit:
            return  # too little is sent to say that more would get through
        if self.capacity.mean is not None:
            grown = self.rate + self._added_per_second(round_trip) * passed
        else:
            grown = self.rate * GROWTH**passed
        self.rate = min(grown, limit, self._most)

    def _added_per_second(self, round_trip: float) -> float:
        """bit/s per second: about one packet more per response time."""
        frame = self.rate / FRAME_RATE
        packet = frame / -(-frame // PACKET_BITS)
        return max(LEAST_ADDED, packet / (2 * (round_trip + 0.1)))
