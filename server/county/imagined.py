"""Honest lessons as the media plane and the recorder would have measured them, from a seed: a whole county's year.

Nothing here is about false ones. Lessons begin late and end late, lines break off for a while, a classroom is muted but
for a few answers, pupils write quietly, a camera is switched off, a film is shown twice; schools share a line or have a
new address every day. The test of false alarms is judged on these, and a demonstration can fill a year with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from .doubts import Publication
from .evidence import TEACHER, classroom_id, window_mask
from .model import FlowRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .model import Pairing, School

DAY = 86_400
# A day's lessons, seconds after midnight: 08:00, 08:50, 09:50, 10:40, 13:30, 14:20, 15:10.
PERIODS = (28_800, 31_800, 35_400, 38_400, 48_600, 51_600, 54_600)
# Of a pairing in each of them: about two lessons a week.
TAUGHT = 0.06


@dataclass(frozen=True, slots=True)
class Stream:
    """Media of one kind that went one way in [since, until), Unix seconds."""

    participant_id: str
    source: str
    direction: str
    kind: str
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Imagined:
    """One lesson that was taught. `report` is the verification's (docs/protocols.md, section 5), but for its
    `lesson_id`."""

    pairing: Pairing
    subject_id: str
    starts_at: float
    planned_minutes: int
    begun: float
    ended: float
    streams: tuple[Stream, ...]
    addresses: Mapping[str, str]  # by school
    report: Mapping[str, Any]

    def rows(self, lesson_id: str) -> list[FlowRow]:
        """Its flow."""
        masks: dict[tuple[str, str, str, str, int], int] = {}
        for one in self.streams:
            for minute in range(one.since // 60, (one.until - 1) // 60 + 1):
                key = (one.participant_id, one.source, one.direction, one.kind, minute)
                masks[key] = masks.get(key, 0) | window_mask(minute, one.since, one.until)
        return [FlowRow(lesson_id, *key, mask) for key, mask in masks.items()]

    def publications(self, lesson_id: str) -> list[Publication]:
        """From which lines it was sent."""
        teaches = self.pairing.supporting_school_id
        return [
            Publication(lesson_id, TEACHER if school == teaches else classroom_id(school), school, address, self.begun)
            for school, address in self.addresses.items()
        ]


def imagined_year(
    seed: int, pairings: Sequence[Pairing], schools: Mapping[str, School], subjects: Sequence[str], begins: float
) -> Iterator[Imagined]:
    """Honest lessons without end from the midnight `begins` on, in the order of their starts, five days a week.

    A pairing has at most one lesson at a time. The same arguments give the same lessons.
    """
    random = Random(seed)
    lines = {school: random.choice(("fixed", "daily", "county")) for school in sorted(schools)}
    day = 0
    while True:
        for period in PERIODS:
            for pairing in pairings:
                if random.random() < TAUGHT:
                    stage = schools[pairing.receiving_school_id].stage
                    planned = 45 if stage == "junior" else 40
                    starts_at = begins + day * DAY + period
                    yield _lesson(random, pairing, random.choice(list(subjects)), starts_at, planned, lines)
        day += 3 if day % 7 == 4 else 1


def _lesson(
    random: Random, pairing: Pairing, subject_id: str, starts_at: float, planned: int, lines: Mapping[str, str]
) -> Imagined:
    room = pairing.receiving_school_id
    begun = starts_at + random.expovariate(1 / 60)
    length = planned * 60 * random.uniform(0.9, 1.08)
    streams = list(_streams(random, classroom_id(room), int(begun), int(begun + length)))
    return Imagined(
        pairing=pairing,
        subject_id=subject_id,
        starts_at=starts_at,
        planned_minutes=planned,
        begun=begun,
        ended=begun + length,
        streams=tuple(streams),
        addresses={
            school: _address(random, lines[school], school, int(starts_at // DAY))
            for school in (pairing.supporting_school_id, room)
        },
        report=_report(random, classroom_id(room), begun, length),
    )


def _streams(random: Random, room: str, since: int, until: int) -> Iterator[Stream]:
    """Both ends' sound and picture, with what breaks off: a page is opened again, a line is away for a while."""
    late = min(120, int(random.expovariate(1 / 25)))
    camera = random.random() > 0.04
    for kind in ("audio", "video"):
        for start, end in _kept(random, since + 4, until - 2):
            yield Stream(TEACHER, TEACHER, "in", kind, start, end)
        for start, end in _kept(random, since + 4 + late, until - 2):
            yield Stream(room, TEACHER, "out", kind, start, end)
            if kind == "audio" or camera:
                yield Stream(room, room, "in", kind, start, end)


def _kept(random: Random, since: int, until: int) -> list[tuple[int, int]]:
    spans, at = [], since
    for _ in range(random.choice((0, 0, 0, 0, 1, 1, 2))):
        gap = at + int(random.uniform(0, (until - at) * 0.8))
        if gap > at:
            spans.append((at, gap))
        at = gap + 2 + int(random.expovariate(1 / 12))
    return [*spans, (at, until)] if at < until else spans


def _address(random: Random, line: str, school_id: str, day: int) -> str:
    """A line of its own, one with a new address every day, or the county's own net with one address for all."""
    if line == "county":
        return "192.0.2.1"
    seed = f"{school_id}" if line == "fixed" else f"{school_id} {day}"
    own = Random(seed).randrange(1 << 16)
    moved = random.random() < 0.01  # the router began anew in the middle of the day
    return f"100.{64 + moved}.{own >> 8}.{own & 255}"


def _report(random: Random, room: str, begun: float, length: float) -> dict[str, Any]:
    quiet_end = random.expovariate(1 / 20) + (random.expovariate(1 / 150) if random.random() < 0.08 else 0.0)
    ends = [_end(random, TEACHER, length, quiet_end, heard=0.75), _end(random, room, length, quiet_end, heard=0.3)]
    return {
        "opens": True,
        "clock_zero": begun,
        "open_seconds": length + random.uniform(-2, 6),
        "live_seconds": length - 6,
        "duration": length - 5,
        "gap_seconds": random.choice((0.0, 0.0, 1.5, 4.0)),
        "teacher": {
            "black_or_frozen_share": min(0.19, random.expovariate(1 / 0.02)),
            "silent_share": random.uniform(0.05, 0.35),
        },
        "tracks": [],
        "sources": ends,
        "problems": [],
    }


def _end(random: Random, source: str, length: float, quiet_end: float, heard: float) -> dict[str, Any]:
    """One end: how much moved, how much was heard; what an honest one repeats is a film or a song."""
    room = source != TEACHER
    picture = 0.0 if room and random.random() < 0.04 else length - random.uniform(4, 40)
    # Pupils who write or read sit nearly still: some minutes of a lesson, seldom a third of it.
    empty = 60.0 * int(random.expovariate(1 / (2.5 if room else 1.0)))
    still = random.expovariate(1 / 30)
    share = heard * random.betavariate(3, 3) if random.random() > 0.1 else heard * random.uniform(0.06, 0.2)
    again = random.expovariate(1 / 40) if random.random() < 0.03 else 0.0
    return {
        "source": source,
        "picture_seconds": round(picture, 1),
        "still_seconds": round(min(still, picture), 1),
        "still": [],
        "empty_seconds": min(empty, 60.0 * (picture // 60)),
        "empty": [],
        "sound_seconds": round(length, 1),
        "heard_seconds": round(length * share, 1),
        "last_heard": round(length - quiet_end - random.uniform(0, 30), 1),
        "quiet": [],
        "loop": {"period": 300.0, "seconds": round(again, 1), "stretches": []} if again else None,
        "copies": [
            {"lesson_id": "earlier", "source": source, "seconds": round(random.expovariate(1 / 30), 1), "stretches": []}
        ]
        if random.random() < 0.02
        else [],
    }
