"""What each end of a lesson showed and sounded like, for the doubts of the county (`sources` of the report).

Figures and the seconds they are at, nothing else: what is worth a doubt is the server's to say (`config/honesty.toml`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from recorder import prints
from recorder.presence import Presence, longest, total
from recorder.repeats import earlier_than, find_copies, find_loop

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from recorder.hearing import Heard
    from recorder.looking import Onlooker
    from recorder.prints import Prints
    from recorder.reading import Span
    from recorder.repeats import Earlier

# Recordings up to so old are compared: a year and its holidays.
COMPARED_DAYS = 400
DAY_NS = 86_400_000_000_000
QUIET_AT_LEAST = 60.0  # s
MOST_COPIES = 5
FILMED = ("teacher", "classroom-")  # a screen shows the same slides to every class


@dataclass(slots=True)
class End:
    """One source."""

    source: str
    presence: Presence = field(default_factory=Presence)
    maker: prints.PrintMaker = field(init=False)
    heard: list[Span] = field(default_factory=list)
    sound: list[Span] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.maker = prints.PrintMaker(self.source)

    def onlookers(self) -> list[Onlooker]:
        """Who looks at its picture."""
        return [self.presence, self.maker] if self.source.startswith(FILMED) else []

    def listen(self, heard: Heard, spans: Sequence[Span]) -> None:
        """One track of its sound."""
        self.heard = sorted([*self.heard, *heard.heard()])
        self.sound = sorted([*self.sound, *spans])


def write(folder: Path, zero_ns: int, ends: Sequence[End]) -> list[dict[str, Any]]:
    """Keep the hashes beside the recording; `sources` of the report. Raises OSError."""
    made = {end.source: end.maker.prints() for end in ends}
    prints.save(folder, zero_ns, list(made.values()))
    told = [one for one in made.values() if len(one.hashes)]
    since_ns = zero_ns - COMPARED_DAYS * DAY_NS
    others = list(earlier_than(folder.parent, folder.name, zero_ns, since_ns)) if told else []
    return [_as_json(end, made[end.source], others) for end in ends]


def _as_json(end: End, made: Prints, others: Sequence[Earlier]) -> dict[str, Any]:
    still, empty, quiet = end.presence.still(), end.presence.empty(), _quiet(end)
    loop = find_loop(made)
    return {
        "source": end.source,
        "picture_seconds": round(end.presence.seconds, 1),
        "still_seconds": round(total(still), 1),
        "still": longest(still),
        "empty_seconds": round(total(empty), 1),
        "empty": longest(empty),
        "sound_seconds": round(total(end.sound), 1),
        "heard_seconds": round(total(end.heard), 1),
        "last_heard": round(end.heard[-1][1], 1) if end.heard else None,
        "quiet": longest(quiet),
        "loop": None
        if loop is None
        else {
            "period": loop.period,
            "seconds": round(loop.seconds, 1),
            "stretches": [one.as_json() for one in loop.stretches],
        },
        "copies": [
            {
                "lesson_id": copy.lesson_id,
                "source": copy.source,
                "seconds": round(copy.seconds, 1),
                "stretches": [one.as_json() for one in copy.stretches],
            }
            for copy in find_copies(made, others)[:MOST_COPIES]
        ],
    }


def _quiet(end: End) -> list[Span]:
    """Stretches of its sound in which nothing is heard."""
    found: list[Span] = []
    for start, stop in end.sound:
        at = start
        for since, until in end.heard:
            if until <= start or since >= stop:
                continue
            found.append((at, since))
            at = max(at, until)
        found.append((at, stop))
    return [span for span in found if span[1] - span[0] >= QUIET_AT_LEAST]
