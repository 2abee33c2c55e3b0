"""Who of one participant's pictures gets which layer out of one thin link.

Pure and without a clock: hysteresis comes from what is being sent now. Sound is never up for allocation, the caller
takes it off the budget first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

Choice = Literal["auto", "high", "medium", "low", "sound"]

UPGRADE_MARGIN = 1.15  # room asked for before something better is sent: the bitrate of a layer varies by some 10 %
TALLER = 1.25  # a layer may be this much taller than it is shown; beyond it the pixels are thrown away
CAMERAS_FROM = 100_000  # bit/s for pictures (150 kbit/s less sound) below which cameras are off and slides go on
SLIDES_FROM = 30_000  # bit/s below which even a slide would take longer than 5 s (some 20 kB)
SLIDES_KEPT = (
    10_000  # bit/s down to which slides that are on stay on: the estimate falls for a while with each new slide
)


@dataclass(frozen=True, slots=True)
class Option:
    """One way to send a source: `layer` counts from the smallest, frames up to temporal id `temporal` are sent."""

    layer: int
    temporal: int
    bitrate: float  # bit/s with headers
    height: int  # pixels


@dataclass(frozen=True, slots=True)
class Demand:
    """What one source could be sent as, and how much it matters here.

    `options` ascend: each is better than the one before it (`ladder` makes such a list). `priority`: the smaller number
    is served first; a screen comes before every camera. `wanted_height` is what the page shows (pixels, 0: not shown).
    `current` is the index in `options` that is being sent, None when the picture is off.
    """

    key: Hashable
    priority: int
    options: Sequence[Option]
    wanted_height: int
    choice: Choice = "auto"
    current: int | None = None
    screen: bool = False


def ladder(layers: Iterable[tuple[int, Mapping[int, float]]]) -> list[Option]:
    """Options of a source from worst to best; each costs more than the one before it.

    `layers`, smallest first: (height, {temporal id: bit/s of the frames up to it}). Frame rate is given up before
    resolution: a layer at its lowest frame rate is better than the next smaller one at any. What costs no less than
    something better is left out, so a screen whose sharp picture costs little is never blurred.
    """
    kept: list[Option] = []
    for layer, (height, temporals) in reversed(list(enumerate(layers))):
        for temporal, bitrate in sorted(temporals.items(), reverse=True):
            if not kept or bitrate < kept[-1].bitrate:
                kept.append(Option(layer, temporal, bitrate, height))
    kept.reverse()
    return kept


def allocate(demands: Sequence[Demand], budget: float) -> dict[Hashable, int | None]:
    """For each key the index in its options, None for a picture that is off.

    `budget` is bit/s for pictures. First everybody's lowest option, by priority, then each is raised as far as it goes,
    by priority. Better than now is given only with a margin, worse than now at once.
    """
    order = sorted(demands, key=lambda demand: (not demand.screen, demand.priority))
    given: dict[Hashable, int | None] = {demand.key: None for demand in demands}
    left = budget
    for demand in order:
        top = _top(demand)
        if top is None:
            continue
        lowest = demand.options[0].bitrate
        if demand.screen:
            # a slide may cost more than there is: pacing stretches it over time
            affordable = budget >= (SLIDES_FROM if demand.current is None else SLIDES_KEPT)
        else:
            affordable = budget >= CAMERAS_FROM and _asked(demand, 0) <= left
        if affordable:
            given[demand.key] = 0
            left -= lowest
    for demand in order:
        got = given[demand.key]
        top = _top(demand)
        if got is None or top is None:
            continue
        room = left + demand.options[0].bitrate
        for index in range(top, 0, -1):
            if _asked(demand, index) <= room:
                given[demand.key] = index
                left = room - demand.options[index].bitrate
                break
    return given


def wanted(demands: Sequence[Demand]) -> float:
    """bit/s that would give every picture the best that is shown and chosen, margin included: what to probe for."""
    total = 0.0
    for demand in demands:
        top = _top(demand)
        if top is not None:
            total += demand.options[top].bitrate * UPGRADE_MARGIN
    return total


def falls_short(demand: Demand, index: int | None) -> bool:
    """Whether the line, not the page or its user, keeps this picture from its best."""
    top = _top(demand)
    return top is not None and (index is None or index < top)


def _asked(demand: Demand, index: int) -> float:
    """bit/s that must be there to send option `index`: with a margin when it is better than what is sent now."""
    bitrate = demand.options[index].bitrate
    return bitrate * UPGRADE_MARGIN if demand.current is None or index > demand.current else bitrate


def _top(demand: Demand) -> int | None:
    """The best index that the page shows and its user chose, None for no picture."""
    options = demand.options
    if not options or demand.choice == "sound" or demand.wanted_height <= 0:
        return None
    layers = sorted({option.layer for option in options})
    most = layers[-1]
    if demand.choice == "low":
        most = layers[0]
    elif demand.choice == "medium":
        most = layers[len(layers) // 2]
    limit = float("inf") if demand.choice == "high" else demand.wanted_height * TALLER
    allowed = [
        index
        for index, option in enumerate(options)
        if option.layer <= most and (option.height <= limit or option.layer == layers[0])
    ]
    return allowed[-1]
