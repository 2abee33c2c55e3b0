"""The origin of mirrored lessons: passes its streams on to the workers that carry more of their watchers.

Each stream goes once to each worker, and only if somebody there is sent it. Back come wishes for keyframes, numbers
that are missing, which layers are needed, and how good it is at the watchers' ends.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from server.media import mirror_messages as messages
from server.media.mirror_link import Link
from server.wire.errors import BadPacket

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

    from server.forward.clock import Mapping
    from server.forward.packet import Packet
    from server.forward.streams import InboundStream
    from server.media.clock import WallClock
    from server.media.lessons import Lesson, Wish
    from server.media.stats import Stats

log = logging.getLogger("tongke.media")

LOOK_EVERY = 0.1  # s between looks for what has changed in a lesson
FIGURES_EVERY = 0.5  # s
QUALITY_FRESH = 8.0  # s: mirrors look every 5
MOST_AGAIN = 64  # packets passed on again for one request
WISHES_AT_ONCE = 200  # some 20 kB
BACKLOG = 64


class Copy:
    """One worker that mirrors one lesson."""

    def __init__(self) -> None:
        self.link: Link | None = None
        self.lesson: Lesson | None = None  # until it has said which
        self.worker = ""
        self.known: dict[InboundStream, int] = {}
        self.wanted: set[int] = set()
        self.mappings: dict[InboundStream, Mapping | None] = {}
        self.wishes: dict[tuple[str, str], Wish] = {}
        self.rows: list[dict[str, Any]] = []
        self.rows_at = float("-inf")


class Origins:
    """All copies of this worker's lessons. Listens at `path`."""

    def __init__(
        self, path: str, epoch: str, lessons: dict[str, Lesson], loop: asyncio.AbstractEventLoop, clock: WallClock,
        stats: Stats,
    ) -> None:  # fmt: skip
        self._path = path
        self._epoch = epoch
        self._lessons = lessons
        self._loop = loop
        self._clock = clock
        self._stats = stats
        self._copies: dict[Lesson, list[Copy]] = {}
        self._numbers: WeakKeyDictionary[InboundStream, int] = WeakKeyDictionary()
        self._count = 0
        self._due = self._figures_due = 0.0
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._listener.setblocking(False)
        self._listener.bind(path)
        os.chmod(path, 0o600)
        self._listener.listen(BACKLOG)
        loop.add_reader(self._listener, self._accept)

    def close(self) -> None:
        """Hang up on everybody."""
        self._loop.remove_reader(self._listener)
        self._listener.close()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._path)
        for lesson in list(self._copies):
            self.closed(lesson)

    def closed(self, lesson: Lesson) -> None:
        """The lesson is over: its mirrors end too."""
        for copy in self._copies.pop(lesson, []):
            if copy.link is not None:
                copy.link.tell(messages.CLOSED)
                copy.link.close()
        _listen_to(lesson, None)

    def rows(self, lesson: Lesson, now: float) -> list[dict[str, Any]]:
        """How good it is at the ends of those who watch by way of mirrors."""
        return [row for copy in self._copies.get(lesson, ()) if now - copy.rows_at < QUALITY_FRESH for row in copy.rows]

    # -- mirrors come and go

    def _accept(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                sock, _ = self._listener.accept()
                copy = Copy()
                copy.link = Link(sock, self._loop, partial(self._take, copy), partial(self._gone, copy))

    def _gone(self, copy: Copy, reason: str) -> None:
        lesson = copy.lesson
        if lesson is None:
            return
        log.info("worker %s no longer mirrors lesson %s: %s", copy.worker, lesson.id, reason)
        left = self._copies.get(lesson, [])
        if copy in left:
            left.remove(copy)
        if not left:
            self._copies.pop(lesson, None)
            _listen_to(lesson, None)

    def _take(self, copy: Copy, kind: bytes, body: bytes) -> None:
        try:
            if kind == messages.HELLO:
                self._greeted(copy, messages.read_told(body))
            elif copy.lesson is not None:
                self._answer(copy, kind, body)
        except (BadPacket, KeyError, TypeError, AttributeError) as error:
            log.warning("worker %s says what is no message of a mirror: %s", copy.worker, error)

    def _greeted(self, copy: Copy, hello: dict[str, Any]) -> None:
        lesson = self._lessons.get(str(hello["lesson_id"]))
        if hello["epoch"] != self._epoch or lesson is None or lesson.mirrored or copy.link is None:
            if copy.link is not None:
                copy.link.close()
            return
        copy.lesson, copy.worker = lesson, str(hello["worker"])
        log.info("worker %s mirrors lesson %s", copy.worker, lesson.id)
        self._copies.setdefault(lesson, []).append(copy)
        copy.link.tell(messages.told(messages.HELLO, {}))
        self._look(lesson, copy)
        self._tell_figures([copy])

    # -- what mirrors ask for

    def _answer(self, copy: Copy, kind: bytes, body: bytes) -> None:
        now = self._clock.now()
        if kind == messages.KEYFRAME:
            for stream in self._streams(copy, messages.read_tracks(body)):
                if stream.video:
                    stream.keyframes.want(now)
        elif kind == messages.WANTED:
            copy.wanted = set(messages.read_tracks(body))
        elif kind == messages.MISSING:
            track, numbers = messages.read_missing(body)
            for stream in self._streams(copy, [track]):
                self._again(copy, track, stream, numbers, now)
        elif kind == messages.QUALITY:
            copy.rows, copy.rows_at = list(messages.read_told(body)), now

    @staticmethod
    def _streams(copy: Copy, tracks: list[int]) -> list[InboundStream]:
        return [stream for stream, number in copy.known.items() if number in tracks]

    def _again(self, copy: Copy, track: int, stream: InboundStream, numbers: list[int], now: float) -> None:
        """What the link lost; what the publisher's line lost is not here either and comes when it comes."""
        found = [
            packet
            for number in numbers[:MOST_AGAIN]
            if (packet := stream.history.get(stream.sequence - ((stream.sequence - number) & 0xFFFF))) is not None
        ]
        if found and copy.link is not None:
            for message in messages.packets(track, now, found):
                copy.link.media(message)

    # -- what goes to mirrors

    def handle_timer(self, now: float) -> None:
        """Tell what has changed, when due."""
        if now < self._due or not self._copies:
            return
        self._due = now + LOOK_EVERY
        for lesson, copies in list(self._copies.items()):
            for copy in list(copies):
                self._look(lesson, copy)
        if now >= self._figures_due:
            self._figures_due = now + FIGURES_EVERY
            self._tell_figures([copy for copies in self._copies.values() for copy in copies])

    def _look(self, lesson: Lesson, copy: Copy) -> None:
        """Tracks that ended or began, and what sender reports said."""
        _listen_to(lesson, self)
        if copy.link is None:
            return
        now_there = {
            stream: source.name
            for source in lesson.sources.values()
            for relay in source.relays.values()
            for stream in relay.layers
        }
        for stream in [each for each in copy.known if each not in now_there]:
            copy.link.tell(messages.of_track(messages.END, copy.known.pop(stream)))
            copy.mappings.pop(stream, None)
        for stream, name in now_there.items():
            if stream not in copy.known:
                self._announce(copy, stream, name)
            mapping = stream.mapping()
            if mapping is not None and mapping.from_report and copy.mappings.get(stream) is not mapping:
                copy.mappings[stream] = mapping
                copy.link.tell(messages.sampled(copy.known[stream], mapping.wall, mapping.timestamp))
        copy.link.flush()

    def _announce(self, copy: Copy, stream: InboundStream, source: str) -> None:
        number = self._numbers.get(stream)
        if number is None:
            self._count += 1
            number = self._numbers[stream] = self._count
        copy.known[stream] = number
        copy.wanted.add(number)  # until it says what it needs: what begins, begins with a keyframe
        assert copy.link is not None
        copy.link.tell(
            messages.told(
                messages.TRACK,
                {
                    "track": number,
                    "source": source,
                    "kind": stream.kind,
                    "codec": stream.codec,
                    "payload_type": stream.payload_type,
                    "clock_rate": stream.clock_rate,
                    "ssrc": stream.ssrc,
                    "mid": stream.mid,
                    "rid": stream.rid,
                    "rank": stream.rank,
                    "red": stream.red_type,
                    "height": stream.height,
                },
            )
        )

    def _tell_figures(self, copies: list[Copy]) -> None:
        for copy in copies:
            found = [
                [number, stream.height, stream.last_arrival, stream.keyframe_octets, stream.temporal_octets]
                for stream, number in copy.known.items()
                if stream.video and stream.packets
            ]
            if copy.link is None or copy.lesson is None:
                continue
            if found:
                copy.link.tell(messages.told(messages.FIGURES, found))
            wishes = {key: wish for key, wish in copy.lesson.wishes.items() if copy.wishes.get(key) != wish}
            copy.wishes |= wishes
            told = [[*key, *wish] for key, wish in wishes.items()]
            for at in range(0, len(told), WISHES_AT_ONCE):
                copy.link.tell(messages.told(messages.WISHES, told[at : at + WISHES_AT_ONCE]))

    def pass_on(self, lesson: Lesson, source: str, stream: InboundStream, batch: Sequence[Packet], now: float) -> None:
        """A batch of a stream's packets, to every worker where somebody is sent them."""
        copies = tuple(self._copies.get(lesson, ()))  # a link that breaks takes its copy out
        built: list[bytes] | None = None
        for copy in copies:
            if stream not in copy.known:  # it has just begun: its first packet is the keyframe
                self._announce(copy, stream, source)
            if copy.known[stream] not in copy.wanted or copy.link is None:
                continue
            if built is None:
                built = list(messages.packets(copy.known[stream], now, batch))
            for message in built:
                copy.link.media(message)
            self._stats.mirrored += len(batch)


def _listen_to(lesson: Lesson, origins: Origins | None) -> None:
    """Have the packets of all streams of a lesson passed on, or no longer."""
    for source in lesson.sources.values():
        for relay in source.relays.values():
            if origins is None:
                relay.copies = None
            elif relay.copies is None:
                relay.copies = partial(origins.pass_on, lesson, source.name)
