"""Ten seconds of VP8, a camera's with Opus or a shared screen's, encoded once and kept under var/bench/."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

SECONDS = 10
WIDTH, HEIGHT = 1280, 720
AUDIO_RATE, AUDIO_FRAME = 48_000, 960  # 20 ms
FOLDER = Path("var/bench")


@dataclass(frozen=True, slots=True)
class Form:
    """How a clip is encoded: frames a second, bit/s, frames between keyframes, with sound."""

    rate: int
    bitrate: int
    group: int
    sound: bool


CAMERA = Form(30, 1_500_000, 30, sound=True)  # what Chromium sends at 720p
SCREEN = Form(5, 300_000, 50, sound=False)  # slides: Chromium's screen layer while little moves


@dataclass(frozen=True, slots=True)
class Clip:
    """`video`: (is keyframe, VP8 frame) per 1/`rate` s; `audio`: an Opus packet per 20 ms, none for a screen."""

    rate: int
    video: list[tuple[bool, bytes]]
    audio: list[bytes]


def load(form: Form = CAMERA) -> Clip:
    """From the cache, or encoded now (about 10 s)."""
    path = FOLDER / f"720p{form.rate}-{form.bitrate // 1000}k-{form.group}.clip"
    if not path.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(_pack(Clip(form.rate, _encode_video(form), _encode_audio() if form.sound else [])))
        part.rename(path)
    return _unpack(form.rate, path.read_bytes())


def _pack(clip: Clip) -> bytes:
    entries = [(1 if key else 0, data) for key, data in clip.video] + [(2, data) for data in clip.audio]
    return b"".join(struct.pack("!BI", kind, len(data)) + data for kind, data in entries)


def _unpack(rate: int, data: bytes) -> Clip:
    clip = Clip(rate, [], [])
    position = 0
    while position < len(data):
        kind, size = struct.unpack_from("!BI", data, position)
        position += 5
        piece = data[position : position + size]
        position += size
        if kind == 2:
            clip.audio.append(piece)
        else:
            clip.video.append((kind == 1, piece))
    return clip


def _encode_video(form: Form) -> list[tuple[bool, bytes]]:
    context = av.CodecContext.create("libvpx", "w")
    context.width, context.height, context.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    context.time_base, context.framerate = Fraction(1, form.rate), Fraction(form.rate)
    context.bit_rate = form.bitrate
    context.gop_size = form.group
    context.options = {
        "deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", "error-resilient": "1", "auto-alt-ref": "0",
        "minrate": str(form.bitrate), "maxrate": str(form.bitrate), "bufsize": str(form.bitrate),
        "keyint_min": str(form.group),
    }  # fmt: skip
    random = np.random.default_rng(2019)
    wall = random.integers(0, 255, (HEIGHT // 8, WIDTH // 8 + SECONDS * form.rate), dtype=np.uint8)
    frames: list[tuple[bool, bytes]] = []
    for index in range(SECONDS * form.rate):
        picture = np.kron(wall[:, index : index + WIDTH // 8], np.ones((8, 8), np.uint8))
        picture[200:500, 400:900] = random.integers(90, 160, (300, 500), dtype=np.uint8)  # what makes it cost its bits
        frame = av.VideoFrame.from_ndarray(picture, format="gray").reformat(format="yuv420p")
        frame.pts, frame.time_base = index, Fraction(1, form.rate)
        frames += [(packet.is_keyframe, bytes(packet)) for packet in context.encode(frame)]
    frames += [(packet.is_keyframe, bytes(packet)) for packet in context.encode(None)]
    return frames


def _encode_audio() -> list[bytes]:
    context = av.CodecContext.create("libopus", "w")
    context.sample_rate, context.layout, context.format = AUDIO_RATE, "mono", "s16"
    context.bit_rate = 32_000
    context.time_base = Fraction(1, AUDIO_RATE)
    packets: list[bytes] = []
    for index in range(SECONDS * AUDIO_RATE // AUDIO_FRAME):
        time = (np.arange(AUDIO_FRAME) + index * AUDIO_FRAME) / AUDIO_RATE
        tone = (8000 * np.sin(2 * np.pi * (300 + 200 * np.sin(time)) * time)).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(tone.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts = AUDIO_RATE, index * AUDIO_FRAME
        packets += [bytes(packet) for packet in context.encode(frame)]
    return packets
