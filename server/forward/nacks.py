"""Which packets of a stream to ask for again (RFC 4585 generic NACK): bounded in number, age and tries."""

from __future__ import annotations

MAX_MISSING = 256  # a larger hole is not worth repairing: a keyframe is cheaper
MAX_AGE = 1.0  # s: later than this no jitter buffer waits
MAX_TRIES = 8
FIRST_RETRY = 0.04  # s: longer than a county network's round trip
RETRY_GROWTH = 1.5


class NackList:
    """Missing sequence numbers (extended) of one stream and when each is to be asked for."""

    def __init__(self) -> None:
        self._missing: dict[int, tuple[float, int, float]] = {}  # sequence: (since, tries, next time)
        self.given_up = 0
        self.breaks = 0  # how often something was given up
        self.sent = 0

    def __len__(self) -> int:
        return len(self._missing)

    def gap(self, first: int, last: int, now: float) -> bool:
        """Note `first..last` inclusive as missing. False: the hole is too large and everything missing is given up."""
        if len(self._missing) + last - first + 1 > MAX_MISSING:
            self.given_up += len(self._missing) + last - first + 1
            self.breaks += 1
            self._missing.clear()
            return False
        for sequence in range(first, last + 1):
            self._missing[sequence] = (now, 0, now)
        return True

    def arrived(self, sequence: int) -> None:
        """A late or repeated packet filled its hole."""
        self._missing.pop(sequence, None)

    def due(self, now: float) -> list[int]:
        """Sequences to ask for now, ascending; counts them as asked. Those too old or asked too often are given up."""
        asked: list[int] = []
        given_up = self.given_up
        for sequence, (since, tries, at) in list(self._missing.items()):
            if at > now:
                continue
            if tries >= MAX_TRIES or now - since > MAX_AGE:
                del self._missing[sequence]
                self.given_up += 1
                continue
            self._missing[sequence] = (since, tries + 1, now + FIRST_RETRY * RETRY_GROWTH**tries)
            asked.append(sequence)
        self.breaks += self.given_up > given_up
        self.sent += len(asked)
        asked.sort()
        return asked

    def next_deadline(self) -> float | None:
        """When `due` has something to say next."""
        return min((at for _, _, at in self._missing.values()), default=None)
