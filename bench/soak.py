"""A server over hours: lessons begin and end, people join, leave, vanish and are cut off; nothing may pile up.

A round is one lesson. After it, with nobody there, memory and descriptors of every process are read; the first round
warms up, the second is what the later ones are held against.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import statistics
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import aiohttp

from bench.client import Client
from bench.machine import tree
from bench.publisher import Publisher
from bench.servers import Tongke
from server.demo_client import Api, DemoFailed
from server.peer.dtls import Certificate
from tests.e2e.aiortc_people import Person
from tests.fakes.serving import troubles

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bench.clip import Clip

FLAT = 0.05  # of the memory; issue 3, "To reach"
VISITORS = 8
ROUND = 180.0  # s of a lesson; shorter when the whole soak is short
LEAST_ROUNDS = 6
QUIET = 6.0  # s after a lesson's end until things are read: sessions, pieces and files have closed by then
STAY = (2.0, 20.0)  # s that a visitor stays
AGAIN = 1.0  # s until a refused visitor tries again
CUT_OFF = (1.0, 25.0)  # s without network: some come back to a session that is still there, some do not


@dataclass
class Result:
    """`memory` (MiB) and `descriptors` per process after each round; `wrong`: lines of the log that tell of errors."""

    rounds: int = 0
    joins: int = 0
    refused: int = 0  # joins that were answered "busy" or not at all: the visitor tries again
    outages: int = 0
    minutes: float = 0.0
    memory: dict[str, list[float]] = field(default_factory=dict)
    descriptors: dict[str, list[int]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def read(self, root: int) -> None:
        """Takes the state of all processes under `root`; several of one name are added up."""
        memory: dict[str, float] = {}
        descriptors: dict[str, int] = {}
        for process in tree(root):
            with contextlib.suppress(OSError):
                count = len(os.listdir(f"/proc/{process.pid}/fd"))
                memory[process.name] = memory.get(process.name, 0.0) + process.memory / 2**20
                descriptors[process.name] = descriptors.get(process.name, 0) + count
        for name, value in memory.items():
            self.memory.setdefault(name, []).append(value)
            self.descriptors.setdefault(name, []).append(descriptors[name])

    def total(self) -> list[float]:
        """MiB of the whole server after each round."""
        length = min(map(len, self.memory.values()))
        return [sum(values[index] for values in self.memory.values()) for index in range(length)]

    def lines(self) -> list[str]:
        """The figures in words, with colours as rich understands them."""
        total = self.total()
        change = _change(total)
        colour = "green" if abs(change) <= FLAT else "red"
        shown = [
            f"Soak of {self.minutes:.0f} min: {self.rounds} lessons, {self.joins} joins,"
            f" {self.refused} refused, {self.outages} outages",
            f"  memory of the server [{colour}]{100 * change:+.1f} %[/] (to reach: ±{100 * FLAT:.0f} %), MiB after each"
            f" lesson: {' '.join(f'{value:.0f}' for value in total)}",
        ]
        for name, values in self.memory.items():
            counts = self.descriptors[name]
            colour = "green" if counts[-1] <= max(counts[:2]) else "red"
            shown.append(
                f"  {name}: {100 * _change(values):+.1f} % of {values[0]:.0f} MiB; descriptors"
                f" [{colour}]{' '.join(map(str, counts))}[/]"
            )
        colour = "red" if self.wrong else "green"
        shown.append(f"  errors in the log: [{colour}]{len(self.wrong)}[/]")
        return [*shown, *(f"    {line[:300]}" for line in self.wrong[:5])]


def _change(values: list[float]) -> float:
    """The last rounds against the second and third, as a share: medians, for one reading is noisy."""
    warm = values[1:] or values
    few = max(1, min(3, len(warm) // 2))
    return statistics.median(warm[-few:]) / statistics.median(warm[:few]) - 1


async def run(clip: Clip, *, host: str, minutes: float, say: Callable[[str], None], seed: int = 11) -> Result:
    """Rounds until the time is over."""
    server, result, chance = Tongke(host), Result(), random.Random(seed)
    began = time.monotonic()
    length = min(ROUND, minutes * 60 / LEAST_ROUNDS)
    try:
        await server.start()
        while time.monotonic() - began < minutes * 60 - length / 2 or result.rounds < 2:
            await _round(server, clip, host, max(5.0, length - QUIET), result, chance)
            await asyncio.sleep(QUIET)
            result.rounds += 1
            result.read(server.root_pid)
            say(f"  lesson {result.rounds}: {result.total()[-1]:.0f} MiB, {result.joins} joins")
        result.minutes = (time.monotonic() - began) / 60
        result.wrong = troubles(server.log)
    finally:
        await server.stop()
    return result


async def _round(server: Tongke, clip: Clip, host: str, seconds: float, result: Result, chance: random.Random) -> None:
    """One lesson from its start to its end."""
    certificate = Certificate()
    if result.rounds:
        await server.new_lesson()
    until = time.monotonic() + seconds
    people = [
        _teacher(server, clip, host, certificate, until, random.Random(chance.random()), result),
        _listener(server, until),
        *(_visitor(server, host, certificate, until, random.Random(chance.random()), result) for _ in range(VISITORS)),
    ]
    async with asyncio.TaskGroup() as group:
        for person in people:
            group.create_task(person)
    await server.end_lesson()


async def _teacher(
    server: Tongke,
    clip: Clip,
    host: str,
    certificate: Certificate,
    until: float,
    chance: random.Random,
    result: Result,
) -> None:
    """Publishes, and comes back anew now and then."""
    while (left := until - time.monotonic()) > 0:
        client = Client(host, certificate)
        if not await _in(server.publish(client), client, result):
            continue
        publisher = Publisher(client, clip)
        try:
            await asyncio.sleep(min(left, chance.uniform(30, 90)))
        finally:
            await publisher.stop()


async def _visitor(
    server: Tongke, host: str, certificate: Certificate, until: float, chance: random.Random, result: Result
) -> None:
    """Joins and goes again and again: with a word, without one, or cut off for a while in between."""
    while (left := until - time.monotonic()) > 0:
        client = Client(host, certificate)
        if not await _in(server.play(client), client, result):
            continue
        try:
            await asyncio.sleep(min(left, chance.uniform(*STAY)))
            how = chance.choice(("leaves", "vanishes", "is cut off"))
            if how == "is cut off":
                result.outages += 1
                client.cut_off = True
                await asyncio.sleep(max(0.0, min(until - time.monotonic(), chance.uniform(*CUT_OFF))))
                client.cut_off = False
                await asyncio.sleep(max(0.0, min(until - time.monotonic(), chance.uniform(*STAY))))
            client.cut_off = how == "vanishes"
        finally:
            client.close()


async def _in(joining: Awaitable[None], client: Client, result: Result) -> bool:
    """Whether it came in; if not, the client is closed, and somebody who wants to come tries again a little later."""
    try:
        await joining
    except (RuntimeError, TimeoutError, aiohttp.ClientError):
        result.refused += 1
        client.close()
        await asyncio.sleep(AGAIN)
        return False
    result.joins += 1
    return True


async def _listener(server: Tongke, until: float) -> None:
    """A foreign client with a room of its own (aiortc decodes: for a while only)."""
    token = await server.token("observer")
    with contextlib.suppress(DemoFailed):
        async with (
            Api(server.url, token) as api,
            Person(api, server.lesson_id, token, publish=False, plays=("teacher",)),
        ):
            await asyncio.sleep(max(0.0, min(15.0, until - time.monotonic())))
