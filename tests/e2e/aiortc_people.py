"""People of a lesson played with aiortc over WHIP and WHEP, as a foreign client would; they obey the room."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Self

import aiohttp

from server.demo_client import Api, DemoFailed, Peer
from server.demo_media import Picture, Tone

if TYPE_CHECKING:
    from collections.abc import Callable


class Person:
    """One participant: publishes its source, plays others, and does both again after each `media_reset`."""

    def __init__(self, api: Api, lesson_id: str, token: str, *, publish: bool, plays: tuple[str, ...] = ()) -> None:
        self.resets = 0
        self.messages: list[str] = []
        self.peers: list[Peer] = []
        self._api = api
        self._lesson = lesson_id
        self._token = token
        self._publish = publish
        self._plays = plays
        self._room: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self._connect()
        self._room = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._room is not None:
            self._room.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._room
        await self._close()

    @property
    def frames(self) -> dict[str, int]:
        """What the present WHEP sessions have received, added up."""
        return {kind: sum(peer.frames[kind] for peer in self.peers) for kind in ("video", "audio")}

    async def _connect(self) -> None:
        for _ in range(40):
            try:
                if self._publish:
                    peer = Peer(self._api, "publisher", self._token)
                    self.peers.append(peer)
                    await peer.publish(f"/whip/{self._lesson}", [Picture("同课", 40), Tone(440)])
                for source in self._plays:
                    peer = Peer(self._api, source, self._token)
                    self.peers.append(peer)
                    await peer.play(f"/whep/{self._lesson}?source={source}")
                await asyncio.gather(*(peer.connected() for peer in self.peers))
            except DemoFailed:
                await self._close()
                await asyncio.sleep(0.25)  # as a page does: again until the server is back
            else:
                return
        raise DemoFailed("no media in 40 tries")

    async def _close(self) -> None:
        peers, self.peers = self.peers, []
        await asyncio.gather(*(peer.close() for peer in peers), return_exceptions=True)

    async def again(self) -> None:
        """What a page does that finds its connections dead: all of them anew."""
        await self._close()
        await self._connect()

    async def _listen(self) -> None:
        address = f"{self._api.url}/api/lessons/{self._lesson}/room"
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                async with aiohttp.ClientSession() as session, session.ws_connect(address) as room:
                    await room.send_json({"v": 1, "type": "hello", "token": self._token})
                    async for message in room:
                        kind = message.json()["type"]
                        self.messages.append(kind)
                        if kind == "media_reset":
                            self.resets += 1
                            await self.again()
            await asyncio.sleep(0.25)  # as a page does: again until the room is back


async def until(condition: Callable[[], object], seconds: float, what: str) -> None:
    """Polls a condition of another process; AssertionError after `seconds`."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not await asyncio.to_thread(condition):
        assert loop.time() < end, f"waited {seconds:.0f} s in vain for {what}"
        await asyncio.sleep(0.2)  # polling another process; bounded by the deadline
