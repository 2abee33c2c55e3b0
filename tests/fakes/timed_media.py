"""Media that carries its own time: a frame's number is drawn in its picture, each whole second ticks in the sound.

Numbers are read back with opencv, ticks found with numpy, so what is measured is what somebody would see and hear.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

import av
import cv2
import numpy as np

from recorder.manifest import read_index
from recorder.pieces import PieceStream
from tests.fakes import packets

if TYPE_CHECKING:
    from pathlib import Path

BITS = 16  # of a number: two rows of eight cells, and below them the same inverted, as a check
OPUS = 48_000
FRAME = 960  # ticks of an Opus packet
TICK = 480  # samples: 10 ms of 2 kHz
LOUD = 0.1  # a tick's amplitude is 0.6, silence's 0


def numbered(index: int, width: int, height: int) -> np.ndarray:
    """A picture (yuv420p rows) for the encoders of `packets` that shows its number."""
    bits = np.array([index >> bit & 1 for bit in range(BITS)], np.uint8).reshape(2, 8)
    cells = np.vstack([bits, 1 - bits]) * 190 + 30
    y = cv2.resize(cells, (width, height), interpolation=cv2.INTER_NEAREST)
    return np.vstack([y, np.full((height // 2, width), 128, np.uint8)])


def number_in(gray: np.ndarray) -> int | None:
    """The number in a picture (rows of luma), None if it does not stand there."""
    cells = cv2.resize(gray, (8, 4), interpolation=cv2.INTER_AREA)
    _, bits = cv2.threshold(cells, 125, 1, cv2.THRESH_BINARY)
    if not np.array_equal(bits[:2], 1 - bits[2:]):
        return None
    return int(sum(int(bit) << place for place, bit in enumerate(bits[:2].ravel())))


@functools.cache
def ticking() -> list[bytes]:
    """A second of sound in 50 Opus packets, to be sent over and over: it ticks at its begin."""
    context = av.CodecContext.create("libopus", "w")
    context.sample_rate, context.layout, context.format, context.bit_rate = OPUS, "mono", "s16", 24_000
    context.options = {"frame_duration": "20", "application": "lowdelay"}
    wave = np.zeros((1, OPUS), np.int16)
    wave[0, :TICK] = np.sin(2 * np.pi * 2000 * np.arange(TICK) / OPUS) * 0.6 * 32767
    out: list[bytes] = []
    for index in range(2 * 50):  # the second time round, when the encoder knows how it goes on
        at = index % 50 * FRAME
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(wave[:, at : at + FRAME]), format="s16", layout="mono")
        frame.sample_rate = OPUS
        frame.pts = index * FRAME
        out += [bytes(packet) for packet in context.encode(frame)]
    out += [bytes(packet) for packet in context.encode(None)]
    return out[50:100]


@functools.cache
def codec_delay() -> float:
    """Seconds by which those ticks come late out of a decoder: to be taken off what is found."""
    context = av.CodecContext.create("libopus", "r")
    context.sample_rate, context.layout = OPUS, "mono"
    decoded = [frame for data in ticking() * 2 for frame in context.decode(av.Packet(data))]
    samples = np.concatenate([frame.to_ndarray()[0] for frame in decoded])[OPUS // 2 :]
    return float(np.flatnonzero(np.abs(samples) > LOUD)[0] + OPUS // 2) / OPUS - 1.0


@functools.cache
def video(codec: str, size: tuple[int, int], rate: int, seconds: int = 60) -> list[tuple[int, bool, bytes]]:
    """Frames numbered from 0, a keyframe every 2 s, to be sent over and over."""
    return packets.encode_video(codec, seconds * rate, picture=numbered, size=size, rate=rate, key_every=2 * rate)


class Shown(NamedTuple):
    """A decoded frame: where it lies in the recording (s) and what stands in it."""

    at: float
    number: int | None


def opened(folder: Path, begin: float, end: float) -> tuple[PieceStream, str]:
    """Init and the indexed pieces of a track's folder that overlap this span (s) as one file, and its format."""
    webm = (folder / "init.webm").exists()
    entries, _ = read_index((folder / "index.jsonl").read_bytes())
    suffix = ".webm" if webm else ".m4s"
    wanted = [folder / f"{entry.n:06d}{suffix}" for entry in entries if entry.start < end and entry.end > begin]
    return PieceStream([folder / f"init{'.webm' if webm else '.mp4'}", *wanted]), "matroska" if webm else "mp4"


def shown(folder: Path, begin: float, end: float) -> list[Shown]:
    """Every frame of the pieces of a recorded track of pictures that overlap this span."""
    stream, form = opened(folder, begin, end)
    out: list[Shown] = []
    with stream, av.open(stream, mode="r", format=form) as source:
        source.streams.video[0].codec_context.thread_count = 1
        for frame in source.decode(video=0):
            luma = frame.planes[0]
            rows = np.frombuffer(luma, np.uint8).reshape(-1, luma.line_size)[: frame.height, : frame.width]
            out.append(Shown(frame.time, number_in(rows)))
    return out


def ticks(folder: Path, begin: float, end: float) -> list[float]:
    """Where the pieces of a recorded track of sound that overlap this span tick, s of the lesson."""
    stream, form = opened(folder, begin, end)
    out: list[float] = []
    with stream, av.open(stream, mode="r", format=form) as source:
        for frame in source.decode(audio=0):
            loud = np.flatnonzero(np.abs(frame.to_ndarray()[0]) > LOUD)
            at = frame.time + loud[0] / OPUS if len(loud) else None
            if at is not None and (not out or at - out[-1] > 0.5):
                out.append(at)
    return [at - codec_delay() for at in out]
