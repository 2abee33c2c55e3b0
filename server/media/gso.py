"""The packets of one video frame to one subscriber in one go: UDP segmentation offload (udp(7), `UDP_SEGMENT`).

The kernel cuts one long send into datagrams of equal size, the last may be shorter: `server.forward.fanout` pads the
rows of a frame to that.
"""

from __future__ import annotations

import errno
import socket
import struct
from typing import TYPE_CHECKING, Any

import numpy as np

from server.forward.rows import ROW_BYTES
from server.media.libc import libc
from server.media.mmsg import MAX_ROWS, has_room, header_dtype, vector_dtype

if TYPE_CHECKING:
    from server.media.carrier import Names
    from server.media.mmsg import Sender

_UDP_SEGMENT = 103  # linux/udp.h
_CONTROL = struct.Struct("@NiiH6x")  # struct cmsghdr and its 16-bit datum, padded: CMSG_SPACE(2)
_SEGMENT_AT = 8  # which 16-bit word of it is the datum: 16 bytes of header before it
MAX_SEGMENTS = 32  # the kernel takes 64 (UDP_MAX_SEGMENTS), and 64 KiB in all


def supported() -> bool:
    """Whether this kernel knows UDP segmentation (Linux 4.18)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.setsockopt(socket.SOL_UDP, _UDP_SEGMENT, 1200)
        except OSError:
            return False
    return True


class _Layout:
    """Message headers for subscribers of `packets` rows each; only whom they are for changes."""

    def __init__(self, ffi: Any, vectors: int, packets: int, control: int) -> None:  # noqa: ANN401 (cffi)
        count = MAX_ROWS // packets
        self.headers = ffi.new("struct mmsghdr[]", count)
        columns = np.frombuffer(ffi.buffer(self.headers), header_dtype())
        columns["vectors"] = vectors + np.arange(count) * (packets * ffi.sizeof("struct iovec"))
        columns["count"] = packets
        columns["control"] = control
        columns["controllen"] = _CONTROL.size
        self._names, self._name_lengths = columns["name"], columns["namelen"]
        self._known: tuple[Names, int] = ([], 0)

    def address(self, names: Names, name_length: int) -> None:
        """To these, as long as others are not given."""
        known, length = self._known
        if known is not names or length != name_length:
            self._names[: len(names)] = names
            self._name_lengths[: len(names)] = name_length
            self._known = names, name_length


class Segmenter:
    """A second set of message headers over the sender's rows: one message per subscriber, one iovec per packet."""

    def __init__(self, sender: Sender) -> None:
        self._lib, self._ffi = libc()
        ffi = self._ffi
        self._sender = sender
        self._vectors = ffi.new("struct iovec[]", MAX_ROWS)
        spans = np.frombuffer(ffi.buffer(self._vectors), vector_dtype())
        spans["base"] = sender.base + np.arange(MAX_ROWS) * ROW_BYTES
        self._lengths = spans["length"]
        self._plain_vectors = memoryview(ffi.buffer(self._vectors)).cast("Q")  # base and length in turns
        control = ffi.new("unsigned char[]", _CONTROL.pack(_CONTROL.size - 6, socket.SOL_UDP, _UDP_SEGMENT, 0))
        self._control = control
        self._segment = memoryview(ffi.buffer(control, _CONTROL.size)).cast("H")
        self._layouts: dict[int, _Layout] = {}

    def send(self, fd: int, packets: int, names: Names, name_length: int) -> int:
        """Send `packets` rows to each of `names` and return how many left: row *i · packets + p* is packet *p* of *i*.

        All rows of a packet are equally long, and those of all packets but the last. Where a route refuses segments
        (its MTU is smaller), the rows go one by one.
        """
        n = len(names)
        sender, total = self._sender, packets * n
        layout = self._layouts.get(packets)
        if layout is None:
            base, control = (int(self._ffi.cast("uintptr_t", each)) for each in (self._vectors, self._control))
            layout = self._layouts[packets] = _Layout(self._ffi, base, packets, control)
        layout.address(names, name_length)
        spans = sender.rows.spans
        self._segment[_SEGMENT_AT] = spans[0]
        if isinstance(names, list):
            vectors = self._plain_vectors
            for row in range(total):
                vectors[2 * row + 1] = spans[row]
        else:
            self._lengths[:total] = sender.lengths[:total]
        at = sent = 0
        while at < n:
            done = self._lib.sendmmsg(fd, layout.headers + at, n - at, 0)
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
            sent += sender.send_rows(fd, list(range(at * packets, (at + 1) * packets)), int(names[at]), name_length)
            at += 1
        return sent
