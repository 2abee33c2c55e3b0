"""The messages of the tap (docs/protocols.md, section 3): bytes ⇄ values."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from struct import Struct
from typing import TYPE_CHECKING, Any, NamedTuple

from server.wire.errors import BadPacket

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION = 1
LONGEST = 60_000  # bytes of one message
HELLO, RECORDS, ACK, KEYFRAME = b"H", b"R", b"A", b"K"
OPEN, TRACK, RTP, REPORT, ENDED, CLOSE = b"o", b"t", b"p", b"s", b"e", b"c"
_U64 = Struct("!Q")
_U32 = Struct("!I")
RECORD_HEADER = Struct("!cH")
RTP_HEADER = Struct("!IQ")  # track, arrival ns; the packet follows
REPORT_BODY = Struct("!IQQI")  # track, arrival ns, NTP, RTP timestamp
# ids become folder names
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
CODECS = {"vp8": "video", "h264": "video", "vp9": "video", "av1": "video", "opus": "audio"}


class Hello(NamedTuple):
    worker: str
    epoch: str


@dataclass(frozen=True, slots=True)
class TrackInfo:
    """A `t` record."""

    track: int
    lesson_id: str
    participant_id: str
    school_id: str | None
    source: str
    kind: str
    codec: str
    clock_rate: int
    channels: int
    fmtp: str
    ssrc: int
    red: int = -1  # payload type of its packets with redundancy (RFC 2198), -1: none

    @property
    def still(self) -> bool:
        """Whether a picture that stands is normal: a shared screen."""
        return self.source == "screen"

    @property
    def name(self) -> str:
        """The id of its track in the recording."""
        return f"{self.source}-{self.kind}-{self.codec}"

    @classmethod
    def parse_untrusted(cls, body: bytes) -> TrackInfo:
        """From a record's body. Raises BadPacket."""
        value = object_untrusted(body)
        try:
            codec = str(value["codec"]).lower()
            school = value.get("school_id")
            info = cls(
                track=int(value["track"]),
                lesson_id=name_untrusted(value["lesson_id"]),
                participant_id=str(value["participant_id"]),
                school_id=None if school is None else str(school),
                source=name_untrusted(value["source"]),
                kind=str(value["kind"]),
                codec=codec,
                clock_rate=int(value["clock_rate"]),
                channels=int(value.get("channels") or 0),
                fmtp=json.dumps(value["fmtp"]) if isinstance(value.get("fmtp"), dict) else str(value.get("fmtp") or ""),
                ssrc=int(value["ssrc"]),
                red=int(value.get("red", -1)),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise BadPacket(f"not a track: {error}") from None
        if CODECS.get(codec) != info.kind or info.clock_rate <= 0:
            raise BadPacket(f"cannot record {info.kind} {codec!r} at {info.clock_rate}")
        return info


class Record(NamedTuple):
    """One record; `number` 0 is repeated state."""

    number: int
    kind: bytes
    body: memoryview


def object_untrusted(body: bytes | memoryview) -> dict[str, Any]:
    """A JSON object. Raises BadPacket."""
    try:
        value = json.loads(bytes(body))
    except (ValueError, RecursionError):
        raise BadPacket("not JSON") from None
    if not isinstance(value, dict):
        raise BadPacket("not a JSON object")
    return value


def name_untrusted(value: object) -> str:
    """A text that may name a folder. Raises BadPacket."""
    if not isinstance(value, str) or not NAME.fullmatch(value):
        raise BadPacket(f"not a name: {value!r:.60}")
    return value


def parse_hello_untrusted(message: bytes) -> Hello:
    """The first message. Raises BadPacket."""
    if message[:1] != HELLO:
        raise BadPacket("the first message must be a hello")
    value = object_untrusted(message[1:])
    if value.get("version") != VERSION:
        raise BadPacket(f"tap version {value.get('version')!r:.20} is not {VERSION}")
    worker, epoch = value.get("worker"), value.get("epoch")
    if not isinstance(worker, str) or not isinstance(epoch, str):
        raise BadPacket("a hello names worker and epoch")
    return Hello(worker, epoch)


def records_untrusted(message: bytes) -> Iterator[Record]:
    """The records of an `R` message. Raises BadPacket at what is torn."""
    if len(message) < 9 or message[:1] != RECORDS:
        raise BadPacket("not a records message")
    number = _U64.unpack_from(message, 1)[0]
    state = number == 0
    position = 9
    view = memoryview(message)
    while position < len(message):
        if position + 3 > len(message):
            raise BadPacket("cut in a record's header")
        kind, length = RECORD_HEADER.unpack_from(message, position)
        position += 3
        end = position + length
        if end > len(message):
            raise BadPacket("cut in a record")
        yield Record(number, kind, view[position:end])
        position = end
        if not state:
            number += 1


def parse_rtp_untrusted(body: memoryview) -> tuple[int, int, memoryview]:
    """(track, arrival in Unix ns, the packet). Raises BadPacket."""
    if len(body) < RTP_HEADER.size:
        raise BadPacket("cut in a packet record")
    track, arrival = RTP_HEADER.unpack_from(body)
    return track, arrival, body[RTP_HEADER.size :]


def parse_report_untrusted(body: memoryview) -> tuple[int, int, int, int]:
    """(track, arrival in Unix ns, NTP, RTP timestamp). Raises BadPacket."""
    if len(body) != REPORT_BODY.size:
        raise BadPacket("a sender report record has 24 bytes")
    track, arrival, ntp, timestamp = REPORT_BODY.unpack(body)
    return track, arrival, ntp, timestamp


def ack(number: int) -> bytes:
    """Everything up to and including this record is durable."""
    return ACK + _U64.pack(number)


def keyframe_wanted(track: int) -> bytes:
    """Ask the publisher of this track for a keyframe."""
    return KEYFRAME + _U32.pack(track)


def hello(worker: str, epoch: str) -> bytes:
    """The first message, as a worker sends it."""
    return HELLO + json.dumps({"worker": worker, "epoch": epoch, "version": VERSION}).encode()


def records(first: int, items: list[tuple[bytes, bytes]]) -> bytes:
    """An `R` message of (kind, body) items, the first numbered `first`."""
    return RECORDS + _U64.pack(first) + b"".join(RECORD_HEADER.pack(kind, len(body)) + body for kind, body in items)


def track_body(info: TrackInfo) -> bytes:
    """The body of a `t` record."""
    return json.dumps(asdict(info)).encode()
