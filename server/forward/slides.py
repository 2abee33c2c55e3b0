"""Slides for a line too thin for moving pictures: one whole picture after the other.

A page of text takes seconds there, and a publisher makes keyframes oftener than that: the recorder and everybody who
joins ask for them. Were the one under way thrown away for the next, none would ever arrive. So each is sent to its end,
and what is on the screen already is not sent again before `REFRESH`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.forward.streams import InboundStream

REFRESH = 5.0  # s before which a picture is not sent again while nothing has changed
STALE = 15.0  # s after which one is asked for if none came: should the last have been lost for good
CHANGED = 4_000  # bytes of moving pictures since a keyframe that tell of another slide; a pointer's way takes less
APART = 0.5  # s between keyframes asked for: a film on the screen shall not cost everybody one after the other


class SlideShow:
    """Which keyframes of a stream one subscriber is sent."""

    def __init__(self) -> None:
        self._stream: InboundStream | None = None
        self._timestamp = -1  # of the newest picture that was begun
        self._refused = -1  # and of the newest that was not: its later packets are of no use either
        self._began = float("-inf")
        self._moving = 0  # `stream.moving_octets` when it was made
        self._repeated = False  # it shows nothing that the one before it does not

    def takes(self, stream: InboundStream, timestamp: int, now: float, *, busy: bool) -> bool:
        """Whether the packets of a keyframe that just came are to be sent.

        `busy`: much of the picture before it is still held back.
        """
        if timestamp == self._refused:
            return False
        if stream is not self._stream or 0 < (timestamp - self._timestamp) & 0xFFFFFFFF < 0x80000000:
            changed = self.changed(stream)
            if busy or not (changed or now - self._began >= REFRESH):
                self._refused = timestamp
                return False
            self._stream, self._timestamp, self._refused = stream, timestamp, -1
            self._began, self._moving, self._repeated = now, stream.moving_octets, not changed
        return True

    def changed(self, stream: InboundStream) -> bool:
        """Whether there is more to see than in the newest picture that was begun."""
        return stream is not self._stream or stream.moving_octets - self._moving > CHANGED

    def in_the_way(self, stream: InboundStream) -> bool:
        """Whether the newest picture only repeats one that was sent, and there is another by now."""
        return self._repeated and self.changed(stream)

    def outdated(self, stream: InboundStream, now: float) -> bool:
        """Whether a keyframe should be asked for: another slide is there, or the picture that was sent is old."""
        if now - stream.keyframes.last_seen < APART:
            return False
        return self.changed(stream) or now - self._began >= STALE
