"""A hundred classrooms that join within one second, and how soon a worker that died is there again."""

from __future__ import annotations

import asyncio
import os
import signal
import statistics
import time
from typing import TYPE_CHECKING

from bench import kernel
from bench.client import Client
from bench.figures import OURS
from bench.sdp import VP8
from bench.servers import Tongke
from bench.taught import taught
from server.peer.dtls import Certificate

if TYPE_CHECKING:
    from bench.clip import Clip
    from bench.figures import Figures

JOINS = 100
WITHIN = 1.0  # s
PATIENCE = 20.0  # s


async def run(figures: Figures, clip: Clip, *, host: str) -> None:
    """One storm into a lesson that is under way, then the workers' deaths."""
    server, certificate = Tongke(host), Certificate()
    async with taught(server, clip, host=host, certificate=certificate):
        tokens = [await server.token("observer") for _ in range(JOINS)]
        await asyncio.sleep(1.0)
        began = time.perf_counter()
        times = await asyncio.gather(
            *(_join(server, token, host, certificate, began + WITHIN * n / JOINS) for n, token in enumerate(tokens))
        )
        figures.add(OURS, "storm.last", max(times))
        figures.add(OURS, "storm.median", statistics.median(times))
        for lease in await server.workers():
            figures.add(OURS, "start", await _again(server, lease["worker"], lease["epoch"], lease["pid"]))


async def _join(server: Tongke, token: str, host: str, certificate: Certificate, at: float) -> float:
    """Seconds from the request to the first packet of the teacher's picture."""
    await asyncio.sleep(at - time.perf_counter())
    client, seen = Client(host, certificate), asyncio.Event()

    def on_rtp(packet: bytes) -> None:
        if packet[1] & 0x7F == VP8 and not seen.is_set():
            seen.set()
            kernel.drop_media(client.socket)

    client.on_rtp = on_rtp
    try:
        start = time.perf_counter()
        await server.exchange(client, f"/whep/{server.lesson_id}", "recvonly", token)
        async with asyncio.timeout(PATIENCE):
            await seen.wait()
        return time.perf_counter() - start
    finally:
        asyncio.get_running_loop().call_later(2.0, client.close)


async def _again(server: Tongke, worker: str, epoch: str, pid: int) -> float:
    """Seconds from `kill -9` to the lease of the next epoch, the supervisor's part included."""
    os.kill(pid, signal.SIGKILL)
    began = time.perf_counter()
    async with asyncio.timeout(PATIENCE):
        while not any(each["worker"] == worker and each["epoch"] != epoch for each in await server.workers()):  # noqa: ASYNC110 (another process is waited for)
            await asyncio.sleep(0.01)
    return time.perf_counter() - began
