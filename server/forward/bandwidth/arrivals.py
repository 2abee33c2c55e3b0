"""Groups of packets sent together, and how much longer each took than the one before it (gcc-02 section 5.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

BURST = 0.005  # s: packets sent within this belong together (gcc-02 section 5.2)
LONGEST_BURST = 0.1  # s that a group may take to arrive (libwebrtc's kMaxBurstDuration)
JUMP = 3.0  # s between what two clocks say went by that means the receiver's was set (libwebrtc's inter_arrival_delta)
BASE_SPAN = (
    5.0  # s: the shortest way is looked for in this span and the one before; another route may be longer for good
)


class ArrivalGroups:
    """Feeds on arrivals, gives (send delta, arrival delta, arrival) of each complete group, all in seconds."""

    def __init__(self) -> None:
        self.queueing = 0.0  # s that the luckiest of the last groups waited longer than the shortest way seen lately
        self._reset()

    def _reset(self) -> None:
        self._first_send: float | None = None  # of the group being filled
        self._send = self._first_arrival = self._arrival = 0.0
        self._previous: tuple[float, float] | None = None  # (last send, last arrival) of the group before it
        self._shortest = self._shortest_before = float("inf")  # arrival - send, in this span and the one before
        self._way = self._span_until = 0.0

    def add(self, packets: Sequence[tuple[float, float, int]]) -> list[tuple[float, float, float]]:
        """(arrival, send time, size) in order of arrival → the groups that became complete."""
        complete: list[tuple[float, float, float]] = []
        luckiest = float("inf")
        for arrival, send, _ in packets:
            first = self._first_send
            if first is None:
                self._begin(send, arrival)
                continue
            if send < first:
                continue  # overtaken by a later group: it says nothing about the queue
            if send - first <= BURST or (
                arrival - self._arrival <= BURST
                and arrival - self._arrival < send - self._send
                and arrival - self._first_arrival < LONGEST_BURST
            ):
                if send > self._send:
                    self._send = send
                self._arrival = arrival
                continue
            group = self._complete()
            if group is not None:
                complete.append(group)
                luckiest = min(luckiest, self._way)
            self._begin(send, arrival)
        if complete:
            self.queueing = luckiest - min(self._shortest, self._shortest_before)
        return complete

    def _begin(self, send: float, arrival: float) -> None:
        self._first_send = self._send = send
        self._first_arrival = self._arrival = arrival

    def _complete(self) -> tuple[float, float, float] | None:
        """Closes the group being filled."""
        send, arrival, previous = self._send, self._arrival, self._previous
        self._previous = (send, arrival)
        if previous is None:
            return None
        send_delta, arrival_delta = send - previous[0], arrival - previous[1]
        if abs(arrival_delta - send_delta) > JUMP:
            self._reset()
            return None
        way = self._way = arrival - send
        if send >= self._span_until:
            self._shortest_before, self._shortest = self._shortest, way
            self._span_until = send + BASE_SPAN
        elif way < self._shortest:
            self._shortest = way
        return send_delta, arrival_delta, arrival
