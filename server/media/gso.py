"""The packets of one video frame to one subscriber in one go: UDP segmentation offload (udp(7), `UDP_SEGMENT`).

The kernel cuts one long send into datagrams of equal size, the last may be shorter: `server.forward.fanout` pads the
rows of a frame to that. It pays from 4 subscribers on.
"""

from __future__ import annotations

import errno
import socket
import struct
from typing import TYPE_CHECKING

import numpy as np

from server.forward.fanout import ROW_BYTES
from server.media.libc import libc
from server.media.mmsg import MAX_ROWS, has_room, header_dtype, vector_dtype

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from server.media.mmsg import Sender

_UDP_SEGMENT = 103  # linux/udp.h
_CONTROL = struct.Struct("@NiiH6x")  # struct cmsghdr and its 16-bit datum, padded: CMSG_SPACE(2)
MIN_ROWS = 4
MAX_SEGMENTS = 32  # the kernel takes 64 (UDP_MAX_SEGMENTS), and 64 KiB in all


def supported() -> bool:
    """Whether this kernel knows UDP segmentation (Linux 4.18)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.setsockopt(socket.SOL_UDP, _UDP_SEGMENT, 1200)
        except OSError:
            return False
    return True


class Segmenter:
    """A second set of message headers over the sender's rows: one message per subscriber, one iovec per packet."""

    def __init__(self, sender: Sender) -> None:
        self._lib, self._ffi = libc()
        ffi = self._ffi
        self._sender = sender
        self._headers = ffi.new("struct mmsghdr[]", MAX_ROWS)
        self._vectors = ffi.new("struct iovec[]", MAX_ROWS)
        self._control = ffi.new("unsigned char[]", _CONTROL.size)
        self._columns = np.frombuffer(ffi.buffer(self._headers), header_dtype())
        self._spans = np.frombuffer(ffi.buffer(self._vectors), vector_dtype())
        self._vector_base = int(ffi.cast("uintptr_t", self._vectors))
        self._columns["control"] = int(ffi.cast("uintptr_t", self._control))
        self._columns["controllen"] = _CONTROL.size
        self._laid_out = (0, 0, 0)

    def send(self, fd: int, packets: int, names: NDArray[np.uint64], name_length: int) -> int:
        """Send `packets` rows to each of `names` and return how many left: row *p · n + i* is packet *p* of name *i*.

        All rows of a packet are equally long, and those of all packets but the last. Where a route refuses segments
        (its MTU is smaller), the rows go one by one.
        """
        n = len(names)
        sender, columns = self._sender, self._columns
        lengths = sender.lengths[: packets * n].reshape(packets, n)
        control = _CONTROL.pack(_CONTROL.size - 6, socket.SOL_UDP, _UDP_SEGMENT, lengths[0, 0])
        self._ffi.memmove(self._control, control, len(control))
        if self._laid_out != (packets, n, name_length):
            self._lay_out(packets, n, name_length)
        self._spans["length"][: packets * n] = lengths.T.ravel()
        columns["name"][:n] = names
        at = sent = 0
        while at < n:
            done = self._lib.sendmmsg(fd, self._headers + at, n - at, 0)
            if done > 0:
                at += done
                sent += done * packets
                continue
            code = self._ffi.errno
            if code == errno.EAGAIN and has_room(fd):
                continue
            if code in (errno.EAGAIN, errno.ENOBUFS):
                sender.dropped += (n - at) * packets
                break
            sent += sender.send_rows(fd, list(range(at, packets * n, n)), names[at], name_length)
            at += 1
        return sent

    def _lay_out(self, packets: int, n: int, name_length: int) -> None:
        """Which rows belong to which message; it stays as long as frames have as many packets."""
        rows = np.arange(packets)[None, :] * n + np.arange(n)[:, None]
        self._spans["base"][: packets * n] = (self._sender.base + rows * ROW_BYTES).ravel()
        columns = self._columns
        columns["namelen"][:n] = name_length
        columns["vectors"][:n] = self._vector_base + np.arange(n) * (packets * self._spans.itemsize)
        columns["count"][:n] = packets
        self._laid_out = (packets, n, name_length)
