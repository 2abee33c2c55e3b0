"""The same payload for many: rows of bytes, one per packet and subscriber, written by columns.

A group's rows share a stream, a header shape and a socket. A template row per subscriber holds what never changes
(SSRC, payload type, extension ids, mid); per packet only the sequence and timestamp columns and the payload block are
written. Rows are added and taken away in place: rebuilding took 2.3 ms at 256 rows.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from server.forward.packet import FILLER, RED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from server.forward.packet import Packet
    from server.forward.sendbook import SendBook
    from server.forward.subscriptions import Segment, Subscription

Shape = tuple[int, bool, bool]
"""(length of the mid or 0, with abs-send-time, with a transport-wide sequence) of a row's header."""

ROW_BYTES = (
    1600  # header with extensions + payload of up to 1,500 + SRTP trailer of at most 16; a multiple of the cache line
)
TRAILER = 32  # kept free behind the payload for the SRTP tag
_FIRST_CAPACITY = 8
KEPT_ROWS = 48  # packets of sound that can be sent again: 1 s of 20 ms each
MAX_PADDING = 16  # bytes: a browser's packets of one frame differ by one


class Target(NamedTuple):
    """Where a subscriber's packets go. `socket` groups them; `session` and `address` are handed through unread."""

    socket: int
    address: int
    session: Any


def header_length(shape: Shape) -> int:
    """Bytes before the payload for a layout's shape."""
    mid, timed, counted = shape
    extension = (4 if timed or counted else 0) + (4 if counted and timed else 0) + (1 + mid if mid else 0)
    return 12 + (4 + (extension + 3) // 4 * 4 if extension else 0)


class _Kept(NamedTuple):
    """Protected rows of one packet."""

    sequence: int
    roster: tuple[Subscription, ...]
    rows: NDArray[np.uint8]
    lengths: list[int]


class RowGroup:
    """Subscribers of one lane whose packets have the same header length and leave by the same socket.

    `paced`: one subscriber alone, whose packets may be held back; its row stays as it was when they were put aside.
    `counts_pictures`: the lane numbers VP8's pictures anew.
    """

    def __init__(self, shape: Shape, limit: int, *, paced: bool = False, counts_pictures: bool = False) -> None:
        self.shape = shape
        self.limit = limit
        self.paced = paced
        self.header = header_length(shape)
        self.count = 0
        self.barrier = 0  # packets before this sequence are not for every row
        self.subscriptions: list[Subscription] = []
        self.sessions: list[Any] = []
        capacity = 1 if limit == 1 else _FIRST_CAPACITY
        self._use(np.zeros(capacity, _table_dtype(self.header)))
        self._writes_pictures = counts_pictures  # whether picture ids may differ from those in the payload
        self._roster: tuple[Subscription, ...] | None = None
        self._kept: deque[_Kept] | None = None

    @property
    def full(self) -> bool:
        return self.count >= self.limit

    @property
    def addresses(self) -> NDArray[np.uint64]:
        """(count,) the targets' addresses, in row order."""
        return self._address[: self.count]

    def add(self, subscription: Subscription, target: Target, payload_type: int) -> None:
        """A row for a started subscription."""
        segment: Segment | None = subscription.segment
        if segment is None:
            raise ValueError("the subscription has not started")
        row = self.count
        if row == len(self._table):
            self._use(np.concatenate([self._table, np.zeros_like(self._table)]))
        self.count += 1
        self.subscriptions.append(subscription)
        self.sessions.append(target.session)
        red = subscription.payload_types("red")
        self._template[row] = np.frombuffer(header_template(subscription, payload_type), np.uint8)
        self._sequence[row] = segment.sequence
        self._timestamp[row] = segment.timestamp
        self._picture[row] = segment.picture
        self._tl0[row] = segment.tl0
        self._red[row] = red.media if red is not None else payload_type
        self._first[row] = segment.first
        self._address[row] = target.address
        self._slot[row] = subscription.slot
        self._roster = None
        self.barrier = max(self.barrier, segment.first)
        self._writes_pictures = self._writes_pictures or bool(segment.picture or segment.tl0)

    def remove(self, subscription: Subscription) -> None:
        """Take the row away; the last one moves into its place."""
        row = self.subscriptions.index(subscription)
        last = self.count - 1
        self._table[row] = self._table[last]
        self._roster = None
        self.subscriptions[row] = self.subscriptions[last]
        self.sessions[row] = self.sessions[last]
        self.subscriptions.pop()
        self.sessions.pop()
        self.count = last

    def retarget(self, subscription: Subscription, target: Target) -> None:
        """The subscriber moved to another address on the same socket."""
        row = self.subscriptions.index(subscription)
        self.sessions[row] = target.session
        self._address[row] = target.address

    def write(
        self, into: Rows, packets: Sequence[Packet], send_time: int, *, size: int = 0, book: SendBook, now: float
    ) -> int:
        """Fill the first `len(packets) * count` rows and their lengths, packet by packet; how many rows that is.

        `send_time` is abs-send-time (24 bits). Every packet's sequence must be at or after `barrier`. With `size` every
        payload but the last's is padded to that many bytes (RFC 3550 section 5.1). Transport-wide sequences come from
        `book`, which notes that the packets left at `now`.
        """
        n, k, header = self.count, len(packets), self.header
        total = n * k
        template = self._template[:n]
        if self.shape[1]:
            template[:, 17:20] = np.frombuffer(send_time.to_bytes(3, "big"), np.uint8)
        rows = into.rows
        if k == 1:
            packet = packets[0]
            rows[:n, :header] = template
            into.words[:n, 1] = self._sequence[:n] + np.uint16(packet.sequence & 0xFFFF)
            into.longs[:n, 1] = self._timestamp[:n] + np.uint32(packet.timestamp)
        else:
            rows[:total].reshape(k, n, ROW_BYTES)[:, :, :header] = template
            sequences = np.array([packet.sequence & 0xFFFF for packet in packets], np.uint16)
            timestamps = np.array([packet.timestamp for packet in packets], np.uint32)
            into.words[:total, 1] = (sequences[:, None] + self._sequence[:n]).ravel()
            into.longs[:total, 1] = (timestamps[:, None] + self._timestamp[:n]).ravel()
        for at, packet in zip(range(0, total, n), packets, strict=True):
            self._write_payload(into, packet, at, at + n, size if at + n < total else 0)
        if self.shape[2]:
            self._number_transport(into, k, book, now)
        return total

    def _write_payload(self, into: Rows, packet: Packet, at: int, to: int, size: int) -> None:
        rows, header = into.rows, self.header
        end = header + packet.end - packet.start
        if packet.marker:
            rows[at:to, 1] |= 0x80
        if packet.form == RED:
            rows[at:to, 1] = (rows[at:to, 1] & 0x80) | self._red[: self.count]
        if end > header:
            rows[at:to, header:end] = np.frombuffer(packet.raw, np.uint8, end - header, packet.start)
        if self._writes_pictures and packet.picture is not None:
            word = (header + 2) // 2
            into.words[at:to, word] = (self._picture[: self.count] + np.uint16(packet.picture.id)) | np.uint16(0x8000)
            if packet.picture.tl0 is not None:
                rows[at:to, header + 4] = self._tl0[: self.count] + np.uint8(packet.picture.tl0)
        padded = max(header + size, header + 1 if packet.form == FILLER else 0)
        if end < padded:
            rows[at:to, 0] |= 0x20
            rows[at:to, end:padded] = 0
            rows[at:to, padded - 1] = padded - end
            end = padded
        into.lengths[at:to] = end

    def _number_transport(self, into: Rows, packets: int, book: SendBook, now: float) -> None:
        """Transport-wide sequences, and a note of what left (draft-holmer-rmcat-transport-wide-cc-extensions-01)."""
        n = self.count
        sizes = into.lengths[: n * packets : n]
        numbers = book.note(self._slot[:n], sizes, now)
        into.words[: n * packets, _transport_word(self.shape)] = numbers.ravel()

    def keep(self, rows: Rows, packets: Sequence[Packet]) -> None:
        """Remember these protected rows as they leave, if somebody of this group has ever asked for one again."""
        if self._kept is None:
            return
        if self._roster is None:
            self._roster = tuple(self.subscriptions)
        n = self.count
        for at, packet in zip(range(0, n * len(packets), n), packets, strict=True):
            lengths = rows.lengths[at : at + n].tolist()
            self._kept.append(
                _Kept(packet.sequence, self._roster, rows.rows[at : at + n, : max(lengths)].copy(), lengths)
            )

    def again(self, subscription: Subscription, sequence: int) -> bytes | None:
        """The very bytes that this subscriber was sent under a lane's number; from the first question on they are kept.

        Sound has no RTX stream, and nothing but the same bytes may be sent twice under one number (AES-GCM).
        """
        if self._kept is None:
            self._kept = deque(maxlen=KEPT_ROWS)
        for kept in self._kept:
            if kept.sequence == sequence and subscription in kept.roster:
                row = kept.roster.index(subscription)
                return kept.rows[row, : kept.lengths[row]].tobytes()
        return None

    def before_barrier(self, sequence: int) -> RowGroup | None:
        """Those rows alone that had begun at `sequence`: a late packet must not precede a subscriber's first."""
        chosen = np.flatnonzero(self._first[: self.count] <= sequence)
        if not len(chosen):
            return None
        part = RowGroup(self.shape, self.limit, paced=self.paced)
        part.count = len(chosen)
        part.subscriptions = [self.subscriptions[row] for row in chosen]
        part.sessions = [self.sessions[row] for row in chosen]
        part._use(self._table[chosen])
        part._writes_pictures = self._writes_pictures
        return part

    def _use(self, table: NDArray[Any]) -> None:
        """Work on this table from now on; the columns are views of it, looked up once."""
        self._table = table
        self._template: NDArray[np.uint8] = table["template"]
        self._sequence: NDArray[np.uint16] = table["sequence"]
        self._timestamp: NDArray[np.uint32] = table["timestamp"]
        self._picture: NDArray[np.uint16] = table["picture"]
        self._tl0: NDArray[np.uint8] = table["tl0"]
        self._red: NDArray[np.uint8] = table["red"]
        self._first: NDArray[np.int64] = table["first"]
        self._address: NDArray[np.uint64] = table["address"]
        self._slot: NDArray[np.intp] = table["slot"]


def _table_dtype(header: int) -> np.dtype[Any]:
    """What is kept of a row, aligned as a C compiler would, so that columns are used where they lie."""
    return np.dtype(
        [
            ("template", np.uint8, (header,)),  # the header as it leaves but for sequence, timestamp and times
            ("sequence", np.uint16),
            ("timestamp", np.uint32),
            ("picture", np.uint16),
            ("tl0", np.uint8),
            ("red", np.uint8),  # payload type of RFC 2198 packets
            ("first", np.int64),
            ("address", np.uint64),
            ("slot", np.intp),
        ],
        align=True,
    )


def even_runs(packets: Sequence[Packet], most: int) -> Iterator[tuple[list[Packet], int]]:
    """Cut a batch into runs of payloads of nearly one size (the last of a run may be smaller), each with that size."""
    run: list[Packet] = []
    size = smallest = 0
    for packet in packets:
        length = packet.end - packet.start
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


class Rows:
    """One block of rows as bytes, as big-endian 16- and 32-bit words, and each row's length."""

    def __init__(self, block: NDArray[np.uint8], lengths: NDArray[np.int32]) -> None:
        self.rows = block
        self.words = block.view(">u2")
        self.longs = block.view(">u4")
        self.lengths = lengths

    def __len__(self) -> int:
        return len(self.rows)


def _transport_word(shape: Shape) -> int:
    """Which 16-bit word of a row holds the transport-wide sequence (`header_template` puts it at an even offset)."""
    return 11 if shape[1] else 9


def header_template(subscription: Subscription, payload_type: int) -> bytes:
    """An RTP header with everything that stays the same; one-byte extensions (RFC 8285 section 4.2).

    A padding byte before the transport-wide sequence puts that on an even offset.
    """
    layout = subscription.layout
    mid, timed, counted = layout.shape
    elements = b""
    if timed:
        elements += bytes([layout.time_id << 4 | 2]) + bytes(3)
    if counted:
        elements += bytes([0, layout.transport_id << 4 | 1]) + bytes(2)
    if mid:
        elements += bytes([layout.mid_id << 4 | (mid - 1)]) + layout.mid.encode()
    elements += bytes(-len(elements) % 4)
    extension = b"\xbe\xde" + (len(elements) // 4).to_bytes(2, "big") + elements if elements else b""
    first = 0x90 if elements else 0x80
    return bytes([first, payload_type]) + bytes(6) + subscription.ssrc.to_bytes(4, "big") + extension
