"""`make bench`, or `python -m bench --help`: everything issue 2 asks to reach, in one table."""

from __future__ import annotations

import argparse
import asyncio
import statistics
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from bench import click, clip, fanout, latency, machine, namespace, recording
from bench.janus import Janus
from bench.servers import Relay, Tongke, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.clip import Clip
    from bench.servers import Server

# Issue 2, "To reach": µs of whole-server CPU per forwarded packet at so many subscribers
GOALS = {4: 80.0, 64: 9.0, 128: 9.0}
WHEP_GOAL, CLICK_GOAL = 60.0, 700.0  # ms, medians
PARTS = ("fanout", "latency", "recording", "click")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="what to measure (default: everything)")
    parser.add_argument("--sizes", default="4,64,128", help="subscribers (default 4,64,128)")
    parser.add_argument("--seconds", type=float, default=15.0, help="length of a window (default 15)")
    parser.add_argument("--runs", type=int, default=3, help="windows per figure, the median counts (default 3)")
    parser.add_argument("--joins", type=int, default=30, help="joins for the latency (default 30)")
    parser.add_argument("--clicks", type=int, default=10, help="page clicks in Chromium (default 10)")
    parser.add_argument("--record-seconds", type=float, default=20.0, help="length of the recording (default 20)")
    parser.add_argument("--without-baselines", action="store_true", help="only this server")
    options = parser.parse_args()
    options.host = namespace.enter()
    return options


async def measure(options: argparse.Namespace, console: Console) -> None:
    parts = options.parts or PARTS
    console.print(f"[bold]{machine.describe()}[/]; media on {options.host}; load {machine.load()}")
    pictures = clip.load()
    steps = {"fanout": _fanout, "latency": _latency, "recording": _recording, "click": _click}
    for part in parts:
        await steps[part](options, console, pictures)


async def _fanout(options: argparse.Namespace, console: Console, pictures: Clip) -> None:
    sizes = [int(size) for size in options.sizes.split(",")]
    servers: list[tuple[Callable[[str], Server], list[int]]] = [(Tongke, sizes)]
    if not options.without_baselines:
        servers += [(Janus, sizes), (Relay, sizes[:1])]
    rows: list[fanout.Result] = []
    for kind, wanted in servers:
        for size in wanted:
            console.print(f"  {kind.name} at {size} …", style="dim")  # type: ignore[attr-defined]
            rows += await _measured(kind, size, pictures, options)
    baseline = {row.subscribers: row.median for row in rows if row.server == Janus.name and row.median}
    table = Table(title=f"CPU per forwarded packet: median of {options.runs} windows of {options.seconds:g} s")
    for name in ("server", "subscribers", "µs/packet", "runs", "of Janus", "to reach", "arrived", "cores", "note"):
        table.add_column(name, justify="left" if name in ("server", "runs", "note") else "right")
    for row in rows:
        table.add_row(*_fanout_cells(row, baseline))
    console.print(table)
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


def _fanout_cells(row: fanout.Result, baseline: dict[int, float]) -> list[str]:
    goal = GOALS.get(row.subscribers) if row.server == Tongke.name else None
    if row.median is None:
        return [row.server, str(row.subscribers), "–", "", "", "", "", "", row.note]
    colour = "" if goal is None else "green" if row.median < goal else "red"
    value = f"{row.median:,.1f}"
    return [
        row.server,
        str(row.subscribers),
        f"[{colour}]{value}[/]" if colour else value,
        " ".join(f"{each:,.1f}" for each in row.microseconds),
        f"{row.median / baseline[row.subscribers]:.2f}" if row.subscribers in baseline else "",
        f"< {goal:g}" if goal else "",
        f"{100 * statistics.median(row.share):.1f} %",
        f"{statistics.median(row.cores):.2f}",
        row.note,
    ]


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


def main() -> None:
    options = arguments()
    asyncio.run(measure(options, Console()))


if __name__ == "__main__":
    main()
