"""A forwarder in virtual time: sessions paced onto one seeded link, their receiver's feedback, and what was seen.

Sound goes at once, pictures through a pacer at what the estimate leaves; it is allocated every `DECIDE` seconds.
"""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass, field, replace
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

from server.forward.allocation import Demand, Option, allocate, wanted
from server.forward.bandwidth.budget import Budget
from server.forward.bandwidth.estimator import CLOCK_WRAP, Estimator
from tests.fakes.link import Link, Profile

if TYPE_CHECKING:
    from collections.abc import Callable

SOUND = 110  # bytes with headers of 20 ms of Opus at 32 kbit/s
SOUND_RATE = SOUND * 8 * 50
PACKET = 1200
LEAST_PACE = 20_000.0  # bit/s
DECIDE = 0.1
OVERDUE = 1.0  # s without feedback
SLIDE_EVERY = 10.0  # s
KEYFRAME = 5.0  # × a frame
TICK = 0.000_25  # s of transport-cc's arrival times


class Clock:
    """Virtual time: what is due runs in order."""

    def __init__(self) -> None:
        self.now = 0.0
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._serial = 0

    def at(self, when: float, run: Callable[[], None]) -> None:
        self._serial += 1
        heapq.heappush(self._events, (max(when, self.now), self._serial, run))

    def run(self, until: float) -> None:
        while self._events and self._events[0][0] <= until:
            self.now, _, event = heapq.heappop(self._events)
            event()
        self.now = until


@dataclass
class Seen:
    """What one session's receiver saw."""

    sound: list[tuple[float, float]] = field(default_factory=list)  # (arrival, delay)
    frames: list[float] = field(default_factory=list)  # arrival of each whole frame
    delays: list[tuple[float, float]] = field(default_factory=list)  # (arrival, delay since capture) of whole frames
    large: list[tuple[float, float]] = field(default_factory=list)  # those of `delays` of more than one packet
    bits: list[tuple[float, int]] = field(default_factory=list)

    def longest_freeze(self, since: float, until: float) -> float:
        times = [since, *(at for at in self.frames if since <= at <= until), until]
        return max(after - before for before, after in pairwise(times))

    def worst_delay(self, since: float) -> float:
        return max((delay for at, delay in self.delays if at >= since), default=0.0)

    def worst_sound(self, since: float) -> float:
        return max((delay for at, delay in self.sound if at >= since), default=0.0)

    def bitrate(self, since: float, until: float) -> float:
        return sum(bits for at, bits in self.bits if since <= at < until) / (until - since)


class Session:
    """One player: a picture by `options` (None: sound only) and sound, an estimator, a receiver."""

    def __init__(self, room: Room, key: str, options: list[Option], **demand: object) -> None:
        self.room, self.key = room, key
        self.estimator = Estimator(budget=room.budget)
        self.slides = 0  # bytes of a new slide every `SLIDE_EVERY`, in place of a steady stream
        self.demand = Demand(key, options=options, **({"priority": 1, "wanted_height": 720} | demand))  # type: ignore[arg-type]
        self.seen = Seen()
        self.sent: list[tuple[float, int]] = []  # by sequence
        self.frames: dict[int, list[float]] = {}  # frame: [packets missing, captured, packets]
        self.arrived: dict[int, float] = {}
        self.reported = 0
        self.queue: deque[tuple[int, int]] = deque()  # (size, frame) waiting in the pacer
        self.pacing = False
        self.key_next = True
        self.next_slide = 0.0
        self.frame = 0
        self.heard_at = room.clock.now
        self.levels: list[tuple[float, int | None]] = []

    def start(self) -> None:
        clock = self.room.clock
        clock.at(clock.now, self._sound)
        clock.at(clock.now + 0.007, self._capture)
        clock.at(clock.now + 0.1, self._report)

    def switch(self, index: int | None) -> None:
        current = self.demand.current
        if index == current:
            return
        options = self.demand.options
        if index is not None and (current is None or options[index].layer != options[current].layer):
            self.key_next = True
        self.demand = replace(self.demand, current=index)
        self.levels.append((self.room.clock.now, index))

    def send(self, size: int, kind: int, captured: float) -> None:
        """`kind`: a frame's number, -1 sound, -2 padding."""
        now = self.room.clock.now
        self.sent.append((now, size))
        self.room.put((self, len(self.sent) - 1, kind, captured), size)

    def _sound(self) -> None:
        self.send(SOUND, -1, self.room.clock.now)
        self.room.clock.at(self.room.clock.now + 0.02, self._sound)

    def _capture(self) -> None:
        clock, demand = self.room.clock, self.demand
        index = demand.current
        rate = 30.0
        if index is not None:
            option = demand.options[index]
            rate = 30.0 if option.temporal else 15.0
            if demand.screen:
                rate = 10.0 if option.temporal else 3.0
            size = option.bitrate / rate / 8 * self.room.random.uniform(0.7, 1.3)
            if self.slides:
                size = 100.0
                if clock.now >= self.next_slide:
                    size, self.next_slide = float(self.slides), clock.now + SLIDE_EVERY
            elif self.key_next:
                size, self.key_next = size * KEYFRAME, False
            self.frame += 1
            count = max(1, round(size / PACKET))
            self.frames[self.frame] = [count, clock.now, count]
            self.queue.extend([(max(60, int(size / count)), self.frame)] * count)
            if not self.pacing:
                self.pacing = True
                self._pace()
        clock.at(clock.now + 1 / rate, self._capture)

    def _pace(self) -> None:
        if not self.queue:
            self.pacing = False
            return
        size, frame = self.queue.popleft()
        self.send(size, frame, self.frames[frame][1])
        clock = self.room.clock
        clock.at(clock.now + size * 8 / self.room.left_for(self), self._pace)

    def arrive(self, sequence: int, kind: int, captured: float, size: int) -> None:
        now, seen = self.room.clock.now, self.seen
        self.arrived[sequence] = now
        seen.bits.append((now, size * 8))
        if kind == -1:
            seen.sound.append((now, now - captured))
        elif kind >= 0:
            frame = self.frames[kind]
            frame[0] -= 1
            if not frame[0]:
                seen.frames.append(now)
                seen.delays.append((now, now - frame[1]))
                if frame[2] > 1:
                    seen.large.append((now, now - frame[1]))

    def _report(self) -> None:
        """The receiver's transport-cc: all up to the highest sequence that arrived."""
        room = self.room
        if self.arrived:
            highest = max(self.arrived)
            first = self.reported
            ticks = [self.arrived.get(each) for each in range(first, highest + 1)]
            arrived = [
                None if at is None else round((at * (1 + room.drift) + room.offset) / TICK) * TICK for at in ticks
            ]
            if room.wraps:  # 24 signed bits of 64 ms
                arrived = [
                    None if at is None else (at + CLOCK_WRAP / 2) % CLOCK_WRAP - CLOCK_WRAP / 2 for at in arrived
                ]
            self.reported = highest + 1
            self.arrived.clear()
            if room.random.random() >= room.feedback_loss:
                sent = self.sent[first : highest + 1]
                room.clock.at(room.clock.now + room.way_back(), lambda: self._told(sent, arrived))
        room.clock.at(room.clock.now + 0.1, self._report)

    def _told(self, sent: list[tuple[float, int]], arrived: list[float | None]) -> None:
        now = self.heard_at = self.room.clock.now
        self.estimator.round_trip(2 * self.room.delay)
        self.estimator.feedback(sent, arrived, now)


class Room:
    """One participant's downlink with all that plays over it."""

    def __init__(
        self,
        profile: Profile,
        *,
        seed: int = 1,
        drift: float = 0.0,
        offset: float = 1000.0,
        wraps: bool = False,
        feedback_loss: float = 0.0,
    ) -> None:
        self.clock, self.random = Clock(), Random(seed)
        self.link = Link(Random(seed + 1), profile)
        self.budget = Budget()
        self.sessions: list[Session] = []
        self.wraps = wraps
        self.drift, self.offset, self.feedback_loss = drift, offset, feedback_loss
        self.delay = profile.delay
        self.back_jitter = 0.0
        self.probes: list[tuple[float, float, int]] = []
        self.estimates: list[tuple[float, float]] = []
        self.clock.at(0.0, self._decide)

    def play(self, key: str, options: list[Option], **demand: object) -> Session:
        session = Session(self, key, options, **demand)
        self.sessions.append(session)
        session.start()
        return session

    def left_for(self, session: Session) -> float:
        """bit/s at which a session's pictures are paced: what the others' sound and pictures leave of the estimate."""
        taken = SOUND_RATE * len(self.sessions)
        for other in self.sessions:
            if other is not session and other.demand.current is not None:
                taken += other.demand.options[other.demand.current].bitrate
        return max(self.budget.total(self.clock.now) - taken, LEAST_PACE)

    def way_back(self) -> float:
        return self.delay + self.random.uniform(0.0, self.back_jitter)

    def put(self, what: object, size: int) -> None:
        self.link.put(_Datagram(what, size), self.clock.now)  # type: ignore[arg-type]
        self._listen()

    def _listen(self) -> None:
        due = self.link.next_deadline()
        if due is not None:
            self.clock.at(due, self._deliver)

    def _deliver(self) -> None:
        for datagram in self.link.get(self.clock.now):
            session, sequence, kind, captured = datagram.what  # type: ignore[attr-defined]
            session.arrive(sequence, kind, captured, len(datagram))

    def _decide(self) -> None:
        now = self.clock.now
        for session in self.sessions:
            if now - session.heard_at > OVERDUE:
                session.estimator.overdue(now)
        total = self.budget.room(now)
        self.estimates.append((now, self.budget.total(now)))
        pictures = total - SOUND_RATE * len(self.sessions)
        demands = [session.demand for session in self.sessions]
        given = allocate(demands, pictures)
        for session in self.sessions:
            session.switch(given[session.key])
        most = wanted(demands) + SOUND_RATE * len(self.sessions)
        if self.sessions and most > total:
            session = self.sessions[0]
            probe = session.estimator.probe(most, now)
            if probe is not None:
                self.probes.append((now, probe.rate, probe.size))
                count = max(5, probe.size // 1200)
                gap = probe.duration / count
                for index in range(count):
                    self.clock.at(now + index * gap, lambda: session.send(probe.size // count, -2, now))
                self.clock.at(
                    now + (count - 1) * gap,
                    lambda: session.estimator.probe_sent(probe, now, now + (count - 1) * gap),
                )
        self.clock.at(now + DECIDE, self._decide)


class _Datagram:
    """What the link needs of a datagram: a size."""

    def __init__(self, what: object, size: int) -> None:
        self.what, self._size = what, size

    def __len__(self) -> int:
        return self._size
