"""A small seeded link in virtual time: loss, reordering, duplicates."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random


class Link:
    """Datagrams go in with `send` and come out of `deliver` when their time has come."""

    def __init__(
        self, random: Random, *, loss: float = 0.0, reorder: float = 0.0, duplicate: float = 0.0, delay: float = 0.02
    ) -> None:
        self._random = random
        self._loss, self._reorder, self._duplicate, self._delay = loss, reorder, duplicate, delay
        self._queue: list[tuple[float, int, bytes]] = []
        self._count = 0
        self.lost = 0

    def send(self, datagram: bytes, now: float) -> None:
        if self._random.random() < self._loss:
            self.lost += 1
            return
        copies = 2 if self._random.random() < self._duplicate else 1
        for _ in range(copies):
            late = self._random.uniform(0.0, 0.02) if self._random.random() < self._reorder else 0.0
            self._count += 1
            heapq.heappush(self._queue, (now + self._delay + late, self._count, datagram))

    def deliver(self, now: float) -> list[bytes]:
        arrived = []
        while self._queue and self._queue[0][0] <= now:
            arrived.append(heapq.heappop(self._queue)[2])
        return arrived
