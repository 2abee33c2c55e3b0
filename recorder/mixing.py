"""The sound of an export: everybody's tracks in one, brought to the loudness that is usual for phones and rooms."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, cast

import av
import numpy as np

from recorder.hearing import Meter, decoded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from recorder.reading import ReadTrack

    Block = NDArray[np.float32]  # 2 × samples

RATE = 48_000
BLOCK = RATE  # samples mixed at a time
TARGET = -16.0  # LUFS, AES TD1008's for speech on phones and computers
MOST_GAIN = 20.0  # dB: what is quieter than that is noise, not speech
CEILING = 0.84  # of full scale, −1.5 dB: room for what AAC adds
BITRATE = 96_000
JITTER = RATE // 50  # samples: timestamps nearer than this to where the sound goes on are rounding


class Sound:
    """One track's samples, placed on the export's clock and asked in order."""

    def __init__(self, track: ReadTrack, zero: float, stack: ExitStack) -> None:
        self._zero = zero
        source = stack.enter_context(track.opened(zero))
        self._frames = self._placed(source)
        self._next: tuple[int, Block] | None = next(self._frames, None)

    def add(self, out: Block, start: int) -> None:
        """Add what falls into `out`, whose first sample is number `start`."""
        end = start + out.shape[1]
        while self._next is not None and self._next[0] < end:
            at, samples = self._next
            low, high = max(at, start), min(at + samples.shape[1], end)
            if low < high:
                out[:, low - start : high - start] += samples[:, low - at : high - at]
            if at + samples.shape[1] > end:
                return
            self._next = next(self._frames, None)

    def _placed(self, source: Any) -> Iterator[tuple[int, Block]]:  # noqa: ANN401 (av is untyped here)
        resampler = av.AudioResampler(format="fltp", layout="stereo", rate=RATE)
        expected: int | None = None
        for frame in decoded(source):
            at = round((float(frame.pts * frame.time_base) - self._zero) * RATE)
            if expected is not None and abs(at - expected) < JITTER:
                at = expected
            for made in resampler.resample(frame):
                samples = cast("Block", made.to_ndarray())
                yield at, samples
                at += samples.shape[1]
            expected = at


def mixed(tracks: list[ReadTrack], start: float, end: float) -> Iterator[Block]:
    """All tracks from `start` to `end` (s on the lesson's clock), a second at a time. Raises av's errors, OSError."""
    total = round((end - start) * RATE)
    with ExitStack() as stack:
        sounds = [Sound(track, start, stack) for track in tracks]
        for first in range(0, total, BLOCK):
            out = np.zeros((2, min(BLOCK, total - first)), np.float32)
            for sound in sounds:
                sound.add(out, first)
            yield out


def gain_for(loudness: float | None) -> float:
    """The factor that brings it to `TARGET`; 1 for silence."""
    if loudness is None:
        return 1.0
    return float(10 ** (max(-MOST_GAIN, min(MOST_GAIN, TARGET - loudness)) / 20))


def measured(blocks: Iterable[Block]) -> float | None:
    """Integrated loudness (LUFS) of a mix."""
    meter = Meter()
    for number, block in enumerate(blocks):
        for _ in meter.push(_frame(block, number * BLOCK)):
            pass
    for _ in meter.push(None):
        pass
    return meter.loudness


def write_sound(path: Path, blocks: Iterable[Block], gain: float, lead: float, told: Callable[[], None]) -> None:
    """AAC in MP4: `lead` seconds of silence, then the mix, limited. `told` after each second. Raises OSError."""
    with av.open(str(path), "w", format="mp4") as target:
        stream: Any = target.add_stream("aac", rate=RATE, layout="stereo")
        stream.bit_rate = BITRATE
        stream.codec_context.options = {"aac_coder": "fast"}
        limiter = _limiter(gain)
        at = 0
        for block in _led(blocks, lead):
            limiter.push(_frame(block, at))
            at += block.shape[1]
            _encode(limiter, stream, target)
            told()
        limiter.push(None)
        _encode(limiter, stream, target)
        target.mux(stream.encode(None))


def _led(blocks: Iterable[Block], lead: float) -> Iterator[Block]:
    if lead > 0:
        yield np.zeros((2, round(lead * RATE)), np.float32)
    yield from blocks


def _encode(limiter: Any, stream: Any, target: Any) -> None:  # noqa: ANN401 (av is untyped here)
    while True:
        try:
            frame = limiter.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        target.mux(stream.encode(frame))


def _limiter(gain: float) -> Any:  # noqa: ANN401 (av is untyped here)
    graph = av.filter.Graph()
    graph.link_nodes(
        graph.add_abuffer(sample_rate=RATE, format="fltp", layout="stereo"),
        graph.add("volume", f"volume={gain:.6f}"),
        graph.add("alimiter", f"limit={CEILING}:level=disabled:latency=1"),
        graph.add("aformat", "sample_fmts=fltp"),
        graph.add("asetnsamples", "n=1024:p=0"),
        graph.add("abuffersink"),
    ).configure()
    return graph


def _frame(block: Block, at: int) -> Any:  # noqa: ANN401 (av is untyped here)
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block), format="fltp", layout="stereo")
    frame.sample_rate, frame.pts = RATE, at
    return frame
