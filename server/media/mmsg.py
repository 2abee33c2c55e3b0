"""Many datagrams per system call, in memory that is laid out once.

Received datagrams land in slots of one arena and are decrypted there; rows to be sent are filled by
`server.forward.fanout` and encrypted in place. The C structures are numpy arrays at the same time, so that lengths
and addresses are written by columns.
"""

from __future__ import annotations

import contextlib
import errno
import select
import socket
from typing import TYPE_CHECKING, Any

import numpy as np

from server.forward.rows import ROW_BYTES, Rows
from server.media import addresses
from server.media.libc import libc

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from numpy.typing import NDArray

    from server.media.carrier import Names, Take

SLOT_BYTES = 2048  # a datagram of more than an Ethernet frame is nobody's media
SLOTS = 64  # datagrams per recvmmsg
NAME_BYTES = 32  # room for a sockaddr_in6 (28), aligned
MAX_ROWS = 1024  # UIO_MAXIOV, the kernel's limit per sendmmsg
BUFFER_BYTES = 8 << 20  # socket buffers: 0.1 s of 400 streams of 1.5 Mbit/s
PATIENCE = 20  # ms for a full send buffer to empty a little: 8 MiB take 7 ms at 10 Gbit/s, 70 ms at 1 Gbit/s
CONTROL_BYTES = 64  # room for the one control message asked for: the kernel's arrival time
_SO_TIMESTAMPNS = 35  # asm-generic/socket.h: struct timespec, realtime
_SO_SNDBUFFORCE, _SO_RCVBUFFORCE = 32, 33  # asm-generic/socket.h; beyond net.core.*mem_max, for root only
# one destination's trouble: leave its datagram out and go on with the next
_SKIP = {
    errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EPERM, errno.EINVAL, errno.EMSGSIZE, errno.EACCES,
    errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EHOSTDOWN, errno.ENETDOWN,
}  # fmt: skip


def header_dtype() -> np.dtype[Any]:
    """`struct mmsghdr` as a numpy record, those fields that are written."""
    ffi = libc().ffi
    return _record(
        "struct mmsghdr",
        {
            "name": (ffi.sizeof("void *"), ffi.offsetof("struct msghdr", "msg_name")),
            "namelen": (4, ffi.offsetof("struct msghdr", "msg_namelen")),
            "vectors": (ffi.sizeof("void *"), ffi.offsetof("struct msghdr", "msg_iov")),
            "count": (ffi.sizeof("size_t"), ffi.offsetof("struct msghdr", "msg_iovlen")),
            "control": (ffi.sizeof("void *"), ffi.offsetof("struct msghdr", "msg_control")),
            "controllen": (ffi.sizeof("size_t"), ffi.offsetof("struct msghdr", "msg_controllen")),
            "length": (4, ffi.offsetof("struct mmsghdr", "msg_len")),
        },
    )


def vector_dtype() -> np.dtype[Any]:
    """`struct iovec` as a numpy record."""
    ffi = libc().ffi
    return _record(
        "struct iovec",
        {
            "base": (ffi.sizeof("void *"), ffi.offsetof("struct iovec", "iov_base")),
            "length": (ffi.sizeof("size_t"), ffi.offsetof("struct iovec", "iov_len")),
        },
    )


def _record(structure: str, fields: dict[str, tuple[int, int]]) -> np.dtype[Any]:
    """A record of unsigned fields, each with its size and offset in bytes."""
    layout = {
        "names": list(fields),
        "formats": [f"u{size}" for size, _ in fields.values()],
        "offsets": [offset for _, offset in fields.values()],
        "itemsize": libc().ffi.sizeof(structure),
    }
    record: np.dtype[Any] = np.dtype(layout)  # type: ignore[call-overload]
    return record


def has_room(fd: int) -> bool:
    """Wait until a full send buffer takes more; False when it does not within `PATIENCE`.

    A keyframe to hundreds of subscribers is more than the buffer holds: what does not fit must not lose its tail.
    """
    poll = select.poll()
    poll.register(fd, select.POLLOUT)
    return bool(poll.poll(PATIENCE))


class Messages:
    """An array of `struct mmsghdr`, each with one iovec into its own slot of `arena`."""

    def __init__(self, count: int, slot: int) -> None:
        _, ffi = libc()
        self.count = count
        self.slot = slot
        self.arena = ffi.new("unsigned char[]", count * slot)
        self.base = int(ffi.cast("uintptr_t", self.arena))
        self.headers = ffi.new("struct mmsghdr[]", count)
        self._vectors = ffi.new("struct iovec[]", count)
        for index in range(count):
            self._vectors[index].iov_base = self.arena + index * slot
            self._vectors[index].iov_len = slot
            self.headers[index].msg_hdr.msg_iov = self._vectors + index
            self.headers[index].msg_hdr.msg_iovlen = 1
        headers = np.frombuffer(ffi.buffer(self.headers), header_dtype())
        self.names: NDArray[Any] = headers["name"]
        self.name_lengths: NDArray[np.uint32] = headers["namelen"]
        self.lengths: NDArray[np.uint32] = headers["length"]
        self.control: NDArray[Any] = headers["control"]
        self.control_lengths: NDArray[Any] = headers["controllen"]
        self.vector_lengths: NDArray[Any] = np.frombuffer(ffi.buffer(self._vectors), vector_dtype())["length"]
        self.plain_vectors = memoryview(ffi.buffer(self._vectors)).cast("Q")  # base and length in turns


class Receiver:
    """The slots datagrams are received into, one system call for up to `SLOTS` of them.

    What the kernel wrote is read through memoryviews, and only the headers it used are made anew: at a few datagrams
    per wake-up numpy's fixed cost per call would be most of the cost.
    """

    def __init__(self) -> None:
        self._lib, self._ffi = libc()
        ffi = self._ffi
        self._messages = messages = Messages(SLOTS, SLOT_BYTES)
        self._names = ffi.new("unsigned char[]", SLOTS * NAME_BYTES)
        messages.names[:] = int(ffi.cast("uintptr_t", self._names)) + np.arange(SLOTS) * NAME_BYTES
        messages.name_lengths[:] = NAME_BYTES
        self._name_buffer = ffi.buffer(self._names)
        self._control = ffi.new("unsigned char[]", SLOTS * CONTROL_BYTES)
        messages.control[:] = int(ffi.cast("uintptr_t", self._control)) + np.arange(SLOTS) * CONTROL_BYTES
        messages.control_lengths[:] = CONTROL_BYTES
        headers = ffi.buffer(messages.headers)
        self._header_size = ffi.sizeof("struct mmsghdr")
        self._header_bytes = memoryview(headers).cast("B")
        self._fresh = bytes(headers)  # the kernel overwrites the lengths of what it fills
        self._lengths = memoryview(headers).cast("I")[ffi.offsetof("struct mmsghdr", "msg_len") // 4 :]
        # struct cmsghdr (16 bytes) and struct timespec, as 64-bit words
        self._stamps = memoryview(ffi.buffer(self._control)).cast("q")
        self.buffer: Any = ffi.buffer(messages.arena)  # its slices are `bytes`
        self.data = memoryview(self.buffer).cast("B")
        self.pointers = [messages.arena + index * SLOT_BYTES for index in range(SLOTS)]

    def receive(self, fd: int, name_length: int) -> tuple[list[int], list[bytes], list[float]]:
        """What waits on the socket now: lengths, sender addresses and arrival times (Unix s).

        Datagram *i* is at `data[i * SLOT_BYTES:]`. The times are the kernel's: a busy process reads late, and a
        sender's bandwidth estimate lives on the distances.

        Empty lists when nothing does. A pending error of an earlier send is swallowed.
        """
        headers, stamps, names = self._messages.headers, self._stamps, self._name_buffer
        count = self._lib.recvmmsg(fd, headers, SLOTS, 0, self._ffi.NULL)
        if count <= 0:
            return [], [], []
        size, words = self._header_size, CONTROL_BYTES // 8
        lengths = self._lengths[: count * size // 4 : size // 4].tolist()
        arrivals = [stamps[at] + stamps[at + 1] * 1e-9 for at in range(2, count * words, words)]
        used = count * size
        self._header_bytes[:used] = self._fresh if count == SLOTS else self._fresh[:used]
        return lengths, [names[at : at + name_length] for at in range(0, count * NAME_BYTES, NAME_BYTES)], arrivals

    def place(self, datagrams: list[bytes]) -> list[int]:
        """Lay up to `SLOTS` datagrams of at most `SLOT_BYTES` into the slots, as if received; their lengths."""
        for slot, datagram in enumerate(datagrams):
            self.data[slot * SLOT_BYTES : slot * SLOT_BYTES + len(datagram)] = datagram
        return [len(datagram) for datagram in datagrams]


class Sender:
    """Rows to be filled, encrypted in place and sent with one system call per socket."""

    def __init__(self) -> None:
        self._lib, self._ffi = libc()
        self._messages = messages = Messages(MAX_ROWS, ROW_BYTES)
        block = np.frombuffer(self._ffi.buffer(messages.arena), np.uint8).reshape(MAX_ROWS, ROW_BYTES)
        self._lengths = self._ffi.new("int[]", MAX_ROWS)
        self.lengths: NDArray[np.int32] = np.frombuffer(self._ffi.buffer(self._lengths), np.int32)
        self.rows = Rows(block, self.lengths)
        self.pointers = [self._ffi.cast("void *", messages.base + index * ROW_BYTES) for index in range(MAX_ROWS)]
        self.length_pointers = [self._lengths + index for index in range(MAX_ROWS)]
        self.base = messages.base
        self.dropped = 0
        header, word = self._ffi.sizeof("struct mmsghdr"), self._ffi.offsetof("struct msghdr", "msg_namelen")
        self._steps = header // 8, header // 4, word // 4
        self._plain_names = memoryview(self._ffi.buffer(messages.headers)).cast("Q")
        self._plain_name_lengths = memoryview(self._ffi.buffer(messages.headers)).cast("I")
        self._laid_out: tuple[Names, int, int] = ([], 0, 0)

    def send(self, fd: int, count: int, names: Names, name_length: int) -> int:
        """Send the first `count` rows, `lengths` bytes each. Returns how many left.

        Each of `names` (addresses of sockaddrs) has `count // len(names)` rows one after another. A destination in
        trouble is left out; a socket buffer that stays full drops the rest (media is late rather than lost twice).
        """
        messages = self._messages
        self._lay_out(count, names, name_length)
        at = sent = 0
        while at < count:
            done = self._lib.sendmmsg(fd, messages.headers + at, count - at, 0)
            if done > 0:
                at += done
                sent += done
                continue
            code = self._ffi.errno
            if code == errno.EINTR or (code == errno.EAGAIN and has_room(fd)):
                continue
            if code not in _SKIP:
                self.dropped += count - at
                break
            at += 1
            self.dropped += 1
        return sent

    def _lay_out(self, count: int, names: Names, name_length: int) -> None:
        """The rows' lengths, and whom each is for: that stays as long as the same are sent to."""
        messages = self._messages
        if isinstance(names, list):
            vectors, spans = messages.plain_vectors, self.rows.spans
            for row in range(count):
                vectors[2 * row + 1] = spans[row]
        else:
            messages.vector_lengths[:count] = self.lengths[:count]
        known, rows, length = self._laid_out
        if known is names and rows == count and length == name_length:
            return
        self._laid_out = names, count, name_length
        if not isinstance(names, list):
            messages.names[:count].reshape(len(names), -1)[:] = names[:, None]
            messages.name_lengths[:count] = name_length
            return
        step, half_step, offset = self._steps
        each, row = count // len(names), 0
        for name in names:
            for _ in range(each):
                self._plain_names[row * step] = name
                self._plain_name_lengths[row * half_step + offset] = name_length
                row += 1

    def send_rows(self, fd: int, rows: list[int], name: int, name_length: int) -> int:
        """These rows one by one to one destination; how many left."""
        messages, sent = self._messages, 0
        self._laid_out = ([], 0, 0)
        for row in rows:
            messages.vector_lengths[row] = self.lengths[row]
            messages.names[row] = name
            messages.name_lengths[row] = name_length
            sent += self._lib.sendmmsg(fd, messages.headers + row, 1, 0) == 1
        self.dropped += len(rows) - sent
        return sent


class MediaSocket:
    """One UDP socket on one concrete address."""

    segments = True

    def __init__(self, index: int, address: str, port: int) -> None:
        self.index = index
        self.address = address
        self._lib, self._ffi = libc()
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.name_length = 28 if family == socket.AF_INET6 else 16
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            if family == socket.AF_INET6:
                self._socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            for forced, plain in ((_SO_RCVBUFFORCE, socket.SO_RCVBUF), (_SO_SNDBUFFORCE, socket.SO_SNDBUF)):
                self._socket.setsockopt(socket.SOL_SOCKET, plain, BUFFER_BYTES)
                with contextlib.suppress(PermissionError):
                    self._socket.setsockopt(socket.SOL_SOCKET, forced, BUFFER_BYTES)
            self._socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
            self._socket.bind((address, port))
        except OSError:
            self._socket.close()
            raise
        self.port: int = self._socket.getsockname()[1]
        self.fd = self._socket.fileno()

    def send_to(self, data: bytes, name: bytes) -> bool:
        """One datagram; False when the kernel would not take it."""
        return bool(self._lib.sendto(self.fd, data, len(data), 0, name, len(name)) >= 0)

    def send_rows(self, sender: Sender, count: int, names: Names, name_length: int) -> int:
        """See `server.media.carrier.Carrier`."""
        return sender.send(self.fd, count, names, name_length)

    def attach(self, loop: asyncio.AbstractEventLoop, readable: Callable[[MediaSocket], None], take: Take) -> None:
        """See `server.media.carrier.Carrier`."""
        loop.add_reader(self.fd, readable, self)

    def detach(self, loop: asyncio.AbstractEventLoop) -> None:
        """See `server.media.carrier.Carrier`."""
        loop.remove_reader(self.fd)
        self.close()

    def close(self) -> None:
        self._socket.close()


def open_sockets(hosts: list[str], port: int) -> tuple[list[MediaSocket], list[tuple[str, int]]]:
    """A socket per address, all on one port, and the candidates to announce. Raises OSError.

    Without `hosts` every address of the machine is served and announced; one that cannot be bound (just gone, still
    tentative) is left out. With `hosts` exactly those are announced; when one of them is not this machine's own (a
    router in front of it maps it), the machine's addresses are served too. With port 0 the kernel's first choice is
    taken for all.
    """
    announced = addresses.resolve(hosts) if hosts else addresses.machine_addresses()
    sockets: list[MediaSocket] = []
    try:
        foreign = _bind(sockets, announced, port)
        if hosts and foreign:
            _bind(sockets, addresses.machine_addresses(), port)
        if not sockets:
            raise OSError(errno.EADDRNOTAVAIL, "no address of this machine could be bound for media")
    except OSError:
        for opened in sockets:
            opened.close()
        raise
    port = sockets[0].port
    return sockets, [(address, port) for address in announced if hosts or address not in foreign]


def _bind(sockets: list[MediaSocket], wanted: list[str], port: int) -> set[str]:
    """Add a socket for each address not served yet; the addresses that are not this machine's."""
    served = {opened.address for opened in sockets}
    foreign: set[str] = set()
    for address in wanted:
        if address in served:
            continue
        try:
            sockets.append(MediaSocket(len(sockets), address, sockets[0].port if sockets else port))
        except OSError as error:
            if error.errno != errno.EADDRNOTAVAIL:
                raise
            foreign.add(address)
    return foreign
