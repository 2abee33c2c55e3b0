"""`make bench`, or `python -m bench --help`: one table of what is to be reached and what is measured, ratios first."""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
from rich import box
from rich.console import Console
from rich.table import Table

from bench import (
    click,
    clip,
    evaluation,
    kills,
    ladder,
    latency,
    lessons,
    links,
    machine,
    namespace,
    recording,
    reports,
    soak,
    storm,
    takeaway,
)
from bench.figures import OURS, Figures
from bench.janus import Janus
from bench.servers import Relay, Tongke, Unavailable
from tests.netns.namespace import NoRights

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bench.servers import Server

WIDTH = 120  # columns
PEER_SIZES = (4, 64, 128)  # subscribers; more would fill this machine before they tell anything new
FAILURES = (RuntimeError, TimeoutError, OSError, aiohttp.ClientError)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, *LONG, []], help="what to measure (default: the table)")
    parser.add_argument("--sizes", default="4,64,128,500,1000", help="subscribers (default 4,64,128,500,1000)")
    parser.add_argument("--seconds", type=float, default=10.0, help="length of a window (default 10)")
    parser.add_argument("--runs", type=int, default=3, help="runs of everything, the median counts (default 3)")
    parser.add_argument("--add", type=Path, help="keep the figures in this file, and add to those it has")
    parser.add_argument("--joins", type=int, default=20, help="joins for the latency (default 20)")
    parser.add_argument("--clicks", type=int, default=10, help="page clicks in Chromium (default 10)")
    parser.add_argument("--record-seconds", type=float, default=20.0, help="length of the recording (default 20)")
    parser.add_argument("--scenarios", default=",".join(links.SCENARIOS), help="poor networks (default: all of them)")
    parser.add_argument("--minutes", type=float, default=120.0, help="length of the soak (default 120)")
    parser.add_argument("--kills", type=int, default=300, help="how often a process is killed (default 300)")
    parser.add_argument("--without-baselines", action="store_true", help="only this server")
    parser.add_argument("--relay", action="store_true", help="aiortc's MediaRelay too, which saturates a core at 4")
    options = parser.parse_args()
    options.host = namespace.enter()
    return options


async def measure(options: argparse.Namespace, console: Console) -> None:
    console.print(f"[bold]{machine.describe()}[/]; media on {options.host}; load {machine.load()}")
    figures = Figures()
    if options.add is not None:
        figures.load(options.add)
    parts = options.parts or list(PARTS)
    for run in range(options.runs):
        for part in (each for each in parts if each in PARTS):
            console.print(f"  run {run + 1}: {part} …", style="dim")
            try:
                await PARTS[part](options, figures)
            except Unavailable as missing:
                figures.note(f"{part}: {missing}")
            except FAILURES as error:
                text = str(error).strip().splitlines()
                figures.note(f"{part} failed: {text[-1] if text else type(error).__name__}")
    if any(figures.values.values()):
        if options.add is not None:
            figures.save(options.add)
        console.print(figures.table(f"{machine.describe()}; median of the runs"))
        for note in figures.notes:
            console.print(f"  {note}", style="dim", highlight=False)
    for part in (each for each in parts if each in LONG):
        await LONG[part](options, console)


# -- the parts of the table


async def _fanout(options: argparse.Namespace, figures: Figures) -> None:
    """All on one worker: what a core carries."""
    sizes = [int(size) for size in options.sizes.split(",")]
    peers: list[tuple[Callable[[str], Server], list[int]]] = []
    if not options.without_baselines:
        peers.append((Janus, [size for size in sizes if size in PEER_SIZES]))
        if options.relay:
            peers.append((Relay, sizes[:1]))
    pictures = clip.load()
    for make, wanted in [(partial(Tongke, workers=1), sizes), *peers]:
        try:
            server = make(options.host)
            await ladder.climb(server, wanted, pictures, figures, host=options.host, seconds=options.seconds)
        except Unavailable as missing:
            figures.note(str(missing))
        except FAILURES as error:  # the others are measured all the same
            figures.note(f"fanout failed: {error}")


async def _lessons(options: argparse.Namespace, figures: Figures) -> None:
    for what in ("common", "pairings", "meeting"):
        await lessons.run(
            what, figures, clip.load(), clip.load(clip.SCREEN), host=options.host, seconds=options.seconds
        )


async def _storm(options: argparse.Namespace, figures: Figures) -> None:
    await storm.run(figures, clip.load(), host=options.host)


async def _latency(options: argparse.Namespace, figures: Figures) -> None:
    await latency.run(figures, clip.load(), host=options.host, joins=options.joins)


async def _click(options: argparse.Namespace, figures: Figures) -> None:
    times = await click.run(clip.load(), host=options.host, clicks=options.clicks)
    figures.add(OURS, "click", statistics.median(times))


async def _recording(options: argparse.Namespace, figures: Figures) -> None:
    result = await recording.run(clip.load(), host=options.host, seconds=options.record_seconds)
    figures.add(OURS, "record.core", 100 * result.share)
    memory = " ".join(f"{each:.0f}" for each in result.memory)
    figures.note(f"recorder: {result.megabytes:.1f} MB in {result.seconds:.0f} s; resident MiB: {memory}")


async def _takeaway(options: argparse.Namespace, figures: Figures) -> None:
    await takeaway.run(figures)


async def _evaluation(options: argparse.Namespace, figures: Figures) -> None:
    await evaluation.run(figures)


async def _reports(options: argparse.Namespace, figures: Figures) -> None:
    await reports.run(figures)


# -- others, with tables of their own


async def _links(options: argparse.Namespace, console: Console) -> None:
    names = options.scenarios.split(",")
    try:
        rows = await asyncio.to_thread(links.run, names, options.runs, lambda text: console.print(text, style="dim"))
    except NoRights as missing:
        console.print(f"Poor networks: {missing}")
        return
    table = Table(title=f"Poor networks, median of {options.runs} runs", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("network", "figure", "median", "to reach", "runs"):
        table.add_column(name, justify="left" if name in ("network", "figure") else "right")
    for row in rows:
        table.add_row(*row.cells())
    console.print(table)


async def _soak(options: argparse.Namespace, console: Console) -> None:
    result = await soak.run(
        clip.load(), host=options.host, minutes=options.minutes, say=lambda text: console.print(text, style="dim")
    )
    for line in result.lines():
        console.print(line)


async def _kills(options: argparse.Namespace, console: Console) -> None:
    with tempfile.TemporaryDirectory() as folder:
        result = await kills.run(options.kills, Path(folder), lambda text: console.print(text, style="dim"))
    for line in result.lines():
        console.print(line)


PARTS: dict[str, Callable[[argparse.Namespace, Figures], Awaitable[None]]] = {
    "fanout": _fanout,
    "lessons": _lessons,
    "storm": _storm,
    "latency": _latency,
    "click": _click,
    "recording": _recording,
    "takeaway": _takeaway,
    "evaluation": _evaluation,
    "reports": _reports,
}
# only when asked for by name
LONG: dict[str, Callable[[argparse.Namespace, Console], Awaitable[None]]] = {
    "links": _links,
    "soak": _soak,
    "kills": _kills,
}


def main() -> None:
    options = arguments()
    # a pipe or a file has no width of its own
    asyncio.run(measure(options, Console(width=None if sys.stdout.isatty() else WIDTH)))


if __name__ == "__main__":
    main()
