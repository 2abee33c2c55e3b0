"""A real media worker in this process, and aiortc clients that publish to it and play from it."""

from __future__ import annotations

import asyncio
import fractions
import socket
import time
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import av
import numpy as np
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
)

from server.cluster.commands import CommandClient
from server.cluster.events import RedisEventSource
from server.media import worker

if TYPE_CHECKING:
    from collections.abc import Callable

FPS = 15
LESSON = "l1"


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


async def until(true, timeout: float = 15.0, what: str = "condition") -> None:
    """Poll a condition of the outside world."""
    end = time.monotonic() + timeout
    while not true():
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come within {timeout} s")
        await asyncio.sleep(0.02)


class Picture(MediaStreamTrack):
    """Moving stripes whose brightness is `shade`, so that a player can tell the publishers apart."""

    kind = "video"

    def __init__(self, shade: int = 60) -> None:
        super().__init__()
        self._shade = shade
        self._count = 0
        self._start = time.monotonic()

    async def recv(self):
        at = self._start + self._count / FPS
        await asyncio.sleep(max(0.0, at - time.monotonic()))
        picture = np.full((180, 320, 3), self._shade, np.uint8)
        picture[:, (self._count * 4) % 300 : (self._count * 4) % 300 + 20] = 255 - self._shade
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts = self._count * 90000 // FPS
        frame.time_base = fractions.Fraction(1, 90000)
        self._count += 1
        return frame


class Tone(MediaStreamTrack):
    """A 440 Hz tone, 20 ms a frame."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._count = 0
        self._start = time.monotonic()

    async def recv(self):
        at = self._start + self._count * 0.02
        await asyncio.sleep(max(0.0, at - time.monotonic()))
        times = (np.arange(960) + self._count * 960) / 48000
        samples = (np.sin(times * 2 * np.pi * 440) * 12000).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(np.repeat(samples, 2)[None, :], format="s16", layout="stereo")
        frame.sample_rate = 48000
        frame.pts = self._count * 960
        frame.time_base = fractions.Fraction(1, 48000)
        self._count += 1
        return frame


class Seen:
    """What a player decoded."""

    def __init__(self) -> None:
        self.pictures = 0
        self.sounds = 0
        self.brightness = 0.0
        self.loudness = 0.0
        self.first_picture: float | None = None
        self.tasks: list[asyncio.Task] = []

    def follow(self, track) -> None:
        self.tasks.append(asyncio.create_task(self._pictures(track) if track.kind == "video" else self._sounds(track)))

    async def _pictures(self, track) -> None:
        with suppress(Exception):
            while True:
                frame = await track.recv()
                self.brightness = float(np.median(frame.to_ndarray(format="gray")))
                self.pictures += 1
                self.first_picture = self.first_picture or time.monotonic()

    async def _sounds(self, track) -> None:
        with suppress(Exception):
            while True:
                frame = await track.recv()
                self.loudness = max(self.loudness, float(np.abs(frame.to_ndarray()).max()))
                self.sounds += 1


class Plane:
    """Commands to the worker under test, and the events it wrote."""

    def __init__(self, redis, port: int, stop: asyncio.Event, task: asyncio.Task) -> None:
        self.port = port
        self.stop = stop
        self.task = task
        self.redis = redis
        self._client = CommandClient(redis)
        self._source = RedisEventSource(redis)
        self._sessions = 0
        self.through: Callable[[str], str] = lambda answer: answer  # what stands between: may change candidates
        self.events: list[tuple[str, dict]] = []
        self._peers: list[RTCPeerConnection] = []
        self._seen: list[Seen] = []

    async def command(self, method: str, **params) -> dict:
        return await self._client.call("w0", method, params)

    def new_id(self) -> str:
        self._sessions += 1
        return f"w0.{self._sessions:032x}"

    def peer(self) -> RTCPeerConnection:
        peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._peers.append(peer)
        return peer

    async def publish(
        self, *, source="teacher", codec="VP8", shade=60, participant="teacher"
    ) -> tuple[str, RTCPeerConnection]:
        peer = self.peer()
        peer.addTransceiver(Tone(), direction="sendonly")
        video = peer.addTransceiver(Picture(shade), direction="sendonly")
        codecs = RTCRtpSender.getCapabilities("video").codecs
        video.setCodecPreferences([c for c in codecs if c.mimeType in (f"video/{codec}", "video/rtx")])
        session = await self._connect(
            peer, "session.publish", participant_id=participant, school_id="s01", source=source
        )
        return session, peer

    async def play(self, *, source="teacher", participant="classroom-s11") -> tuple[str, RTCPeerConnection, Seen]:
        peer, seen = self.peer(), Seen()
        self._seen.append(seen)
        peer.on("track", seen.follow)
        peer.addTransceiver("audio", direction="recvonly")
        peer.addTransceiver("video", direction="recvonly")
        session = await self._connect(peer, "session.play", participant_id=participant, source=source)
        return session, peer, seen

    async def _connect(self, peer: RTCPeerConnection, method: str, **params) -> str:
        await peer.setLocalDescription(await peer.createOffer())
        session = self.new_id()
        answer = await self.command(
            method, lesson_id=LESSON, session_id=session, offer=peer.localDescription.sdp, **params
        )
        await peer.setRemoteDescription(RTCSessionDescription(self.through(answer["answer"]), "answer"))
        return session

    async def read_events(self) -> list[tuple[str, dict]]:
        while found := await self._source.read(block=0.05):
            self.events += [(type, body) for _, type, body in found]
            await self._source.ack([id for id, _, _ in found])
        return self.events

    async def lease(self) -> dict:
        import json

        return json.loads(await self.redis.get("tk:worker:w0"))

    async def close(self) -> None:
        for peer in self._peers:
            await peer.close()
        for task in [task for seen in self._seen for task in seen.tasks]:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await self._client.close()


@asynccontextmanager
async def running_worker(redis, tap_path: str, hosts: list[str] | None = None, link_path: str | None = None):
    """A worker named w0 on this machine with an open lesson."""
    stop, port = asyncio.Event(), free_port()
    task = asyncio.create_task(
        worker.run(
            name="w0",
            redis=redis,
            media_port=port,
            media_hosts=hosts or [],  # all addresses: aiortc sends nothing to a loopback candidate
            tap_path=tap_path,
            link_path=link_path,
            stop=stop,
        )
    )
    plane = Plane(redis, port, stop, task)
    try:
        await plane.command("lesson.open", lesson_id=LESSON)
        yield plane
    finally:
        await plane.close()
        stop.set()
        await asyncio.wait_for(task, 60)
