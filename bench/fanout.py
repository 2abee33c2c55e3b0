"""Whole-server CPU per forwarded packet: subscribers complete ICE and DTLS, their kernel counts the media."""

from __future__ import annotations

import asyncio
import statistics
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bench import kernel
from bench.client import Client
from bench.machine import CpuWindow
from bench.taught import taught
from server.peer.dtls import Certificate

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.clip import Clip
    from bench.publisher import Publisher
    from bench.servers import Server

SETTLE = 3.0  # s between the last join and the window
JOINING_AT_ONCE = 8


@dataclass
class Result:
    """One server at one size. Lists have an entry per run."""

    server: str
    subscribers: int
    microseconds: list[float] = field(default_factory=list)  # CPU per forwarded packet
    share: list[float] = field(default_factory=list)  # of the packets that should have come
    cores: list[float] = field(default_factory=list)  # CPU seconds per second
    processes: dict[str, float] = field(default_factory=dict)  # µs per packet by process, last run
    note: str = ""

    @property
    def median(self) -> float | None:
        return statistics.median(self.microseconds) if self.microseconds else None


async def run(
    make: Callable[[], Server], sizes: list[int], clip: Clip, *, host: str, seconds: float, runs: int
) -> list[Result]:
    """For each size `runs` windows of `seconds`, each on a server that was started anew."""
    results = []
    for size in sizes:
        result = Result("", size)
        for _ in range(runs):
            server = make()
            result.server = server.name
            await _one(server, result, clip, host, seconds)
        results.append(result)
    return results


async def _one(server: Server, result: Result, clip: Clip, host: str, seconds: float) -> None:
    certificate = Certificate()
    async with taught(server, clip, host=host, certificate=certificate) as publisher:
        await asyncio.sleep(0.5)
        subscribers = [Client(host, certificate) for _ in range(result.subscribers)]
        try:
            gate = asyncio.Semaphore(JOINING_AT_ONCE)
            await asyncio.gather(*(_join(server, each, gate) for each in subscribers))
            await asyncio.sleep(SETTLE)
            await _window(server, subscribers, publisher, result, seconds)
        finally:
            for each in subscribers:
                each.close()


async def _join(server: Server, client: Client, gate: asyncio.Semaphore) -> None:
    async with gate:
        await server.play(client)
        kernel.drop_media(client.socket)


async def _window(
    server: Server, subscribers: list[Client], publisher: Publisher, result: Result, seconds: float
) -> None:
    counted, sent = [each.media_received() for each in subscribers], publisher.packets
    cpu, start = CpuWindow(server.root_pid), time.monotonic()
    await asyncio.sleep(seconds)
    used, elapsed = cpu.per_process(), time.monotonic() - start
    received = [each.media_received() - before for each, before in zip(subscribers, counted, strict=True)]
    total, expected = sum(received), (publisher.packets - sent) * len(subscribers)
    if not total:
        raise RuntimeError(f"{server.name}: no media arrived")
    result.microseconds.append(1e6 * sum(used.values()) / total)
    result.share.append(total / expected)
    result.cores.append(sum(used.values()) / elapsed)
    result.processes = {name: 1e6 * seconds_used / total for name, seconds_used in used.items() if seconds_used}
    lost = sum(each.closed.is_set() for each in subscribers)
    if lost:
        result.note = f"{lost} subscribers were cut off"
