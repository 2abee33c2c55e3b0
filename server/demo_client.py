"""The demo's way in: the HTTP API, and aiortc peers over WHIP and WHEP. Nothing here that a stranger could not use."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, Self

import aiohttp
from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiortc import MediaStreamTrack

# How long one request may take (s).
TIMEOUT = 15.0


class DemoFailed(Exception):
    """Something is not as it should be; the text is for people."""


class Api:
    """The server's HTTP API as one user. The certificate is not checked: it is our own machine's, made by itself."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url.rstrip("/")
        self._token = token
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=False), timeout=aiohttp.ClientTimeout(total=TIMEOUT)
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def json(self, method: str, path: str, body: dict[str, Any] | None = None, **query: str) -> Any:  # noqa: ANN401
        """The answer's JSON. Raises DemoFailed with the problem's detail."""
        assert self._session is not None
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            async with self._session.request(
                method, self.url + path, json=body, params=query, headers=headers
            ) as response:
                answer = await response.json(content_type=None)
                if response.status >= 400:
                    detail = answer.get("detail", answer) if isinstance(answer, dict) else answer
                    raise DemoFailed(f"{method} {path}: {response.status} {detail}")
                return answer
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise DemoFailed(f"{method} {path}: {error or type(error).__name__}") from None

    async def offer(self, path: str, token: str, sdp: str) -> tuple[str, str]:
        """(answer, address of the session) of a WHIP or WHEP request (RFC 9725). Raises DemoFailed."""
        assert self._session is not None
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/sdp"}
        try:
            async with self._session.post(self.url + path, data=sdp, headers=headers) as response:
                text = await response.text()
                if response.status != 201:
                    raise DemoFailed(f"POST {path}: {response.status} {text}")
                return text, response.headers["Location"]
        except (aiohttp.ClientError, TimeoutError, KeyError) as error:
            raise DemoFailed(f"POST {path}: {error or type(error).__name__}") from None

    async def delete(self, location: str, token: str) -> None:
        """End a WHIP or WHEP session; one that is gone already is no error."""
        assert self._session is not None
        address = location if location.startswith("http") else self.url + location
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            async with self._session.delete(address, headers={"Authorization": f"Bearer {token}"}):
                pass


class Peer:
    """One WHIP or WHEP session with aiortc. Counts what it received in `frames[kind]`."""

    def __init__(self, api: Api, name: str, token: str) -> None:
        self.name = name
        self.frames = {"video": 0, "audio": 0}
        self._api = api
        self._token = token
        self.location = ""
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._readers: list[asyncio.Task[None]] = []

    async def publish(self, path: str, tracks: Sequence[MediaStreamTrack]) -> None:
        """Send the tracks over WHIP. Raises DemoFailed."""
        for track in tracks:
            transceiver = self._connection.addTransceiver(track, direction="sendonly")
            if track.kind == "video":
                wanted = ("video/vp8", "video/rtx")
                codecs = RTCRtpSender.getCapabilities("video").codecs
                transceiver.setCodecPreferences([codec for codec in codecs if codec.mimeType.lower() in wanted])
        await self._connect(path)

    async def play(self, path: str) -> None:
        """Receive one source over WHEP. Raises DemoFailed."""

        @self._connection.on("track")
        def on_track(track: MediaStreamTrack) -> None:
            self._readers.append(asyncio.create_task(self._read(track), name=f"{self.name} {track.kind}"))

        for kind in ("video", "audio"):
            self._connection.addTransceiver(kind, direction="recvonly")
        await self._connect(path)

    async def close(self) -> None:
        """End the session and the peer."""
        if self.location:
            await self._api.delete(self.location, self._token)
        await self._connection.close()
        for reader in self._readers:
            reader.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)

    @property
    def state(self) -> str:
        """aiortc's connection state."""
        return str(self._connection.connectionState)

    async def connected(self) -> None:
        """Until ICE and DTLS are through. Raises DemoFailed after 15 s or when they fail."""
        loop = asyncio.get_running_loop()
        until = loop.time() + TIMEOUT
        while self.state != "connected":
            if self.state in ("failed", "closed") or loop.time() > until:
                raise DemoFailed(f"{self.name}: 媒体没有接通（{self.state}） / media did not connect")
            await asyncio.sleep(0.05)

    async def _connect(self, path: str) -> None:
        # aiortc gathers all its candidates in setLocalDescription
        await self._connection.setLocalDescription(await self._connection.createOffer())
        answer, self.location = await self._api.offer(path, self._token, self._connection.localDescription.sdp)
        await self._connection.setRemoteDescription(RTCSessionDescription(sdp=answer, type="answer"))

    async def _read(self, track: MediaStreamTrack) -> None:
        with contextlib.suppress(MediaStreamError):
            while True:
                await track.recv()
                self.frames[track.kind] += 1
