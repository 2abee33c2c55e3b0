"""Places Opus packets one behind the other, fills silence, and keeps them on the clock (sans-IO).

Sound in a file has no holes between samples. A pause of the sender (DTX leaves 400 ms) or a short loss is filled
with one-byte packets on which a decoder goes on by itself; a long one is a hole and begins a new piece. Between the
sound card's clock and the lesson's a packet is put in or left out when they have parted by more than 25 ms.
"""

from __future__ import annotations

from typing import NamedTuple

from recorder.depacket import opus

# Ticks, 25 ms: a packet of 20 then brings them together. Sound and picture must stay within 45 ms (ITU-R BT.1359-1:
# what nobody notices); the jitter of sender reports is a few.
DRIFT = 1200
LONGEST_FILL = opus.CLOCK  # ticks, 1 s: Opus' DTX sends at least every 400 ms (RFC 6716 section 2.1.9)


class Placed(NamedTuple):
    """One packet for the file."""

    start: int  # ticks
    data: bytes
    hole: bool = False


class SoundPlacer:
    """`next` is the tick where the track's sound ends so far, None before the first packet."""

    def __init__(self, end: int | None = None) -> None:
        self.next = end
        self._after: int | None = None  # RTP timestamp that follows without a pause
        self._last = b""

    def new_stream(self, after: int | None = None) -> None:
        """Another RTP stream goes on; `after`: the extended timestamp behind what the file has of it, if known."""
        self._after = after

    def place(self, timestamp: int, wanted: int, data: bytes) -> list[Placed]:
        """The packet with this extended RTP timestamp belongs at `wanted` ticks: what to write, in order."""
        length = opus.duration_untrusted(data)
        if self._after is not None and timestamp < self._after:
            return []  # a second copy
        pause = timestamp - self._after if self._after is not None else 0
        hole = self.next is None or pause > LONGEST_FILL or wanted - self.next > LONGEST_FILL + DRIFT
        out: list[Placed] = []
        if hole:
            self.next = max(wanted, self.next or 0)
        else:
            assert self.next is not None
            out = self._fill(pause)
            late = wanted - self.next
            if late > DRIFT:
                out += self._fill(late)
            elif late < -DRIFT:
                self._after = timestamp + length
                return out
        out.append(Placed(self.next, data, hole))
        self.next += length
        self._after = timestamp + length
        self._last = data
        return out

    def _fill(self, ticks: int) -> list[Placed]:
        assert self.next is not None
        if not self._last:
            return []
        data, step = opus.silence_after(self._last)
        out = [Placed(self.next + step * index, data) for index in range(ticks // step)]
        self.next += step * len(out)
        return out
