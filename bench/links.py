"""The networks of rural schools, in real browsers over impaired paths: the scenarios of `tests/netns`, repeated."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Error as PlaywrightError

from bench import machine
from tests.netns import scenarios
from tests.netns.network import Network
from tests.netns.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.netns.figures import Figure

# name → function; the last one needs pages on 443 and a relay
SCENARIOS: dict[str, Callable[[Stage], list[Figure]]] = {
    "loss": lambda stage: scenarios.random_loss(stage, 30),
    "bursts": lambda stage: scenarios.burst_loss(stage, 60),
    "thin": lambda stage: scenarios.thin_downlink(stage, 30),
    "wider": lambda stage: scenarios.widening_downlink(stage, 20),
    "slides": lambda stage: scenarios.slides_and_sound(stage, 30),
    "outage": lambda stage: scenarios.outage(stage, 20),
    "mapping": lambda stage: scenarios.forgotten_mapping(stage, 8),
    "interface": lambda stage: scenarios.another_interface(stage, 10),
    "blocked": scenarios.udp_blocked,
}


@dataclass(frozen=True)
class Row:
    """One figure of one network over the runs; `note` says why there is none."""

    network: str
    figure: Figure | None = None
    values: tuple[float, ...] = ()
    note: str = ""

    def cells(self) -> tuple[str, str, str, str, str]:
        if self.figure is None:
            return self.network, self.note, "–", "", ""
        figure, colour = self.figure, "green" if self.figure.reached else "red"
        return (
            self.network,
            figure.what,
            f"[{colour}]{figure.value:.3g} {figure.unit}[/]",
            f"{'≥' if figure.at_least else '≤'} {figure.goal:g}",
            f"{min(self.values):.3g}–{max(self.values):.3g}",
        )


def run(names: list[str], runs: int, say: Callable[[str], None]) -> list[Row]:
    """Rows in the order of `names`. Blocks; this thread must have no running event loop. Raises NoRights."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="tongke-bench-") as folder:
        for name in names:
            say(f"  {name} … load {machine.load()}")
            rows += _measured(Path(folder) / name, name, runs, say)
    return rows


def _measured(folder: Path, name: str, runs: int, say: Callable[[str], None]) -> list[Row]:
    """Every network has a server, browsers and a lesson of its own: no scenario inherits what another left."""
    folder.mkdir()
    taken: list[list[Figure]] = []
    try:
        with Network(seed=3, school=("wifi", "mobile")) as network, Stage(folder, network) as stage:
            for _ in range(runs):
                taken.append(SCENARIOS[name](stage))
                say("    " + "; ".join(str(figure) for figure in taken[-1]))
                scenarios.recover(stage)
    except (PlaywrightError, AssertionError, RuntimeError) as error:
        text = (str(error).strip() or type(error).__name__).splitlines()[0]
        if not taken:
            return [Row(name, note=f"failed: {text}")]
        say(f"    ended after {len(taken)} runs: {text}")
    return [
        Row(name, figure, tuple(each[index].value for each in taken))
        for index, figure in enumerate(scenarios.medians(taken))
    ]
