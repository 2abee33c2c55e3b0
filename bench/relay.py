"""The baseline: aiortc peers and its MediaRelay, as its documentation shows (`python -m bench.relay PORT`)."""

from __future__ import annotations

import asyncio
import sys

from aiohttp import web
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaRelay


class RelayServer:
    """One publisher, relayed to everybody who plays."""

    def __init__(self) -> None:
        self._relay = MediaRelay()
        self._tracks: list[MediaStreamTrack] = []
        self._peers: set[RTCPeerConnection] = set()

    async def publish(self, request: web.Request) -> web.Response:
        peer = RTCPeerConnection()
        self._peers.add(peer)
        peer.on("track", self._tracks.append)
        return await self._answer(peer, await request.text())

    async def play(self, request: web.Request) -> web.Response:
        peer = RTCPeerConnection()
        self._peers.add(peer)
        for track in self._tracks:
            peer.addTrack(self._relay.subscribe(track))
        return await self._answer(peer, await request.text())

    async def close(self, _: web.Application) -> None:
        await asyncio.gather(*(peer.close() for peer in self._peers))

    @staticmethod
    async def _answer(peer: RTCPeerConnection, offer: str) -> web.Response:
        await peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await peer.setLocalDescription(await peer.createAnswer())
        return web.Response(text=peer.localDescription.sdp, content_type="application/sdp")


async def healthz(_: web.Request) -> web.Response:
    return web.Response(text="ok")


def main() -> None:
    relay = RelayServer()
    app = web.Application()
    app.router.add_post("/publish", relay.publish)
    app.router.add_post("/play", relay.play)
    app.router.add_get("/healthz", healthz)
    app.on_shutdown.append(relay.close)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)


if __name__ == "__main__":
    main()
