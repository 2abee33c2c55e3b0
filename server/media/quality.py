"""What each participant's media is like, every few seconds, from counters that are kept anyway (event `quality`).

Nothing here is done per packet. A lesson's sessions are looked at in portions, one per tick, so that a lesson of
hundreds holds up no packet; each counter is compared with its own last look, whenever that was.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from server.forward.quality import Figures, picture_score, sound_score
from server.media.lessons import SCREEN
from server.media.sessions import ANSWERING, Player, Publisher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from server.forward.streams import InboundStream
    from server.forward.subscriptions import Subscription
    from server.media.clock import WallClock
    from server.media.lessons import Lesson
    from server.media.sessions import Session

LOOK_EVERY = 5.0  # s between two looks at a lesson
FIRST_LOOK = 2.0  # s, where something is new: its first bars shall not be waited for
PORTION = 64  # sessions per tick: about 0.6 ms
MAX_ROWS = 256  # of one event; the best of those that only play are left out
FRESH = 12.0  # s: an older receiver report says nothing of now
NO_PICTURE = 2  # score while a thin line carries sound alone, as it should

Row = dict[str, Any]


class Counts(NamedTuple):
    """Totals at the last look. Those of the packets are of the network, before repair."""

    at: float
    octets: int = 0
    expected: int = 0
    received: int = 0
    repaired: int = 0
    breaks: int = 0


@dataclass(slots=True)
class Look:
    """A lesson's next look, and the one under way."""

    due: float
    waiting: list[Session] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    began: bool = False


class Load:
    """Share of a core this process used between two looks."""

    def __init__(self) -> None:
        self._at, self._cpu, self.share = time.monotonic(), time.process_time(), 0.0

    def look(self) -> float:
        """Renewed at most once a second, so that many lessons share one figure."""
        at = time.monotonic()
        if at - self._at >= 1.0:
            cpu = time.process_time()
            self.share = min(1.0, (cpu - self._cpu) / (at - self._at))
            self._at, self._cpu = at, cpu
        return self.share


class Quality:
    """`handle_timer` at each tick; emits one `quality` event per lesson and look."""

    def __init__(self, clock: WallClock, emit: Callable[[str, dict[str, Any]], None]) -> None:
        self._clock = clock
        self._emit = emit
        self._load = Load()
        self._looks: WeakKeyDictionary[Lesson, Look] = WeakKeyDictionary()
        self._before: WeakKeyDictionary[InboundStream | Subscription, Counts] = WeakKeyDictionary()
        self._met_new = False  # something was looked at for the first time: its figures come with the next look

    def handle_timer(self, lessons: Iterable[Lesson], now: float) -> None:
        """Begin the looks that are due and go on with those under way."""
        left = PORTION
        for lesson in lessons:
            look = self._looks.get(lesson)
            if look is None:
                look = self._looks[lesson] = Look(now + FIRST_LOOK)
            if not look.began and now >= look.due:
                look.due = now + LOOK_EVERY
                look.began = True
                look.waiting = [session for session in lesson.sessions.values() if session.connected]
            if look.began and left > 0:
                left -= self._go_on(lesson, look, left, now)

    def _go_on(self, lesson: Lesson, look: Look, most: int, now: float) -> int:
        """Look at up to `most` sessions; how many it were. The event follows the last."""
        portion, look.waiting = look.waiting[:most], look.waiting[most:]
        for session in portion:
            if session.closed:
                continue
            if isinstance(session, Publisher):
                look.rows += self._rows_in(session, now)
            elif isinstance(session, Player):
                look.rows += self._rows_out(session, now)
        if not look.waiting:
            rows, look.rows, look.began = look.rows, [], False
            if self._met_new:
                look.due, self._met_new = now + FIRST_LOOK, False
            if rows:
                self._tell(lesson, rows, now)
        return len(portion)

    def _tell(self, lesson: Lesson, rows: list[Row], now: float) -> None:
        share_round_trips(rows)
        self._emit(
            "quality",
            {
                "lesson_id": lesson.id,
                "at": round(self._clock.wall(now), 3),
                "load": round(self._load.look(), 3),
                "rows": chosen(rows),
            },
        )

    # -- one direction each

    def _rows_in(self, publisher: Publisher, now: float) -> list[Row]:
        """One row per kind: the layers of a track go the same way and are counted together."""
        kinds: dict[str, list[InboundStream]] = {}
        for stream in publisher.tracks:
            kinds.setdefault(stream.kind, []).append(stream)
        rows = [self._row_in(publisher, kind, streams, now) for kind, streams in kinds.items()]
        found = [row for row in rows if row is not None]
        # Nothing at all arrives: it is cut off. A screen that stands still is not, as long as its page answers.
        still = publisher.source.name == SCREEN and now - publisher.last_heard < ANSWERING
        if not still and all(row["bitrate"] == 0 for row in found):
            for row in found:
                row["score"] = 1
        return found

    def _row_in(self, publisher: Publisher, kind: str, streams: list[InboundStream], now: float) -> Row | None:
        changes = [change for stream in streams if (change := self._change(stream, counts_in(stream, now)))]
        if not changes:
            return None
        new = added(changes)
        active = [stream for stream in streams if now - stream.last_arrival < LOOK_EVERY]
        best = max(active, key=height_of, default=None)
        figures = Figures(
            loss=share(new.expected - new.received + new.repaired, new.expected),
            repaired=share(new.repaired, new.expected),
            jitter=max((stream.jitter for stream in active), default=0.0),
            freezes=new.breaks,
            seconds=new.at,
            bitrate=8 * new.octets / new.at,
            height=height_of(best) or None,
            camera=kind == "video" and publisher.source.name != SCREEN,
        )
        return row_of(publisher, "in", kind, figures, layer=rid_of(best))

    def _rows_out(self, player: Player, now: float) -> list[Row]:
        rows: list[Row] = []
        for subscription in player.egress.subscriptions:
            stream = subscription.stream
            report = player.egress.reports.get(subscription.ssrc)
            packets, octets = subscription.sent()
            lost = report.packets_lost if report is not None else 0
            counts = Counts(now, octets, packets, packets - lost, subscription.resent, subscription.pleas)
            new = self._change(subscription, counts)
            held_back = player.held_back and subscription.kind == "video"
            if new is None or (stream is None and not new.octets and not held_back):
                continue
            if report is not None and now - report.at > FRESH:
                report = None
            loss = share(new.expected - new.received, new.expected) if report is not None else 0.0
            figures = Figures(
                loss=loss,
                repaired=min(loss, share(new.repaired, new.expected)),
                jitter=report.jitter if report is not None else 0.0,
                round_trip=report.round_trip if report is not None else None,
                freezes=new.breaks,
                seconds=new.at,
                bitrate=8 * new.octets / new.at,
                height=height_of(stream) or None,
                held_back=held_back,
            )
            row = row_of(player, "out", subscription.kind, figures, layer=rid_of(stream))
            row["held_back"], row["estimate"] = held_back, player.estimate and round(player.estimate)
            if not player.answering(now):
                row["score"] = 1
            elif held_back and not figures.bitrate:
                row["score"] = NO_PICTURE
            rows.append(row)
        return rows

    def _change(self, what: InboundStream | Subscription, counts: Counts) -> Counts | None:
        """What was added since the last look, `at` being the seconds between; None at the first."""
        before, self._before[what] = self._before.get(what), counts
        if before is None or counts.at <= before.at:
            self._met_new = True
            return None
        expected = counts.expected - before.expected
        if expected < 0:  # the sender's numbers began anew
            before = Counts(before.at, before.octets, repaired=before.repaired, breaks=before.breaks)
        return Counts(counts.at - before.at, *(new - old for new, old in zip(counts[1:], before[1:], strict=True)))


def counts_in(stream: InboundStream, now: float) -> Counts:
    """A stream's totals."""
    return Counts(now, stream.bytes, stream.expected, stream.received, stream.repaired, stream.nacks.breaks)


def added(changes: list[Counts]) -> Counts:
    """The sum over layers; `at` is the longest of their times."""
    sums = [sum(column) for column in zip(*changes, strict=True)]
    return Counts(max(change.at for change in changes), *(int(value) for value in sums[1:]))


def share(part: int, whole: int) -> float:
    """In 0..1; reordering across two looks may make either a little too large."""
    return min(1.0, max(0.0, part / whole)) if whole > 0 else 0.0


def height_of(stream: InboundStream | None) -> int:
    """The picture's height in pixels, 0 while unknown."""
    return 0 if stream is None else stream.height


def rid_of(stream: InboundStream | None) -> str | None:
    """The layer's name, None for a track without layers."""
    return None if stream is None else stream.rid or None


def row_of(session: Session, direction: str, kind: str, seen: Figures, *, layer: str | None) -> Row:
    """A row of the event (docs/protocols.md, Quality); `score` None: nothing flows, which may be meant so."""
    judge = sound_score if kind == "audio" else picture_score
    return {
        "participant_id": session.participant_id,
        "source": session.source.name,
        "direction": direction,
        "kind": kind,
        "bitrate": round(seen.bitrate),
        "loss": round(seen.loss, 4),
        "repaired": round(seen.repaired, 4),
        "jitter_ms": round(1000 * seen.jitter, 1),
        "rtt_ms": None if seen.round_trip is None else round(1000 * seen.round_trip),
        "layer": layer,
        "height": seen.height,
        "freezes": seen.freezes,
        "score": judge(seen) if seen.bitrate else None,
    }


def share_round_trips(rows: list[Row]) -> None:
    """Who only sends tells no round trip (RFC 3550 gives it to the sender of reports): the same end's other rows do."""
    known: dict[str, int] = {}
    for row in rows:
        if row["rtt_ms"] is not None:
            known[row["participant_id"]] = min(row["rtt_ms"], known.get(row["participant_id"], row["rtt_ms"]))
    for row in rows:
        if row["rtt_ms"] is None:
            row["rtt_ms"] = known.get(row["participant_id"])


def chosen(rows: list[Row]) -> list[Row]:
    """At most MAX_ROWS: who sends, then who receives worst."""
    if len(rows) <= MAX_ROWS:
        return rows
    return sorted(rows, key=lambda row: (row["direction"] == "out", row["score"] or 6))[:MAX_ROWS]
