"""The same payload for many: rows of bytes, one per subscriber and packet, all of a subscriber's in a row.

A group's rows share a stream, a header shape, a length of the SRTP tag and a socket. A template per subscriber holds
what never changes (SSRC, payload type, extension ids, mid). Many rows are written by columns; a few are put together
one by one, which touches a third of the code and data, and so costs a third after each sleep. Subscribers come and go
in place: rebuilding took 2.3 ms at 256 of them.

A subscriber's packets of one frame lie behind each other because libsrtp's state of a session (some 3 kB, scattered)
is then fetched once per frame, not once per packet.
"""

from __future__ import annotations

from collections import deque
from struct import Struct
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from server.forward.packet import FILLER, RED
from server.forward.pictures import rewritten
from server.forward.rows import ROW_BYTES, SEND_TIME, header_length, header_template, transport_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from server.forward.packet import Packet, Picture
    from server.forward.rows import Rows, Shape
    from server.forward.sendbook import SendBook
    from server.forward.subscriptions import Segment, Subscription

FEW = 12  # subscribers up to which rows are put together one by one; measured, see docs/performance.md
_FIRST_CAPACITY = 8
KEPT_PACKETS = 48  # packets of sound that can be sent again: 1 s of 20 ms each
_HEAD = Struct("!BBHI")


class Target(NamedTuple):
    """Where a subscriber's packets go.

    `socket` and `trailer` (bytes that SRTP adds) group them; `session` and `address` are handed through unread.
    """

    socket: int
    address: int
    session: Any
    trailer: int = 16


class _Kept(NamedTuple):
    """Protected rows of one packet."""

    sequence: int
    roster: tuple[Subscription, ...]
    rows: NDArray[np.uint8]
    lengths: list[int]


class _Row(NamedTuple):
    """A subscriber's columns as plain values."""

    first: int
    media: int  # payload type
    red: int  # payload type of RFC 2198 packets
    sequence: int
    timestamp: int
    rest: bytes  # of the header, from the SSRC on
    picture: int
    tl0: int
    slot: int


class _Payload(NamedTuple):
    """A packet as each row of its run has it."""

    sequence: int
    timestamp: int
    padding: int  # the bit in the first octet
    marker: int
    red: bool
    data: bytes  # padding included
    picture: Picture | None


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
        self._use([np.zeros((capacity, *shape), kind) for kind, shape in _columns(self.header)])
        self._writes_pictures = counts_pictures  # whether picture ids may differ from those in the payload
        self._kept: deque[_Kept] | None = None
        # made of the columns when first needed, and again after each change
        self._rows: list[_Row] | None = None
        self._addresses: list[int] | NDArray[np.uint64] | None = None
        self._roster: tuple[Subscription, ...] | None = None
        self._repeated: dict[int, list[Any]] = {}

    @property
    def full(self) -> bool:
        return self.count >= self.limit

    @property
    def addresses(self) -> list[int] | NDArray[np.uint64]:
        """The targets' addresses in row order; the same object until something changes."""
        if self._addresses is None:
            column = self._address[: self.count]
            self._addresses = column.tolist() if self.count <= FEW else column.copy()
        return self._addresses

    def repeated_sessions(self, times: int) -> list[Any]:
        """The SRTP session of each row when every subscriber has `times` rows."""
        if times == 1:
            return self.sessions
        found = self._repeated.get(times)
        if found is None:
            found = self._repeated[times] = [session for session in self.sessions for _ in range(times)]
        return found

    def add(self, subscription: Subscription, target: Target, payload_type: int) -> None:
        """A row for a started subscription."""
        segment: Segment | None = subscription.segment
        if segment is None:
            raise ValueError("the subscription has not started")
        row = self.count
        if row == len(self._first):
            self._use([np.concatenate([column, np.zeros_like(column)]) for column in self._all])
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
        self._changed()
        self.barrier = max(self.barrier, segment.first)
        self._writes_pictures = self._writes_pictures or bool(segment.picture or segment.tl0)

    def remove(self, subscription: Subscription) -> None:
        """Take the row away; the last one moves into its place."""
        row = self.subscriptions.index(subscription)
        last = self.count - 1
        for column in self._all:
            column[row] = column[last]
        self.subscriptions[row] = self.subscriptions[last]
        self.sessions[row] = self.sessions[last]
        self.subscriptions.pop()
        self.sessions.pop()
        self.count = last
        self._changed()

    def retarget(self, subscription: Subscription, target: Target) -> None:
        """The subscriber moved to another address on the same socket."""
        row = self.subscriptions.index(subscription)
        self.sessions[row] = target.session
        self._address[row] = target.address
        self._changed()

    def _changed(self) -> None:
        self._rows = self._addresses = self._roster = None
        self._repeated.clear()

    # -- writing

    def write(
        self,
        into: Rows,
        packets: Sequence[Packet],
        send_time: int,
        *,
        size: int = 0,
        book: SendBook,
        now: float,
        first: int = 0,
        last: int | None = None,
    ) -> int:
        """Fill rows and their lengths for the subscribers `first` up to `last` (all); how many rows that is.

        Row *i · len(packets) + p* is packet *p* of the *i*-th of them. `send_time` is abs-send-time (24 bits). Every
        packet's sequence must be at or after `barrier`. With `size` every payload but the last's is padded to that many
        bytes (RFC 3550 section 5.1). Transport-wide sequences come from `book`, which notes that the packets left at
        `now`.
        """
        run = _padded(packets, size)
        if self.count <= FEW:
            return self._write_few(into, run, send_time, book, now)
        return self._write_many(into, run, send_time, book, now, first, self.count if last is None else last)

    def lengths_of(self, packets: Sequence[Packet], size: int) -> list[int]:
        """How long `write` makes the rows of each of these packets, before protection."""
        return [self.header + len(payload.data) for payload in _padded(packets, size)]

    def _write_few(self, into: Rows, run: list[_Payload], send_time: int, book: SendBook, now: float) -> int:
        memory, spans, header, pack = into.memory, into.spans, self.header, _HEAD.pack
        _, timed, counted = self.shape
        stamp, number_at = send_time.to_bytes(3, "big"), 2 * transport_word(self.shape) - 8
        pictured = self._writes_pictures
        row = at = 0
        rows = self._rows or self._plain_rows()
        for first, media, red, own_sequence, own_timestamp, rest, own_picture, own_tl0, slot in rows:
            if timed:
                rest = rest[: SEND_TIME - 8] + stamp + rest[SEND_TIME - 5 :]
            for sequence, timestamp, padding, marker, in_red, data, picture in run:
                if counted:
                    number = book.note_one(slot, header + len(data), now)
                    rest = rest[:number_at] + number.to_bytes(2, "big") + rest[number_at + 2 :]
                if pictured and picture is not None:
                    data = rewritten(data, picture, own_picture, own_tl0)
                second = (red if in_red else media) | marker
                datagram = (
                    pack(
                        first | padding,
                        second,
                        (own_sequence + sequence) & 0xFFFF,
                        (own_timestamp + timestamp) & 0xFFFFFFFF,
                    )
                    + rest
                    + data
                )
                spans[row] = length = len(datagram)
                memory[at : at + length] = datagram
                row += 1
                at += ROW_BYTES
        return row

    def _plain_rows(self) -> list[_Row]:
        self._rows = []
        for row in range(self.count):
            template = self._template[row].tobytes()
            columns = (self._red, self._sequence, self._timestamp)
            red, sequence, timestamp = (int(column[row]) for column in columns)
            picture, tl0, slot = (int(column[row]) for column in (self._picture, self._tl0, self._slot))
            self._rows.append(
                _Row(template[0], template[1], red, sequence, timestamp, template[8:], picture, tl0, slot)
            )
        return self._rows

    def _write_many(
        self, into: Rows, run: list[_Payload], send_time: int, book: SendBook, now: float, first: int, last: int
    ) -> int:
        n, k, header = last - first, len(run), self.header
        total = n * k
        template = self._template[first:last]
        if self.shape[1]:
            template[:, SEND_TIME : SEND_TIME + 3] = np.frombuffer(send_time.to_bytes(3, "big"), np.uint8)
        block = into.rows[:total].reshape(n, k, ROW_BYTES)
        block[:, :, :header] = template[:, None]
        flags = [payload.padding << 8 | payload.marker for payload in run]
        if any(flags):
            head = template[:, 0].astype(np.uint16) << np.uint16(8) | template[:, 1]
            into.words[:total, 0].reshape(n, k)[:] = head[:, None] | np.array(flags, np.uint16)
        sequences = np.array([payload.sequence & 0xFFFF for payload in run], np.uint16)
        into.words[:total, 1].reshape(n, k)[:] = self._sequence[first:last, None] + sequences
        timestamps = np.array([payload.timestamp for payload in run], np.uint32)
        into.longs[:total, 1].reshape(n, k)[:] = self._timestamp[first:last, None] + timestamps
        lengths = [len(payload.data) for payload in run]
        alike = k - 1 if lengths[:-1].count(lengths[0]) == k - 1 else 0
        if alike:
            joined = np.frombuffer(b"".join([payload.data for payload in run[:-1]]), np.uint8).reshape(
                alike, lengths[0]
            )
            block[:, :alike, header : header + lengths[0]] = joined
        for at in range(alike, k):
            block[:, at, header : header + lengths[at]] = np.frombuffer(run[at].data, np.uint8)
        into.lengths[:total].reshape(n, k)[:] = np.array(lengths, np.int32) + header
        self._write_exceptions(into, block, run, first, last)
        if self.shape[2]:
            # draft-holmer-rmcat-transport-wide-cc-extensions-01
            numbers = book.note(self._slot[first:last], into.lengths[:k], now)
            into.words[:total, transport_word(self.shape)].reshape(n, k)[:] = numbers.T
        return total

    def _write_exceptions(
        self, into: Rows, block: NDArray[np.uint8], run: list[_Payload], first: int, last: int
    ) -> None:
        """What differs between subscribers beyond the header: RED's payload type, the counts of pictures."""
        n, k = block.shape[:2]
        for at, payload in enumerate(run):
            if payload.red:
                block[:, at, 1] = self._red[first:last] | np.uint8(payload.marker)
            if self._writes_pictures and payload.picture is not None:
                picture, tl0 = payload.picture
                words = into.words[: n * k, (self.header + 2) // 2].reshape(n, k)
                words[:, at] = (self._picture[first:last] + np.uint16(picture)) | np.uint16(0x8000)
                if tl0 is not None:
                    block[:, at, self.header + 4] = self._tl0[first:last] + np.uint8(tl0)

    # -- sending again

    def keep(self, rows: Rows, packets: Sequence[Packet], first: int, last: int) -> None:
        """Remember these protected rows as they leave, if somebody of this group has ever asked for one again."""
        if self._kept is None:
            return
        if self._roster is None:
            self._roster = tuple(self.subscriptions)
        k = len(packets)
        total = (last - first) * k
        for at, packet in enumerate(packets):
            lengths = rows.lengths[at:total:k].tolist()
            taken = rows.rows[at:total:k, : max(lengths)].copy()
            self._kept.append(_Kept(packet.sequence, self._roster[first:last], taken, lengths))
            while self._kept[0].sequence <= packet.sequence - KEPT_PACKETS:
                self._kept.popleft()

    def again(self, subscription: Subscription, sequence: int) -> bytes | None:
        """The very bytes that this subscriber was sent under a lane's number; from the first question on they are kept.

        Sound has no RTX stream, and nothing but the same bytes may be sent twice under one number (AES-GCM).
        """
        if self._kept is None:
            self._kept = deque()
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
        part._use([column[chosen] for column in self._all])
        part._writes_pictures = self._writes_pictures
        return part

    def _use(self, columns: list[NDArray[Any]]) -> None:
        """Work on these columns from now on."""
        self._all = columns
        self._template: NDArray[np.uint8] = columns[0]
        self._sequence: NDArray[np.uint16] = columns[1]
        self._timestamp: NDArray[np.uint32] = columns[2]
        self._picture: NDArray[np.uint16] = columns[3]
        self._tl0: NDArray[np.uint8] = columns[4]
        self._red: NDArray[np.uint8] = columns[5]
        self._first: NDArray[np.int64] = columns[6]
        self._address: NDArray[np.uint64] = columns[7]
        self._slot: NDArray[np.intp] = columns[8]


def _columns(header: int) -> list[tuple[Any, tuple[int, ...]]]:
    """What is kept of a row, (type, further shape) of each column; see `RowGroup._use`."""
    return [
        (np.uint8, (header,)),  # the header as it leaves but for sequence, timestamp and times
        (np.uint16, ()),
        (np.uint32, ()),
        (np.uint16, ()),
        (np.uint8, ()),
        (np.uint8, ()),  # payload type of RFC 2198 packets
        (np.int64, ()),  # the lane's number of its first packet
        (np.uint64, ()),
        (np.intp, ()),
    ]


def _padded(packets: Sequence[Packet], size: int) -> list[_Payload]:
    """What every row has of a run of packets: all but the last are padded to `size`."""
    run = [_payload(packet, size) for packet in packets[:-1]]
    run.append(_payload(packets[-1], 0))
    return run


def _payload(packet: Packet, size: int) -> _Payload:
    """What every row has of a packet, padded to `size` bytes of payload (RFC 3550 section 5.1)."""
    data = packet.raw[packet.start : packet.end]
    missing = max(size, packet.form == FILLER) - len(data)
    if missing > 0:
        data += bytes(missing - 1) + bytes((missing,))
    return _Payload(
        packet.sequence,
        packet.timestamp,
        0x20 if missing > 0 else 0,
        packet.marker,
        packet.form == RED,
        data,
        packet.picture,
    )
