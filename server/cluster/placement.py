"""Which worker takes a lesson: arithmetic on what the workers report of themselves in their leases. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Lease = Mapping[str, Any]

# Share of a core that a lesson comes to once everybody is there (docs/performance.md, the common lesson). Lessons begin
# on the hour: many are placed before the first of them has any media to be measured by.
LESSON_SHARE = 0.03
# Packets sent and received in a second that fill a core. Where others take the processor away from the workers, their
# shares of it tell too little.
PACKETS_PER_CORE = 250_000.0
# The same of one player of a 720p stream that has joined since its worker reported.
PLAYER_SHARE = 0.001


class Spread(NamedTuple):
    """From where on a lesson's further players go to other workers of its machine."""

    load: float = 0.7  # `busy` of a worker
    players: int = 400  # of one lesson on one worker


def busy(lease: Lease, fresh: int = 0) -> float:
    """How full a worker is, 1: no more. `fresh` lessons were placed there since it reported."""
    return max(
        float(lease["load"]),
        float(lease.get("packets", 0.0)) / PACKETS_PER_CORE,
        LESSON_SHARE * (int(lease["lessons"]) + fresh),
    )


def least_loaded(leases: Sequence[Lease], fresh: Mapping[str, int]) -> Lease:
    """The worker for a new lesson; `fresh` counts by `{worker}:{epoch}`. There must be one lease at least."""
    return min(leases, key=lambda lease: (busy(lease, fresh.get(name_of(lease), 0)), str(lease["worker"])))


def name_of(lease: Lease) -> str:
    """A worker's life: `{worker}:{epoch}`, what placements say."""
    return f"{lease['worker']}:{lease['epoch']}"


def for_player(leases: Sequence[Lease], origin: str, lesson_id: str, fresh: Mapping[str, int], spread: Spread) -> str:
    """The life that serves a lesson's next player, `origin` (which carries the lesson) as long as it has room.

    `fresh` counts the lesson's players that came since the workers reported, by life. Only workers of the origin's
    machine are considered, and only those that it can reach.
    """
    home = next((lease for lease in leases if name_of(lease) == origin), None)
    if home is None or not home.get("link"):
        return origin

    def crowd(lease: Lease) -> int:
        return int(lease.get("crowds", {}).get(lesson_id, 0)) + fresh.get(name_of(lease), 0)

    def load(lease: Lease) -> float:
        return busy(lease) + PLAYER_SHARE * fresh.get(name_of(lease), 0)

    def has_room(lease: Lease) -> bool:
        return load(lease) < spread.load and crowd(lease) < spread.players

    if has_room(home):
        return origin
    near = [lease for lease in leases if lease.get("link") and lease.get("machine") == home.get("machine")]
    roomy = [lease for lease in near if has_room(lease)] or near
    return name_of(min(roomy, key=lambda lease: (load(lease), crowd(lease), str(lease["worker"]))))
