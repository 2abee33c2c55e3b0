"""A sequenced Unix socket between two workers of one machine: whole messages, in order, never waited for."""

from __future__ import annotations

import logging
import socket
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

log = logging.getLogger("tongke.media")

BUFFER_BYTES = 4 << 20
LARGEST = 1 << 16
AT_ONCE = 64  # messages read before the loop gets its turn
MOST_WAITING = 1000  # messages that must not be lost; beyond it the other side is as good as dead


class Link:
    """One end. `take(kind, body)` gets each message; `lost(reason)` is called once, when the other end has gone."""

    def __init__(
        self,
        sock: socket.socket,
        loop: asyncio.AbstractEventLoop,
        take: Callable[[bytes, bytes], None],
        lost: Callable[[str], None],
    ) -> None:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_BYTES)
        self._socket: socket.socket | None = sock
        self._loop = loop
        self._take = take
        self._lost = lost
        self._waiting: deque[bytes] = deque()
        self.dropped = 0  # messages of media that the other end was too slow for
        loop.add_reader(sock, self._readable)

    @property
    def open(self) -> bool:
        return self._socket is not None

    def media(self, message: bytes) -> bool:
        """Send now or never: what is lost is asked for again. False: lost."""
        if self._socket is None:
            return False
        if self._waiting:
            self.dropped += 1
            return False
        try:
            self._socket.send(message)
        except BlockingIOError:
            self.dropped += 1
            return False
        except OSError as error:
            self._fail(str(error))
            return False
        return True

    def tell(self, message: bytes) -> None:
        """Send what must not be lost: now, or with the next `flush`."""
        self._waiting.append(message)
        self.flush()
        if len(self._waiting) > MOST_WAITING:
            self._fail("it does not read")

    def flush(self) -> None:
        """Send what waits; call now and then."""
        while self._waiting and self._socket is not None:
            try:
                self._socket.send(self._waiting[0])
            except BlockingIOError:
                return
            except OSError as error:
                self._fail(str(error))
                return
            self._waiting.popleft()

    def close(self) -> None:
        """Hang up without a word to `lost`. Idempotent."""
        sock, self._socket = self._socket, None
        if sock is not None:
            self._loop.remove_reader(sock)
            sock.close()
        self._waiting.clear()

    def _fail(self, reason: str) -> None:
        if self._socket is not None:
            self.close()
            self._lost(reason)

    def _readable(self) -> None:
        for _ in range(AT_ONCE):
            if self._socket is None:
                return
            try:
                message = self._socket.recv(LARGEST)
            except BlockingIOError:
                return
            except OSError as error:
                self._fail(str(error))
                return
            if not message:
                self._fail("closed by the other end")
                return
            self._take(message[:1], message[1:])
