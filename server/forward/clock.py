"""A publisher's sender reports turned into this server's time, so that its audio and video stay in step for players.

The publisher's own NTP clock may be hours off and another publisher may take its place in the middle of a lesson. One
constant per publisher moves its NTP times onto the server's clock: the distance between its audio and video is kept
to the bit, and a stream whose first report has not come yet (audio's came after 2.45 s) falls back on its arrival
time on the same scale.
"""

from __future__ import annotations

from dataclasses import dataclass

NTP_EPOCH = 2_208_988_800  # seconds from 1900 to 1970 (RFC 868)
RESYNC = 1.0  # s: a publisher's clock that moved by more than this was set


def ntp_to_unix(ntp: int) -> float:
    """64-bit NTP timestamp → Unix seconds."""
    return (ntp >> 32) - NTP_EPOCH + (ntp & 0xFFFFFFFF) / 2**32


def unix_to_ntp(seconds: float) -> int:
    """Unix seconds → 64-bit NTP timestamp."""
    whole = int(seconds)
    return ((whole + NTP_EPOCH) & 0xFFFFFFFF) << 32 | int((seconds - whole) * 2**32)


class PublisherClock:
    """The one constant between a publisher's NTP clock and ours."""

    def __init__(self) -> None:
        self._offset: float | None = None  # publisher's minus ours, s

    def to_server(self, ntp: int, arrival: float) -> float:
        """A report's NTP time on the server's clock; `arrival` (Unix s) fixes the constant the first time."""
        theirs = ntp_to_unix(ntp)
        if self._offset is None or abs(theirs - arrival - self._offset) > RESYNC:
            self._offset = theirs - arrival
        return theirs - self._offset


@dataclass(slots=True)
class Mapping:
    """`timestamp` (RTP units) was sampled at `wall` (Unix s on the server's clock)."""

    wall: float
    timestamp: int
    from_report: bool
