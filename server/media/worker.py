"""The media worker process: sockets, Redis and the recorder around one `House`."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import secrets
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

from server.cluster.commands import CommandServer
from server.cluster.connection import AWAY
from server.cluster.events import EventWriter
from server.cluster.leases import Lease
from server.live.ports import MediaError
from server.media.clock import WallClock
from server.media.collecting import Collector
from server.media.house import House
from server.media.mirroring import Mirroring
from server.media.mmsg import open_sockets
from server.media.pauses import Pauses
from server.media.stats import Stats
from server.media.tap import Tap
from server.media.tcp import open_listeners, tcp_candidates
from server.peer.dtls import Certificate

if TYPE_CHECKING:
    import redis.asyncio as aioredis

log = logging.getLogger("tongke.media")

IDLE_TICK = 0.1  # s; with datagrams every 0.02 s (server.media.engine.TICK)
EMPTY_TICK = 0.5  # s while there is no lesson: the other workers' cores are not to be warmed
MAX_EVENTS = 10_000  # kept while Redis is away; flow of two hours
SMOOTHED_OVER = 3.0  # s: one burst of joins is no load
LAST_EVENTS = 3.0  # s that the last events may take at the end


class _Events:
    """Events in order, written by one task; the media never waits for Redis."""

    def __init__(self, writer: EventWriter) -> None:
        self._writer = writer
        self._queue: deque[tuple[str, dict[str, Any]]] = deque(maxlen=MAX_EVENTS)
        self._some = asyncio.Event()

    def emit(self, type: str, body: dict[str, Any]) -> None:
        self._queue.append((type, body))
        self._some.set()

    async def run(self) -> None:
        while True:
            await self._some.wait()
            self._some.clear()
            await self.drain()

    async def drain(self) -> None:
        while self._queue:
            first = self._queue[0]
            await self._writer.write(*first)
            if self._queue[0] is first:  # while Redis was away the oldest may have given way
                self._queue.popleft()


class _Load:
    """Share of a core used and packets a second, smoothed: what placement goes by (`server.cluster.placement`)."""

    def __init__(self, stats: Stats) -> None:
        self._stats = stats
        self._cpu, self._at, self._packets = time.process_time(), time.monotonic(), 0
        self._share, self._rate = 0.0, 0.0

    def look(self) -> dict[str, float]:
        """Called with each renewal of the lease."""
        cpu, at, packets = time.process_time(), time.monotonic(), self._stats.packets_in + self._stats.packets_out
        passed = max(at - self._at, 1e-3)
        weight = min(passed / SMOOTHED_OVER, 1.0)
        self._share += (min((cpu - self._cpu) / passed, 1.0) - self._share) * weight
        self._rate += ((packets - self._packets) / passed - self._rate) * weight
        self._cpu, self._at, self._packets = cpu, at, packets
        return {"load": round(self._share, 3), "packets": round(self._rate, 1)}


async def run(
    *,
    name: str,
    redis: aioredis.Redis,
    media_port: int,
    media_hosts: list[str],
    tap_path: str,
    link_path: str | None = None,
    stop: asyncio.Event,
) -> None:
    """Serve as worker `name` until `stop` is set, then end every session and flush what is known.

    At `link_path` other workers of this machine find it that mirror its lessons; None: it mirrors and is mirrored by
    nobody. `media_hosts` are the addresses to serve and announce; empty: every address of this machine. Raises OSError
    when the port is taken.
    """
    loop = asyncio.get_running_loop()
    collector = Collector()
    collector.begin()
    pauses = Pauses()
    pauses.attach()
    epoch = secrets.token_hex(8)
    clock, stats = WallClock(), Stats()
    load = _Load(stats)
    sockets, candidates = open_sockets(media_hosts, media_port)
    listeners = open_listeners(sockets)
    events = _Events(EventWriter(redis))
    tap = Tap(
        tap_path,
        worker=name,
        epoch=epoch,
        loop=loop,
        keyframe_wanted=lambda track: house.tracks.keyframe_wanted(track, clock.now()),
    )
    house = House(
        [*sockets, *listeners],
        candidates,
        tcp_candidates=tcp_candidates(candidates, sockets, listeners),
        certificate=Certificate(),
        clock=clock,
        random=random.SystemRandom(),
        stats=stats,
        tap=tap,
        emit=events.emit,
    )

    async def handle(method: str, params: dict[str, Any]) -> dict[str, Any]:
        if params.get("epoch", epoch) != epoch:
            raise MediaError("other_epoch", "这个媒体进程刚刚重新启动")
        answer = house.command(method, params)
        house.pulse()
        return answer

    def figures() -> dict[str, Any]:
        return {
            "lessons": len(house.lessons),
            "machine": machine(),
            "link": link_path if mirroring is not None else "",
            **load.look(),
            **house.figures(),
            **pauses.figures(),
        }

    mirroring = None
    if link_path is not None:
        try:
            mirroring = Mirroring(house, f"{name}:{epoch}", link_path, loop=loop, clock=clock, stats=stats)
        except OSError as error:  # the path is too long for a socket's name, say
            log.warning("lessons are not spread over several workers: %s: %s", link_path, error)
    house.engine.attach(loop)
    served = ", ".join(f"{each.address} port {each.port}" for each in sockets)
    log.info("worker %s serves media on %s; TCP beside %d of %d", name, served, len(listeners), len(sockets))
    own = {each.address for each in sockets}
    for address in sorted({address for address, _ in candidates} - own):
        log.info("%s is announced but not this machine's: a router must map it, same port, UDP and TCP", address)
    lease = Lease(redis, name, epoch, figures)
    with contextlib.suppress(*AWAY):  # before the event: who hears of it finds the dead predecessor's lease replaced
        await lease.renew()
    events.emit("worker.started", {"worker": name, "epoch": epoch})
    tasks = [
        asyncio.create_task(lease.run(), name="lease"),
        asyncio.create_task(CommandServer(redis, name, handle).run(), name="commands"),
        asyncio.create_task(events.run(), name="events"),
        asyncio.create_task(_tick(house, collector, clock), name="tick"),
    ]
    stopping = asyncio.create_task(stop.wait(), name="stop")
    try:
        done, _ = await asyncio.wait([stopping, *tasks], return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()  # a task that died takes the process with it; the supervisor starts a new one
    finally:
        for task in [stopping, *tasks]:
            task.cancel()
        await asyncio.gather(stopping, *tasks, return_exceptions=True)
        now = clock.now()
        for session in list(house.sessions.values()):
            house.close_session(session, "worker stopping", now)
        for lesson_id in list(house.lessons):
            house.flush_lesson(lesson_id)
        if mirroring is not None:
            mirroring.close()
        house.engine.detach(loop)
        pauses.detach()
        tap.close(now)
        with contextlib.suppress(TimeoutError, OSError):
            async with asyncio.timeout(LAST_EVENTS):
                await events.drain()


def machine() -> str:
    """This machine's name for as long as it runs: Unix sockets and the clock are shared within it."""
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


async def _tick(house: House, collector: Collector, clock: WallClock) -> None:
    """The one timer of the process; datagrams make it tick faster."""
    while True:
        house.pulse()
        collector.handle_timer(clock.now(), empty=not house.sessions)
        await asyncio.sleep(IDLE_TICK if house.lessons else EMPTY_TICK)
