"""WHEP request to first media packet, on this machine."""

from __future__ import annotations

import asyncio
import statistics
import time
from typing import TYPE_CHECKING

from bench.client import Client
from bench.figures import OURS
from bench.sdp import VP8
from bench.servers import Tongke
from bench.taught import taught
from server.peer.dtls import Certificate

if TYPE_CHECKING:
    from bench.clip import Clip
    from bench.figures import Figures

PATIENCE = 10.0  # s
APART = 1.0  # s between joins: keyframe requests of joins close together are answered by one keyframe


async def run(figures: Figures, clip: Clip, *, host: str, joins: int) -> None:
    """Joins one after the other: milliseconds to the first packet of any media, and to the first of video."""
    server, certificate = Tongke(host), Certificate()
    async with taught(server, clip, host=host, certificate=certificate):
        await asyncio.sleep(1.0)
        pairs = [await _join(server, host, certificate) for _ in range(joins)]
    figures.add(OURS, "whep.media", statistics.median(first for first, _ in pairs))
    figures.add(OURS, "whep.video", statistics.median(video for _, video in pairs))


async def _join(server: Tongke, host: str, certificate: Certificate) -> tuple[float, float]:
    await asyncio.sleep(APART)
    token = await server.token("observer")
    client = Client(host, certificate)
    arrived: dict[str, float] = {}
    video = asyncio.Event()

    def on_rtp(packet: bytes) -> None:
        now = time.perf_counter()
        arrived.setdefault("any", now)
        if packet[1] & 0x7F == VP8:
            arrived.setdefault("video", now)
            video.set()

    client.on_rtp = on_rtp
    try:
        start = time.perf_counter()
        await server.exchange(client, f"/whep/{server.lesson_id}", "recvonly", token)
        async with asyncio.timeout(PATIENCE):
            await video.wait()
    finally:
        client.close()
    return 1000 * (arrived["any"] - start), 1000 * (arrived["video"] - start)
