"""Everything one publisher sends: its tracks told apart, repaired and reported on.

Four verbs: `receive` a decrypted packet, `control` its RTCP, `handle_timer` for what is due to be told to it,
`next_deadline`.
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING, NamedTuple

from server.forward import rtx
from server.forward.clock import PublisherClock
from server.forward.feedback import TransportFeedback
from server.forward.streams import InboundStream
from server.wire import rtcp, rtp
from server.wire.errors import BadPacket

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from server.forward.packet import Packet

REPORT_INTERVAL = 1.0  # s between receiver reports
FIRST_REPORT = 0.2  # s: an early report gives the sender its first round trip
MAX_SSRCS = 32  # per publisher; a stranger's SSRCs beyond are ignored
MAX_SUSPECTED = 4  # packets at the end of a picture that are asked for before their stream tells of the gap
SILENT = 1.0  # s without a packet before another SSRC may take a track over

_HEAD = Struct("!BBHII")
_PROFILE = Struct("!HH")


class CodecSpec(NamedTuple):
    """A payload type's codec; `name` in lower case, `rtx` the payload type of its retransmissions."""

    name: str
    clock_rate: int
    channels: int
    fmtp: str
    rtx: int | None


class TrackSpec(NamedTuple):
    """One m-line of a publisher, as negotiated; SSRCs are 0 when the offer did not say, `rids` its layers' names."""

    mid: str
    kind: str
    codecs: Mapping[int, CodecSpec]
    ssrc: int
    rtx_ssrc: int
    rids: tuple[str, ...] = ()
    nack: bool = True  # whether lost packets may be asked for


class Extensions(NamedTuple):
    """Ids of the header extensions that are read, 0 for those not negotiated."""

    mid: int = 0
    rid: int = 0
    repaired_rid: int = 0
    transport_cc: int = 0


class Ingress:
    """A publisher's tracks. Its misbehaviour is counted in `malformed` and never raises."""

    def __init__(self, tracks: Sequence[TrackSpec], *, ssrc: int, cname: str, extensions: Extensions) -> None:
        self.malformed = 0
        self.unknown = 0
        self._ssrc = ssrc
        self._cname = cname
        self._ids = extensions
        self._tracks = list(tracks)
        self._clock = PublisherClock()
        self._feedback = TransportFeedback(ssrc) if extensions.transport_cc else None
        self._streams: dict[int, InboundStream] = {}  # by SSRC
        self._current: dict[tuple[str, str], InboundStream] = {}  # by mid and rid
        self._repairs: dict[int, tuple[TrackSpec, str]] = {}  # RTX SSRC: the track and layer it repairs
        self._announced = {track.ssrc: track for track in tracks if track.ssrc and not track.rids}
        for track in tracks:
            if track.rtx_ssrc and not track.rids:
                self._repairs[track.rtx_ssrc] = (track, "")
        self._report_due = 0.0
        self._suspected = 0  # packets lost of any stream, by the transport-wide sequence, since the last look

    @property
    def streams(self) -> list[InboundStream]:
        """The streams that have sent something, the newest SSRC of each track and layer."""
        return list(self._current.values())

    def codec_of(self, stream: InboundStream) -> CodecSpec:
        """What was negotiated for a stream of this publisher."""
        return next(track.codecs[stream.payload_type] for track in self._tracks if track.mid == stream.mid)

    # -- packets in

    def receive(self, raw: bytes, now: float, wall: float) -> tuple[InboundStream, Packet] | None:
        """One decrypted RTP packet; what is to be forwarded of it, or None."""
        length = len(raw)
        first, second, sequence, timestamp, ssrc = _HEAD.unpack_from(raw) if length >= 12 else (0, 0, 0, 0, 0)
        start = 12 + (first & 0x0F) * 4
        if first & 0x10:
            if start + 4 > length:
                self.malformed += 1
                return None
            profile, words = _PROFILE.unpack_from(raw, start)
            extensions = start + 4
            start = extensions + words * 4
            if start > length:
                self.malformed += 1
                return None
            if self._feedback is not None:
                self._note_arrival(raw, profile, extensions, start, now)
        end = length
        if first & 0x20:
            end -= raw[length - 1]
        if first >> 6 != 2 or end < start:
            self.malformed += 1
            return None
        stream = self._streams.get(ssrc)
        if stream is None or second & 0x7F not in (stream.payload_type, stream.red_type):
            repaired = self._repairs.get(ssrc)
            if repaired is not None:
                return self._repaired(*repaired, raw, second & 0x7F, start, end, now, wall)
            stream = self._learn(raw, ssrc, second & 0x7F, now)
            if stream is None:
                self.unknown += 1
                return None
        packet = stream.receive(raw, start, end, sequence, timestamp, second & 0x80, now, wall)
        return None if packet is None else (stream, packet)

    def _note_arrival(self, raw: bytes, profile: int, at: int, end: int, now: float) -> None:
        wanted = self._ids.transport_cc
        if profile == rtp.ONE_BYTE_PROFILE:
            while at < end:
                byte = raw[at]
                if byte >> 4 == wanted:
                    if at + 3 <= end and self._feedback is not None:
                        self._suspected += self._feedback.arrived(raw[at + 1] << 8 | raw[at + 2], now)
                    return
                at += 2 + (byte & 0x0F) if byte else 1
            return
        value = self._extensions(raw).get(wanted, b"")
        if len(value) >= 2 and self._feedback is not None:
            self._suspected += self._feedback.arrived(value[0] << 8 | value[1], now)

    def _extensions(self, raw: bytes) -> dict[int, bytes]:
        try:
            return rtp.read_extensions(raw, rtp.parse_untrusted(raw, len(raw)))
        except BadPacket:
            return {}

    def _repaired(
        self, track: TrackSpec, rid: str, raw: bytes, payload_type: int, start: int, end: int, now: float, wall: float
    ) -> tuple[InboundStream, Packet] | None:
        """A retransmission (RFC 4588): the original goes the usual way, late."""
        stream = self._current.get((track.mid, rid))
        if stream is None:
            return None
        codec = track.codecs.get(stream.payload_type)
        if codec is None or codec.rtx != payload_type:
            return None
        original = rtx.unwrap(raw, start, end, ssrc=stream.ssrc, payload_type=stream.payload_type)
        if original is None:
            return None
        _, second, sequence, timestamp, _ = _HEAD.unpack_from(original)
        packet = stream.receive(original, 12, len(original), sequence, timestamp, second & 0x80, now, wall)
        stream.repaired += packet is not None
        return None if packet is None else (stream, packet)

    # -- who is who

    def _learn(self, raw: bytes, ssrc: int, payload_type: int, now: float) -> InboundStream | None:
        """The stream of an SSRC not seen before (or with another codec): announced, by mid, or by payload type."""
        values = self._extensions(raw)
        track = self._announced.get(ssrc) or self._by_mid(values) or self._by_payload_type(payload_type)
        if track is None or len(self._streams) + len(self._repairs) >= MAX_SSRCS:
            return None
        codec = track.codecs.get(payload_type)
        if codec is None:
            repaired = self._name(values, self._ids.repaired_rid)
            if any(each.rtx == payload_type for each in track.codecs.values()) and self._is_layer(track, repaired):
                self._repairs[ssrc] = (track, repaired)
            return None
        rid = self._name(values, self._ids.rid) if track.rids else ""
        if not self._is_layer(track, rid):
            return None
        return self._begin(track, rid, ssrc, payload_type, now)

    def _begin(self, track: TrackSpec, rid: str, ssrc: int, payload_type: int, now: float) -> InboundStream | None:
        current = self._current.get((track.mid, rid))
        if current is not None and now - current.last_arrival < SILENT and ssrc != track.ssrc:
            return None
        if current is not None:
            self._streams.pop(current.ssrc, None)
        red = next((number for number, each in track.codecs.items() if each.name == "red"), -1)
        main = next((number for number, each in track.codecs.items() if each.name == "opus"), payload_type)
        if payload_type == red:
            payload_type = main
        codec = track.codecs[payload_type]
        stream = InboundStream(
            ssrc=ssrc,
            mid=track.mid,
            kind=track.kind,
            codec=codec.name,
            payload_type=payload_type,
            clock_rate=codec.clock_rate,
            clock=self._clock,
            rid=rid,
            rank=track.rids.index(rid) if rid else 0,
            red_type=red,
            repairs=track.nack,
        )
        self._streams[ssrc] = self._current[track.mid, rid] = stream
        return stream

    @staticmethod
    def _name(values: Mapping[int, bytes], identifier: int) -> str:
        return values.get(identifier, b"").decode("ascii", "replace") if identifier else ""

    @staticmethod
    def _is_layer(track: TrackSpec, rid: str) -> bool:
        """Whether the track has such a layer; a track without layers has one without a name."""
        return rid in track.rids if track.rids else rid == ""

    def _by_mid(self, values: Mapping[int, bytes]) -> TrackSpec | None:
        value = values.get(self._ids.mid) if self._ids.mid else None
        return next((track for track in self._tracks if value is not None and track.mid.encode() == value), None)

    def _by_payload_type(self, payload_type: int) -> TrackSpec | None:
        fitting = [
            track
            for track in self._tracks
            if payload_type in track.codecs or any(codec.rtx == payload_type for codec in track.codecs.values())
        ]
        return fitting[0] if len(fitting) == 1 else None

    # -- RTCP in

    def control(self, packets: Sequence[rtcp.Packet], now: float, wall: float) -> None:
        """The publisher's RTCP; of it only sender reports matter here."""
        for packet in packets:
            if isinstance(packet, rtcp.SenderReport):
                stream = self._streams.get(packet.ssrc)
                if stream is not None:
                    stream.sender_report(packet.ntp, packet.rtp_timestamp, wall, now)

    # -- timer

    def handle_timer(self, now: float) -> bytes:
        """One RTCP datagram: the reports, NACKs, keyframe requests and feedback that are due, b"" for none."""
        streams = self._current.values()
        if not streams:
            return b""
        built = b""
        if now >= self._report_due:
            built += self._reports(now)
        suspected, self._suspected = self._suspected, 0
        for stream in streams:
            lost = stream.nacks_due(now)
            if not lost and 0 < suspected <= MAX_SUSPECTED:
                # a small layer's next packet is 70 ms away, sound's 20: it tells first that a picture's end was lost
                lost = stream.next_missing(suspected, now)
            if lost:
                built += bytes(rtcp.Nack(self._ssrc, stream.ssrc, tuple(lost)))
            if stream.video and stream.keyframes.poll(now):
                built += bytes(rtcp.Pli(self._ssrc, stream.ssrc))
        if self._feedback is not None:
            built += self._feedback.poll(now, next(iter(streams)).ssrc)
        return built

    def _reports(self, now: float) -> bytes:
        first = self._report_due == 0.0
        self._report_due = now + (FIRST_REPORT if first else REPORT_INTERVAL)
        if first:
            return b""
        reports = [stream.report(now) for stream in self.streams]
        blocks = [block for block in reports if block is not None]
        report = rtcp.ReceiverReport(self._ssrc, tuple(blocks[:31]))
        return bytes(report) + bytes(rtcp.Sdes.cname(self._ssrc, self._cname))

    def urgent(self, now: float) -> bool:
        """Whether something should not wait for the next tick: a loss just noticed or a keyframe to ask for."""
        if self._suspected:
            return True
        for stream in self._current.values():
            if stream.nacks or stream.keyframes.wanted:
                for due in (stream.nacks.next_deadline(), stream.keyframes.next_deadline()):
                    if due is not None and due <= now:
                        return True
        return False

    def next_deadline(self) -> float | None:
        """The earliest moment at which `handle_timer` has something to say."""
        if not self._current:
            return None
        deadlines = [self._report_due]
        for stream in self._current.values():
            deadlines += [
                due for due in (stream.nacks.next_deadline(), stream.keyframes.next_deadline()) if due is not None
            ]
        feedback = self._feedback.next_deadline() if self._feedback is not None else None
        return min(deadlines if feedback is None else [*deadlines, feedback])
