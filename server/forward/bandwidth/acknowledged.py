"""The bitrate that arrives, from feedback."""

from __future__ import annotations

from collections import deque

WINDOW = 0.5  # s, as libwebrtc begins with: over a few frames, so that their sizes even out
PAUSE = 1.0  # s without arrivals after which the past says nothing about now


class AcknowledgedRate:
    """Bytes between the ends of feedbacks over the time between these ends, on the receiver's clock."""

    def __init__(self) -> None:
        self.bitrate: float | None = None
        self._ends: deque[tuple[float, int]] = deque()  # (last arrival, bytes of that feedback)
        self._bytes = 0  # of all in `_ends` but the first

    def add(self, last_arrival: float, size: int) -> None:
        """One feedback's last arrival (s) and how many bytes of it arrived."""
        ends = self._ends
        if ends and not 0.0 <= last_arrival - ends[-1][0] <= PAUSE:
            if -PAUSE < last_arrival - ends[-1][0] < 0.0:
                return  # feedback that was overtaken
            ends.clear()
            self._bytes = 0
        if ends:
            self._bytes += size
        ends.append((last_arrival, size))
        while len(ends) > 2 and last_arrival - ends[1][0] >= WINDOW:
            ends.popleft()
            self._bytes -= ends[0][1]
        span = last_arrival - ends[0][0]
        if span >= WINDOW / 2:
            self.bitrate = self._bytes * 8 / span
