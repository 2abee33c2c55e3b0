"""The only way of a pull into the network: a port of this machine that leads to one checked address and nowhere else.

The library that speaks RTSP follows redirects to wherever it is told. It is given this port instead of the recorder's
address, and what a server says in RTSP is read before it is passed on: a redirect ends the connection.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Self

log = logging.getLogger("tongke.ingest")

CHUNK = 64 * 1024
LONGEST_HEADER = 64 * 1024
CONNECT = 8.0  # s


class Redirected(Exception):
    """The server sends us elsewhere, or does not speak RTSP."""


class RtspWatch:
    """Reads what an RTSP server sends (RFC 2326, section 10.12 for media between the messages), sans-IO."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._skip = 0

    def feed(self, data: bytes) -> None:
        """Raises Redirected before the end of a message that redirects has been passed on."""
        self._buffer += data
        while True:
            step = min(self._skip, len(self._buffer))
            del self._buffer[:step]
            self._skip -= step
            if self._skip or not self._buffer or not self._message():
                return

    def _message(self) -> bool:
        """Whether one was whole."""
        if self._buffer[0] == ord("$"):
            if len(self._buffer) < 4:
                return False
            self._skip = 4 + int.from_bytes(self._buffer[2:4], "big")
            return True
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > LONGEST_HEADER:
                raise Redirected("a header without an end")
            return False
        lines = bytes(self._buffer[:end]).split(b"\r\n")
        words = lines[0].split(b" ", 2)
        if words[0] == b"REDIRECT" or (words[0].startswith(b"RTSP/") and words[1:2] and words[1].startswith(b"3")):
            raise Redirected("the recorder redirects to another address")
        length = next((line.split(b":", 1)[1] for line in lines if line.lower().startswith(b"content-length:")), b"0")
        try:
            self._skip = end + 4 + max(0, int(length))
        except ValueError:
            raise Redirected("a length that is none") from None
        return True


class Relay:
    """`async with Relay(address, port, rtsp=…) as relay`: `relay.port` on 127.0.0.1, for one connection after another.

    `trouble`: what went wrong on the way to the recorder.
    """

    def __init__(self, address: str, port: int, *, rtsp: bool) -> None:
        self._address, self._port, self._rtsp = address, port, rtsp
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.trouble = ""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def port(self) -> int:
        """Where to connect."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._carry(reader, writer)
        except asyncio.CancelledError:  # ours, in __aexit__; the stream's own callback would log it as an error
            return
        finally:
            self._tasks.discard(task)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_writer: asyncio.StreamWriter | None = None
        try:
            async with asyncio.timeout(CONNECT):
                far, far_writer = await asyncio.open_connection(self._address, self._port)
            watch = RtspWatch() if self._rtsp else None
            async with asyncio.TaskGroup() as group:
                group.create_task(_copy(reader, far_writer, None))
                group.create_task(_copy(far, writer, watch))
        except TimeoutError:
            self.trouble = "unreachable"
        except OSError:
            self.trouble = "unreachable"
        except BaseExceptionGroup as errors:
            if errors.subgroup(Redirected):
                self.trouble = "redirected"
        finally:
            for one in (writer, far_writer):
                if one is not None:
                    one.close()
                    with contextlib.suppress(OSError):
                        await one.wait_closed()


class _Over(Exception):
    """One side has closed: the other is closed too."""


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, watch: RtspWatch | None) -> None:
    while data := await reader.read(CHUNK):
        if watch is not None:
            watch.feed(data)
        writer.write(data)
        await writer.drain()
    raise _Over
