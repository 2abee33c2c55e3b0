"""Lessons whose publishers are on another worker of this machine: their watchers are served here from copies.

A mirror carries players only. It has the streams' layers as relays know them, answers its players' NACKs itself, and
asks the origin for keyframes, for what the link lost, and for the layers that somebody here is sent. Without players
for a while it ends; when its origin has gone, its players are told to come again.
"""

from __future__ import annotations

import logging
import socket
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from server.forward.mirrored import Figures, MirroredStream
from server.live.ports import MediaError
from server.media import mirror_messages as messages
from server.media.lessons import Lesson
from server.media.mirror_link import Link
from server.wire.errors import BadPacket

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from server.forward.relay import Relay
    from server.media.clock import WallClock
    from server.media.lessons import Source
    from server.media.outgoing import Outgoing

log = logging.getLogger("tongke.media")

LOOK_EVERY = 0.05  # s between looks at which layers are needed
AGAIN_EVERY = 0.1  # s between tries to reach an origin that hung up
GIVE_UP = 3.0  # s: a lease's length; by then the lesson is placed again
MOST_ROWS = 128  # of quality, the worst: some 40 kB
EMPTY_FOR = 30.0  # s without players after which a mirror ends


@dataclass(eq=False)
class Mirror:
    """One lesson that is carried here for another worker."""

    lesson: Lesson
    origin: str  # {worker}:{epoch}
    path: str
    link: Link | None = None
    lost_at: float | None = None
    try_at: float = 0.0
    streams: dict[int, tuple[Source, MirroredStream]] = field(default_factory=dict)
    wanted: frozenset[int] | None = None  # as the origin was told; None: it waits to be told
    due: float = 0.0
    empty_since: float | None = None


class Mirrors:
    """All mirrors of this worker. `end(lesson, reason, now)` closes the lesson's sessions and forgets it."""

    def __init__(
        self,
        worker: str,
        lessons: dict[str, Lesson],
        outgoing: Outgoing,
        loop: asyncio.AbstractEventLoop,
        clock: WallClock,
        end: Callable[[Lesson, str, float], None],
        aside: Callable[[], None],
        wish: Callable[[Lesson, str, str, int, str], None],
    ) -> None:
        self._worker = worker
        self._lessons = lessons
        self._out = outgoing
        self._loop = loop
        self._clock = clock
        self._end = end
        self._wish = wish  # what a participant's page shows of a source
        self._aside = aside  # something may have been put aside for thin lines
        self._mirrors: dict[Lesson, Mirror] = {}

    def begin(self, lesson_id: str, origin: str, path: str, now: float) -> None:
        """Mirror a lesson of `origin` (`{worker}:{epoch}`), which listens at `path`. Idempotent. Raises MediaError."""
        lesson = self._lessons.get(lesson_id)
        if lesson is not None:
            mirror = self._mirrors.get(lesson)
            if mirror is None:
                raise MediaError("bad_request", "this worker is the lesson's origin")
            if mirror.origin == origin and (mirror.link is not None or mirror.lost_at is not None):
                return
            self._finish(mirror, "moved", now)
        lesson = Lesson(lesson_id, now, mirrored=True)
        mirror = Mirror(lesson, origin, path, empty_since=now)
        if not self._connect(mirror):
            raise MediaError("unavailable", "课堂所在的媒体进程刚刚离开，请重新连接")
        self._lessons[lesson_id] = lesson
        self._mirrors[lesson] = mirror
        log.info("lesson %s of %s is mirrored here", lesson_id, origin)

    def forget(self, lesson: Lesson) -> None:
        """The lesson ends here. Idempotent."""
        mirror = self._mirrors.pop(lesson, None)
        if mirror is not None and mirror.link is not None:
            mirror.link.close()

    def quality(self, lesson: Lesson, rows: list[dict[str, Any]]) -> None:
        """How good it is here, for the origin's next look."""
        mirror = self._mirrors.get(lesson)
        if mirror is not None and mirror.link is not None:
            worst = sorted(rows, key=lambda row: row["score"] or 6)[:MOST_ROWS]
            mirror.link.tell(messages.told(messages.QUALITY, worst))

    # -- the link

    def _connect(self, mirror: Mirror) -> bool:
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            sock.setblocking(False)
            sock.connect(mirror.path)
        except OSError:
            sock.close()
            return False
        mirror.link = Link(sock, self._loop, partial(self._take, mirror), partial(self._hung_up, mirror))
        epoch = mirror.origin.rpartition(":")[2]
        hello = {"lesson_id": mirror.lesson.id, "worker": self._worker, "epoch": epoch}
        mirror.link.tell(messages.told(messages.HELLO, hello))
        return mirror.link.open

    def _hung_up(self, mirror: Mirror, reason: str) -> None:
        """The origin has died, or has begun anew and knows nothing of this: try for a while, then give up."""
        mirror.link = None
        now = self._clock.now()
        if mirror.lost_at is None:
            log.warning("lesson %s: %s has hung up: %s", mirror.lesson.id, mirror.origin, reason)
            mirror.lost_at = now
        mirror.try_at = now + AGAIN_EVERY
        for track in list(mirror.streams):
            self._ended(mirror, track, now)
        mirror.wanted = None

    def _take(self, mirror: Mirror, kind: bytes, body: bytes) -> None:
        now = self._clock.now()
        try:
            if kind == messages.PACKETS:
                self._packets(mirror, body, now)
            elif kind == messages.HELLO:
                mirror.lost_at = None  # it knows us
            elif kind == messages.TRACK:
                self._began(mirror, messages.read_told(body), now)
            elif kind == messages.END:
                for track in messages.read_tracks(body):
                    self._ended(mirror, track, now)
            elif kind == messages.SAMPLED:
                track, wall, timestamp = messages.read_sampled(body)
                if track in mirror.streams:
                    mirror.streams[track][1].sampled(wall, timestamp)
            elif kind == messages.FIGURES:
                self._figures(mirror, messages.read_told(body), now)
            elif kind == messages.WISHES:
                for participant, source, height, choice in messages.read_told(body):
                    self._wish(mirror.lesson, participant, source, height, choice)
            elif kind == messages.CLOSED:
                self._finish(mirror, "lesson closed", now)
        except (BadPacket, KeyError, TypeError, ValueError) as error:
            log.warning("%s says what is no message of an origin: %s", mirror.origin, error)

    # -- streams

    def _packets(self, mirror: Mirror, body: bytes, now: float) -> None:
        track, arrival, passed = messages.read_packets(body)
        source, stream = mirror.streams.get(track, (None, None))
        if source is None or stream is None:
            return
        wall = self._clock.wall(arrival)
        packets, size = [], stream.size
        for sequence, start, raw in passed:
            timestamp = int.from_bytes(raw[4:8])
            packet = stream.receive(raw, start, len(raw), sequence, timestamp, raw[1] & 0x80, arrival, wall)
            if packet is not None:
                packets.append(packet)
        if stream.size != size:  # its keyframe told its height
            source.relays[stream.kind].set_layers(source.relays[stream.kind].layers, now)
        if packets:
            self._out.fan_out(source.relays[stream.kind], stream, packets, now, self._clock.wall(now))
            self._aside()

    def _began(self, mirror: Mirror, track: dict[str, Any], now: float) -> None:
        source = mirror.lesson.source(str(track["source"]))
        source.mirrored = True
        stream = MirroredStream(
            ssrc=int(track["ssrc"]),
            mid=str(track["mid"]),
            kind=str(track["kind"]),
            codec=str(track["codec"]),
            payload_type=int(track["payload_type"]),
            clock_rate=int(track["clock_rate"]),
            rid=str(track["rid"]),
            rank=int(track["rank"]),
            red_type=int(track["red"]),
        )
        stream.height = int(track["height"])
        relay = source.relays[stream.kind]
        mirror.streams[int(track["track"])] = (source, stream)
        mirror.wanted = None  # until it is told, the origin passes on what has just begun
        relay.set_layers([*relay.layers, stream], now)
        self._changed(mirror, source, now)

    def _ended(self, mirror: Mirror, track: int, now: float) -> None:
        source, stream = mirror.streams.pop(track, (None, None))
        if source is None or stream is None:
            return
        relay = source.relays[stream.kind]
        relay.set_layers([each for each in relay.layers if each is not stream], now)
        self._changed(mirror, source, now)

    def _changed(self, mirror: Mirror, source: Source, now: float) -> None:
        """Another publisher, or another layer: what players hear of clocks begins anew, and layers are chosen anew."""
        for player in source.players:
            player.egress.restart_reports()
            player.due = min(player.due, now)
        self.look(mirror.lesson, now)

    @staticmethod
    def _figures(mirror: Mirror, told: list[list[Any]], now: float) -> None:
        for track, height, last_arrival, keyframe_octets, temporal_octets in told:
            if track in mirror.streams:
                _, stream = mirror.streams[track]
                before = stream.size
                stream.adopt(Figures(height, last_arrival, keyframe_octets, temporal_octets))
                if stream.size != before:
                    relay = mirror.streams[track][0].relays[stream.kind]
                    relay.set_layers(relay.layers, now)

    # -- timer

    def handle_timer(self, now: float) -> None:
        """Ask the origin for what is needed, look for origins that hung up, end what nobody plays any more."""
        for mirror in list(self._mirrors.values()):
            if mirror.link is None:
                self._reach(mirror, now)
                continue
            if mirror.lost_at is not None and now - mirror.lost_at > GIVE_UP:
                self._finish(mirror, "origin lost", now)
                continue
            if now >= mirror.due:
                self.look(mirror.lesson, now)
            self._ask(mirror, now)
            if mirror.lesson.sessions:
                mirror.empty_since = None
            elif mirror.empty_since is None:
                mirror.empty_since = now
            elif now - mirror.empty_since > EMPTY_FOR:
                self._finish(mirror, "nobody plays it", now)

    def look(self, lesson: Lesson, now: float) -> None:
        """Tell the origin at once which layers are needed here, and ask for their keyframes."""
        mirror = self._mirrors.get(lesson)
        if mirror is None or mirror.link is None:
            return
        mirror.due = now + LOOK_EVERY
        needed: dict[Relay, set[Any]] = {}
        for source, stream in mirror.streams.values():
            relay = source.relays[stream.kind]
            if relay not in needed:
                needed[relay] = relay.needed()
            stream.wanted = stream in needed[relay]
        wanted = frozenset(track for track, (_, stream) in mirror.streams.items() if stream.wanted)
        if wanted != mirror.wanted:
            mirror.wanted = wanted
            mirror.link.tell(messages.wanted(sorted(wanted)))
        self._ask(mirror, now)

    @staticmethod
    def _ask(mirror: Mirror, now: float) -> None:
        for track, (_, stream) in list(mirror.streams.items()):
            lost = stream.nacks_due(now)
            if mirror.link is None:
                return
            if lost:
                mirror.link.tell(messages.missing(track, lost))
            if stream.video and stream.keyframes.poll(now) and mirror.link is not None:
                mirror.link.tell(messages.of_track(messages.KEYFRAME, track))

    def _reach(self, mirror: Mirror, now: float) -> None:
        if mirror.lost_at is not None and now - mirror.lost_at > GIVE_UP:
            self._finish(mirror, "origin lost", now)
        elif now >= mirror.try_at:
            mirror.try_at = now + AGAIN_EVERY
            self._connect(mirror)

    def _finish(self, mirror: Mirror, reason: str, now: float) -> None:
        log.info("lesson %s of %s is no longer mirrored here: %s", mirror.lesson.id, mirror.origin, reason)
        self._end(mirror.lesson, reason, now)
        self.forget(mirror.lesson)
