"""Added delay: from the publisher's send to the kernel's receipt at a subscriber, packet by packet."""

from __future__ import annotations

import socket
import struct
import time
from typing import TYPE_CHECKING

from bench.client import Client
from bench.sdp import VP8

if TYPE_CHECKING:
    from bench.publisher import Publisher
    from server.peer.dtls import Certificate

SO_TIMESTAMPNS = 35  # asm-generic/socket.h; the control message has the same number
_TIMESPEC = struct.Struct("=qq")
NS = 1_000_000_000
LOST = NS  # older than this is another round of the clip


class Watcher(Client):
    """A subscriber that reads its media and when the kernel got it. `delays` in ms, of video packets."""

    def __init__(self, host: str, certificate: Certificate) -> None:
        super().__init__(host, certificate)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.delays: list[float] = []
        self._arrived = 0

    def watch(self, publisher: Publisher) -> None:
        """Compare what comes from now on with when `publisher` sent it."""
        sent = publisher.sent = {} if publisher.sent is None else publisher.sent

        def take(packet: bytes) -> None:
            at = sent.get(packet[_payload_of(packet) :]) if packet[1] & 0x7F == VP8 else None
            if at is not None and 0 <= self._arrived - at < LOST:
                self.delays.append((self._arrived - at) / 1e6)

        self.on_rtp = take

    def _readable(self) -> None:
        for _ in range(64):
            try:
                datagram, controls, _, address = self.socket.recvmsg(2048, 64)
            except (BlockingIOError, ConnectionRefusedError):
                return
            self._arrived = time.time_ns()
            for level, kind, value in controls:
                if (level, kind) == (socket.SOL_SOCKET, SO_TIMESTAMPNS) and len(value) >= _TIMESPEC.size:
                    seconds, nanoseconds = _TIMESPEC.unpack_from(value)
                    self._arrived = seconds * NS + nanoseconds
            if datagram and not self.cut_off:
                self._receive(datagram, address)


def _payload_of(packet: bytes) -> int:
    """Where an RTP packet's payload begins."""
    start = 12 + 4 * (packet[0] & 0x0F)
    return start + 4 + 4 * int.from_bytes(packet[start + 2 : start + 4]) if packet[0] & 0x10 else start


def quantile(values: list[float], share: float) -> float:
    """The value that `share` of them do not pass; `values` must not be empty."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]
