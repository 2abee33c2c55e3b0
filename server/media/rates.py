"""What sound and each layer of a picture bring, bit/s on the wire, measured as they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.forward.lanes import ALL

if TYPE_CHECKING:
    from server.forward.lanes import Lane
    from server.forward.streams import InboundStream

MEASURE_EVERY = 1.0  # s between looks at what a layer's temporal layers bring
SMOOTHING = 0.3  # of a new measurement: a keyframe every two seconds shall not look like another rate
SOUND = 60_000.0  # bit/s set aside for the sound of a source before its own rate is known, headers included
LEAST_SOUND = 20_000.0  # bit/s: who is silent now may speak in a moment
PACKET_OVERHEAD = 24  # bytes: RTP's header with its extensions
LOSS_SMOOTHING = 0.2  # of a second's loss: a small picture has 15 packets in it
LOSSY, LEAST_LOSS = 0.02, 0.005  # share of packets lost from which and down to which a line counts as lossy


class SoundRate:
    """bit/s that one session is sent of sound, in the form it has now: redundant sound takes twice as much."""

    def __init__(self) -> None:
        self.bitrate = SOUND
        self._lane: Lane | None = None
        self._before = self._at = 0.0

    def update(self, lane: Lane | None, now: float) -> None:
        """Looks at `lane` every `MEASURE_EVERY`; a new one begins anew."""
        octets = 0 if lane is None else lane.octets + PACKET_OVERHEAD * lane.packets
        if lane is not self._lane:
            self._lane, self._before, self._at = lane, octets, now
        elif lane is not None and now - self._at >= MEASURE_EVERY:
            self.bitrate = max((octets - self._before) * 8 / (now - self._at), LEAST_SOUND)
            self._before, self._at = octets, now


class Rates:
    """What each temporal layer of a stream brings, bit/s on the wire, added up from the lowest.

    `lossy`: whether its sender's line loses so much that pictures are often late by a retransmission.
    """

    def __init__(self, stream: InboundStream, now: float) -> None:
        self.lossy = False
        self._loss = 0.0
        self._counted = (stream.expected, stream.received - stream.repaired)
        self._before = list(stream.temporal_octets)
        self._at = now
        self._measured = [0.0] * len(self._before)
        self._known = False

    def update(self, stream: InboundStream, now: float) -> None:
        passed = now - self._at
        if passed < MEASURE_EVERY:
            return
        weight = SMOOTHING if self._known else 1.0
        for index, (before, after) in enumerate(zip(self._before, stream.temporal_octets, strict=True)):
            rate = (after - before) * 8 / passed
            self._measured[index] += (rate - self._measured[index]) * weight
        self._before, self._at, self._known = list(stream.temporal_octets), now, True
        self._look_at_loss(stream)

    def _look_at_loss(self, stream: InboundStream) -> None:
        before, self._counted = self._counted, (stream.expected, stream.received - stream.repaired)
        expected, arrived = (now - then for now, then in zip(self._counted, before, strict=True))
        if expected > 0:
            self._loss += (min(max(1 - arrived / expected, 0.0), 1.0) - self._loss) * LOSS_SMOOTHING
            self.lossy = self._loss > (LEAST_LOSS if self.lossy else LOSSY)

    def upto(self) -> dict[int, float]:
        """{temporal layer: bit/s of it and those below}, of the layers that are there; the uppermost is `ALL`."""
        total, found = 0.0, {}
        there = [index for index, rate in enumerate(self._measured) if rate > 0]
        for index in there:
            total += self._measured[index]
            found[ALL if index == there[-1] else index] = total
        return found
