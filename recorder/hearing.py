"""Is there sound, and how loud: peaks of one track in windows of 2 s, its loudness by EBU R128, in one decoding."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import av
import numpy as np

from recorder.reading import joined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recorder.reading import ReadTrack, Span

WINDOW = 2.0  # s: a pause between words is no silence
SILENCE = 10 ** (-50 / 20)  # −50 dBFS, of full scale 1.0
BLOCK = 0.1  # s of sound looked at at a time: what the meter itself takes
# The meter's absolute gate (ITU-R BS.1770-4): it says this of what is silence.
GATE = -70.0
INTEGRATED = "lavfi.r128.I"


@dataclass(slots=True)
class Heard:
    """`loudness`: integrated, LUFS; None for silence and for less than 400 ms."""

    silent: float = 0.0  # s
    loudness: float | None = None
    _peaks: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    _lengths: dict[int, float] = field(default_factory=lambda: defaultdict(float))

    def heard(self) -> list[Span]:
        """Windows with sound, joined where they follow each other."""
        return joined(
            (window * WINDOW, (window + 1) * WINDOW)
            for window in sorted(self._lengths)
            if self._peaks[window] >= SILENCE
        )


def hear(track: ReadTrack, progress: Callable[[float], None] = lambda at: None) -> Heard:
    """Listen to a whole track; `progress` is told the time reached (s).

    Raises av's errors if it does not open, ValueError if nothing decodes.
    """
    heard = Heard()
    meter = Meter()
    with track.opened() as source:
        for frame in decoded(source):
            for block in meter.push(frame):
                _note(heard, block)
            progress(float(frame.pts * frame.time_base))
        for block in meter.push(None):
            _note(heard, block)
    if not heard._lengths:
        raise ValueError("没有一段声音能解码")
    heard.silent = sum(seconds for window, seconds in heard._lengths.items() if heard._peaks[window] < SILENCE)
    heard.loudness = meter.loudness
    return heard


def _note(heard: Heard, block: Any) -> None:  # noqa: ANN401 (av is untyped here)
    window = int(float(block.pts * block.time_base) / WINDOW)
    heard._peaks[window] = max(heard._peaks[window], float(np.abs(block.to_ndarray()).max()))
    heard._lengths[window] += block.samples / block.sample_rate


def decoded(source: Any) -> Iterator[Any]:  # noqa: ANN401 (av is untyped here)
    """The frames of an opened track of sound; a damaged packet is heard as a click, not as a broken recording."""
    for packet in source.demux(source.streams.audio[0]):
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            continue
        for frame in frames:
            if frame.pts is not None and frame.time_base is not None and frame.samples:
                yield frame


class Meter:
    """FFmpeg's `ebur128` filter: frames go in, blocks of `BLOCK` seconds come out, its figure stands at the end."""

    def __init__(self) -> None:
        self._graph: Any = None
        self.loudness: float | None = None

    def push(self, frame: Any) -> Iterator[Any]:  # noqa: ANN401 (av is untyped here)
        """One frame of sound, all of one form; None: there are no more."""
        if self._graph is None:
            if frame is None:
                return
            self._graph = _graph(frame)
        self._graph.push(frame)
        while True:
            try:
                block = self._graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            value = float(block.metadata.get(INTEGRATED, GATE))
            self.loudness = value if value > GATE else None
            yield block


def _graph(frame: Any) -> Any:  # noqa: ANN401 (av is untyped here)
    graph = av.filter.Graph()
    graph.link_nodes(
        graph.add_abuffer(
            sample_rate=frame.sample_rate,
            format=frame.format.name,
            layout=frame.layout.name,
            time_base=frame.time_base,
        ),
        graph.add("asetnsamples", f"n={int(frame.sample_rate * BLOCK)}:p=0"),
        graph.add("ebur128", "metadata=1:framelog=quiet"),
        graph.add("abuffersink"),
    ).configure()
    return graph
