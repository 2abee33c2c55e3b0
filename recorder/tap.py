"""The listening end of the tap: `{data}/run/tap.sock`, sequenced packets, one connection per worker."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
from typing import TYPE_CHECKING

from recorder import tap_messages as messages
from server.wire.errors import BadPacket

if TYPE_CHECKING:
    from pathlib import Path

    from recorder.hub import Epoch, Hub

log = logging.getLogger("tongke.recorder")

TICK = 0.2  # s; with chunks of 0.5 s a frame is durable within about 0.7 s
READ_SIZE = messages.LONGEST + 5_536
MESSAGES_PER_TURN = 16  # then others have their turn in the loop
RECEIVE_BUFFER = 4 << 20


class Connection:
    """One worker's connection."""

    def __init__(self, sock: socket.socket, hub: Hub, server: TapServer) -> None:
        self._sock = sock
        self._hub = hub
        self._server = server
        self._loop = asyncio.get_running_loop()
        self._acknowledgement: bytes | None = None
        self.epoch: Epoch | None = None
        self._loop.add_reader(sock, self._readable)

    def close(self) -> None:
        """Hang up; idempotent."""
        if self._sock.fileno() < 0:
            return
        self._loop.remove_reader(self._sock)
        self._sock.close()
        if self.epoch is not None and self._server.connections.get(self.epoch) is self:
            self.epoch.connected = False
            del self._server.connections[self.epoch]
        self._server.greeting.discard(self)

    def tick(self) -> None:
        """Acknowledge what became durable, ask for keyframes."""
        assert self.epoch is not None
        number = self._hub.to_acknowledge(self.epoch)
        if number is not None:
            self._acknowledgement = messages.ack(number)
        if self._acknowledgement is not None and self._send(self._acknowledgement):
            self._acknowledgement = None
        for track in self._hub.keyframes_wanted(self.epoch):
            self._send(messages.keyframe_wanted(track))

    def _send(self, message: bytes) -> bool:
        try:
            self._sock.send(message)
        except BlockingIOError:
            return False
        except OSError:
            self.close()
            return False
        return True

    def _readable(self) -> None:
        try:
            for _ in range(MESSAGES_PER_TURN):
                message = self._sock.recv(READ_SIZE)
                if not message:
                    log.info("worker %s hung up", self.epoch.worker if self.epoch else "?")
                    self.close()
                    return
                self._take(message)
        except BlockingIOError:
            return
        except BadPacket as error:
            log.warning("tap: %s", error)
            self.close()
        except OSError as error:
            log.warning("tap: %s", error)
            self.close()

    def _take(self, message: bytes) -> None:
        if self.epoch is not None:
            self._hub.records(self.epoch, message)
            return
        hello = messages.parse_hello_untrusted(message)
        self.epoch = self._hub.hello(hello.worker, hello.epoch)
        before = self._server.connections.get(self.epoch)
        if before is not None:
            before.close()
        self._server.connections[self.epoch] = self
        self._server.greeting.discard(self)
        self.epoch.connected = True
        self.epoch.acknowledged = 0  # what was acknowledged on the old connection may not have arrived
        log.info("worker %s epoch %s is connected", hello.worker, hello.epoch)


class TapServer:
    """`await run()` serves until cancelled."""

    def __init__(self, path: Path, hub: Hub) -> None:
        self._path = path
        self._hub = hub
        self.connections: dict[Epoch, Connection] = {}
        self.greeting: set[Connection] = set()

    async def run(self) -> None:
        """Listen, take records, tick. Raises OSError if the socket cannot be made."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._path)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            listener.setblocking(False)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
            old = os.umask(0o077)  # only this user may feed recordings
            try:
                listener.bind(str(self._path))
            finally:
                os.umask(old)
            listener.listen(16)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._accept(listener))
                group.create_task(self._tick())
        finally:
            for connection in [*self.connections.values(), *self.greeting]:
                connection.close()
            listener.close()
            with contextlib.suppress(OSError):
                os.unlink(self._path)

    async def _accept(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            sock, _ = await loop.sock_accept(listener)
            sock.setblocking(False)
            self.greeting.add(Connection(sock, self._hub, self))

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            self._hub.tick()
            for connection in list(self.connections.values()):
                connection.tick()
