"""AV1 over RTP (RTP Payload Format For AV1) → temporal units as ISO files hold them: OBUs with their sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recorder.depacket.assembler import PictureAssembler
from recorder.depacket.av1_sequence import Sequence, read_sequence_untrusted
from recorder.depacket.units import Frame
from server.wire import av1
from server.wire.errors import BadPacket

if TYPE_CHECKING:
    from recorder.depacket.units import Packet

LEFT_OUT = frozenset((av1.TEMPORAL_DELIMITER, av1.TILE_LIST, av1.PADDING))  # AV1-ISOBMFF section 2.4
PICTURES = frozenset((av1.FRAME_HEADER, av1.FRAME))
_EXTENSION, _HAS_SIZE = 0x04, 0x02


def split_obu_untrusted(element: bytes) -> tuple[int, bytes, bytes]:
    """(type, header without its size bit, content) of one OBU (AV1 section 5.3). Raises BadPacket."""
    length = 2 if element[0] & _EXTENSION else 1
    if element[0] & 0x80 or len(element) < length:
        raise BadPacket("not an OBU")
    start, end = length, len(element)
    if element[0] & _HAS_SIZE:
        size, start = av1.leb128_untrusted(element, length, end)
        if size > end - start:
            raise BadPacket("OBU longer than its element")
        end = start + size
    header = bytes((element[0] & ~_HAS_SIZE,)) + element[1:length]
    return element[0] >> 3 & 0x0F, header, element[start:end]


def sized(header: bytes, content: bytes) -> bytes:
    """An OBU that tells its own size."""
    return bytes((header[0] | _HAS_SIZE,)) + header[1:] + av1.leb128(len(content)) + content


class Av1Assembler(PictureAssembler):
    """AV1 temporal units; `_parts` are the whole OBUs of the one in hand. `sequence` and its OBU: the newest."""

    def __init__(self) -> None:
        super().__init__()
        self.sequence: Sequence | None = None
        self.sequence_obu = b""
        self._fragment = b""  # of the OBU that goes on in the next packet
        self._key: bool | None = None  # whether the unit's first picture is a keyframe
        self._described = False  # the unit has a sequence header of its own

    def add(self, packet: Packet) -> list[Frame]:
        """The temporal units this packet completes (none or one)."""
        if self._first is not None and self._first.timestamp != packet.timestamp:
            self.lost()  # a unit whose last packet never came
        try:
            self._take(packet)
        except BadPacket:
            self.lost()
            return []
        return self._emit(packet) if packet.marker else []

    def _take(self, packet: Packet) -> None:
        payload = packet.payload
        parts = av1.aggregate_untrusted(payload, 0, len(payload))
        if parts.continues != bool(self._fragment):
            raise BadPacket("an OBU torn between packets")
        self._first = self._first or packet
        last = len(parts.elements) - 1
        for index, (start, end) in enumerate(parts.elements):
            element = self._fragment + payload[start:end]
            self._fragment = element if index == last and parts.continued else b""
            if not self._fragment:
                self._obu(element)

    def _obu(self, element: bytes) -> None:
        kind, header, content = split_obu_untrusted(element)
        if kind in LEFT_OUT:
            return
        data = sized(header, content)
        if kind == av1.SEQUENCE_HEADER:
            self.sequence, self.sequence_obu = read_sequence_untrusted(content), data
            self._described = True
        elif kind in PICTURES and self._key is None:
            # show_existing_frame (1 bit) and frame_type (2 bits) are 0 for a keyframe (section 5.9.2)
            self._key = bool(content) and not content[0] & 0xE0
        self._parts.append(data)

    def _emit(self, last: Packet) -> list[Frame]:
        first, torn = self._first, bool(self._fragment)
        key = bool(self._key and self._described)
        empty = self._key is None
        data = b"".join(self._parts)
        self._drop()
        assert first is not None
        if torn or (not key and self.damaged):
            self.damaged = True
            return []
        if empty:  # headers alone wait for their picture
            return []
        self.damaged = False
        size = (self.sequence.width, self.sequence.height) if key and self.sequence else None
        return [Frame(first.number, last.arrival_ns, last.sequence, last.timestamp, key, data, size)]

    def _drop(self) -> None:
        super()._drop()
        self._fragment = b""
        self._key = None
        self._described = False
