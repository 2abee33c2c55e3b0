"""How good a stream is, 1 to 5, from what the network did to it. Pure; docs/operations.md tells it to people.

Both kinds begin near 100 and lose points; the points become 1 to 5 at the limits of ITU-T G.107 annex B.

- Sound follows the E-model (ITU-T G.107) with the default R of 93.2: delay costs Id, loss costs Ie-eff with the packet
  loss robustness of G.113 appendix I for a codec that conceals. What came back in time does not count as lost.
- Picture has no such model that needs counters alone, so its weights are ours: a loss that was not repaired breaks the
  picture until the next keyframe and weighs most, a repaired one costs delay, a freeze is seen by everybody.
"""

from __future__ import annotations

from typing import NamedTuple

# ITU-T G.107 annex B: users are satisfied from 80, some dissatisfied from 70, many from 60, nearly all from 50.
LIMITS = (80.0, 70.0, 60.0, 50.0)
BEST_SOUND = 93.2  # G.107 default R without any impairment
ROBUSTNESS = 25.1  # Bpl of a codec with loss concealment (G.113 appendix I)
BUFFER = 0.02  # s that a jitter buffer holds beside the jitter itself
BURST = 2.0  # losses come in runs on a radio link: BurstR of G.107

PER_LOST = 500.0  # points for everything lost: 4 % cost one grade, 10 % cost three
PER_REPAIRED = 150.0
PER_FREEZE = 25.0  # for each in FREEZE_WINDOW
FREEZE_WINDOW = 5.0  # s
PER_HELD_BACK = 24.0  # a smaller picture than there is, because the line takes no more
# A camera below these (pixels of height, bit/s where the height is not known) is hard to look at on a wall.
SMALL, POOR = ((240, 25.0), (480, 10.0)), ((100_000, 30.0), (250_000, 15.0))


class Figures(NamedTuple):
    """What a look measured. Shares are 0..1 of the packets sent, `loss` before repair; times in s, rates in bit/s."""

    loss: float = 0.0
    repaired: float = 0.0
    jitter: float = 0.0
    round_trip: float | None = None
    freezes: int = 0
    seconds: float = FREEZE_WINDOW
    bitrate: float = 0.0
    height: int | None = None
    camera: bool = False  # judge the picture's size too: not of a screen, nor of a thumbnail that is wanted small
    held_back: bool = False  # it is smaller than it is shown, because the line takes no more


def sound_score(seen: Figures) -> int:
    """1 (nobody would stay) to 5 (good) of an audio stream."""
    lost = 100 * max(0.0, seen.loss - seen.repaired)
    equipment = 95 * lost / (lost / BURST + ROBUSTNESS)
    return _grade(BEST_SOUND - _delay_points(seen) - equipment)


def picture_score(seen: Figures) -> int:
    """1 to 5 of a video stream."""
    points = 100 - PER_LOST * max(0.0, seen.loss - seen.repaired) - PER_REPAIRED * min(seen.repaired, seen.loss)
    points -= PER_FREEZE * seen.freezes * FREEZE_WINDOW / max(seen.seconds, 1.0)
    points -= _delay_points(seen)
    points -= PER_HELD_BACK * seen.held_back
    if seen.camera or seen.held_back:
        measured, limits = (seen.height, SMALL) if seen.height else (seen.bitrate, POOR)
        points -= next((cost for limit, cost in limits if measured < limit), 0.0)
    return _grade(points)


def _delay_points(seen: Figures) -> float:
    """Id of the E-model, in the approximation of Cole and Rosenbluth (2001), for the delay from mouth to ear."""
    delay = 1000 * ((seen.round_trip or 0.0) / 2 + BUFFER + 2 * seen.jitter)
    return 0.024 * delay + (0.11 * (delay - 177.3) if delay > 177.3 else 0.0)


def _grade(points: float) -> int:
    return 5 - sum(points < limit for limit in LIMITS)
