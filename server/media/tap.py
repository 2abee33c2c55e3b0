"""The worker's end of the tap: a sequenced Unix socket to the recorder that comes and goes."""

from __future__ import annotations

import json
import logging
import socket
from struct import Struct
from typing import TYPE_CHECKING

from server.media.tap_log import TapLog

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

log = logging.getLogger("tongke.media")

CONNECT_EVERY = 0.25  # s
BUFFER_BYTES = 4 << 20
MESSAGES_PER_FLUSH = 32  # 1.9 MB per tick: what waits longer goes with the next one

_ACK = Struct("!Q")
_TRACK = Struct("!I")


class Tap:
    """Sends `records` to the recorder listening at `path`; reconnects by itself, and never holds the media up."""

    def __init__(
        self,
        path: str,
        *,
        worker: str,
        epoch: str,
        loop: asyncio.AbstractEventLoop,
        keyframe_wanted: Callable[[int], None],
    ) -> None:
        self.records = TapLog()
        self._path = path
        self._hello = b"H" + json.dumps({"worker": worker, "epoch": epoch, "version": 1}).encode()
        self._loop = loop
        self._keyframe_wanted = keyframe_wanted
        self._socket: socket.socket | None = None
        self._try_at = 0.0
        self._greeting: list[bytes] = []

    @property
    def connected(self) -> bool:
        return self._socket is not None

    def flush(self, now: float) -> None:
        """Send what waits; call on every tick."""
        if self._socket is None and now >= self._try_at:
            self._try_at = now + CONNECT_EVERY
            self._connect()
        sock = self._socket
        if sock is not None:
            try:
                self._send(sock)
            except BlockingIOError:
                pass  # the recorder is behind: the rest goes with the next tick
            except OSError as error:
                self._lost(error)
        self.records.trim(now)

    def _send(self, sock: socket.socket) -> None:
        while self._greeting:
            sock.send(self._greeting[0])
            del self._greeting[0]
        for _ in range(MESSAGES_PER_FLUSH):
            message = self.records.next_message()
            if not message:
                return
            sock.send(message)
            self.records.sent_message()

    def close(self, now: float) -> None:
        """Send what can be sent at once, then hang up."""
        self.flush(now)
        if self._socket is not None:
            self._loop.remove_reader(self._socket)
            self._socket.close()
            self._socket = None

    def _connect(self) -> None:
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_BYTES)
            sock.connect(self._path)
        except OSError:
            sock.close()
            return
        self._socket = sock
        self._greeting = [self._hello, *self.records.reconnected()]
        self._loop.add_reader(sock, self._readable)
        log.info("tap connected")

    def _lost(self, reason: object) -> None:
        if self._socket is None:
            return
        log.warning("tap lost: %s", reason)
        self._loop.remove_reader(self._socket)
        self._socket.close()
        self._socket = None

    def _readable(self) -> None:
        sock = self._socket
        if sock is None:
            return
        try:
            message = sock.recv(65536)
        except BlockingIOError:
            return
        except OSError as error:
            self._lost(error)
            return
        if not message:
            self._lost("closed by the recorder")
        elif message[:1] == b"A" and len(message) == 1 + _ACK.size:
            self.records.acknowledge(_ACK.unpack_from(message, 1)[0])
        elif message[:1] == b"K" and len(message) == 1 + _TRACK.size:
            self._keyframe_wanted(_TRACK.unpack_from(message, 1)[0])
