"""VP9 over RTP (RFC 9628) → superframes: one sample per picture, all its spatial layers in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recorder.depacket.assembler import PictureAssembler
from recorder.depacket.units import Frame
from server.wire import vp9
from server.wire.errors import BadPacket

if TYPE_CHECKING:
    from recorder.depacket.units import Packet

SYNC_CODE = b"\x49\x83\x42"  # VP9 bitstream section 7.2
KEYFRAME_HEADER = 9  # bytes, up to the picture's height
MOST_FRAMES = 8  # of a superframe, VP9 bitstream annex B.3


def keyframe_size(frame: bytes) -> tuple[int, int] | None:
    """(width, height) if this is a keyframe of profile 0 (VP9 bitstream section 6.2), else None."""
    if len(frame) < KEYFRAME_HEADER or not vp9.key_header(frame[0]) or frame[0] & 0x30 or frame[1:4] != SYNC_CODE:
        return None
    bits = int.from_bytes(frame[4:9], "big")  # colour space (3), range (1), width - 1, height - 1 (16 each), more
    return (bits >> 20 & 0xFFFF) + 1, (bits >> 4 & 0xFFFF) + 1


def superframe(frames: list[bytes]) -> bytes:
    """The frames of one picture as a file holds them: with their index (annex B.2) when there are several."""
    if len(frames) == 1:
        return frames[0]
    width = (max(map(len, frames)).bit_length() + 7) // 8
    marker = bytes((0xC0 | width - 1 << 3 | len(frames) - 1,))
    sizes = b"".join(len(frame).to_bytes(width, "little") for frame in frames)
    return b"".join(frames) + marker + sizes + marker


class Vp9Assembler(PictureAssembler):
    """VP9 pictures; `_parts` are the packets of the layer frame in hand."""

    def __init__(self) -> None:
        super().__init__()
        self._layers: list[bytes] = []  # whole frames of the picture in hand
        self._open = False

    def add(self, packet: Packet) -> list[Frame]:
        """The pictures this packet completes (none or one)."""
        try:
            descriptor = vp9.descriptor_untrusted(packet.payload, 0, len(packet.payload))
            self._place(packet, descriptor)
        except BadPacket:
            self.lost()
            return []
        self._parts.append(packet.payload[descriptor.payload_start :])
        if descriptor.ends:
            self._layers.append(b"".join(self._parts))
            self._parts = []
            self._open = False
        return self._emit(packet) if packet.marker else []

    def _place(self, packet: Packet, descriptor: vp9.Descriptor) -> None:
        """Make room for a packet where it belongs. Raises BadPacket if it belongs nowhere."""
        if self._first is not None and self._first.timestamp != packet.timestamp:
            self.lost()  # a picture whose last packet never came
        if descriptor.begins:
            if self._open or len(self._layers) == MOST_FRAMES:
                raise BadPacket("a VP9 frame begins where none can")
            self._first = self._first or packet
            self._open = True
        elif not self._open:
            raise BadPacket("a VP9 frame without its beginning")

    def _emit(self, last: Packet) -> list[Frame]:
        first, layers, torn = self._first, self._layers, self._open
        self._drop()
        assert first is not None
        size = keyframe_size(layers[0]) if layers and not torn else None
        if torn or (size is None and self.damaged):
            self.damaged = True
            return []
        self.damaged = False
        data = superframe(layers)
        return [Frame(first.number, last.arrival_ns, last.sequence, last.timestamp, size is not None, data, size)]

    def _drop(self) -> None:
        super()._drop()
        self._layers = []
        self._open = False
