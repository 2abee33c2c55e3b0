"""One server, more and more subscribers of one 720p stream: CPU per forwarded packet, loss, added delay.

Subscribers complete ICE and DTLS and send feedback; their kernel drops and counts the media.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bench import kernel
from bench.client import Client
from bench.delay import Watcher, quantile
from bench.figures import OURS, cost
from bench.machine import CpuWindow, udp_drops
from bench.servers import Tongke
from bench.taught import taught
from server.peer.dtls import Certificate

if TYPE_CHECKING:
    from bench.clip import Clip
    from bench.figures import Figures
    from bench.publisher import Publisher
    from bench.servers import Server

SETTLE = 2.0  # s between the last join and the window
JOINING_AT_ONCE = 8
TRIES = 3
WATCHING = range(3, 100, 32)  # of the subscribers in their order, who read when their media came
FULL = 0.8  # share of the worker's core at which delay is measured once more
MANY = 1000
LIMIT = 1190  # subscribers of one lesson
WORKER = "server worker"


@dataclass
class Step:
    """One window at one size."""

    size: int
    microseconds: float  # CPU of the whole server per packet
    lost: float  # share of what should have come
    rate: float  # packets a second that arrived
    worker: float  # share of a core
    drops: int  # datagrams that the server's sockets could not take, or that it could not send
    delays: list[float] = field(default_factory=list)  # ms
    processes: dict[str, float] = field(default_factory=dict)  # µs per packet


async def climb(server: Server, sizes: list[int], clip: Clip, figures: Figures, *, host: str, seconds: float) -> None:
    """Windows of `seconds` at each size, the smallest first, all on one server."""
    certificate = Certificate()
    subscribers: list[Client] = []
    async with taught(server, clip, host=host, certificate=certificate) as publisher:
        await asyncio.sleep(0.5)
        try:
            measured_full = not isinstance(server, Tongke) or MANY not in sizes
            for size in sorted(sizes):
                step = await _at(server, size, subscribers, publisher, seconds)
                _tell(server, step, figures)
                full = int(size * FULL / max(step.worker, 0.01))
                if not measured_full and (full <= LIMIT or size == max(sizes)):
                    # before the next size, or the closest to it that one lesson takes
                    following = min((each for each in sizes if each > size), default=LIMIT + 1)
                    if full < following or size == max(sizes):
                        measured_full = True
                        await _full(server, min(max(full, size), LIMIT), subscribers, publisher, seconds, figures)
        finally:
            for each in subscribers:
                each.close()
        if isinstance(server, Tongke):
            await _pauses(server, figures)


async def _full(
    server: Server, size: int, subscribers: list[Client], publisher: Publisher, seconds: float, figures: Figures
) -> None:
    step = await _at(server, size, subscribers, publisher, seconds)
    figures.add(OURS, "delay.full.p50", quantile(step.delays, 0.5))
    figures.add(OURS, "delay.full.p99", quantile(step.delays, 0.99))
    figures.add(OURS, "delay.full.core", 100 * step.worker)


def _tell(server: Server, step: Step, figures: Figures) -> None:
    figures.add(server.name, cost(step.size), step.microseconds)
    if step.lost > 0.001:
        figures.note(f"{server.name} at {step.size}: {100 * step.lost:.1f} % did not arrive")
    if server.name != OURS:
        return
    parts = ", ".join(
        f"{name} {each:.2f}" for name, each in sorted(step.processes.items(), key=lambda pair: -pair[1]) if each > 0.005
    )
    figures.note(f"at {step.size}, µs per packet: {parts}")
    if step.size == 128 and step.delays:
        figures.add(OURS, "delay.128.p50", quantile(step.delays, 0.5))
        figures.add(OURS, "delay.128.p99", quantile(step.delays, 0.99))
    if step.size == MANY:
        figures.add(OURS, "many.lost", 100 * step.lost)
        figures.add(OURS, "many.drops", step.drops)
        figures.add(OURS, "many.rate", step.rate)
        figures.add(OURS, "many.core", 100 * step.worker)


async def _at(server: Server, size: int, subscribers: list[Client], publisher: Publisher, seconds: float) -> Step:
    await _grow(server, size, subscribers, publisher)
    await asyncio.sleep(SETTLE)
    watchers = [each for each in subscribers if isinstance(each, Watcher)]
    for watcher in watchers:
        watcher.delays.clear()
    counted = [each for each in subscribers if not isinstance(each, Watcher)]
    before, sent = [each.media_received() for each in counted], publisher.packets
    dropped = await _dropped(server)
    cpu, start = CpuWindow(server.root_pid), time.monotonic()
    await asyncio.sleep(seconds)
    used, elapsed = cpu.per_process(), time.monotonic() - start
    arrived = sum(each.media_received() - was for each, was in zip(counted, before, strict=True))
    expected = publisher.packets - sent
    if not arrived or not expected:
        raise RuntimeError(f"{server.name}: no media arrived")
    got = arrived / (expected * len(counted))
    packets = expected * len(subscribers) * got  # watchers are not counted by the kernel, and lose no less
    return Step(
        size,
        1e6 * sum(used.values()) / packets,
        max(0.0, 1 - got),
        packets / elapsed,
        sum(each for name, each in used.items() if WORKER in name) / elapsed,
        await _dropped(server) - dropped,
        [each for watcher in watchers for each in watcher.delays],
        {name: 1e6 * each / packets for name, each in used.items()},
    )


async def _grow(server: Server, size: int, subscribers: list[Client], publisher: Publisher) -> None:
    """Join until there are so many."""
    gate = asyncio.Semaphore(JOINING_AT_ONCE)
    host, certificate = server.host, Certificate()

    async def join(number: int) -> Client:
        watches = isinstance(server, Tongke) and number in WATCHING
        client: Client = Watcher(host, certificate) if watches else Client(host, certificate)
        async with gate:
            await _patiently(server, client)
        if isinstance(client, Watcher):
            client.watch(publisher)
        else:
            kernel.drop_media(client.socket)
        return client

    subscribers += await asyncio.gather(*(join(number) for number in range(len(subscribers), size)))


async def _patiently(server: Server, client: Client) -> None:
    """As a page does: again when the server is busy with all the others."""
    for attempt in range(TRIES):
        try:
            await server.play(client)
        except (RuntimeError, TimeoutError):
            if attempt == TRIES - 1:
                raise
            await asyncio.sleep(1.0)
        else:
            return


async def _dropped(server: Server) -> int:
    if not isinstance(server, Tongke):
        return 0
    stats = [lease["stats"] for lease in await server.workers()]
    return udp_drops(server.media_ports) + sum(each["dropped"] + each["unprotected"] for each in stats)


async def _pauses(server: Tongke, figures: Figures) -> None:
    """What the workers' collectors took since they began."""
    for lease in await server.workers():
        stats = lease["stats"]
        names = [name for name in stats if name.startswith("gc_pauses_")]
        if names:
            figures.add(OURS, "pause.longest", stats["gc_longest_us"] / 1000)
            shown = ", ".join(f"{name.removeprefix('gc_pauses_')} {stats[name]}" for name in names)
            figures.note(f"garbage collections of {lease['worker']} by length: {shown}")
