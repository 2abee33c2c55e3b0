"""H.264 over RTP, packetization-mode 1 (RFC 6184: single NAL units, STAP-A, FU-A) → access units, 4-byte lengths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recorder.depacket.assembler import PictureAssembler
from recorder.depacket.sps import read_sps_untrusted
from recorder.depacket.units import Frame
from server.wire.errors import BadPacket

if TYPE_CHECKING:
    from recorder.depacket.units import Packet

NAL_IDR, NAL_SPS, NAL_PPS, NAL_DELIMITER, NAL_FILLER = 5, 7, 8, 9, 12  # H.264 table 7-1
STAP_A, FU_A = 24, 28  # RFC 6184 table 1
SLICES = frozenset((1, 5))


def split_stap_untrusted(payload: bytes) -> list[bytes]:
    """The NAL units of a STAP-A (RFC 6184 section 5.7.1). Raises BadPacket."""
    units = []
    position = 1
    while position < len(payload):
        end = position + 2 + int.from_bytes(payload[position : position + 2], "big")
        if position + 2 >= end or end > len(payload):
            raise BadPacket("impossible length in a STAP-A")
        units.append(payload[position + 2 : end])
        position = end
    if not units:
        raise BadPacket("empty STAP-A")
    return units


class H264Assembler(PictureAssembler):
    """H.264 access units; a keyframe is an IDR picture, `_parts` are its NAL units."""

    def __init__(self) -> None:
        super().__init__()
        self.parameters: dict[int, bytes] = {}  # NAL type → the newest SPS, PPS
        self._fragments: list[bytes] = []
        self._last: Packet | None = None
        self._brings = True  # whether every IDR so far came with its own SPS
        self._behind_loss = False  # whether packets right before the picture in hand are missing
        self._handlers = {STAP_A: self._stap, FU_A: self._fragment}

    def add(self, packet: Packet) -> list[Frame]:
        """The access units this packet completes: its own when the marker is set, the one before when that had none."""
        out: list[Frame] = []
        if self._first is not None and self._first.timestamp != packet.timestamp:
            out = self._emit()
        if self._first is None:
            self._first = packet
        self._last = packet
        kind = packet.payload[0] & 0x1F if packet.payload else 0
        try:
            self._handlers.get(kind, self._single)(packet.payload)
        except BadPacket:
            self.lost()
            return out
        return out + self._emit() if packet.marker else out

    def _single(self, payload: bytes) -> None:
        if not payload or not 1 <= payload[0] & 0x1F <= 23:
            raise BadPacket("not a NAL unit of packetization-mode 1")
        self._unit(payload)

    def _stap(self, payload: bytes) -> None:
        for unit in split_stap_untrusted(payload):
            self._unit(unit)

    def _fragment(self, payload: bytes) -> None:
        if len(payload) < 3:
            raise BadPacket("cut in a FU-A")
        header = payload[1]
        if header & 0x80:  # S
            self._fragments = [bytes((payload[0] & 0xE0 | header & 0x1F,))]
        elif not self._fragments:
            raise BadPacket("FU-A without its start")
        self._fragments.append(payload[2:])
        if header & 0x40:  # E
            self._unit(b"".join(self._fragments))
            self._fragments = []

    def _unit(self, unit: bytes) -> None:
        kind = unit[0] & 0x1F
        if kind in (NAL_DELIMITER, NAL_FILLER):  # carry nothing a file needs
            return
        if kind in (NAL_SPS, NAL_PPS):
            self.parameters[kind] = unit
        self._parts.append(unit)

    def _emit(self) -> list[Frame]:
        first, last, units, torn = self._first, self._last, self._parts, bool(self._fragments)
        self._drop()
        assert first is not None
        assert last is not None
        kinds = {unit[0] & 0x1F for unit in units}
        if not torn and not kinds & SLICES:  # parameter sets alone wait for their picture
            return []
        behind_loss, self._behind_loss = self._behind_loss, False
        key = NAL_IDR in kinds
        if behind_loss and not torn:
            torn = not _whole(units) or (key and self._brings and NAL_SPS not in kinds)
        if torn:
            self.damaged = True
            return []
        size = self._size() if key else None
        if (key and size is None) or (not key and self.damaged):
            self.damaged = True
            return []
        self.damaged = False
        if key:  # every piece begins with an IDR that brings its own parameter sets (sample entry avc3)
            self._brings = self._brings and NAL_SPS in kinds
            units = [self.parameters[kind] for kind in (NAL_SPS, NAL_PPS) if kind not in kinds] + units
        data = b"".join(len(unit).to_bytes(4, "big") + unit for unit in units)
        return [Frame(first.number, last.arrival_ns, last.sequence, last.timestamp, key, data, size)]

    def lost(self) -> None:
        """See PictureAssembler. What is missing may have been the next picture's begin."""
        super().lost()
        self._behind_loss = True

    def _size(self) -> tuple[int, int] | None:
        if NAL_PPS not in self.parameters or NAL_SPS not in self.parameters:
            return None
        try:
            sps = read_sps_untrusted(self.parameters[NAL_SPS])
        except BadPacket:
            return None
        return sps.width, sps.height

    def _drop(self) -> None:
        super()._drop()
        self._fragments = []


def _whole(units: list[bytes]) -> bool:
    """Whether the first slice is there: its first_mb_in_slice is 0, one bit as ue(v) (H.264 section 7.3.3)."""
    first = next(unit for unit in units if unit[0] & 0x1F in SLICES)
    return len(first) > 1 and first[1] & 0x80 != 0
