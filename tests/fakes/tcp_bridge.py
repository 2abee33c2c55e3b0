"""Lets a client that knows only UDP come by ICE-TCP: a datagram in, a frame out, and back."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from server.wire.framing import Deframer, frame
from tests.fakes.nat import only_candidate


class TcpBridge(asyncio.DatagramProtocol):
    """`await TcpBridge.open(server)`; a connection of its own for each client address."""

    def __init__(self, server: tuple[str, int]) -> None:
        self._server = server
        self._inner: Any = None
        self._ways: dict[tuple[str, int], asyncio.Queue[bytes]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self.hold: asyncio.Event | None = None  # set it to an event to stop reading until that is set
        self.to_clients = 0  # datagrams

    @classmethod
    async def open(cls, server: tuple[str, int]) -> TcpBridge:
        bridge = cls(server)
        loop = asyncio.get_running_loop()
        bridge._inner, _ = await loop.create_datagram_endpoint(lambda: bridge, local_addr=(server[0], 0))
        return bridge

    @property
    def address(self) -> tuple[str, int]:
        return cast("tuple[str, int]", self._inner.get_extra_info("sockname")[:2])

    def rewrite(self, answer: str) -> str:
        """An SDP answer with this bridge as the only candidate."""
        return only_candidate(answer, *self.address)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if addr not in self._ways:
            self._ways[addr] = asyncio.Queue()
            self._tasks.append(asyncio.create_task(self._carry(addr, self._ways[addr])))
        self._ways[addr].put_nowait(data)

    async def _carry(self, client: tuple[str, int], out: asyncio.Queue[bytes]) -> None:
        reader, writer = await asyncio.open_connection(*self._server)

        async def back() -> None:
            deframer = Deframer()
            while data := await reader.read(20_000):
                if self.hold is not None:
                    await self.hold.wait()
                for datagram in deframer.feed_untrusted(data):
                    self.to_clients += 1
                    self._inner.sendto(datagram, client)

        returning = asyncio.create_task(back())
        try:
            while True:
                writer.write(frame(await out.get()))
        finally:
            returning.cancel()
            await asyncio.gather(returning, return_exceptions=True)
            writer.close()

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._inner.close()
