"""`make bench`, or `python -m bench --help`: what the issues ask to reach, beside what is measured."""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table

from bench import click, clip, fanout, kills, latency, links, machine, namespace, recording, soak
from bench.janus import Janus
from bench.servers import Relay, Tongke, Unavailable
from tests.netns.namespace import NoRights

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.clip import Clip
    from bench.servers import Server

# Issue 2, "To reach": µs of whole-server CPU per forwarded packet at so many subscribers
GOALS = {4: 80.0, 64: 9.0, 128: 9.0}
WHEP_GOAL, CLICK_GOAL = 60.0, 700.0  # ms, medians
WIDTH = 100  # columns
PARTS = ("fanout", "latency", "recording", "click", "links")
LONG = ("soak", "kills")  # only when asked for by name


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", choices=[*PARTS, *LONG, []], help="what to measure (default: all but soak and kills)"
    )
    parser.add_argument("--sizes", default="4,64,128", help="subscribers (default 4,64,128)")
    parser.add_argument("--seconds", type=float, default=15.0, help="length of a window (default 15)")
    parser.add_argument("--runs", type=int, default=3, help="windows per figure, the median counts (default 3)")
    parser.add_argument("--joins", type=int, default=30, help="joins for the latency (default 30)")
    parser.add_argument("--clicks", type=int, default=10, help="page clicks in Chromium (default 10)")
    parser.add_argument("--record-seconds", type=float, default=20.0, help="length of the recording (default 20)")
    parser.add_argument("--scenarios", default=",".join(links.SCENARIOS), help="poor networks (default: all of them)")
    parser.add_argument("--minutes", type=float, default=120.0, help="length of the soak (default 120)")
    parser.add_argument("--kills", type=int, default=300, help="how often a process is killed (default 300)")
    parser.add_argument("--without-baselines", action="store_true", help="only this server")
    parser.add_argument("--without-relay", action="store_true", help="no aiortc relay, which saturates a core")
    options = parser.parse_args()
    options.host = namespace.enter()
    return options


async def measure(options: argparse.Namespace, console: Console) -> None:
    parts = options.parts or PARTS
    console.print(f"[bold]{machine.describe()}[/]; media on {options.host}; load {machine.load()}")
    pictures = clip.load()
    steps = {"fanout": _fanout, "latency": _latency, "recording": _recording, "click": _click}
    steps |= {"links": _links, "soak": _soak, "kills": _kills}
    for part in parts:
        await steps[part](options, console, pictures)


async def _fanout(options: argparse.Namespace, console: Console, pictures: Clip) -> None:
    sizes = [int(size) for size in options.sizes.split(",")]
    servers: list[tuple[Callable[[str], Server], list[int]]] = [(Tongke, sizes)]
    if not options.without_baselines:
        servers += [(Janus, sizes)] if options.without_relay else [(Janus, sizes), (Relay, sizes[:1])]
    rows: list[fanout.Result] = []
    for kind, wanted in servers:
        for size in wanted:
            console.print(f"  {kind.name} at {size} …", style="dim")  # type: ignore[attr-defined]
            rows += await _measured(kind, size, pictures, options)
    table = Table(
        title="CPU of the whole server per forwarded packet, "
        f"median of {options.runs} windows of {options.seconds:g} s\n{machine.describe()}",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    for name in ("server", "at", "of Janus", "of relay", "µs/packet", "to reach", "runs", "arrived", "cores"):
        table.add_column(name, justify="left" if name == "server" else "right", no_wrap=True)
    for row in rows:
        table.add_row(*_fanout_cells(row, rows))
    console.print(table)
    for row in rows:
        if row.note:
            console.print(f"  {row.server} at {row.subscribers}: {row.note}")
    for row in rows:
        if row.server == Tongke.name and row.processes:
            parts = ", ".join(
                f"{name} {cost:.1f}" for name, cost in sorted(row.processes.items(), key=lambda each: -each[1])
            )
            console.print(f"  at {row.subscribers} (last run, µs): {parts}", style="dim")


async def _measured(
    kind: Callable[[str], Server], size: int, pictures: Clip, options: argparse.Namespace
) -> list[fanout.Result]:
    try:
        return await fanout.run(
            lambda: kind(options.host), [size], pictures, host=options.host, seconds=options.seconds, runs=options.runs
        )
    except Unavailable as missing:
        return [fanout.Result(kind.name, size, note=str(missing))]  # type: ignore[attr-defined]
    except (RuntimeError, TimeoutError, OSError) as error:
        text = str(error).strip().splitlines()
        return [fanout.Result(kind.name, size, note=f"failed: {text[-1] if text else type(error).__name__}")]  # type: ignore[attr-defined]


def _fanout_cells(row: fanout.Result, rows: list[fanout.Result]) -> list[str]:
    goal = GOALS.get(row.subscribers) if row.server == Tongke.name else None
    if row.median is None:
        return [row.server, str(row.subscribers), "", "", "–"]
    colour = "" if goal is None else "green" if row.median < goal else "red"
    value = _figure(row.median)
    return [
        row.server,
        str(row.subscribers),
        _ratio(row, Janus.name, rows),
        _ratio(row, Relay.name, rows),
        f"[{colour}]{value}[/]" if colour else value,
        f"< {goal:g}" if goal else "",
        f"{_figure(min(row.microseconds))}–{_figure(max(row.microseconds))}",
        f"{100 * statistics.median(row.share):.0f} %",
        f"{statistics.median(row.cores):.2f}",
    ]


def _ratio(row: fanout.Result, to: str, rows: list[fanout.Result]) -> str:
    """What a packet costs here, as a share of what it costs that server at the same size in the same run."""
    other = next((each.median for each in rows if (each.server, each.subscribers) == (to, row.subscribers)), None)
    if not other or row.median is None or row.server == to:
        return ""
    return f"{row.median / other:.{3 if row.median < 0.1 * other else 2}f}"


def _figure(value: float) -> str:
    return f"{value:,.1f}" if value < 1000 else f"{value:,.0f}"


async def _latency(options: argparse.Namespace, console: Console, pictures: Clip) -> None:
    media, video = await latency.run(pictures, host=options.host, joins=options.joins)
    _print_times(console, "WHEP request to first media packet", media, WHEP_GOAL)
    _print_times(console, "WHEP request to first video packet", video, None)


async def _click(options: argparse.Namespace, console: Console, pictures: Clip) -> None:
    try:
        times = await click.run(pictures, host=options.host, clicks=options.clicks)
    except Unavailable as missing:
        console.print(f"Page click to first decoded frame: {missing}")
    else:
        _print_times(console, "Page click to first decoded frame in Chromium", times, CLICK_GOAL)


def _print_times(console: Console, what: str, times: list[float], goal: float | None) -> None:
    median = statistics.median(times)
    wanted = f" (to reach: < {goal:g})" if goal else ""
    colour = "" if goal is None else "green" if median < goal else "red"
    value = f"[{colour}]{median:.0f} ms[/]" if colour else f"{median:.0f} ms"
    console.print(f"{what}: median {value}{wanted}, {min(times):.0f}–{max(times):.0f} ms over {len(times)}")


async def _recording(options: argparse.Namespace, console: Console, pictures: Clip) -> None:
    result = await recording.run(pictures, host=options.host, seconds=options.record_seconds)
    memory = " ".join(f"{each:.0f}" for each in result.memory)
    console.print(
        f"Recording one 720p stream for {result.seconds:.0f} s: {100 * result.share:.1f} % of a core, "
        f"{result.megabytes:.1f} MB; resident MiB over the time: {memory}"
    )


async def _links(options: argparse.Namespace, console: Console, pictures: Clip) -> None:
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


async def _soak(options: argparse.Namespace, console: Console, pictures: Clip) -> None:
    result = await soak.run(
        pictures, host=options.host, minutes=options.minutes, say=lambda text: console.print(text, style="dim")
    )
    for line in result.lines():
        console.print(line)


async def _kills(options: argparse.Namespace, console: Console, pictures: Clip) -> None:
    with tempfile.TemporaryDirectory() as folder:
        result = await kills.run(options.kills, Path(folder), lambda text: console.print(text, style="dim"))
    for line in result.lines():
        console.print(line)


def main() -> None:
    options = arguments()
    # a pipe or a file has no width of its own
    asyncio.run(measure(options, Console(width=None if sys.stdout.isatty() else WIDTH)))


if __name__ == "__main__":
    main()
