"""VP8 over RTP (RFC 7741) → frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recorder.depacket.assembler import PictureAssembler
from recorder.depacket.units import Frame
from server.wire.errors import BadPacket

if TYPE_CHECKING:
    from recorder.depacket.units import Packet

START_CODE = b"\x9d\x01\x2a"  # RFC 6386 section 9.1
KEYFRAME_HEADER = 10  # bytes


def parse_descriptor_untrusted(payload: bytes) -> tuple[bool, int]:
    """(whether a frame begins here, bytes of the payload descriptor), RFC 7741 section 4.2. Raises BadPacket."""
    try:
        first = payload[0]
        length = 1
        if first & 0x80:  # X
            flags = payload[1]
            length = 2
            if flags & 0x80:  # I: one or two bytes of picture id
                length += 2 if payload[2] & 0x80 else 1
            if flags & 0x40:  # L
                length += 1
            if flags & 0x30:  # T or K share a byte
                length += 1
    except IndexError:
        raise BadPacket("cut in the VP8 payload descriptor") from None
    if length >= len(payload):
        raise BadPacket("VP8 payload without data")
    return first & 0x17 == 0x10, length  # S=1 and partition index 0


def keyframe_size(frame: bytes) -> tuple[int, int] | None:
    """(width, height) if this is a keyframe with a sound header (RFC 6386 section 9.1), else None."""
    if len(frame) < KEYFRAME_HEADER or frame[0] & 1 or frame[3:6] != START_CODE:
        return None
    width = int.from_bytes(frame[6:8], "little") & 0x3FFF
    height = int.from_bytes(frame[8:10], "little") & 0x3FFF
    return (width, height) if width and height else None


class Vp8Assembler(PictureAssembler):
    """VP8 frames."""

    def add(self, packet: Packet) -> list[Frame]:
        """The frames this packet completes (none or one)."""
        try:
            begins, skip = parse_descriptor_untrusted(packet.payload)
        except BadPacket:
            self.lost()
            return []
        if begins:
            if self._first is not None:  # a frame whose last packet never came
                self.lost()
            self._first = packet
        elif self._first is None or self._first.timestamp != packet.timestamp:
            self.lost()
            return []
        self._parts.append(packet.payload[skip:])
        if not packet.marker:
            return []
        return self._emit(packet)

    def _emit(self, last: Packet) -> list[Frame]:
        assert self._first is not None
        number, data = self._first.number, b"".join(self._parts)
        self._drop()
        size = keyframe_size(data)
        if size is None and (self.damaged or not data[0] & 1):
            self.damaged = True
            return []
        self.damaged = False
        return [Frame(number, last.arrival_ns, last.sequence, last.timestamp, size is not None, data, size)]
