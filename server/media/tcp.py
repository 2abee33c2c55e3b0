"""ICE over TCP, passive (RFC 6544): the way for schools whose firewall lets no UDP through.

A listener stands beside each UDP socket, on the same port. To the engine all its connections together are one more
carrier; datagrams are framed as in RFC 4571. Whoever does not say something we answer is closed after a few seconds.
"""

from __future__ import annotations

import errno
import logging
import socket
from typing import TYPE_CHECKING

from server.media import addresses
from server.media.backlog import Backlog
from server.media.libc import libc
from server.wire.errors import BadPacket
from server.wire.framing import Deframer

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Sequence

    from server.media.carrier import Carrier, Names, Take
    from server.media.mmsg import MediaSocket, Sender

log = logging.getLogger("tongke.media")

MAX_CONNECTIONS = 2000  # per listener: as many as a worker has sessions
MAX_PER_HOST = 400  # a school behind one address: its classrooms, each with some sessions
WAITING = 128  # connections the kernel keeps for us
PROVE = 5.0  # s in which a new connection must have said something that we answer
IDLE = 40.0  # s without a byte: consent checks come every 5 s, and consent ends after 30
SWEEP = 1.0  # s between looks for connections to close
PAUSE = 1.0  # s without accepting after the process has run out of descriptors
READ_BYTES = 64 * 1024  # read at once
WRITE_BYTES = 64 * 1024  # written at once
UNSENT_BYTES = 16 * 1024  # what the kernel may hold that it has not sent: the rest waits here, where it can give way
_TCP_NOTSENT_LOWAT = 25  # linux/tcp.h


class Connection:
    """One remote end."""

    def __init__(self, listener: TcpListener, accepted: socket.socket, name: bytes, host: str, now: float) -> None:
        self.name = name
        self.host = host
        self.proven = False  # something was answered: it knows a session's user fragment
        self.opened = self.heard = now
        self._listener = listener
        self._socket = accepted
        self._deframer = Deframer()
        self._greeted = False
        self.backlog = Backlog()
        self._partly = b""  # what the kernel did not take of a write
        self._writing = False

    def readable(self) -> None:
        """Read what has come, whole datagrams go to the engine."""
        try:
            data = self._socket.recv(READ_BYTES)
            datagrams = self._deframer.feed_untrusted(data)
        except (BlockingIOError, InterruptedError):
            return
        except (OSError, BadPacket):
            self._listener.drop(self)
            return
        if not data:
            self._listener.drop(self)
            return
        self.heard = self._listener.now()
        if not datagrams:
            return
        if not self._greeted and datagrams[0][0] > 3:  # ICE begins with a check (RFC 7983: STUN)
            self._listener.drop(self)
            return
        self._greeted = True
        self._listener.received(self, datagrams)

    def send(self, datagrams: Sequence[bytes], now: float) -> int:
        """Write or queue; how many were taken."""
        self.proven = True
        taken = sum([self.backlog.add(datagram, now) for datagram in datagrams])
        if not self._writing:
            self._flush()
        return taken

    def writable(self) -> None:
        """The kernel has room again."""
        self._flush()

    def _flush(self) -> None:
        loop, fd = self._listener.loop, self._socket.fileno()
        if loop is None or fd < 0:
            return
        while self._partly or self.backlog.size:
            data = self._partly or self.backlog.take(WRITE_BYTES)
            try:
                written = self._socket.send(data)
            except (BlockingIOError, InterruptedError):
                written = 0
            except OSError:
                self._listener.drop(self)
                return
            self._partly = data[written:]
            if self._partly:
                if not self._writing:
                    self._writing = True
                    loop.add_writer(fd, self.writable)
                return
        if self._writing:
            self._writing = False
            loop.remove_writer(fd)

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.add_reader(self._socket.fileno(), self.readable)

    def close(self, loop: asyncio.AbstractEventLoop | None) -> None:
        fd = self._socket.fileno()
        if loop is not None and fd >= 0:
            loop.remove_reader(fd)
            loop.remove_writer(fd)
        self._socket.close()


class TcpListener:
    """All TCP connections to one address; a `server.media.carrier.Carrier`."""

    segments = False

    def __init__(self, index: int, address: str, port: int) -> None:
        """Raises OSError when the port cannot be bound."""
        self.index = index
        self.address = address
        self.loop: asyncio.AbstractEventLoop | None = None
        self.connections: dict[bytes, Connection] = {}
        self._per_host: dict[str, int] = {}
        self._take: Take | None = None
        self._ffi = libc().ffi
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.name_length = 28 if family == socket.AF_INET6 else 16
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        try:
            self._socket.setblocking(False)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                self._socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            self._socket.bind((address, port))
            self._socket.listen(WAITING)
        except OSError:
            self._socket.close()
            raise
        self.port: int = self._socket.getsockname()[1]
        self.fd = self._socket.fileno()

    # -- the carrier

    def attach(self, loop: asyncio.AbstractEventLoop, readable: Callable[[MediaSocket], None], take: Take) -> None:
        """See `server.media.carrier.Carrier`."""
        self.loop, self._take = loop, take
        loop.add_reader(self.fd, self._accept)
        loop.call_later(SWEEP, self._sweep)

    def detach(self, loop: asyncio.AbstractEventLoop) -> None:
        """See `server.media.carrier.Carrier`."""
        loop.remove_reader(self.fd)
        for connection in list(self.connections.values()):
            self.drop(connection)
        self.loop = None
        self.close()

    def close(self) -> None:
        self._socket.close()

    def send_to(self, data: bytes, name: bytes) -> bool:
        """See `server.media.carrier.Carrier`."""
        connection = self.connections.get(name)
        return connection is not None and connection.send((data,), self.now()) == 1

    def send_rows(self, sender: Sender, count: int, names: Names, name_length: int) -> int:
        """See `server.media.carrier.Carrier`."""
        cast, buffer, now = self._ffi.cast, self._ffi.buffer, self.now()
        pointers: list[int] = names if isinstance(names, list) else names.tolist()
        each = count // max(len(pointers), 1)
        lengths: list[int] = sender.lengths[:count].tolist()
        sent = 0
        for place, pointer in enumerate(pointers):
            connection = self.connections.get(buffer(cast("char *", pointer), name_length)[:])
            if connection is None:
                continue
            rows = range(place * each, place * each + each)
            sent += connection.send([buffer(sender.pointers[row], lengths[row])[:] for row in rows], now)
        sender.dropped += count - sent
        return sent

    # -- connections

    def now(self) -> float:
        """Monotonic seconds of the loop."""
        return self.loop.time() if self.loop is not None else 0.0

    def received(self, connection: Connection, datagrams: list[bytes]) -> None:
        """Whole datagrams of a connection."""
        if self._take is not None:
            self._take(self.index, datagrams, connection.name)

    def drop(self, connection: Connection) -> None:
        """Close it; what it carried is lost, its session stays until consent ends or it comes another way."""
        if self.connections.get(connection.name) is connection:
            del self.connections[connection.name]
            left = self._per_host[connection.host] - 1
            if left:
                self._per_host[connection.host] = left
            else:
                del self._per_host[connection.host]
        connection.close(self.loop)

    def _accept(self) -> None:
        while self.loop is not None:
            try:
                accepted, peer = self._socket.accept()
            except (BlockingIOError, InterruptedError):
                return
            except OSError as error:
                if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
                    log.warning("no more TCP connections for media: %s", error)
                    self.loop.remove_reader(self.fd)
                    self.loop.call_later(PAUSE, self._accept_again)
                    return
                continue  # that one went away while it waited
            self._welcome(accepted, str(peer[0]), int(peer[1]))

    def _accept_again(self) -> None:
        if self.loop is not None:
            self.loop.add_reader(self.fd, self._accept)

    def _welcome(self, accepted: socket.socket, host: str, port: int) -> None:
        assert self.loop is not None
        if len(self.connections) >= MAX_CONNECTIONS:
            self._make_room()
        if len(self.connections) >= MAX_CONNECTIONS or self._per_host.get(host, 0) >= MAX_PER_HOST:
            accepted.close()
            return
        try:
            accepted.setblocking(False)
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            accepted.setsockopt(socket.IPPROTO_TCP, _TCP_NOTSENT_LOWAT, UNSENT_BYTES)
        except OSError:
            accepted.close()
            return
        connection = Connection(self, accepted, addresses.pack(host, port), host, self.now())
        self.connections[connection.name] = connection
        self._per_host[host] = self._per_host.get(host, 0) + 1
        connection.attach(self.loop)

    def _make_room(self) -> None:
        """A stranger who fills the table does not keep a school out: the oldest that proved nothing goes."""
        oldest = next((each for each in self.connections.values() if not each.proven), None)
        if oldest is not None:
            self.drop(oldest)

    def _sweep(self) -> None:
        if self.loop is None:
            return
        now = self.now()
        for connection in list(self.connections.values()):
            if now - connection.heard > IDLE or (not connection.proven and now - connection.opened > PROVE):
                self.drop(connection)
        self.loop.call_later(SWEEP, self._sweep)


def open_listeners(beside: Sequence[Carrier]) -> list[TcpListener]:
    """A listener on the address and port of each UDP socket; one that cannot be bound is left out with a word."""
    listeners: list[TcpListener] = []
    for each in beside:
        try:
            listeners.append(TcpListener(len(beside) + len(listeners), each.address, each.port))
        except OSError as error:
            log.warning("media on TCP %s port %d is not possible, UDP goes on: %s", each.address, each.port, error)
    return listeners


def tcp_candidates(
    candidates: Sequence[tuple[str, int]], sockets: Sequence[Carrier], listeners: Sequence[TcpListener]
) -> list[tuple[str, int]]:
    """Those candidates that a TCP listener stands behind.

    An address that is not the machine's own (a router maps it) counts as soon as there is any listener.
    """
    own = {each.address for each in sockets}
    listening = {each.address for each in listeners}
    return [each for each in candidates if each[0] in listening or (listening and each[0] not in own)]
