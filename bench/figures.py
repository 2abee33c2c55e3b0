"""What is measured, what is to be reached, and the one table of it: ratios first."""

from __future__ import annotations

import json
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table

if TYPE_CHECKING:
    from pathlib import Path

OURS = "tongke"


@dataclass(frozen=True, slots=True)
class Kind:
    """A row: what it is, its unit, what is to be reached (None: only told)."""

    what: str
    unit: str
    goal: float | None = None
    at_least: bool = False


def cost(size: int) -> str:
    """The key of whole-server CPU per forwarded packet at so many subscribers."""
    return f"cost.{size}"


# "To reach" of the issues, in the order of the table; keys that are measured but not here follow at the end.
KINDS: dict[str, Kind] = {
    cost(4): Kind("CPU per packet, 4 subscribers", "µs", 25),
    cost(64): Kind("CPU per packet, 64 subscribers", "µs", 4.5),
    cost(128): Kind("CPU per packet, 128 subscribers", "µs", 3.7),
    cost(500): Kind("CPU per packet, 500 subscribers", "µs", 3),
    cost(1000): Kind("CPU per packet, 1,000 subscribers", "µs"),
    "many.lost": Kind("lost by the server at 1,000, one worker", "%", 0),
    "many.drops": Kind("dropped at the worker's sockets meanwhile", "datagrams", 0),
    "many.rate": Kind("forwarded at 1,000", "packets/s", 210_000, at_least=True),
    "many.core": Kind("worker's core at 1,000", "%", 100),
    "delay.128.p50": Kind("added delay at 128, p50", "ms", 0.5),
    "delay.128.p99": Kind("added delay at 128, p99", "ms", 3),
    "delay.full.p50": Kind("added delay near 80 % of a core, p50", "ms"),
    "delay.full.p99": Kind("added delay near 80 % of a core, p99", "ms", 10),
    "delay.full.core": Kind("… the worker's core then", "%"),
    "common": Kind("common lesson, whole server", "% of a core", 3.5),
    "pairings": Kind("ten pairings at once, whole server", "% of a core", 50),
    "meeting": Kind("meeting of 12 classrooms, whole server", "% of a core", 60),
    "storm.last": Kind("100 joins in 1 s: the last sees the teacher after", "s", 2),
    "storm.median": Kind("100 joins in 1 s: median", "s"),
    "whep.media": Kind("WHEP request to first media packet", "ms", 60),
    "whep.video": Kind("WHEP request to first video packet", "ms"),
    "click": Kind("page click to first decoded frame, Chromium", "ms", 300),
    "start": Kind("start of a worker, kill to lease", "s", 1),
    "pause.longest": Kind("longest garbage collection in the worker", "ms", 5),
    "record.core": Kind("recording one 720p stream", "% of a core"),
    "verify.speed": Kind("verification of a 720p lesson, one core", "× real time", 100, at_least=True),
    "export.speed": Kind("export at 1280×720, one core", "× real time", 2, at_least=True),
    "evaluation.live": Kind("evaluation of a province's 60,000 lessons, live", "s", 3),
    "report.county": Kind("monthly report of a county of 120 schools, page and both files", "s", 10),
    "report.pairings": Kind("… of each of its 60 pairings, both files", "s"),
    "board.drawn": Kind("its board with forecasts", "s"),
    "evaluation.regions": Kind("… of 90 counties and 11 cities, in memory", "s"),
}
RATIO_GOALS = {("Janus", cost(128)): 8.0}  # issue 4: times fewer than Janus in the same run


class Figures:
    """Values by server and key, one per run."""

    def __init__(self) -> None:
        self.values: dict[str, dict[str, list[float]]] = {OURS: {}}
        self.notes: list[str] = []

    def add(self, server: str, key: str, value: float) -> None:
        self.values.setdefault(server, {}).setdefault(key, []).append(value)

    def note(self, text: str) -> None:
        """A line below the table; the same once."""
        if text not in self.notes:
            self.notes.append(text)

    def median(self, server: str, key: str) -> float | None:
        found = self.values.get(server, {}).get(key)
        return statistics.median(found) if found else None

    def load(self, path: Path) -> None:
        """Take in what earlier runs of this machine left in a file; there may be none."""
        if path.exists():
            for server, keys in json.loads(path.read_text(encoding="utf-8")).items():
                for key, values in keys.items():
                    for value in values:
                        self.add(server, key, value)

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.values, indent=1), encoding="utf-8")

    # -- the table

    def table(self, title: str) -> Table:
        """Ratios to the peers, then everything else, each beside what is to be reached."""
        peers = [server for server in self.values if server != OURS]
        table = Table(title=title, box=box.SIMPLE_HEAD, pad_edge=False)
        for name in ("figure", "median", "to reach", "runs", *peers):
            table.add_column(name, justify="left" if name == "figure" else "right", no_wrap=name != "figure")
        for row in [*self._ratios(peers), *self._rows(peers)]:
            table.add_row(*row)
        return table

    def _ratios(self, peers: list[str]) -> list[list[str]]:
        rows = []
        for peer in peers:
            for key in self.values[peer]:
                ours, theirs = self.median(OURS, key), self.median(peer, key)
                if not ours or theirs is None:
                    continue
                kind = Kind(f"{peer} ÷ us: {_kind(key).what}", "times", RATIO_GOALS.get((peer, key)), at_least=True)
                values = [theirs / each for each in self.values[OURS][key]]
                rows.append(
                    [kind.what, _coloured(kind, theirs / ours), _goal(kind), _range(values), *[""] * len(peers)]
                )
        return rows

    def _rows(self, peers: list[str]) -> list[list[str]]:
        known = [key for key in KINDS if any(key in keys for keys in self.values.values())]
        others = sorted({key for keys in self.values.values() for key in keys} - set(KINDS))
        rows = []
        for key in [*known, *others]:
            kind, ours = _kind(key), self.median(OURS, key)
            beside = [self.median(peer, key) for peer in peers]
            rows.append(
                [
                    kind.what,
                    "–" if ours is None else _coloured(kind, ours),
                    _goal(kind),
                    _range(self.values[OURS].get(key, [])),
                    *("" if each is None else _figure(each) for each in beside),
                ]
            )
        return rows


def _kind(key: str) -> Kind:
    if key in KINDS:
        return KINDS[key]
    name, _, size = key.partition(".")
    return Kind(f"CPU per packet, {size} subscribers", "µs") if name == "cost" else Kind(key, "")


def _goal(kind: Kind) -> str:
    return "" if kind.goal is None else f"{'≥' if kind.at_least else '≤'} {kind.goal:,g}"


def _coloured(kind: Kind, value: float) -> str:
    shown = f"{_figure(value)} {kind.unit}".rstrip()
    if kind.goal is None:
        return shown
    reached = value >= kind.goal if kind.at_least else value <= kind.goal
    return f"[{'green' if reached else 'red'}]{shown}[/]"


def _range(values: list[float]) -> str:
    if not values:
        return ""
    return f"{_figure(min(values))}–{_figure(max(values))} ({len(values)})"


def _figure(value: float) -> str:
    if value == 0:
        return "0"
    return (
        f"{value:.3f}"
        if abs(value) < 0.1
        else f"{value:.2f}"
        if abs(value) < 10
        else f"{value:,.1f}"
        if abs(value) < 1000
        else f"{value:,.0f}"
    )
