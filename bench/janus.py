"""The baseline: Janus with its videoroom plugin, over its HTTP API (Debian: `apt install janus`)."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import shutil
import socket
from typing import TYPE_CHECKING, Any

from bench.client import connect
from bench.servers import ServerProcess, Unavailable
from server.supervisor_checks import free_port

if TYPE_CHECKING:
    from pathlib import Path

    from bench.client import Client

ROOM = 1234
PLUGIN = "janus.plugin.videoroom"


class Janus:
    """One room, one publisher; ICE-lite like ours, so that the load client is the same."""

    name = "Janus"

    def __init__(self, host: str) -> None:
        if shutil.which("janus") is None:
            raise Unavailable("Janus is not installed (Debian: apt install janus)")
        self.host = host
        self._port = free_port(socket.SOCK_STREAM)
        self._child: ServerProcess | None = None
        self._session = ""
        self._events: dict[int, asyncio.Queue[dict[str, Any]]] = {}
        self._polling: asyncio.Task[None] | None = None
        self._feed = 0

    @property
    def root_pid(self) -> int:
        assert self._child is not None
        return self._child.pid

    async def start(self) -> None:
        self._child = child = ServerProcess()
        self._configure(child.folder)
        await child.run("janus", f"--configs-folder={child.folder}", "--disable-colors")
        await child.answers(f"http://127.0.0.1:{self._port}/janus/info")
        self._session = f"/{(await self._request('', janus='create'))['data']['id']}"
        self._polling = asyncio.create_task(self._poll())
        handle = await self._attach()
        await self._message(
            handle, {"request": "create", "room": ROOM, "publishers": 6, "bitrate": 0, "videocodec": "vp8"}
        )

    async def publish(self, client: Client) -> None:
        handle = await self._attach()
        joined = await self._event(handle, {"request": "join", "ptype": "publisher", "room": ROOM, "display": "bench"})
        self._feed = joined["plugindata"]["data"]["id"]
        offer = {"type": "offer", "sdp": client.offer("sendonly")}
        answered = await self._event(handle, {"request": "publish"}, offer)
        client.accept(answered["jsep"]["sdp"])
        await connect(client)

    async def play(self, client: Client) -> None:
        handle = await self._attach()
        join = {"request": "join", "ptype": "subscriber", "room": ROOM, "streams": [{"feed": self._feed}]}
        offered = await self._event(handle, join)
        answer = {"type": "answer", "sdp": client.answer(offered["jsep"]["sdp"])}
        await self._event(handle, {"request": "start"}, answer)
        await connect(client)

    async def stop(self) -> None:
        if self._polling is not None:
            self._polling.cancel()
            await asyncio.gather(self._polling, return_exceptions=True)
        if self._child is not None:
            await self._child.stop()

    def _configure(self, folder: Path) -> None:
        (folder / "janus.jcfg").write_text(
            "general: {\n  session_timeout = 0\n  debug_level = 3\n}\n"
            'media: {\n  rtp_port_range = "20000-40000"\n}\n'
            f'nat: {{\n  ice_lite = true\n  ice_enforce_list = "{self.host}"\n  full_trickle = false\n}}\n'
            'plugins: {\n  disable = "libjanus_audiobridge.so,libjanus_echotest.so,libjanus_recordplay.so,'
            "libjanus_sip.so,libjanus_nosip.so,libjanus_streaming.so,libjanus_textroom.so,libjanus_videocall.so,"
            'libjanus_voicemail.so,libjanus_lua.so,libjanus_duktape.so"\n}\n'
            'transports: {\n  disable = "libjanus_pfunix.so,libjanus_rabbitmq.so,libjanus_mqtt.so,libjanus_nanomsg.so,'
            'libjanus_websockets.so"\n}\n'
        )
        (folder / "janus.transport.http.jcfg").write_text(
            f'general: {{\n  http = true\n  port = {self._port}\n  interface = "lo"\n  https = false\n}}\n'
            "admin: {\n  admin_http = false\n}\n"
        )
        (folder / f"{PLUGIN}.jcfg").write_text("general: {\n}\n")

    async def _request(self, path: str, **body: Any) -> dict[str, Any]:  # noqa: ANN401 (JSON)
        assert self._child is not None
        url = f"http://127.0.0.1:{self._port}/janus{path}"
        async with self._child.http.post(url, json={**body, "transaction": secrets.token_hex(6)}) as response:
            answer: dict[str, Any] = await response.json()
        if answer["janus"] == "error":
            raise RuntimeError(str(answer["error"]))
        return answer

    async def _attach(self) -> int:
        handle = int((await self._request(self._session, janus="attach", plugin=PLUGIN))["data"]["id"])
        self._events[handle] = asyncio.Queue()
        return handle

    async def _message(self, handle: int, body: dict[str, Any], jsep: dict[str, str] | None = None) -> dict[str, Any]:
        extra = {"jsep": jsep} if jsep else {}
        return await self._request(f"{self._session}/{handle}", janus="message", body=body, **extra)

    async def _event(self, handle: int, body: dict[str, Any], jsep: dict[str, str] | None = None) -> dict[str, Any]:
        await self._message(handle, body, jsep)
        async with asyncio.timeout(15):
            while True:
                event = await self._events[handle].get()
                if event["janus"] == "event":
                    data = event["plugindata"]["data"]
                    if "error" in data:
                        raise RuntimeError(str(data["error"]))
                    return event

    async def _poll(self) -> None:
        assert self._child is not None
        url = f"http://127.0.0.1:{self._port}/janus{self._session}?maxev=10"
        while True:
            async with self._child.http.get(url) as response:
                events = await response.json()
            for event in events if isinstance(events, list) else [events]:
                with contextlib.suppress(KeyError):
                    self._events[event["sender"]].put_nowait(event)
