"""One kind of one source (the teacher's video, say): whoever publishes it now, and everybody who plays it.

A subscriber waits here until a packet that a decoder can begin with, then gets a row in a group of the fan-out. When
another publisher takes over, everybody waits again and goes on under the same SSRC.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.forward.fanout import RowGroup, Target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server.forward.packet import Packet
    from server.forward.streams import InboundStream
    from server.forward.subscriptions import Subscription

Job = tuple[int, RowGroup, "list[Packet]"]
"""(socket, group, packets): every packet goes to every row of the group, by that socket."""


class Relay:
    """The switchboard between one stream and its subscriptions."""

    def __init__(self, kind: str, row_limit: int) -> None:
        self.kind = kind
        self.stream: InboundStream | None = None
        self._row_limit = row_limit
        self._waiting: dict[Subscription, Target] = {}
        self._playing: dict[Subscription, tuple[Target, RowGroup]] = {}
        self._groups: dict[tuple[int, tuple[int, bool]], list[RowGroup]] = {}

    @property
    def waiting(self) -> int:
        """How many wait for a packet to begin with."""
        return len(self._waiting)

    @property
    def playing(self) -> int:
        return len(self._playing)

    def set_stream(self, stream: InboundStream | None, now: float) -> None:
        """Another publisher (or none): everybody waits for its first keyframe."""
        if stream is self.stream:
            return
        for subscription, (target, _) in self._playing.items():
            subscription.stop(now)
            self._waiting[subscription] = target
        self._playing.clear()
        self._groups.clear()
        self.stream = stream
        if self._waiting:
            self.want_keyframe(now)

    def subscribe(self, subscription: Subscription, target: Target, now: float) -> None:
        """A subscriber that can receive now; asks for a keyframe."""
        self._waiting[subscription] = target
        self.want_keyframe(now)

    def unsubscribe(self, subscription: Subscription, now: float) -> None:
        """Idempotent."""
        self._waiting.pop(subscription, None)
        entry = self._playing.pop(subscription, None)
        if entry is not None:
            entry[1].remove(subscription)
            subscription.stop(now)

    def retarget(self, subscription: Subscription, target: Target) -> None:
        """The subscriber's address changed (a new network, an ICE restart)."""
        if subscription in self._waiting:
            self._waiting[subscription] = target
            return
        entry = self._playing.get(subscription)
        if entry is None:
            return
        old, group = entry
        if old.socket == target.socket:
            group.retarget(subscription, target)
            self._playing[subscription] = (target, group)
            return
        group.remove(subscription)
        self._place(subscription, target)

    def want_keyframe(self, now: float) -> None:
        """Coalesced with everybody else's wish; audio has none."""
        if self.stream is not None and self.stream.video:
            self.stream.keyframes.want(now)

    def take(self, packets: list[Packet], now: float) -> Iterator[Job]:
        """What is to be sent for a batch of this stream's packets, in order."""
        if not self._waiting:
            yield from self._jobs(packets)
            return
        ready: list[Packet] = []
        for packet in packets:
            if self._waiting and packet.keyframe:
                yield from self._jobs(ready)
                ready = []
                self._begin(packet, now)
            ready.append(packet)
        yield from self._jobs(ready)

    def _begin(self, packet: Packet, now: float) -> None:
        stream = self.stream
        if stream is None:
            return
        for subscription, target in list(self._waiting.items()):
            if subscription.payload_types(stream.codec) is None:
                continue
            del self._waiting[subscription]
            subscription.start(stream, packet, now)
            self._place(subscription, target)

    def _place(self, subscription: Subscription, target: Target) -> None:
        stream = self.stream
        types = subscription.payload_types(stream.codec) if stream is not None else None
        if types is None:
            return
        groups = self._groups.setdefault((target.socket, subscription.layout.shape), [])
        for group in groups:
            if not group.full:
                break
        else:
            group = RowGroup(subscription.layout.shape, self._row_limit)
            groups.append(group)
        group.add(subscription, target, types.media)
        self._playing[subscription] = (target, group)

    def _jobs(self, packets: list[Packet]) -> Iterator[Job]:
        if not packets:
            return
        if self.stream is not None:
            self.stream.forwarded_packets += len(packets)
            self.stream.forwarded_octets += sum([packet.end - packet.start for packet in packets])
        oldest = packets[0].sequence if len(packets) == 1 else min(packet.sequence for packet in packets)
        for (socket, _), groups in self._groups.items():
            for group in groups:
                if not group.count:
                    continue
                if oldest >= group.barrier:
                    yield socket, group, packets
                    continue
                for packet in packets:
                    part = group if packet.sequence >= group.barrier else group.before_barrier(packet.sequence)
                    if part is not None:
                        yield socket, part, [packet]
