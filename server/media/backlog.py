"""What waits for a slow TCP peer: bounded, and what gives way is whole frames of video.

On UDP the network drops; TCP would deliver everything, each second later than the one before. SRTP leaves the RTP
header readable, so that frames (SSRC and timestamp) can be told apart. Sound and control go on in their order.
"""

from __future__ import annotations

from collections import deque

from server.wire.framing import frame

MAX_BYTES = 256 * 1024  # half a second of 4 Mbit/s
MAX_AGE = 0.5  # s: a picture that waited longer is worth less than the next one
HARD_BYTES = 2 * MAX_BYTES  # beyond this everything is dropped
# A packet of sound is smaller, even with RED: 20 ms of 128 kbit/s are 320 bytes.
VIDEO_BYTES = 700

_Frame = tuple[bytes, bytes]
"""(ssrc, timestamp), as on the wire"""


class Backlog:
    """Datagrams in order, framed for TCP."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[bytes, _Frame | None, float]] = deque()
        self._dropping: dict[bytes, bytes] = {}  # by SSRC: the frame that is given up
        self._newest: dict[bytes, bytes] = {}  # by SSRC: the last timestamp
        self._video: set[bytes] = set()
        self.size = 0  # bytes
        self.dropped = 0  # datagrams

    def add(self, datagram: bytes, now: float) -> bool:
        """Queue one datagram; False when it was dropped (and with it what still waited of its frame)."""
        picture = self._picture(datagram)
        if self.size > HARD_BYTES or (picture is not None and self._gives_way(picture, now)):
            self.dropped += 1
            return False
        framed = frame(datagram)
        self._waiting.append((framed, picture, now))
        self.size += len(framed)
        return True

    def take(self, limit: int) -> bytes:
        """The next bytes to write: whole frames of the framing, about `limit` bytes together; empty when none wait."""
        parts: list[bytes] = []
        taken = 0
        while self._waiting and taken < limit:
            framed, _, _ = self._waiting.popleft()
            parts.append(framed)
            taken += len(framed)
        self.size -= taken
        return b"".join(parts)

    def _picture(self, datagram: bytes) -> _Frame | None:
        """Which video frame a datagram belongs to; None for sound, RTCP and everything else.

        Video is known by a packet too large for sound, or by two packets of one timestamp.
        """
        if len(datagram) < 12 or not 127 < datagram[0] < 192 or 191 < datagram[1] < 224:
            return None
        timestamp, ssrc = datagram[4:8], datagram[8:12]
        if ssrc not in self._video:
            before = self._newest.get(ssrc)
            self._newest[ssrc] = timestamp
            if before != timestamp and len(datagram) < VIDEO_BYTES:
                return None
            self._video.add(ssrc)
        return ssrc, timestamp

    def _gives_way(self, picture: _Frame, now: float) -> bool:
        ssrc, timestamp = picture
        if self._dropping.get(ssrc) == timestamp:
            return True
        late = bool(self._waiting) and now - self._waiting[0][2] > MAX_AGE
        if not late and self.size <= MAX_BYTES:
            return False
        self._dropping[ssrc] = timestamp
        kept = [entry for entry in self._waiting if entry[1] != picture]
        self.dropped += len(self._waiting) - len(kept)
        self._waiting = deque(kept)
        self.size = sum(len(framed) for framed, _, _ in kept)
        return True
