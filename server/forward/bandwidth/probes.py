"""Short clusters of padding sent faster than the media, to learn at once that a link carries more.

Without them a forwarder never learns: it sends a layer of 150 kbit/s, which proves 150 kbit/s and no more. Sound must
not suffer, so a cluster is so small that a link which has not improved is through with it in `QUEUE`. After
libwebrtc's ProbeController and ProbeBitrateEstimator.
"""

from __future__ import annotations

from dataclasses import dataclass

QUEUE = 0.08  # s of the present estimate: what a cluster may add to the queue
LEAST_SIZE, MOST_SIZE = 1_200, 15_000  # bytes
LONGEST = 0.1  # s
PACKETS = 5  # at least: fewer say little about a rate (libwebrtc's min_probe_packets_sent)
STEP = 2.0  # × the estimate at most

AFTER_SUCCESS = 0.5  # s to the next cluster when still more is wanted
FIRST_WAIT, WAIT_GROWTH, LONGEST_WAIT = 2.0, 1.6, 5.0  # s after a failure
TRIAL = 5.0  # s in which what a probe promised must prove true
USED = 0.9  # of the estimate before it that must arrive for a promise to count as used
FIRST_DISTRUST, LONGEST_DISTRUST = 5.0, 20.0  # s without probes after one promised too much (a router's token bucket)
LOST_AFTER = 1.5  # s without a result

RECEIVED_SHARE = 0.8  # of packets and bytes that must arrive for a result
MOST_RATIO = 2.0  # received faster than sent by more than this: the packets were held back on the way
SATURATED = 0.9  # of the send rate: arriving slower than this shows the link's own rate
UTILIZATION = 0.95  # of a rate found that way that is used


@dataclass(frozen=True, slots=True)
class Probe:
    """Send `size` bytes in at least PACKETS packets, evenly at `rate` bit/s, beside the media."""

    rate: float
    size: int

    @property
    def duration(self) -> float:
        return self.size * 8 / self.rate


class Cluster:
    """What becomes of one probe: everything its session sent from the first to the last of its packets counts."""

    def __init__(self, probe: Probe, first: float, last: float) -> None:
        self.probe = probe
        self.first, self.last = first, last  # send times
        self._sent = self._received = 0  # packets
        self._sent_bytes = self._received_bytes = 0
        self._last_sent_size = self._first_received_size = 0
        self._first_send = self._last_send = 0.0  # of those received
        self._first_arrival = self._last_arrival = 0.0

    def add(self, send: float, size: int, arrival: float | None) -> None:
        """A packet sent within the cluster's time."""
        self._sent += 1
        self._sent_bytes += size
        if arrival is None:
            return
        if not self._received or send < self._first_send:
            self._first_send = send
        if not self._received or send >= self._last_send:
            self._last_send, self._last_sent_size = send, size
        if not self._received or arrival < self._first_arrival:
            self._first_arrival, self._first_received_size = arrival, size
        if not self._received or arrival > self._last_arrival:
            self._last_arrival = arrival
        self._received += 1
        self._received_bytes += size

    def bitrate(self) -> float | None:
        """What the link carried while it lasted; None when that cannot be told."""
        if self._received < max(PACKETS - 1, RECEIVED_SHARE * self._sent):
            return None
        if self._received_bytes < RECEIVED_SHARE * self._sent_bytes:
            return None
        send_time, receive_time = self._last_send - self._first_send, self._last_arrival - self._first_arrival
        if receive_time * MOST_RATIO < send_time:
            return None
        # of what went out in one go or arrived within a tick no more is believed than about what was asked
        least = self.probe.duration / 2
        send_time, receive_time = max(send_time, least), max(receive_time, least)
        sent = (self._received_bytes - self._last_sent_size) * 8 / send_time
        received = (self._received_bytes - self._first_received_size) * 8 / receive_time
        return received * UTILIZATION if received < SATURATED * sent else min(sent, received)


class Prober:
    """When the next cluster may go, and how big."""

    def __init__(self) -> None:
        self.unsent = False  # the last cluster was not sent: there was nothing to send it with
        self._sent = False
        self._pending_since: float | None = None
        self._next_at = float("-inf")
        self._wait = FIRST_WAIT
        self._distrust = FIRST_DISTRUST
        self._raised_at: float | None = None
        self._raised_from = 0.0

    def propose(self, wanted: float, estimate: float, now: float) -> Probe | None:
        """A cluster towards `wanted` bit/s, None when it is not the time. It counts as sent until `LOST_AFTER`."""
        if self._pending_since is not None:
            if now - self._pending_since < LOST_AFTER:
                return None
            self.unsent = not self._sent
            self.failed(now)
        if wanted <= estimate or now < self._next_at:
            return None
        size = min(max(int(estimate * QUEUE / 8), LEAST_SIZE), MOST_SIZE)
        rate = max(min(wanted, STEP * estimate), size * 8 / LONGEST)
        self._pending_since, self._sent = now, False
        return Probe(rate, size)

    def sent(self) -> None:
        """The proposed cluster went out."""
        self._sent, self.unsent = True, False

    def succeeded(self, estimate: float, now: float) -> None:
        """It raised the `estimate` of before."""
        self._pending_since = None
        self._raised_from = estimate
        self._wait = FIRST_WAIT
        self._raised_at = now
        self._next_at = now + AFTER_SUCCESS

    def failed(self, now: float) -> None:
        self._pending_since = None
        self._next_at = now + self._wait
        self._wait = min(self._wait * WAIT_GROWTH, LONGEST_WAIT)

    def decreased(self, acked: float, now: float) -> None:
        """The estimate was taken back: a probe that raised it a moment ago had promised too much, if it was used."""
        if self._raised_at is None:
            return
        if now - self._raised_at <= TRIAL:
            if acked < USED * self._raised_from:
                return
            self._next_at = max(self._next_at, now + self._distrust)
            self._distrust = min(self._distrust * 2, LONGEST_DISTRUST)
        else:
            self._distrust = FIRST_DISTRUST
        self._raised_at = None

    def at_once(self) -> None:
        """The link came back: what failed on it before says nothing any more."""
        self._next_at = float("-inf")
        self._wait = FIRST_WAIT
