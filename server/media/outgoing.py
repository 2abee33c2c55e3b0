"""Plain rows and packets → SRTP → the sockets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from server.forward.bandwidth.probes import PACKETS as PROBE_PACKETS
from server.forward.fanout import FEW
from server.forward.lanes import KEYFRAMES
from server.forward.pacing import Pacer
from server.forward.packet import FILLER
from server.forward.rows import ROW_BYTES, TRAILER, even_runs
from server.forward.sendbook import SendBook
from server.media import gso
from server.media.libc import libc
from server.media.mmsg import Sender
from server.peer.srtp import protect_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from server.forward.bandwidth.estimator import Estimator
    from server.forward.bandwidth.probes import Probe
    from server.forward.fanout import RowGroup
    from server.forward.packet import Packet
    from server.forward.relay import Relay
    from server.forward.rtx import Repair
    from server.forward.streams import InboundStream
    from server.forward.subscriptions import Subscription
    from server.media.carrier import Carrier
    from server.media.clock import WallClock
    from server.media.sessions import Player, Session
    from server.media.stats import Stats

ROWS_AT_ONCE = 768  # of 1,600 bytes: some fit in a second-level cache; fewer cost more calls than they save
MAX_AGAIN = 16  # packets of sound resent for one NACK
MAX_PAYLOAD = 1500  # bytes; header, payload and trailer must fit a row


def abs_send_time(wall: float) -> int:
    """24 bits, 6.18 fixed point seconds (the abs-send-time header extension)."""
    return int(wall * 262_144) & 0xFFFFFF


class _Probing:
    """A cluster of padding on its way."""

    def __init__(
        self,
        player: Player,
        subscription: Subscription,
        probe: Probe,
        estimator: Estimator,
        repairs: list[Repair],
        now: float,
    ) -> None:
        self.player = player
        self.subscription = subscription
        self.probe = probe
        self.estimator = estimator
        self.repairs = repairs
        self.began = now
        self._sent = 0  # bytes

    def due(self, now: float) -> list[Repair]:
        """Those that belong to the time until now."""
        most = (now - self.began) * self.probe.rate / 8
        found: list[Repair] = []
        while self.repairs and self._sent <= most:
            found.append(self.repairs.pop())
            self._sent += len(found[-1].payload)
        return found


class Outgoing:
    """Owns the rows; used by one thread, one batch at a time."""

    def __init__(self, sockets: Sequence[Carrier], clock: WallClock, stats: Stats) -> None:
        self._sockets = sockets
        self._clock = clock
        self._stats = stats
        self._sender = Sender()
        self._segmenter = gso.Segmenter(self._sender)
        self._segments = gso.supported()
        self.book = SendBook()
        self._pacers: dict[Subscription, Pacer] = {}
        self._holding: dict[Subscription, Pacer] = {}  # those of them that hold packets back
        self._probes: list[_Probing] = []

    def fan_out(self, relay: Relay, stream: InboundStream, packets: list[Packet], now: float, wall: float) -> None:
        """A batch of one stream's packets to everybody who plays it."""
        for packet in packets:
            if packet.end - packet.start > MAX_PAYLOAD:
                self._stats.dropped += 1
                packets = [packet for packet in packets if packet.end - packet.start <= MAX_PAYLOAD]
                break
        if relay.copies is not None:
            relay.copies(stream, packets, now)
        send_time = abs_send_time(wall)
        for index, group, chosen in relay.take(stream, packets, now):
            if group.paced:
                self._put_aside(relay, index, group, chosen, now)
            else:
                self._send_group(self._sockets[index], group, chosen, send_time, now)

    def _send_group(
        self, socket: Carrier, group: RowGroup, packets: Sequence[Packet], send_time: int, now: float
    ) -> None:
        if not group.count:
            return
        if len(packets) > 1 and self._segments and socket.segments:
            for run, size in even_runs(packets, gso.MAX_SEGMENTS):
                self._send_run(socket, group, run, size, send_time, now)
            return
        for at in range(0, len(packets), gso.MAX_SEGMENTS):
            self._send_run(socket, group, packets[at : at + gso.MAX_SEGMENTS], 0, send_time, now)

    def _send_run(
        self, socket: Carrier, group: RowGroup, run: Sequence[Packet], size: int, send_time: int, now: float
    ) -> None:
        """To all subscribers, so many at once that their rows stay in the processor's cache until they have left."""
        step = max(ROWS_AT_ONCE // len(run), FEW)
        for first in range(0, group.count, step):
            self._send_rows(socket, group, run, size, send_time, now, first, min(first + step, group.count))

    def _send_rows(
        self,
        socket: Carrier,
        group: RowGroup,
        packets: Sequence[Packet],
        size: int,
        send_time: int,
        now: float,
        first: int,
        last: int,
    ) -> None:
        """Write, protect, send. With `size` the packets are a run of that payload size and leave as segments."""
        sender, stats, count = self._sender, self._stats, len(packets)
        total = group.write(sender.rows, packets, send_time, size=size, book=self.book, now=now, first=first, last=last)
        sessions, names = group.repeated_sessions(count), group.addresses
        if last - first < group.count:
            sessions, names = sessions[first * count : last * count], names[first:last]
        whole = protect_rows(sessions, sender.pointers, sender.length_pointers)
        group.keep(sender.rows, packets, first, last)
        if not whole:
            names = self._close_ranks(group, packets, size, np.repeat(np.array(names, np.uint64), count))
            total = len(names)
        if size and count > 1 and whole:
            stats.packets_out += self._segmenter.send(socket.fd, count, names, socket.name_length)
        elif total:
            stats.packets_out += socket.send_rows(sender, total, names, socket.name_length)
        for packet in packets:
            stats.bytes_out += (last - first) * (group.header + packet.end - packet.start)
        stats.dropped += sender.dropped
        sender.dropped = 0

    def _close_ranks(
        self, group: RowGroup, packets: Sequence[Packet], size: int, names: NDArray[np.uint64]
    ) -> NDArray[np.uint64]:
        """Close the gaps of rows SRTP refused (a late packet beyond its window): none goes out in the clear.

        Those are as long as they were written, `group.lengths_of`.
        """
        sender, lengths = self._sender, self._sender.lengths[: len(names)]
        plain = np.tile(group.lengths_of(packets, size), len(names) // len(packets))
        kept = np.flatnonzero(lengths != plain)
        self._stats.unprotected += len(names) - len(kept)
        sender.rows.rows[: len(kept)] = sender.rows.rows[kept]
        sender.lengths[: len(kept)] = lengths[kept]
        return names[kept]

    # -- paced subscribers

    def pacer(self, subscription: Subscription) -> Pacer:
        """The queue of a subscriber whose packets are held back to its rate."""
        found = self._pacers.get(subscription)
        if found is None:
            found = self._pacers[subscription] = Pacer()
        return found

    def forget(self, subscription: Subscription) -> None:
        """The subscriber has gone; what was put aside for it goes with it."""
        self._pacers.pop(subscription, None)
        self._holding.pop(subscription, None)

    def _put_aside(self, relay: Relay, index: int, group: RowGroup, packets: Sequence[Packet], now: float) -> None:
        """Hold packets for a thin line; when too much is held already, it goes on with a keyframe later."""
        subscription = group.subscriptions[0]
        pacer, segment = self.pacer(subscription), subscription.segment
        if segment is not None and segment.lane.temporal == KEYFRAMES:
            picture = next((packet for packet in packets if packet.form != FILLER), None)
            slides, stream = pacer.slides, segment.lane.stream
            if picture is not None and not slides.takes(stream, picture.timestamp, now, busy=pacer.busy):
                relay.cut(subscription, packets[0].sequence, now, ask=False)
                return
        elif pacer.full:
            first = pacer.cut(group)
            relay.cut(subscription, packets[0].sequence if first is None else first, now)
            return
        pacer.put(index, group, packets, now)
        self._send_due(pacer, now)
        if pacer.queue:
            self._holding[subscription] = pacer

    def make_room(self, relay: Relay, subscription: Subscription, now: float) -> None:
        """What is put aside is of no use any more: something else is asked for."""
        first = self.pacer(subscription).cut()
        if first is not None:
            relay.cut(subscription, first, now)

    def send_paced(self, now: float) -> bool:
        """Send what the subscribers' rates allow by now; whether some is still put aside."""
        if self._probes:
            self._send_probes(now)
        for subscription, pacer in list(self._holding.items()):
            self._send_due(pacer, now)
            if not pacer.queue:
                self._holding.pop(subscription, None)
        return bool(self._probes or self._holding)

    def _send_due(self, pacer: Pacer, now: float) -> None:
        send_time = abs_send_time(self._clock.wall(now))
        for index, group, packets in pacer.due(now):
            self._send_group(self._sockets[index], group, packets, send_time, now)

    # -- one peer

    def repair(
        self, player: Player, subscription: Subscription, sequences: Sequence[int], now: float, wall: float
    ) -> None:
        """Send again what a player missed: pictures on their RTX stream, sound byte for byte."""
        if subscription.kind == "audio":
            self._send_again(player, subscription, sequences)
            return
        self._send_repairs(player, subscription, subscription.resend(sequences, now), now, wall, probe=False)

    def _send_again(self, player: Player, subscription: Subscription, sequences: Sequence[int]) -> None:
        seat = player.source.relays["audio"].seat(subscription)
        if seat is None or seat.group is None or player.selected is None:
            return
        index, name = player.selected
        for sequence in sequences[:MAX_AGAIN]:
            where = subscription.find(sequence)
            found = None if where is None else seat.group.again(subscription, where[1])
            if found is not None and self._sockets[index].send_to(found, name):
                self._stats.packets_out += 1
                self._stats.bytes_out += len(found)
                self._stats.resent += 1

    def probe(self, player: Player, subscription: Subscription, probe: Probe, estimator: Estimator, now: float) -> None:
        """Load a player's line for a moment with packets that it has already, evenly at the probe's rate."""
        repairs = subscription.padding(probe.size, PROBE_PACKETS)
        if len(repairs) >= PROBE_PACKETS:
            self._probes.append(_Probing(player, subscription, probe, estimator, repairs, now))
            self._send_probes(now)

    def _send_probes(self, now: float) -> None:
        wall = self._clock.wall(now)
        for probing in self._probes:
            due = probing.due(now)
            if due:
                self._send_repairs(probing.player, probing.subscription, due, now, wall, probe=True)
                if not probing.repairs:
                    probing.estimator.probe_sent(probing.probe, probing.began, now)
        self._probes = [each for each in self._probes if each.repairs and not each.player.closed]

    def _send_repairs(
        self,
        player: Player,
        subscription: Subscription,
        repairs: Sequence[Repair],
        now: float,
        wall: float,
        *,
        probe: bool,
    ) -> None:
        outbound, selected = player.peer.srtp_out, player.selected
        if outbound is None or selected is None or not repairs:
            return
        socket, sender, layout = self._sockets[selected[0]], self._sender, subscription.layout
        pacer = self._pacers.get(subscription)
        extensions = {layout.time_id: abs_send_time(wall).to_bytes(3)} if layout.time_id else {}
        for repair in repairs:
            if subscription.slot >= 0 and layout.transport_id:
                number = self.book.note_one(subscription.slot, len(repair.payload) + 24, now)
                extensions[layout.transport_id] = number.to_bytes(2)
            size = outbound.protect(sender.pointers[0], self._place(repair.build(extensions)))
            if pacer is not None:
                pacer.spend(size)
            if size > 0 and socket.send_to(self._row(size), selected[1]):
                self._stats.packets_out += 1
                self._stats.bytes_out += size
                self._stats.resent += not probe

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
