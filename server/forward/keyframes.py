"""Keyframe requests to one publisher's video: many who want become one PLI, repeated until the keyframe comes."""

from __future__ import annotations

# s between requests: a keyframe costs about ten frames' bits. Chromium does not hear a request within 0.3 s of the last
# (kMinKeyframeSendIntervalMs), so a shorter interval would make who joins second wait for the repetition.
MIN_INTERVAL = 0.32
RETRY_GROWTH = 1.5
MAX_INTERVAL = 4.0  # a still canvas sends nothing at all and cannot answer


class KeyframeRequester:
    """Coalesces wishes; `poll` says when to send a request."""

    def __init__(self) -> None:
        self._wanted_since: float | None = None
        self._last_sent = float("-inf")
        self._interval = MIN_INTERVAL
        self.last_seen = float("-inf")
        self.sent = 0

    def want(self, now: float) -> None:
        """Somebody needs a keyframe."""
        if self._wanted_since is None:
            self._wanted_since = now
            self._interval = MIN_INTERVAL

    @property
    def wanted(self) -> bool:
        """Whether a wish is not fulfilled yet."""
        return self._wanted_since is not None

    def hurry(self) -> None:
        """The publisher is heard again: a wish that went unanswered is repeated at once."""
        self._last_sent = float("-inf")
        self._interval = MIN_INTERVAL

    def seen(self, now: float) -> None:
        """A keyframe began: every wish made before it is fulfilled."""
        self.last_seen = now
        self._wanted_since = None

    def next_deadline(self) -> float | None:
        """When the next request is due, None when nobody wants one."""
        if self._wanted_since is None:
            return None
        return max(self._wanted_since, self._last_sent + self._interval)

    def poll(self, now: float) -> bool:
        """True: send one PLI now."""
        due = self.next_deadline()
        if due is None or now < due:
            return False
        if self._wanted_since is not None and self._last_sent > self._wanted_since:
            self._interval = min(self._interval * RETRY_GROWTH, MAX_INTERVAL)
        self._last_sent = now
        self.sent += 1
        return True
