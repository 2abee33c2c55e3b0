"""The evidence of crediting: in which seconds whose media flowed (docs/protocols.md, Flow)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

SAMPLES_PER_SECOND = 4  # how often the engine looks: a second in which media flows steadily is never missed


class FlowKey(NamedTuple):
    """Whose flow: `direction` is "in" (its source arrived) or "out" (the source was sent to it)."""

    participant_id: str
    source: str
    direction: str
    kind: str


@dataclass(slots=True)
class _Cell:
    masks: dict[int, int] = field(default_factory=dict)  # Unix minute: 60 bits
    packets: int = 0
    bytes: int = 0


class FlowMeter:
    """One lesson's flow since the last report."""

    def __init__(self) -> None:
        self._cells: dict[FlowKey, _Cell] = {}
        self.whole_at = 0.0  # monotonic: when all of it was told last

    def mark(self, key: FlowKey, at: float, packets: int, octets: int) -> None:
        """`packets` of `octets` bytes flowed since the last look, the last of them at Unix second `at`."""
        cell = self._cells.get(key)
        if cell is None:
            cell = self._cells[key] = _Cell()
        minute, second = divmod(int(at), 60)
        cell.masks[minute] = cell.masks.get(minute, 0) | 1 << second
        cell.packets += packets
        cell.bytes += octets

    def __len__(self) -> int:
        """How many flows have something to tell."""
        return len(self._cells)

    def rows(self, *, arrived_only: bool = False) -> list[dict[str, Any]]:
        """The rows of a `flow` event; begins anew. The counts of a report stand in the first of its minutes.

        `arrived_only`: of what came in alone; the rest goes on being counted.
        """
        rows: list[dict[str, Any]] = []
        told = {key: cell for key, cell in self._cells.items() if not arrived_only or key.direction == "in"}
        for key, cell in told.items():
            packets, octets = cell.packets, cell.bytes
            for minute, mask in sorted(cell.masks.items()):
                row = {**key._asdict(), "minute": minute, "mask": f"{mask:x}", "packets": packets, "bytes": octets}
                rows.append(row)
                packets = octets = 0
        self._cells = {key: cell for key, cell in self._cells.items() if key not in told} if arrived_only else {}
        return rows


@dataclass(slots=True)
class Sampled:
    """Counters at the last look, to see what is new."""

    packets: int = 0
    octets: int = 0

    def advance(self, packets: int, octets: int) -> tuple[int, int]:
        """How much was added since the last look."""
        new = packets - self.packets, octets - self.octets
        self.packets, self.octets = packets, octets
        return new
