"""Plain rows and packets → SRTP → the sockets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from server.forward.fanout import ROW_BYTES, TRAILER, even_runs
from server.media import gso
from server.media.libc import libc
from server.media.mmsg import MAX_ROWS, Sender
from server.peer.srtp import protect_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from server.forward.fanout import RowGroup
    from server.forward.packet import Packet
    from server.forward.relay import Relay
    from server.media.carrier import Carrier
    from server.media.clock import WallClock
    from server.media.sessions import Session
    from server.media.stats import Stats

MAX_PAYLOAD = 1500  # bytes; header, payload and trailer must fit a row


def abs_send_time(wall: float) -> int:
    """24 bits, 6.18 fixed point seconds (the abs-send-time header extension)."""
    return int(wall * 262_144) & 0xFFFFFF


class Outgoing:
    """Owns the rows; used by one thread, one batch at a time."""

    def __init__(self, sockets: Sequence[Carrier], clock: WallClock, stats: Stats) -> None:
        self._sockets = sockets
        self._clock = clock
        self._stats = stats
        self._sender = Sender()
        self._segmenter = gso.Segmenter(self._sender)
        self._segments = gso.supported()

    def fan_out(self, relay: Relay, packets: list[Packet], now: float, wall: float) -> None:
        """A batch of one stream's packets to everybody who plays it."""
        if any(packet.end - packet.start > MAX_PAYLOAD for packet in packets):
            self._stats.dropped += 1
            packets = [packet for packet in packets if packet.end - packet.start <= MAX_PAYLOAD]
        send_time = abs_send_time(wall)
        for index, group, chosen in relay.take(packets, now):
            step = max(1, MAX_ROWS // group.count)
            socket = self._sockets[index]
            if group.count < gso.MIN_ROWS or len(chosen) == 1 or not (self._segments and socket.segments):
                for at in range(0, len(chosen), step):
                    self._send_rows(socket, group, chosen[at : at + step], send_time, 0)
                continue
            for run, size in even_runs(chosen, min(step, gso.MAX_SEGMENTS)):
                self._send_rows(socket, group, run, send_time, size)

    def _send_rows(self, socket: Carrier, group: RowGroup, packets: list[Packet], send_time: int, size: int) -> None:
        """Write, protect, send. With `size` the packets are a run of that payload size and leave as segments."""
        sender, count = self._sender, len(packets)
        total = group.write(sender.rows, packets, send_time, size=size)
        sessions = group.sessions if count == 1 else group.sessions * count
        codes = protect_rows(sessions, sender.pointers, sender.length_pointers)
        names = group.addresses
        if any(codes):
            names = self._close_ranks(codes, np.tile(names, count))
            total = len(names)
            size = 0
        if size and count > 1 and self._uniform(total, count):
            self._stats.packets_out += self._segmenter.send(socket.fd, count, names, socket.name_length)
        elif total:
            self._stats.packets_out += socket.send_rows(sender, total, names, socket.name_length)
        self._stats.bytes_out += group.count * sum([group.header + packet.end - packet.start for packet in packets])
        self._stats.dropped += sender.dropped
        sender.dropped = 0

    def _uniform(self, total: int, packets: int) -> bool:
        """Whether the protected rows can be segments: not when subscribers' SRTP tags differ in length."""
        # counting in a list is cheaper than numpy's reductions
        lengths: list[int] = self._sender.lengths[:total].tolist()
        per_packet = total // packets
        first, last, rest = lengths[0], lengths[-1], total - per_packet
        return last <= first and lengths[:rest].count(first) == rest and lengths[rest:].count(last) == per_packet

    def _close_ranks(self, codes: list[int], names: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """Close the gaps of rows SRTP refused (a late packet beyond its window): none goes out in the clear."""
        sender = self._sender
        kept = np.flatnonzero(np.array(codes) == 0)
        self._stats.unprotected += len(codes) - len(kept)
        sender.rows.rows[: len(kept)] = sender.rows.rows[kept]
        sender.lengths[: len(kept)] = sender.lengths[kept]
        return names[kept]

    def send_media(self, session: Session, packets: list[bytes]) -> None:
        """A few whole RTP packets to one peer: retransmissions."""
        outbound, selected = session.peer.srtp_out, session.selected
        if outbound is None or selected is None:
            return
        socket, sender = self._sockets[selected[0]], self._sender
        for packet in packets:
            size = self._place(packet)
            size = outbound.protect(sender.pointers[0], size)
            if size > 0 and socket.send_to(self._row(size), selected[1]):
                self._stats.packets_out += 1
                self._stats.bytes_out += size
                self._stats.resent += 1

    def send_control(self, session: Session, report: bytes) -> None:
        """One RTCP datagram to one peer."""
        outbound, selected = session.peer.srtp_out, session.selected
        if outbound is None or selected is None:
            return
        size = outbound.protect_rtcp(self._sender.pointers[0], self._place(report))
        if size > 0:
            self._sockets[selected[0]].send_to(self._row(size), selected[1])

    def _place(self, packet: bytes) -> int:
        size = min(len(packet), ROW_BYTES - TRAILER)
        self._sender.rows.rows[0, :size] = np.frombuffer(packet, np.uint8, size)
        return size

    def _row(self, size: int) -> bytes:
        return bytes(libc().ffi.buffer(self._sender.pointers[0], size))
