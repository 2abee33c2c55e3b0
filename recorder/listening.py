"""Is there sound: peaks of one track in windows of 2 s."""

from __future__ import annotations

from typing import Any, BinaryIO

import av
import numpy as np

WINDOW = 2.0  # s: a pause between words is no silence
SILENCE = 10 ** (-50 / 20)  # −50 dBFS, of full scale 1.0
READ_SIZE = 1 << 20


def silent_seconds(stream: BinaryIO | Any, container: str) -> float:  # noqa: ANN401
    """Seconds in windows whose peak stays under −50 dBFS. Raises av's errors, ValueError if nothing decodes."""
    peaks: dict[int, float] = {}
    lengths: dict[int, float] = {}
    with av.open(
        stream, mode="r", format="matroska" if container == "webm" else "mp4", buffer_size=READ_SIZE
    ) as source:
        track = source.streams.audio[0]
        for packet in source.demux(track):
            try:
                frames = packet.decode()
            except av.error.InvalidDataError:
                continue  # one damaged packet is heard as a click, not as a broken recording
            for frame in frames:
                if frame.pts is None or frame.time_base is None or not frame.samples:
                    continue
                window = int(float(frame.pts * frame.time_base) / WINDOW)
                samples = frame.to_ndarray()
                peak = float(np.abs(samples).max())
                if samples.dtype == np.int16:
                    peak /= 32768
                peaks[window] = max(peaks.get(window, 0.0), peak)
                lengths[window] = lengths.get(window, 0.0) + frame.samples / frame.sample_rate
    if not lengths:
        raise ValueError("没有一段声音能解码")
    return sum(seconds for window, seconds in lengths.items() if peaks[window] < SILENCE)
