"""Whole lessons: the common one, the county's ten at once, a meeting. Share of a core of the whole server."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, NamedTuple

from bench import kernel
from bench.client import Client
from bench.machine import CpuWindow
from bench.publisher import Publisher
from bench.servers import Tongke
from server.peer.dtls import Certificate

if TYPE_CHECKING:
    from bench.clip import Clip
    from bench.figures import Figures

SETTLE = 3.0  # s
AT_ONCE = 8  # joins
PAIRINGS = 10


class Part(NamedTuple):
    """Who sends: role, school, source; `plays` are the sources that this participant receives."""

    role: str
    school: str | None
    source: str | None
    plays: tuple[str, ...]


class Stage:
    """Lessons and everybody in them; ends with the stack."""

    def __init__(self, server: Tongke, host: str, camera: Clip, screen: Clip) -> None:
        self._server = server
        self._host = host
        self._clips = {"screen": screen}
        self._camera = camera
        self._certificate = Certificate()
        self._gate = asyncio.Semaphore(AT_ONCE)
        self.publishers: list[tuple[str, str, Publisher]] = []  # lesson, source
        self.players: list[tuple[str, str, Client]] = []

    async def fill(self, lesson_id: str, parts: list[Part]) -> None:
        """Everybody comes: first who sends, then who receives."""
        await asyncio.gather(*(self._publish(lesson_id, part) for part in parts if part.source))
        await asyncio.gather(*(self._play(lesson_id, part, source) for part in parts for source in part.plays))

    async def _publish(self, lesson_id: str, part: Part) -> None:
        token = await self._server.token(part.role, lesson_id, part.school)
        client = Client(self._host, self._certificate)
        async with self._gate:
            await self._server.exchange(client, f"/whip/{lesson_id}?source={part.source}", "sendonly", token)
        clip = self._clips.get(part.source or "", self._camera)
        self.publishers.append((lesson_id, part.source or "", Publisher(client, clip)))

    async def _play(self, lesson_id: str, part: Part, source: str) -> None:
        token = await self._server.token(part.role, lesson_id, part.school)
        client = Client(self._host, self._certificate)
        async with self._gate:
            await self._server.exchange(client, f"/whep/{lesson_id}?source={source}", "recvonly", token)
        kernel.drop_media(client.socket)
        self.players.append((lesson_id, source, client))

    async def close(self) -> None:
        for _, _, publisher in self.publishers:
            await publisher.stop()
        for _, _, client in self.players:
            client.close()

    async def share(self, seconds: float) -> tuple[float, float]:
        """(share of a core of the whole server, share of the packets that arrived) over a window."""
        await asyncio.sleep(SETTLE)
        sent = {(lesson, source): -each.packets for lesson, source, each in self.publishers}
        before = [client.media_received() for _, _, client in self.players]
        cpu, start = CpuWindow(self._server.root_pid), time.monotonic()
        await asyncio.sleep(seconds)
        used, elapsed = cpu.seconds(), time.monotonic() - start
        arrived = sum(client.media_received() - was for (_, _, client), was in zip(self.players, before, strict=True))
        for lesson, source, each in self.publishers:
            sent[lesson, source] += each.packets
        expected = sum(sent[lesson, source] for lesson, source, _ in self.players)
        return used / elapsed, arrived / expected


def common(own: str, other: str) -> list[Part]:
    """Teacher with camera, microphone and screen; two classrooms; one observer; everyone receives everyone."""
    rooms = {f"classroom-{school}": school for school in (own, other)}
    return [
        Part("teacher", None, "teacher", tuple(rooms)),
        Part("teacher", None, "screen", ()),
        *(
            Part("classroom", school, name, ("teacher", "screen", *(each for each in rooms if each != name)))
            for name, school in rooms.items()
        ),
        Part("observer", None, None, ("teacher", "screen", *rooms)),
    ]


def meeting(schools: list[str]) -> list[Part]:
    """Twelve cameras with sound, each end receiving the eleven others: the teacher's two sources stand for two ends.

    The county has ten receiving schools. Who plays is an observer, since a teacher's token plays neither of its own.
    """
    senders = ["teacher", "screen", *(f"classroom-{school}" for school in schools[:10])]
    parts = [Part("teacher", None, "teacher", ()), Part("teacher", None, "screen", ())]
    parts += [Part("classroom", school, f"classroom-{school}", ()) for school in schools[:10]]
    return [*parts, *(Part("observer", None, None, tuple(each for each in senders if each != own)) for own in senders)]


async def run(what: str, figures: Figures, camera: Clip, screen: Clip, *, host: str, seconds: float) -> None:
    """`what` is common, pairings or meeting."""
    server = Tongke(host)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(server.stop)
        await server.start()
        stage = Stage(server, host, camera, camera if what == "meeting" else screen)
        stack.push_async_callback(stage.close)
        receiving = await server.receiving_schools()
        if what == "meeting":
            lesson = await server.new_lesson(receiving=receiving)
            await stage.fill(lesson, meeting(receiving))
        else:
            for number in range(PAIRINGS if what == "pairings" else 1):
                own, other = receiving[number], receiving[number - 1]
                lesson = await server.new_lesson(pairing=number, receiving=[own, other])
                await stage.fill(lesson, common(own, other))
        share, arrived = await stage.share(seconds)
    figures.add(server.name, what, 100 * share)
    if arrived < 0.999:
        figures.note(f"{what}: {100 * arrived:.1f} % of the packets arrived")
