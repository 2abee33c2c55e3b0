"""One packet for one subscriber as a row of bytes: the header's layout, and the block that rows are written into."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from server.forward.packet import Packet
    from server.forward.subscriptions import Subscription

Shape = tuple[int, bool, bool]
"""(octets of elements that stay the same, with abs-send-time, with a transport-wide sequence) of a row's header."""

ROW_BYTES = (
    1600  # header with extensions + payload of up to 1,500 + SRTP trailer of at most 16; a multiple of the cache line
)
TRAILER = 32  # kept free behind the payload for the SRTP tag
MAX_PADDING = 16  # bytes: a browser's packets of one frame differ by one
SEND_TIME = 17  # byte at which abs-send-time's three bytes stand in a header that has it


class Rows:
    """One block of rows as bytes, as big-endian 16- and 32-bit words, and each row's length.

    The same memory twice: as columns for many rows, and plainly (`memory`, `spans`) for a few, where numpy's fixed cost
    per call would be most of the cost.
    """

    def __init__(self, block: NDArray[np.uint8], lengths: NDArray[np.int32]) -> None:
        self.rows = block
        self.words = block.view(">u2")
        self.longs = block.view(">u4")
        self.lengths = lengths
        self.memory = block.data.cast("B")
        self.spans = lengths.data

    def __len__(self) -> int:
        return len(self.rows)


def header_length(shape: Shape) -> int:
    """Bytes before the payload for a layout's shape."""
    fixed, timed, counted = shape
    extension = (4 if timed or counted else 0) + (4 if counted and timed else 0) + fixed
    return 12 + (4 + (extension + 3) // 4 * 4 if extension else 0)


def transport_word(shape: Shape) -> int:
    """Which 16-bit word of a row holds the transport-wide sequence (`header_template` puts it at an even offset)."""
    return 11 if shape[1] else 9


def header_template(subscription: Subscription, payload_type: int) -> bytes:
    """An RTP header with everything that stays the same; one-byte extensions (RFC 8285 section 4.2).

    A padding byte before the transport-wide sequence puts that on an even offset.
    """
    layout = subscription.layout
    _, timed, counted = layout.shape
    elements = b""
    if timed:
        elements += bytes([layout.time_id << 4 | 2]) + bytes(3)
    if counted:
        elements += bytes([0, layout.transport_id << 4 | 1]) + bytes(2)
    elements += layout.fixed(subscription.delay)
    elements += bytes(-len(elements) % 4)
    extension = b"\xbe\xde" + (len(elements) // 4).to_bytes(2, "big") + elements if elements else b""
    first = 0x90 if elements else 0x80
    return bytes([first, payload_type]) + bytes(6) + subscription.ssrc.to_bytes(4, "big") + extension


def even_runs(packets: Sequence[Packet], most: int) -> Iterator[tuple[Sequence[Packet], int]]:
    """Cut a batch into runs of payloads of nearly one size (the last of a run may be smaller), each with that size."""
    lengths = [packet.end - packet.start for packet in packets]
    size = max(lengths)
    if len(packets) <= most and size - min(lengths[:-1], default=size) <= MAX_PADDING:
        yield packets, size  # what browsers send: all packets of a frame alike, and perhaps a small one at its end
        return
    run: list[Packet] = []
    size = smallest = 0
    for packet, length in zip(packets, lengths, strict=True):
        if run and (len(run) == most or max(size, length) - smallest > MAX_PADDING):
            yield run, size
            run = []
        if run:
            size, smallest = max(size, length), min(smallest, length)
        else:
            size = smallest = length
        run.append(packet)
        if length < size - MAX_PADDING:
            yield run, size
            run = []
    if run:
        yield run, size
