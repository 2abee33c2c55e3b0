"""What the recorder has not acknowledged yet (docs/protocols.md, section 3). Sans-IO.

Records are numbered from 1 in the order they happened. After a new connection everything unacknowledged is sent
again, behind the state of what is open.
"""

from __future__ import annotations

import json
from collections import deque
from struct import Struct
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_MESSAGE = 60_000  # bytes
MAX_BYTES = 32 << 20  # of unacknowledged media
MAX_AGE = 10.0  # s of unacknowledged media

_new = tuple.__new__  # a third of the cost of naming the fields; there is one for each datagram
_MEDIA = Struct("!cHIQ")
_REPORT = Struct("!cHIQQI")
_RECORD = Struct("!cH")
_FIRST = Struct("!cQ")


class _Entry(NamedTuple):
    """A record; a packet's head and the packet itself are joined only in the message."""

    number: int
    at: float
    head: bytes
    raw: bytes
    media: bool


def control_record(kind: bytes, body: dict[str, Any]) -> bytes:
    """A JSON record: `o` `t` `e` `c`."""
    data = json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
    return _RECORD.pack(kind, len(data)) + data


class TapLog:
    """The queue between the hot path and the socket."""

    def __init__(self) -> None:
        self._number = 0
        self._unsent: deque[_Entry] = deque()
        self._sent: deque[_Entry] = deque()
        self._early: deque[_Entry] = deque()  # control records whose media neighbours were dropped
        self._bytes = 0
        self._lessons: dict[str, bytes] = {}
        self._tracks: dict[int, tuple[str, bytes]] = {}
        self.dropped = 0

    # -- records in

    def open_lesson(self, lesson_id: str, at: float, now: float) -> None:
        record = control_record(b"o", {"lesson_id": lesson_id, "at": at})
        self._lessons[lesson_id] = record
        self._add(record, now, media=False)

    def close_lesson(self, lesson_id: str, at: float, now: float) -> None:
        if self._lessons.pop(lesson_id, None) is not None:
            self._add(control_record(b"c", {"lesson_id": lesson_id, "at": at}), now, media=False)

    def open_track(self, track: int, lesson_id: str, body: dict[str, Any], now: float) -> None:
        """A lesson that was not opened here is not recorded, neither are its tracks."""
        if lesson_id not in self._lessons:
            return
        record = control_record(b"t", body)
        self._tracks[track] = (lesson_id, record)
        self._add(record, now, media=False)

    def close_track(self, track: int, now: float) -> None:
        if self._tracks.pop(track, None) is not None:
            self._add(control_record(b"e", {"track": track}), now, media=False)

    def packet(self, track: int, arrival_ns: int, raw: bytes, now: float) -> None:
        """One RTP packet, decrypted."""
        if track in self._tracks:
            self._number = number = self._number + 1
            size = len(raw)
            self._unsent.append(_new(_Entry, (number, now, _MEDIA.pack(b"p", 12 + size, track, arrival_ns), raw, True)))
            self._bytes += _MEDIA.size + size

    def sender_report(self, track: int, arrival_ns: int, ntp: int, timestamp: int, now: float) -> None:
        if track in self._tracks:
            self._add(_REPORT.pack(b"s", 24, track, arrival_ns, ntp, timestamp), now, media=True)

    def _add(self, data: bytes, now: float, *, media: bool) -> None:
        self._number += 1
        self._unsent.append(_Entry(self._number, now, data, b"", media))
        self._bytes += len(data)

    # -- messages out

    @property
    def waiting(self) -> bool:
        return bool(self._unsent)

    @property
    def unacknowledged(self) -> int:
        """Bytes kept."""
        return self._bytes

    def reconnected(self) -> list[bytes]:
        """Messages that repeat what is open (number 0); everything unacknowledged is to be sent again behind them."""
        self._unsent = deque([*self._early, *self._sent, *self._unsent])
        self._early.clear()
        self._sent.clear()
        records = [*self._lessons.values(), *(record for _, record in self._tracks.values())]
        return list(_pack_state(records))

    def next_message(self) -> bytes:
        """The next `R` message, b"" when everything is sent. Follow with `sent_message` once the socket took it."""
        if not self._unsent:
            return b""
        first = expected = self._unsent[0].number
        size = _FIRST.size
        parts: list[bytes] = []
        for entry in self._unsent:
            number, _, head, raw, _ = entry
            size += len(head) + len(raw)
            if number != expected or size > MAX_MESSAGE:
                break
            parts += (head, raw)
            expected += 1
        self._in_hand = expected - first
        return _FIRST.pack(b"R", first) + b"".join(parts)

    def sent_message(self) -> None:
        """The socket took the message just made."""
        for _ in range(self._in_hand):
            self._sent.append(self._unsent.popleft())
        self._in_hand = 0

    _in_hand = 0

    # -- acks in, bounds

    def acknowledge(self, number: int) -> None:
        """Everything up to and including `number` is durable."""
        for queue in (self._early, self._sent):
            while queue and queue[0].number <= number:
                self._forget(queue.popleft())

    def trim(self, now: float) -> None:
        """Keep within the bounds: the oldest media goes, control records stay."""
        for queue in (self._sent, self._unsent):
            if queue and self._beyond(queue[0], now):
                self._drop_from(queue, now)

    def _beyond(self, entry: _Entry, now: float) -> bool:
        return self._bytes > MAX_BYTES or now - entry.at > MAX_AGE

    def _forget(self, entry: _Entry) -> None:
        self._bytes -= len(entry.head) + len(entry.raw)

    def _drop_from(self, queue: deque[_Entry], now: float) -> None:
        kept: list[_Entry] = []
        while queue and self._beyond(queue[0], now):
            entry = queue.popleft()
            if entry.media:
                self._forget(entry)
                self.dropped += 1
            else:
                kept.append(entry)
        if queue is self._sent:
            self._early.extend(kept)
        else:
            queue.extendleft(reversed(kept))


def _pack_state(records: Iterable[bytes]) -> Iterable[bytes]:
    """Messages with number 0, each within the size limit."""
    head = _FIRST.pack(b"R", 0)
    body = b""
    for record in records:
        if body and len(head) + len(body) + len(record) > MAX_MESSAGE:
            yield head + body
            body = b""
        body += record
    if body:
        yield head + body
