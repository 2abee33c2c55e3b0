"""What a worker counted since it started; carried in its lease and shown at /metrics."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(slots=True)
class Stats:
    """Totals of one worker process."""

    packets_in: int = 0
    bytes_in: int = 0
    packets_out: int = 0
    bytes_out: int = 0
    sessions_opened: int = 0
    sessions_closed: int = 0
    nacks_in: int = 0
    nacks_out: int = 0
    resent: int = 0
    keyframe_requests: int = 0
    malformed: int = 0
    strangers: int = 0
    rebound: int = 0  # sessions found again at a new address by their SRTP keys
    rejected: int = 0  # SRTP that did not authenticate or came twice
    unprotected: int = 0  # rows SRTP refused to protect
    dropped: int = 0
    tap_dropped: int = 0
    mirrored: int = 0  # packets passed on to other workers of the machine

    def as_dict(self) -> dict[str, int]:
        return asdict(self)
