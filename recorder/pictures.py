"""How each codec's pictures are written: which container, its sample entry, and the codec's name for browsers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recorder.depacket.av1 import Av1Assembler
from recorder.depacket.h264 import NAL_PPS, NAL_SPS, H264Assembler
from recorder.depacket.sps import read_sps_untrusted
from recorder.depacket.vp8 import Vp8Assembler
from recorder.depacket.vp9 import Vp9Assembler
from recorder.segments import mp4, webm

if TYPE_CHECKING:
    from collections.abc import Callable

    from recorder.segments.container import Container

Size = tuple[int, int]
PictureSource = Vp8Assembler | H264Assembler | Vp9Assembler | Av1Assembler

# Streams begin small and grow to 720p; a player is told that much from the start.
LEAST_H264_LEVEL = 0x1F  # 3.1, H.264 table A-1
LEAST_AV1_LEVEL = 5  # 3.1, AV1 annex A.3
# VP9 levels × 10 by the most pixels of a picture (VP9 levels and decoder testing, table 1), from 720p on
VP9_LEVELS = ((983_040, 31), (2_228_224, 40), (8_912_896, 50))


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a track of pictures."""

    container: Container
    name: str  # RFC 6381

    @property
    def mime(self) -> str:
        """The type for a browser."""
        return mime_of(self.container.name, self.name)


def form_of(source: PictureSource, size: Size) -> Form:
    """How to write what this assembler brings, whose newest frame is a keyframe of that size."""
    return _FORMS[type(source)](source, size)


def mime_of(container: str, name: str) -> str:
    """A picture's type for a browser."""
    return f'video/{container}; codecs="{name}"'


def level_of(mime: str) -> str:
    """The part of such a type that grows with the picture, as text that sorts."""
    name = mime.rpartition('codecs="')[2].rstrip('"')
    family, *parts = name.split(".")
    if family == "avc3":
        return parts[0][4:]
    return parts[1] if len(parts) > 1 else ""


def _h264(source: H264Assembler, size: Size) -> Form:
    sps, pps = source.parameters[NAL_SPS], source.parameters[NAL_PPS]
    values = read_sps_untrusted(sps)
    name = f"avc3.{values.profile:02x}{values.constraints:02x}{max(values.level, LEAST_H264_LEVEL):02x}"
    return Form(mp4.Mp4(mp4.VIDEO_RATE, mp4.avc3_entry(sps, pps, *size), size), name)


def _vp8(_: Vp8Assembler, size: Size) -> Form:
    return Form(webm.WebM(size), "vp8")


def _vp9(_: Vp9Assembler, size: Size) -> Form:
    level = next((level for most, level in VP9_LEVELS if size[0] * size[1] <= most), 60)
    return Form(mp4.Mp4(mp4.VIDEO_RATE, mp4.vp09_entry(level, *size), size), f"vp09.00.{level}.08")


def _av1(source: Av1Assembler, size: Size) -> Form:
    sequence = source.sequence
    assert sequence is not None  # a keyframe brings it
    level = max(sequence.level, LEAST_AV1_LEVEL)
    name = f"av01.{sequence.profile}.{level:02d}{'MH'[sequence.tier]}.{sequence.depth:02d}"
    return Form(mp4.Mp4(mp4.VIDEO_RATE, mp4.av01_entry(sequence, source.sequence_obu, *size), size), name)


_FORMS: dict[type, Callable[..., Form]] = {
    H264Assembler: _h264,
    Vp8Assembler: _vp8,
    Vp9Assembler: _vp9,
    Av1Assembler: _av1,
}
