"""A queue that neither grows nor drains: the trend is flat, yet everything comes late.

An estimate a little too high on a thin link keeps its queue for ever, because the delay's slope says nothing about its
height. So a standing queue counts as overuse, once a second; but only while sending less shortens it: someone else's
download would push us down without end. (After `arrivals.BASE_SPAN` the way through a queue that stays is the normal
one.)
"""

from __future__ import annotations

TALL = 0.15  # s waited: sound is noticeably late beyond it
VERY_TALL = 0.3  # s waited: acted on at once, as a burst into a link thinner than the first guess
EVERY = 1.0  # s between two steps: the queue is to be seen to answer
SHORTENED = 0.8  # × the queue before a step that shows that it answers
VAIN = 2  # steps without an answer, after which the queue is not ours


class StandingQueue:
    """Asked after each feedback."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._before = 0.0  # s waited at the last step
        self._vain = 0

    def overused(self, queueing: float, decreased_at: float, now: float) -> bool:
        """Whether to take the estimate back now; `queueing` s is waited, `decreased_at` it was last taken back."""
        if queueing <= TALL:
            self._since, self._vain, self._before = None, 0, 0.0
            return False
        if self._since is None:
            self._since = now
        waited = now - decreased_at if queueing > VERY_TALL else now - max(self._since, decreased_at)
        if waited < EVERY or self._vain >= VAIN:
            return False
        self._vain = self._vain + 1 if self._before and queueing > SHORTENED * self._before else 0
        self._before = queueing
        self._since = now
        return self._vain < VAIN
