"""Transport-wide congestion control feedback for one publisher: Chromium ramps up on it within two seconds."""

from __future__ import annotations

from dataclasses import replace

from server.wire.seqno import extend
from server.wire.transport_cc import TransportCc

INTERVAL = 0.1  # s; libwebrtc sends every 50 to 250 ms, by default every 100
MAX_PENDING = 2048  # arrivals kept between two feedbacks: 30 Mbit/s for 0.8 s
MAX_UNREPORTED_GAP = 512  # packets lost between two feedbacks that are still worth telling one by one


class TransportFeedback:
    """Collects arrivals by their transport-wide sequence and turns them into feedback packets."""

    def __init__(self, sender_ssrc: int) -> None:
        self._sender_ssrc = sender_ssrc
        self._arrivals: dict[int, int] = {}  # extended sequence: arrival, µs
        self._highest = -1
        self._reported = -1
        self._count = 0
        self._due = 0.0

    def arrived(self, sequence: int, now: float) -> int:
        """A packet with this 16-bit transport-wide sequence arrived; how many before it have not (yet)."""
        missing = 0
        if self._highest < 0:
            extended = sequence | 0x10000
            self._reported = extended - 1
        else:
            extended = extend(sequence, self._highest)
        if extended > self._highest:
            missing = extended - self._highest - 1 if self._highest >= 0 else 0
            self._highest = extended
        if extended > self._reported and len(self._arrivals) < MAX_PENDING:
            self._arrivals.setdefault(extended, int(now * 1e6))
        return missing

    def next_deadline(self) -> float | None:
        return self._due if self._arrivals else None

    def poll(self, now: float, media_ssrc: int) -> bytes:
        """Feedback on everything that arrived since the last one, b"" when none is due.

        `media_ssrc` must be a real SSRC of the publisher: with 0 Chromium fell to 30 kbit/s.
        """
        if not self._arrivals or now < self._due:
            return b""
        self._due = now + INTERVAL
        arrivals = sorted(self._arrivals.items())
        self._arrivals.clear()
        built = b""
        while arrivals:
            feedback, covered = TransportCc.from_arrivals(self._sender_ssrc, media_ssrc, self._count, arrivals)
            gap = arrivals[0][0] - self._reported - 1
            if 0 < gap <= MAX_UNREPORTED_GAP:  # lost between two feedbacks: they must not go untold
                base = (self._reported + 1) & 0xFFFF
                feedback = replace(feedback, base_sequence=base, deltas=(None,) * gap + feedback.deltas)
            built += bytes(feedback)
            self._count = (self._count + 1) & 0xFF
            self._reported = arrivals[covered - 1][0]
            arrivals = arrivals[covered:]
        return built
