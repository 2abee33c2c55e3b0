"""One kind of one source (the teacher's video, say): whoever publishes it now, and everybody who plays it.

A publisher may send several layers of one picture; each subscriber is aimed at one of them, whole or without its upper
temporal layers, and goes over to it at the next packet that its decoder can go on with: a keyframe for another layer,
a picture of temporal layer 0 for fewer or more pictures a second. Until then it goes on with what it has. When another
publisher takes over, everybody waits and goes on under the same SSRC.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.forward.fanout import RowGroup, Target
from server.forward.lanes import ALL, Lane

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from server.forward.packet import Packet
    from server.forward.streams import InboundStream
    from server.forward.subscriptions import Subscription

Job = tuple[int, RowGroup, "Sequence[Packet]"]
"""(socket, group, packets): every packet goes to every row of the group, by that socket."""


@dataclass(eq=False, slots=True)
class Seat:
    """A subscriber's place. Without a `lane` it is sent nothing; `paced` ones have a group to themselves."""

    target: Target
    paced: bool = False
    aim: InboundStream | None = None
    temporal: int = ALL
    plain: bool = False  # RED is unpacked
    on: bool = True
    hurry: bool = False  # on the way down: fewer pictures of the layer it has, until the one it is aimed at begins
    fixed: bool = False  # somebody chose the layer; otherwise it is the best there is
    lane: Lane | None = None
    group: RowGroup | None = None

    @property
    def settled(self) -> bool:
        """Whether it is sent what it is aimed at."""
        if self.aim is None or not self.on:
            return True
        lane = self.lane
        return (
            lane is not None and lane.stream is self.aim and lane.temporal == self.temporal and lane.plain == self.plain
        )


class Relay:
    """The switchboard between one source's streams of a kind and its subscriptions."""

    def __init__(self, kind: str, row_limit: int) -> None:
        self.kind = kind
        self.layers: list[InboundStream] = []
        # takes what is fanned out, with the moment (monotonic), while other workers mirror this source
        self.copies: Callable[[InboundStream, Sequence[Packet], float], None] | None = None
        self._row_limit = row_limit
        self._seats: dict[Subscription, Seat] = {}
        self._moving: dict[Subscription, Seat] = {}  # those not settled
        self._lanes: dict[InboundStream, list[Lane]] = {}

    def seat(self, subscription: Subscription) -> Seat | None:
        return self._seats.get(subscription)

    def needed(self) -> set[InboundStream]:
        """The streams that somebody is sent or waits for."""
        found: set[InboundStream] = set()
        for seat in self._seats.values():
            if seat.on and seat.aim is not None:
                found.add(seat.aim)
            if seat.lane is not None:
                found.add(seat.lane.stream)
        return found

    # -- who publishes

    def set_layers(self, layers: Sequence[InboundStream], now: float) -> None:
        """What is published now, all layers of it; who played a layer that is gone waits for another."""
        kept = set(layers)
        self.layers = list(layers)
        for subscription, seat in self._seats.items():
            if seat.lane is not None and seat.lane.stream not in kept:
                self._leave(subscription, seat, now)
            if seat.aim not in kept:
                seat.fixed = False
                seat.aim, seat.temporal = self._best(subscription), ALL
                self._note(subscription, seat, now)
            elif not seat.fixed:
                self._aim(subscription, seat, self._best(subscription), ALL, now)
        self._lanes = {stream: lanes for stream, lanes in self._lanes.items() if stream in kept}

    def _best(self, subscription: Subscription) -> InboundStream | None:
        """The largest layer that this subscriber can decode."""
        fitting = [layer for layer in self.layers if subscription.payload_types(layer.codec) is not None]
        return max(fitting, key=lambda layer: layer.size, default=None)

    # -- who plays

    def subscribe(self, subscription: Subscription, target: Target, now: float, *, paced: bool = False) -> None:
        """A subscriber that can receive now; asks for a keyframe."""
        seat = Seat(target, paced, self._best(subscription), plain=subscription.plain)
        self._seats[subscription] = seat
        self._moving[subscription] = seat
        self._want(seat, now)

    def unsubscribe(self, subscription: Subscription, now: float) -> None:
        """Idempotent."""
        seat = self._seats.pop(subscription, None)
        if seat is not None:
            self._moving.pop(subscription, None)
            self._leave(subscription, seat, now)

    def retarget(self, subscription: Subscription, target: Target) -> None:
        """The subscriber's address changed (a new network, an ICE restart)."""
        seat = self._seats.get(subscription)
        if seat is None:
            return
        old, seat.target = seat.target, target
        if seat.group is None or seat.lane is None:
            return
        if old.socket == target.socket:
            seat.group.retarget(subscription, target)
            return
        self._vacate(subscription, seat)
        self._place(subscription, seat, seat.lane)

    def aim(
        self, subscription: Subscription, layer: InboundStream | None, temporal: int, now: float, *, on: bool = True
    ) -> None:
        """Send this layer from its next keyframe on, up to a temporal layer (or only keyframes); nothing when off."""
        seat = self._seats.get(subscription)
        if seat is None:
            return
        seat.fixed = True
        if on != seat.on:
            seat.on = on
            if not on:
                self._leave(subscription, seat, now, broken=True)
                self._moving.pop(subscription, None)
                return
            seat.aim, seat.temporal = layer, temporal
            self._note(subscription, seat, now)
            return
        if on and layer is not None:
            self._aim(subscription, seat, layer, temporal, now)

    def pace(self, subscription: Subscription, paced: bool) -> None:
        """Give a subscriber a group of its own, whose packets can be held back, or take it away again."""
        seat = self._seats.get(subscription)
        if seat is None or seat.paced == paced:
            return
        seat.paced = paced
        self._replace(subscription, seat)

    def hasten(self, subscription: Subscription, delay: bytes) -> None:
        """Tell a subscriber's player how long to wait with a picture: `PATIENT`, `PROMPT`, `HELD` or `AT_ONCE`."""
        if subscription.delay == delay or not subscription.layout.delay_id:
            return
        subscription.delay = delay
        seat = self._seats.get(subscription)
        if seat is not None:
            self._replace(subscription, seat)

    def _replace(self, subscription: Subscription, seat: Seat) -> None:
        """Its row anew, with what has changed."""
        if seat.group is not None and seat.lane is not None:
            self._vacate(subscription, seat)
            self._place(subscription, seat, seat.lane)

    def unpack(self, subscription: Subscription, plain: bool, now: float) -> None:
        """Whether RED is unpacked for this subscriber: half the bits, none of the repair."""
        seat = self._seats.get(subscription)
        if seat is not None and seat.plain != (plain or subscription.plain):
            seat.plain = plain or subscription.plain
            self._note(subscription, seat, now)

    def cut(self, subscription: Subscription, number: int, now: float, *, ask: bool = True) -> None:
        """What was to be sent from this number of its lane on never left: it goes on with the next keyframe.

        `ask` for one, as pictures are missing; or what it was sent is whole, and good until one comes.
        """
        seat = self._seats.get(subscription)
        if seat is None:
            return
        if seat.lane is None:
            subscription.take_back(number)
        self._leave(subscription, seat, now, unsent=number, broken=ask)
        if ask:
            self._note(subscription, seat, now)
        else:
            self._moving[subscription] = seat

    def want_keyframe(self, subscription: Subscription, now: float) -> None:
        """This subscriber's decoder is lost. Coalesced with everybody else's wish; audio has none."""
        seat = self._seats.get(subscription)
        stream = None if seat is None else seat.lane.stream if seat.lane is not None else seat.aim
        if stream is not None and stream.video:
            stream.keyframes.want(now)

    def _aim(
        self, subscription: Subscription, seat: Seat, layer: InboundStream | None, temporal: int, now: float
    ) -> None:
        if layer is not seat.aim or temporal != seat.temporal:
            seat.aim, seat.temporal = layer, temporal
            now_at = seat.lane.stream if seat.lane is not None else None
            seat.hurry = now_at is not None and layer is not None and layer.size < now_at.size
            self._note(subscription, seat, now)

    def _note(self, subscription: Subscription, seat: Seat, now: float) -> None:
        """Whether it has to move, and what it needs for that."""
        if seat.settled:
            self._moving.pop(subscription, None)
            return
        self._moving[subscription] = seat
        if seat.lane is None or seat.lane.stream is not seat.aim:
            self._want(seat, now)

    @staticmethod
    def _want(seat: Seat, now: float) -> None:
        if seat.aim is not None and seat.aim.video:
            seat.aim.keyframes.want(now)

    # -- packets

    def take(self, stream: InboundStream, packets: Sequence[Packet], now: float) -> Iterable[Job]:
        """What is to be sent for a batch of a layer's packets, in order; each job before the next is asked for."""
        return self._take_moving(stream, packets, now) if self._moving else self._jobs(stream, packets)

    def _take_moving(self, stream: InboundStream, packets: Sequence[Packet], now: float) -> Iterator[Job]:
        """Jobs of packets before somebody's move are done before the move."""
        ready: list[Packet] = []
        for packet in packets:
            movers = self._movers(stream, packet)
            if movers:
                yield from self._jobs(stream, ready)
                ready = []
                for subscription, seat, temporal in movers:
                    self._move(subscription, seat, stream, temporal, packet, now)
            ready.append(packet)
        yield from self._jobs(stream, ready)

    def _movers(self, stream: InboundStream, packet: Packet) -> list[tuple[Subscription, Seat, int]]:
        """Whose move can be made at this packet, and to how many temporal layers."""
        base = packet.begins and packet.tid == 0
        if not packet.keyframe and not base:
            return []
        found = []
        for subscription, seat in self._moving.items():
            temporal = self._step(seat, stream, packet.keyframe)
            if temporal is not None and subscription.payload_types(stream.codec) is not None:
                found.append((subscription, seat, temporal))
        return found

    @staticmethod
    def _step(seat: Seat, stream: InboundStream, keyframe: bool) -> int | None:
        """The temporal layers it can change to at a base picture of this stream; None: it stays as it is."""
        lane = seat.lane
        here = lane is not None and lane.stream is stream and lane.temporal >= 0
        if seat.aim is stream:
            return seat.temporal if keyframe or (here and seat.temporal >= 0) else None
        return 0 if here and lane is not None and seat.hurry and lane.temporal > 0 else None

    def _move(
        self, subscription: Subscription, seat: Seat, stream: InboundStream, temporal: int, packet: Packet, now: float
    ) -> None:
        self._leave(subscription, seat, now)
        lane = self._lane(stream, temporal, plain=seat.plain)
        subscription.start(lane, lane.renumbered(packet), now)
        self._place(subscription, seat, lane)
        if seat.settled:
            self._moving.pop(subscription, None)

    def _lane(self, stream: InboundStream, temporal: int, *, plain: bool) -> Lane:
        lanes = self._lanes.setdefault(stream, [])
        for lane in lanes:
            if lane.temporal == temporal and lane.plain == plain:
                return lane
        lanes.append(Lane(stream, temporal, plain=plain))
        return lanes[-1]

    def _leave(
        self, subscription: Subscription, seat: Seat, now: float, *, unsent: int | None = None, broken: bool = False
    ) -> None:
        if seat.lane is None:
            return
        self._vacate(subscription, seat)
        subscription.stop(now, unsent=unsent, broken=broken)
        lanes = self._lanes.get(seat.lane.stream)
        if lanes is not None and not any(group.count for groups in seat.lane.groups.values() for group in groups):
            lanes.remove(seat.lane)
        seat.lane = None

    def _vacate(self, subscription: Subscription, seat: Seat) -> None:
        """Take the row away; a group that was paced may still have packets to send, and is left as it is."""
        if seat.group is None or seat.lane is None:
            return
        if seat.group.paced:
            for groups in seat.lane.groups.values():
                if seat.group in groups:
                    groups.remove(seat.group)
        else:
            seat.group.remove(subscription)
        seat.group = None

    def _place(self, subscription: Subscription, seat: Seat, lane: Lane) -> None:
        types = subscription.payload_types(lane.stream.codec)
        if types is None:
            return
        kind = (seat.target.socket, seat.target.trailer, subscription.layout.shape)
        groups = lane.groups.setdefault(kind, [])
        group = None if seat.paced else next((each for each in groups if not each.full and not each.paced), None)
        if group is None:
            group = RowGroup(
                subscription.layout.shape,
                1 if seat.paced else self._row_limit,
                paced=seat.paced,
                counts_pictures=lane.filtered,
            )
            groups.append(group)
        group.add(subscription, seat.target, types.media)
        seat.lane, seat.group = lane, group

    def _jobs(self, stream: InboundStream, packets: Sequence[Packet]) -> list[Job]:
        jobs: list[Job] = []
        if packets:
            for lane in self._lanes.get(stream, ()):
                chosen = lane.pass_on(packets)
                if chosen:
                    _add_jobs(jobs, lane, chosen)
        return jobs


def _add_jobs(jobs: list[Job], lane: Lane, packets: Sequence[Packet]) -> None:
    oldest = packets[0].sequence
    for packet in packets:
        if packet.sequence < oldest:
            oldest = packet.sequence
    for (socket, _, _), groups in lane.groups.items():
        for group in groups:
            if not group.count:
                continue
            if oldest >= group.barrier:
                jobs.append((socket, group, packets))
                continue
            for packet in packets:
                part = group if packet.sequence >= group.barrier else group.before_barrier(packet.sequence)
                if part is not None:
                    jobs.append((socket, part, [packet]))
