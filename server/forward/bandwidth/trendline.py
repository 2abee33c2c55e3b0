"""Whether the queue at the bottleneck grows: the slope of the delay over the last groups against a moving threshold.

The filter is libwebrtc's TrendlineEstimator, which replaced the Kalman filter of gcc-02 section 5.3; the threshold and
its adaptation are those of gcc-02 section 5.4.
"""

from __future__ import annotations

from collections import deque
from enum import Enum

WINDOW = 20  # groups
SMOOTHING = 0.9  # weight of the past in the smoothed delay
GAIN = 4.0
MAX_DELTAS = 60  # the slope weighs more the more groups were seen, up to this
OVERUSE_TIME = 10.0  # ms that the threshold must be passed (gcc-02 section 5.4)
FIRST_THRESHOLD = 12.5
LEAST_THRESHOLD, MOST_THRESHOLD = 6.0, 600.0
UP, DOWN = 0.0087, 0.039  # per ms towards a greater and a smaller |slope|
OUTLIER = 15.0  # a slope this far over the threshold does not move it
RESUM = 64  # updates after which the running sums are summed anew: they lose digits as their origin falls behind


class Usage(Enum):
    NORMAL = "normal"
    OVERUSE = "overuse"
    UNDERUSE = "underuse"


class Trendline:
    """Takes the deltas of groups; `usage` is the verdict after the last one."""

    def __init__(self) -> None:
        self.usage = Usage.NORMAL
        self.threshold = FIRST_THRESHOLD
        self._delay = self._smoothed = 0.0  # ms
        self._count = 0
        self._points: deque[tuple[float, float]] = deque()  # (arrival, smoothed delay), ms after `_origin`
        self._origin: float | None = None  # s
        self._x = self._y = self._xx = self._xy = 0.0  # sums over `_points`
        self._until_resum = RESUM
        self._over = -1.0  # ms over the threshold, -1 when not
        self._over_groups = 0
        self._previous_slope = 0.0
        self._adapted_at: float | None = None  # s

    def update(self, send_delta: float, arrival_delta: float, arrival: float) -> None:
        """One group: seconds since the group before it was sent and arrived, and its arrival."""
        if self._origin is None:
            self._origin = arrival
        self._count = min(self._count + 1, MAX_DELTAS)
        self._delay += (arrival_delta - send_delta) * 1e3
        self._smoothed = SMOOTHING * self._smoothed + (1 - SMOOTHING) * self._delay
        x, y = (arrival - self._origin) * 1e3, self._smoothed
        points = self._points
        points.append((x, y))
        self._x += x
        self._y += y
        self._xx += x * x
        self._xy += x * y
        if len(points) > WINDOW:
            x, y = points.popleft()
            self._x -= x
            self._y -= y
            self._xx -= x * x
            self._xy -= x * y
            self._until_resum -= 1
            if not self._until_resum:
                self._resum()
        slope = self._previous_slope
        if len(points) == WINDOW:
            spread = WINDOW * self._xx - self._x * self._x
            if spread > 1e-3:
                slope = (WINDOW * self._xy - self._x * self._y) / spread
        self._judge(slope, send_delta * 1e3, arrival)

    def _resum(self) -> None:
        """Moves the origin to the oldest point."""
        assert self._origin is not None
        x0 = self._points[0][0]
        self._origin += x0 / 1e3
        self._points = deque((x - x0, y) for x, y in self._points)
        self._x = sum(x for x, _ in self._points)
        self._y = sum(y for _, y in self._points)
        self._xx = sum(x * x for x, _ in self._points)
        self._xy = sum(x * y for x, y in self._points)
        self._until_resum = RESUM

    def _judge(self, slope: float, send_delta: float, arrival: float) -> None:
        trend = self._count * slope * GAIN
        if trend > self.threshold:
            self._over = self._over + send_delta if self._over >= 0 else send_delta / 2
            self._over_groups += 1
            if self._over > OVERUSE_TIME and self._over_groups > 1 and slope >= self._previous_slope:
                self._over, self._over_groups = 0.0, 0
                self.usage = Usage.OVERUSE
        else:
            self._over, self._over_groups = -1.0, 0
            self.usage = Usage.UNDERUSE if trend < -self.threshold else Usage.NORMAL
        self._previous_slope = slope
        self._adapt(abs(trend), arrival)

    def _adapt(self, trend: float, arrival: float) -> None:
        """Follows the usual size of the slope, so that neither jitter nor a TCP flow beside it starves us."""
        passed = 0.0 if self._adapted_at is None else min((arrival - self._adapted_at) * 1e3, 100.0)
        self._adapted_at = arrival
        if trend > self.threshold + OUTLIER:
            return
        pace = DOWN if trend < self.threshold else UP
        moved = self.threshold + pace * (trend - self.threshold) * passed
        self.threshold = min(max(moved, LEAST_THRESHOLD), MOST_THRESHOLD)
