"""Encoded media and its RTP packets, as a browser would send them: PyAV encoders and packetizers of our own."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np

from server.wire import av1, rtp

if TYPE_CHECKING:
    from collections.abc import Iterator

MTU = 1200
os.environ.setdefault("SVT_LOG", "1")  # errors only: the AV1 encoder likes to talk


@dataclass
class Stream:
    """Numbers of one RTP stream."""

    ssrc: int
    payload_type: int = 96
    sequence: int = 1000
    timestamp: int = 90_000
    packets: list[bytes] = field(default_factory=list)

    def build(self, timestamp: int, payloads: list[bytes], *, marker: bool = True) -> list[bytes]:
        """One frame's packets; `timestamp` is relative to the stream's own start."""
        out = []
        for index, payload in enumerate(payloads):
            last = index == len(payloads) - 1
            out.append(
                rtp.build(
                    payload_type=self.payload_type,
                    sequence=self.sequence & 0xFFFF,
                    timestamp=(self.timestamp + timestamp) & 0xFFFFFFFF,
                    ssrc=self.ssrc,
                    payload=payload,
                    marker=int(marker and last),
                )
            )
            self.sequence += 1
        return out


def moving(index: int, width: int = 320, height: int = 180) -> np.ndarray:
    """A picture (yuv420p rows) with a bar that walks."""
    y = np.tile(np.linspace(40, 200, width, dtype=np.uint8), (height, 1))
    at = (index * 7) % (width - 40)
    y[height // 4 : height // 2, at : at + 40] = 235
    chroma = np.full((height // 2, width), 128, np.uint8)
    return np.vstack([y, chroma])


def black(index: int, width: int = 320, height: int = 180) -> np.ndarray:
    """Nothing to see."""
    return np.vstack([np.full((height, width), 16, np.uint8), np.full((height // 2, width), 128, np.uint8)])


def standing(index: int, width: int = 320, height: int = 180) -> np.ndarray:
    """The same picture for ever, with the noise of a sensor that stands still (none)."""
    return moving(3, width, height)


@contextlib.contextmanager
def ordinary_priority() -> Iterator[None]:
    """Whatever runs within, this process is scheduled as before afterwards.

    As root the AV1 encoder (SVT-AV1) makes its whole process real-time (SCHED_FIFO, 99), and everything that is started
    later inherits it: two browsers with that priority starve the machine.
    """
    policy, parameters = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        yield
    finally:
        os.sched_setscheduler(0, policy, parameters)


@ordinary_priority()
def encode_video(codec, count, *, picture=moving, size=(320, 180), rate=30, key_every=60, keys=None):
    """Coded frames: list of (pts in 1/90000 s, key, data); H.264 in Annex B. `keys`: numbers of keyframes."""
    name, options = {
        "vp8": ("libvpx", {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", "error-resilient": "0"}),
        "h264": (
            "libx264",
            {"preset": "ultrafast", "tune": "zerolatency", "profile": "baseline", "x264-params": "repeat-headers=1"},
        ),
        "vp9": ("libvpx-vp9", {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}),
        "av1": ("libsvtav1", {"preset": "11", "svtav1-params": "pred-struct=1:rc=2:lp=1:keyint=-1"}),
    }[codec]
    context = av.CodecContext.create(name, "w")
    context.width, context.height = size
    context.pix_fmt = "yuv420p"
    context.time_base = Fraction(1, 90_000)
    context.framerate = Fraction(rate)
    context.bit_rate = 800_000
    context.gop_size = 100_000
    context.max_b_frames = 0
    context.options = options
    context.thread_count = 1
    out = []
    for index in range(count):
        frame = av.VideoFrame.from_ndarray(picture(index, *size), format="yuv420p")
        frame.pts = index * 90_000 // rate
        frame.time_base = context.time_base
        key = index in keys if keys is not None else index % key_every == 0
        if key:
            frame.pict_type = av.video.frame.PictureType.I
        out += [(packet.pts, packet.is_keyframe, bytes(packet)) for packet in context.encode(frame)]
    out += [(packet.pts, packet.is_keyframe, bytes(packet)) for packet in context.encode(None)]
    return out


def encode_opus(seconds, *, volume=0.3, tone=440.0):
    """Coded packets: list of (pts in 1/48000 s, data), 20 ms each."""
    context = av.CodecContext.create("libopus", "w")
    context.sample_rate = 48_000
    context.layout = "stereo"
    context.format = "s16"
    context.bit_rate = 32_000
    context.options = {"frame_duration": "20", "application": "voip"}
    out = []
    for index in range(int(seconds * 50)):
        t = (np.arange(960) + index * 960) / 48_000
        wave = (np.sin(2 * np.pi * tone * t) * volume * 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(np.repeat(wave, 2).reshape(1, -1), format="s16", layout="stereo")
        frame.sample_rate = 48_000
        frame.pts = index * 960
        out += [bytes(packet) for packet in context.encode(frame)]
    return [(index * 960, data) for index, data in enumerate(out)]


def vp8_payloads(frame: bytes, picture_id: int = 0) -> list[bytes]:
    """RFC 7741 with a 15-bit picture id, as libwebrtc sends it."""
    chunks = [frame[at : at + MTU] for at in range(0, len(frame), MTU)]
    ident = bytes((0x80 | picture_id >> 8 & 0x7F, picture_id & 0xFF))
    return [bytes((0x90 if not index else 0x80, 0x80)) + ident + chunk for index, chunk in enumerate(chunks)]


def nal_units(annex_b: bytes) -> list[bytes]:
    """The NAL units of an Annex B access unit."""
    units = []
    for part in annex_b.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1"):
        if part:
            units.append(part)
    return units


def h264_payloads(annex_b: bytes, *, aggregate: bool = True) -> list[bytes]:
    """RFC 6184 packetization-mode 1: parameter sets in a STAP-A, slices alone or as FU-A."""
    out = []
    small = []
    for unit in nal_units(annex_b):
        kind = unit[0] & 0x1F
        if kind in (7, 8, 6) and aggregate:
            small.append(unit)
            continue
        if small:
            out.append(bytes((24,)) + b"".join(len(each).to_bytes(2, "big") + each for each in small))
            small = []
        if len(unit) <= MTU:
            out.append(unit)
            continue
        body = unit[1:]
        pieces = [body[at : at + MTU] for at in range(0, len(body), MTU)]
        for index, piece in enumerate(pieces):
            flags = (0x80 if not index else 0) | (0x40 if index == len(pieces) - 1 else 0)
            out.append(bytes((unit[0] & 0xE0 | 28, flags | kind)) + piece)
    return out


def vp9_payloads(frame: bytes, picture_id: int = 0, *, key: bool, spatial: int | None = None) -> list[bytes]:
    """RFC 9628 in non-flexible mode with a 15-bit picture id; with layer indices if `spatial` says which layer."""
    chunks = [frame[at : at + MTU] for at in range(0, len(frame), MTU)]
    ident = bytes((0x80 | picture_id >> 8 & 0x7F, picture_id & 0xFF))
    layers = b"" if spatial is None else bytes((spatial << 1 | (spatial > 0), 0))
    base = 0x80 | (0 if key else 0x40) | (0x20 if layers else 0)
    last = len(chunks) - 1
    return [
        bytes((base | (0x08 if not index else 0) | (0x04 if index == last else 0),)) + ident + layers + chunk
        for index, chunk in enumerate(chunks)
    ]


def obus(unit: bytes) -> list[bytes]:
    """The OBUs of a temporal unit, without sizes and temporal delimiters (AV1 section 5.3)."""
    out = []
    at = 0
    while at < len(unit):
        assert unit[at] & 0x06 == 0x02  # a size, no extension: what libaom writes
        size, start = av1.leb128_untrusted(unit, at + 1, len(unit))
        if unit[at] >> 3 != av1.TEMPORAL_DELIMITER:
            out.append(bytes((unit[at] & ~0x02,)) + unit[start : start + size])
        at = start + size
    return out


def av1_payloads(unit: bytes, *, key: bool) -> list[bytes]:
    """RTP Payload Format For AV1: OBUs in a row, each with its length, torn where a packet is full."""
    payloads, elements, room = [], b"", MTU
    torn = False
    for obu in obus(unit):
        rest = obu
        while rest:
            part, rest = rest[: room - 2], rest[room - 2 :]
            elements += av1.leb128(len(part)) + part
            room -= len(part) + 2
            if rest or room < 4:
                payloads.append(bytes((0x80 * torn | 0x40 * bool(rest) | 0x08 * (key and not payloads),)) + elements)
                elements, room, torn = b"", MTU, bool(rest)
    return [*payloads, *([bytes((0x80 * torn | 0x08 * (key and not payloads),)) + elements] if elements else [])]


def packetize_video(codec, frames, stream):
    """List of (pts 1/90000 s, [packets])."""
    make = {
        "vp8": lambda index, key, data: vp8_payloads(data, index),
        "h264": lambda index, key, data: h264_payloads(data),
        "vp9": lambda index, key, data: vp9_payloads(data, index, key=key),
        "av1": lambda index, key, data: av1_payloads(data, key=key),
    }[codec]
    return [(pts, stream.build(pts, make(index, key, data))) for index, (pts, key, data) in enumerate(frames)]


def packetize_opus(packets, stream):
    """List of (pts 1/48000 s, [packet])."""
    return [(pts, stream.build(pts, [data], marker=False)) for pts, data in packets]


def red_payload(blocks: list[bytes], *, payload_type: int = 111, ticks: int = 960) -> bytes:
    """RFC 2198: the blocks of one packet, oldest first, each `ticks` older than the next."""
    count = len(blocks) - 1
    heads = b"".join(
        ((0x80 | payload_type) << 24 | (count - index) * ticks << 10 | len(block)).to_bytes(4, "big")
        for index, block in enumerate(blocks[:-1])
    )
    return heads + bytes((payload_type,)) + b"".join(blocks)


def packetize_red(packets, stream, *, distance=1):
    """Opus with the `distance` packets before it in each; list of (pts 1/48000 s, [packet])."""
    return [
        (pts, stream.build(pts, [red_payload([data for _, data in packets[max(0, index - distance) : index + 1]])]))
        for index, (pts, _) in enumerate(packets)
    ]
