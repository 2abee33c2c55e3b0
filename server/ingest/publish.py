"""Publishes a pulled stream through our own WHIP, like any other publisher (RFC 9725), with aiortc."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Any

import aiohttp
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError

log = logging.getLogger("tongke.ingest")

TIMEOUT = 15.0  # s, of one request, and of ICE and DTLS
MOST_WAITING = 300  # packets of either kind: more is a line that stands, and old pictures are of no use
H264 = ("video/h264", "video/rtx")


class PublishRefused(Exception):
    """Our own WHIP said no; `status` is HTTP's, 0 when it did not answer."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


class FedTrack(MediaStreamTrack):
    """A track that is fed: coded packets of pictures, decoded frames of sound."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind
        self._queue: asyncio.Queue[Any] = asyncio.Queue(MOST_WAITING)
        self.count = 0

    def feed(self, data: Any) -> None:  # noqa: ANN401 (av is untyped here)
        """Never waits: when nobody takes it, the oldest goes."""
        if self._queue.full():
            self._queue.get_nowait()
        self._queue.put_nowait(data)
        self.count += 1

    async def recv(self) -> Any:  # noqa: ANN401 (av is untyped here)
        """See aiortc."""
        if self.readyState != "live":
            raise MediaStreamError
        return await self._queue.get()


class Publication:
    """One WHIP session of ours; `ended` is set when it is over."""

    def __init__(self, base: str, lesson_id: str, source: str, token: str, *, audio: bool) -> None:
        self._address = f"{base}/whip/{lesson_id}?source={source}"
        self._base, self._token = base, token
        self._location = ""
        self.video = FedTrack("video")
        self.audio = FedTrack("audio") if audio else None
        self.ended = asyncio.Event()
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._connection.on("connectionstatechange", self._look)

    def _look(self) -> None:
        if self._connection.connectionState in ("failed", "closed"):
            self.ended.set()

    async def open(self) -> None:
        """Until media can flow. Raises PublishRefused."""
        tracks = [self.video] if self.audio is None else [self.video, self.audio]
        for track in tracks:
            transceiver = self._connection.addTransceiver(track, direction="sendonly")
            if track.kind == "video":
                codecs = RTCRtpSender.getCapabilities("video").codecs
                transceiver.setCodecPreferences([codec for codec in codecs if codec.mimeType.lower() in H264])
        await self._connection.setLocalDescription(await self._connection.createOffer())
        answer = await self._offer(self._connection.localDescription.sdp)
        await self._connection.setRemoteDescription(RTCSessionDescription(sdp=answer, type="answer"))
        loop = asyncio.get_running_loop()
        until = loop.time() + TIMEOUT
        while self._connection.connectionState != "connected":
            if self.ended.is_set() or loop.time() > until:
                raise PublishRefused(0, "media did not connect")
            await asyncio.sleep(0.05)

    async def close(self) -> None:
        """End it, on the server too."""
        if self._location:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with self._session() as session, session.delete(self._base + self._location):
                    pass
        await self._connection.close()

    def _session(self) -> aiohttp.ClientSession:
        # our own process, by whatever certificate this installation has
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=False),
            timeout=aiohttp.ClientTimeout(total=TIMEOUT),
            headers={"Authorization": f"Bearer {self._token}"},
        )

    async def _offer(self, sdp: str) -> str:
        try:
            async with (
                self._session() as session,
                session.post(self._address, data=sdp, headers={"Content-Type": "application/sdp"}) as response,
            ):
                text = await response.text()
                if response.status != 201:
                    raise PublishRefused(response.status, text[:300])
                self._location = response.headers["Location"]
                return text
        except (aiohttp.ClientError, TimeoutError, KeyError) as error:
            raise PublishRefused(0, type(error).__name__) from None
