"""Samples what flowed in the worker's sessions into each lesson's flow, and tells it (docs/protocols.md, Flow)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server.media.flow import SAMPLES_PER_SECOND, FlowKey, Sampled
from server.media.sessions import Player, Publisher

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from server.forward.streams import InboundStream
    from server.media.clock import WallClock
    from server.media.lessons import Lesson
    from server.media.sessions import Session, Track

TELL_EVERY = 2.0  # s between flow events
# With hundreds of watchers the rows of what was sent cost the database more than the media costs the worker: they are
# told less often. What arrived, by which lessons begin and end, is not.
CROWD = 200  # rows
CROWD_EVERY = 8.0  # s


class Evidence:
    """Looks at counters a few times a second instead of touching anything per packet."""

    def __init__(self, clock: WallClock, emit: Callable[[str, dict[str, Any]], None]) -> None:
        self._clock = clock
        self._emit = emit
        self._sample_due = 0.0
        self._tell_due = 0.0

    def handle_timer(self, lessons: Collection[Lesson], sessions: Iterable[Session], now: float) -> None:
        """Sample and tell when due.

        A machine's clock that is set is followed only between lessons: within one, it would tear the recording and
        the seconds of evidence apart.
        """
        if now >= self._sample_due:
            self._sample_due = now + 1 / SAMPLES_PER_SECOND
            if not lessons:
                self._clock.check()
            self.sample(sessions, now)
        if now >= self._tell_due:
            self._tell_due = now + TELL_EVERY
            for lesson in lessons:
                part = len(lesson.flow) > CROWD and now < lesson.flow.whole_at + CROWD_EVERY
                self.tell(lesson, arrived_only=part)
                if not part:
                    lesson.flow.whole_at = now

    def sample(self, sessions: Iterable[Session], now: float) -> None:
        """Look at every session's counters."""
        for session in sessions:
            if isinstance(session, Publisher):
                for stream, track in session.tracks.items():
                    self.mark_in(session, stream, track)
            elif isinstance(session, Player) and session.connected:
                self.mark_out(session, now)

    def mark_in(self, publisher: Publisher, stream: InboundStream, track: Track) -> None:
        """What arrived of a stream since the last look."""
        packets, octets = track.sampled.advance(stream.packets, stream.bytes)
        if packets > 0:
            publisher.lesson.flow.mark(track.key, self._clock.wall(stream.last_arrival), packets, octets)

    def mark_out(self, player: Player, now: float) -> None:
        """What was sent to a player since the last look, if its receiver answers."""
        answering = player.answering(now)
        if not player.sampled:
            who = player.participant_id, player.source.name, "out"
            player.sampled = [(each, FlowKey(*who, each.kind), Sampled()) for each in player.egress.subscriptions]
        for subscription, key, sampled in player.sampled:
            packets, octets = sampled.advance(*subscription.sent())
            if packets > 0 and answering:
                stream = subscription.stream
                if stream is not None:
                    player.lesson.flow.mark(key, self._clock.wall(stream.last_arrival), packets, octets)

    def tell(self, lesson: Lesson, *, arrived_only: bool = False) -> None:
        """One `flow` event with what was marked since the last one."""
        rows = lesson.flow.rows(arrived_only=arrived_only)
        if rows:
            self._emit("flow", {"lesson_id": lesson.id, "rows": rows})
