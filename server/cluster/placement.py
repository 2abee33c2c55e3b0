"""Which worker takes a lesson: arithmetic on what the workers report of themselves in their leases. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Lease = Mapping[str, Any]

# Share of a core that a lesson comes to once everybody is there (docs/performance.md, the common lesson). Lessons begin
# on the hour: many are placed before the first of them has any media to be measured by.
LESSON_SHARE = 0.03
# Packets sent and received in a second that fill a core. Where others take the processor away from the workers, their
# shares of it tell too little.
PACKETS_PER_CORE = 250_000.0


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
