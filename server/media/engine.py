"""The worker's shell around the sockets: datagrams in, datagrams out, one tick.

The drain rule: after a peer took a datagram or its timer, its `outputs` are sent and its state is looked at; after a
batch of datagrams everything they brought is fanned out together. There is no task per peer and no object per
datagram.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, cast

from server.media.mmsg import SLOT_BYTES, SLOTS, Receiver
from server.media.rebinding import Rebinding
from server.media.sessions import MAX_PATHS, Player, Publisher, Track
from server.peer import ice
from server.wire import rtcp
from server.wire.errors import BadPacket

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Sequence

    from server.forward.packet import Packet
    from server.forward.relay import Relay
    from server.forward.streams import InboundStream
    from server.forward.subscriptions import Subscription
    from server.media.adapt import Adaptation
    from server.media.carrier import Carrier
    from server.media.clock import WallClock
    from server.media.mmsg import MediaSocket
    from server.media.outgoing import Outgoing
    from server.media.sessions import Path, Session
    from server.media.stats import Stats
    from server.media.tap import Tap

log = logging.getLogger("tongke.media")

MAX_WAIT = 0.25  # s: a larger difference is a clock that was set
HOLD = 0.001  # s that a video frame waits for its last packet
MAX_HELD = 32  # packets
ROUNDS = 4  # batches read from one socket before the loop gets its turn
PACE = 0.005  # s between two portions to a thin line
TICK = 0.02  # s between two looks at what publishers are told while datagrams come
ROUND = 0.1  # s between two looks at everything else that has a time: nobody notices reports 0.1 s late
TAP_EVERY = 0.2  # s between two messages to the recorder: each wakes it, and it is in no hurry
MIN_PROTECTED = 24  # bytes: an RTCP header with its SSRC, a tag of 10 and the index; less cannot be authentic


class Engine:
    """Sessions by address and by ICE user fragment, and the loop's two entry points: `readable` and `tick`."""

    def __init__(
        self,
        sockets: Sequence[Carrier],
        *,
        clock: WallClock,
        stats: Stats,
        tap: Tap,
        adaptation: Adaptation,
        outgoing: Outgoing,
        connected: Callable[[Session, float], None],
        lost: Callable[[Session, str, float], None],
        new_track: Callable[[Publisher, InboundStream, float], Track],
        keyframe: Callable[[Publisher, InboundStream, float], None],
        pulse: Callable[[], None],
    ) -> None:
        self.sockets = sockets
        self.sessions: set[Session] = set()
        self.publishers: set[Publisher] = set()
        self._clock = clock
        self._stats = stats
        self._tap = tap
        self._connected = connected
        self._lost = lost
        self._new_track = new_track
        self._keyframe = keyframe
        self._adaptation = adaptation
        self._pulse = pulse
        self._receiver = Receiver()
        self._out = outgoing
        self._by_ufrag: dict[str, Session] = {}
        self._held: dict[InboundStream, tuple[Relay, list[Packet]]] = {}
        self._tap_due = 0.0
        self._coming = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._by_path: list[dict[bytes, Session]] = [{} for _ in sockets]
        self._rebinding = Rebinding()

    # -- sessions come and go

    def add(self, session: Session, ufrag: str) -> None:
        """Serve a session whose datagrams name this local user fragment."""
        self.sessions.add(session)
        if isinstance(session, Publisher):
            self.publishers.add(session)
        self.add_ufrag(session, ufrag)

    def add_ufrag(self, session: Session, ufrag: str) -> None:
        """Another user fragment of the same session (ICE restart)."""
        for old in set(session.ufrags) - set(session.peer.local_ufrags):
            session.ufrags.remove(old)
            self._by_ufrag.pop(old, None)
        session.ufrags.append(ufrag)
        self._by_ufrag[ufrag] = session

    def remove(self, session: Session, now: float) -> None:
        """Say goodbye (DTLS close_notify) and forget every route to it."""
        session.peer.close(now)
        self._send_outputs(session)
        self.sessions.discard(session)
        if isinstance(session, Publisher):
            self.publishers.discard(session)
        for ufrag in session.ufrags:
            self._by_ufrag.pop(ufrag, None)
        self._rebinding.forget(session)
        self._close_paths(session)

    # -- datagrams in

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        for socket in self.sockets:
            socket.attach(loop, self.readable, self.take)

    def detach(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = None
        self._held.clear()
        for socket in self.sockets:
            socket.detach(loop)

    def readable(self, socket: MediaSocket) -> None:
        """Everything that waits on a socket."""
        self._read(socket)
        if self._held:
            self._pause(socket)
        self.go_on()
        self._pulse()

    def go_on(self) -> None:
        """Send what is due of what was held back for thin lines, and come again while there is more."""
        if self._loop is not None and self._out.send_paced(self._clock.now()) and not self._coming:
            self._coming = True
            self._loop.call_later(PACE, self._come_again)

    def _come_again(self) -> None:
        self._coming = False
        self.go_on()

    def take(self, index: int, datagrams: list[bytes], name: bytes) -> None:
        """Datagrams that one remote address sent by a carrier that reads itself (TCP)."""
        arrival = self._clock.wall(self._clock.now())
        for at in range(0, len(datagrams), SLOTS):
            lengths = self._receiver.place(datagrams[at : at + SLOTS])
            self._take_batch(index, lengths, [name] * len(lengths), [arrival] * len(lengths))
        if self._held and self._loop is not None:
            self._loop.call_later(HOLD, self._give_up_holding, list(self._held))
        self.go_on()
        self._pulse()

    def _give_up_holding(self, begun: list[InboundStream]) -> None:
        now = self._clock.now()
        self._release(begun, now, self._clock.wall(now))
        self.go_on()

    def _read(self, socket: MediaSocket) -> None:
        """Receive in batches, each fanned out as a whole."""
        for _ in range(ROUNDS):
            lengths, names, arrivals = self._receiver.receive(socket.fd, socket.name_length)
            if lengths:
                self._take_batch(socket.index, lengths, names, arrivals)
            if len(lengths) < SLOTS:
                break

    def _pause(self, socket: MediaSocket) -> None:
        """The rest of a frame comes within `HOLD`: sleep until it is there rather than wake up for every packet."""
        if self._loop is not None:
            self._loop.remove_reader(socket.fd)
            self._loop.call_later(HOLD, self._resume, socket)

    def _resume(self, socket: MediaSocket) -> None:
        """Read what has come meanwhile; frames begun before the pause go out, complete or not."""
        if self._loop is None:
            return
        begun = list(self._held)
        self._read(socket)
        now = self._clock.now()
        self._release(begun, now, self._clock.wall(now))
        if self._held:
            self._loop.call_later(HOLD, self._resume, socket)
        else:
            self._loop.add_reader(socket.fd, self.readable, socket)
        self.go_on()
        self._pulse()

    def _take_batch(self, index: int, lengths: list[int], names: list[bytes], arrivals: list[float]) -> None:
        now = self._clock.now()
        wall = self._clock.wall(now)
        routes = self._by_path[index]
        data = self._receiver.data
        senders: set[Publisher] = set()
        for slot, length in enumerate(lengths):
            at = slot * SLOT_BYTES
            first = data[at] if 2 <= length < SLOT_BYTES else 0xFF
            session = routes.get(names[slot])
            if 127 < first < 192:
                if session is None:
                    self._take_stranger(bytes(data[at : at + length]), (index, names[slot]), now)
                elif 191 < data[at + 1] < 224:
                    self._take_rtcp(session, slot, length, now, wall)
                elif isinstance(session, Publisher):
                    early = wall - arrivals[slot]  # how long it lay in the socket
                    if not 0.0 < early < MAX_WAIT:
                        early = 0.0
                    self._take_rtp(session, slot, length, now - early, wall - early)
                    senders.add(session)
            elif first < 4 or 19 < first < 64:
                self._take_handshake(session, bytes(data[at : at + length]), (index, names[slot]), now)
            else:
                self._stats.malformed += 1
        if self._held:
            self._release_complete(now, wall)
        for publisher in senders:
            if publisher.ingress.urgent(now):
                self.report_to(publisher, now)

    def _take_rtp(self, publisher: Publisher, slot: int, length: int, now: float, wall: float) -> None:
        inbound = publisher.peer.srtp_in
        if inbound is None:
            return
        plain = inbound.unprotect(self._receiver.pointers[slot], length)
        if plain < 0:
            self._stats.rejected += 1
            return
        self._stats.packets_in += 1
        self._stats.bytes_in += length
        at = slot * SLOT_BYTES
        taken = publisher.ingress.receive(self._receiver.buffer[at : at + plain], now, wall)
        if taken is None:
            return
        stream, packet = taken
        track = publisher.tracks.get(stream)
        if track is None:
            track = self._new_track(publisher, stream, now)
            self._rebinding.learn(publisher, stream.ssrc)
        if packet.keyframe and stream.video:
            self._keyframe(publisher, stream, now)
        if track.number is not None:
            self._tap.records.packet(track.number, int(wall * 1e9), packet.raw, now)
        held = self._held.get(stream)
        if held is None:
            self._held[stream] = (track.relay, [packet])
        else:
            held[1].append(packet)

    def _release_complete(self, now: float, wall: float) -> None:
        """Fan out what need not wait: sound, and frames that have their last packet.

        A video frame whose end is still to come is held for `HOLD` at most, so that its packets go out together: they
        arrive within 0.3 ms of each other, but seldom in one batch.
        """
        for stream, (relay, packets) in list(self._held.items()):
            if not stream.video or packets[-1].marker or len(packets) >= MAX_HELD:
                del self._held[stream]
                if stream in relay.layers:
                    self._out.fan_out(relay, stream, packets, now, wall)

    def _release(self, streams: list[InboundStream], now: float, wall: float) -> None:
        """Fan out what these streams brought, complete or not."""
        for stream in streams:
            held = self._held.pop(stream, None)
            if held is not None and stream in held[0].layers:
                self._out.fan_out(held[0], stream, held[1], now, wall)

    def _take_rtcp(self, session: Session, slot: int, length: int, now: float, wall: float) -> None:
        inbound = session.peer.srtp_in
        if inbound is None:
            return
        plain = inbound.unprotect_rtcp(self._receiver.pointers[slot], length)
        if plain < 0:
            self._stats.rejected += 1
            return
        at = slot * SLOT_BYTES
        datagram = self._receiver.buffer[at : at + plain]
        self._rebinding.learn(session, int.from_bytes(datagram[4:8], "big"))
        try:
            if isinstance(session, Player):
                self._take_player_report(session, datagram, now, wall)
            elif isinstance(session, Publisher):
                packets = rtcp.parse_compound_untrusted(datagram)
                session.ingress.control(packets, now, wall)
                self._tap_reports(session, packets, now, wall)
        except BadPacket:
            self._stats.malformed += 1

    def _take_player_report(self, player: Player, datagram: bytes, now: float, wall: float) -> None:
        egress = player.egress
        nacked = egress.nacked
        missing = egress.control(datagram, now, wall, lambda wanting: self._want_keyframe(player, wanting, now))
        if missing:
            self._stats.nacks_in += egress.nacked - nacked
            for subscription, sequences in missing:
                self._out.repair(player, subscription, sequences, now, wall)
        if egress.feedback:
            self._adaptation.feedback(player, now)

    def _tap_reports(self, publisher: Publisher, packets: list[rtcp.Packet], now: float, wall: float) -> None:
        for packet in packets:
            if not isinstance(packet, rtcp.SenderReport):
                continue
            for stream, track in publisher.tracks.items():
                if stream.ssrc == packet.ssrc and track.number is not None:
                    self._tap.records.sender_report(
                        track.number, int(wall * 1e9), packet.ntp, packet.rtp_timestamp, now
                    )

    def _want_keyframe(self, player: Player, subscription: Subscription, now: float) -> None:
        player.source.relays[subscription.kind].want_keyframe(subscription, now)

    def _take_handshake(self, session: Session | None, datagram: bytes, path: Path, now: float) -> None:
        """STUN by its user name, DTLS by an address that STUN opened."""
        if datagram[0] < 4:
            name = ice.username_of(datagram)
            session = self._by_ufrag.get(name.partition(":")[0], session) if name else session
        if session is None or session.closed:
            self._stats.strangers += 1
            return
        consent = session.peer.last_consent
        session.peer.receive(datagram, path, now)
        if session.peer.last_consent != consent and self._by_path[path[0]].get(path[1]) is not session:
            self._open_path(session, path)
        self._after(session, now)

    def _take_stranger(self, datagram: bytes, path: Path, now: float) -> None:
        """Media from an address that no check has opened: a session that has moved, or nobody's.

        Its older addresses are strangers in their turn until a check comes from them, so that the newest authenticated
        packet decides, to and fro.
        """
        session = self._rebinding.owner(datagram, path, now) if len(datagram) >= MIN_PROTECTED else None
        if session is None:
            self._stats.strangers += 1
            return
        self._stats.rebound += 1
        self._close_paths(session)
        session.peer.adopt(path)
        self._open_path(session, path)
        self._after(session, now)

    def _close_paths(self, session: Session) -> None:
        for index, name in session.paths:
            if self._by_path[index].get(name) is session:
                del self._by_path[index][name]
        session.paths.clear()

    def _open_path(self, session: Session, path: Path) -> None:
        """An authenticated check came from here: from now on this address's datagrams are this session's."""
        self._by_path[path[0]][path[1]] = session
        session.paths.append(path)
        if len(session.paths) > MAX_PATHS:
            oldest = next(known for known in session.paths if known != session.selected)
            session.paths.remove(oldest)
            if self._by_path[oldest[0]].get(oldest[1]) is session:
                del self._by_path[oldest[0]][oldest[1]]

    # -- what follows

    def _send_outputs(self, session: Session) -> None:
        for datagram, path in session.peer.outputs():
            index, name = cast("Path", path)
            self.sockets[index].send_to(datagram, name)

    def _after(self, session: Session, now: float) -> None:
        self._send_outputs(session)
        peer = session.peer
        if peer.state == "closed":
            self._lost(session, peer.close_reason or "closed", now)
            return
        path = peer.selected_path
        if path is not None and path != session.selected:
            self._move(session, cast("Path", path))
        if not session.connected and peer.state == "connected" and session.selected is not None:
            session.connected = True
            self._connected(session, now)
        session.due = min(session.due, now)

    def _move(self, session: Session, path: Path) -> None:
        before = session.address  # rows point to it until they are retargeted
        session.select(path)
        if isinstance(session, Player) and session.connected:
            for subscription in session.egress.subscriptions:
                session.source.relays[subscription.kind].retarget(subscription, session.target())
        del before

    # -- the tick

    def tick(self, now: float) -> None:
        """What publishers must be told soon: losses, keyframes asked for, transport feedback."""
        for publisher in self.publishers:
            if publisher.connected:
                self.report_to(publisher, now)

    def round(self, now: float) -> None:
        """What is due of every session's timers, and what was recorded since the last round."""
        wall = self._clock.wall(now)
        for session in [each for each in self.sessions if each.due <= now]:
            self._handle_timer(session, now, wall)
        if now >= self._tap_due:
            self._tap_due = now + TAP_EVERY
            self._tap.flush(now)

    def _handle_timer(self, session: Session, now: float, wall: float) -> None:
        deadline = session.peer.next_deadline()
        if deadline is not None and deadline <= now:
            session.peer.handle_timer(now)
            session.due = now + 1.0
            self._after(session, now)
            if session.closed:
                return
            deadline = session.peer.next_deadline()
        due = now + 1.0
        if deadline is not None:
            due = min(due, deadline)
        if isinstance(session, Player) and session.connected:
            report = session.egress.handle_timer(now, wall)
            if report:
                self._out.send_control(session, report)
            due = min(due, max(session.egress.next_deadline(), now + TICK))  # the next round at the earliest
        session.due = due

    def report_to(self, publisher: Publisher, now: float) -> None:
        """What is due to be told to a publisher: reports, losses, keyframe requests, transport feedback."""
        report = publisher.ingress.handle_timer(now)
        if report:
            self._out.send_control(publisher, report)
