"""Generated cameras, screens and microphones of the demo: moving pictures with a clock, a tone that comes and goes.

Small on purpose (640×360, 15 pictures a second): aiortc encodes in Python's process, and the whole demo should cost
less than a core.
"""

from __future__ import annotations

import asyncio
import fractions
import time
from typing import Any

import av
import cv2
import numpy as np
from aiortc import MediaStreamTrack

WIDTH, HEIGHT, RATE = 640, 360, 15
SAMPLE_RATE, SAMPLES = 48_000, 960  # 20 ms, Opus' usual packet
VIDEO_CLOCK = 90_000


class Picture(MediaStreamTrack):
    """A picture with a title, a running clock and a ball that moves; `hue` (0..179, OpenCV's) tells sources apart."""

    kind = "video"

    def __init__(self, title: str, hue: int) -> None:
        super().__init__()
        self._title = title
        ramp = np.linspace(60, 200, WIDTH, dtype=np.uint8)
        hsv = np.empty((HEIGHT, WIDTH, 3), np.uint8)
        hsv[..., 0], hsv[..., 1], hsv[..., 2] = hue, 120, ramp
        self._ground = cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR)
        self._count = 0
        self._began: float | None = None

    async def recv(self) -> av.VideoFrame:
        """The next picture, in real time."""
        loop = asyncio.get_running_loop()
        if self._began is None:
            self._began = loop.time()
        await asyncio.sleep(max(0.0, self._began + self._count / RATE - loop.time()))
        frame = av.VideoFrame.from_ndarray(self._draw(), format="bgr24")
        frame.pts = self._count * VIDEO_CLOCK // RATE
        frame.time_base = fractions.Fraction(1, VIDEO_CLOCK)
        self._count += 1
        return frame

    def _draw(self) -> Any:  # noqa: ANN401 (cv2 and numpy do not agree on the name of a picture)
        # the ground slides by two columns a picture, so that no two pictures in a row are alike
        picture = np.roll(self._ground, -2 * self._count, axis=1)
        seconds = self._count / RATE
        x = int(WIDTH / 2 + WIDTH / 3 * np.sin(seconds * 1.7))
        y = int(HEIGHT / 2 + HEIGHT / 4 * np.cos(seconds * 2.3))
        cv2.circle(picture, (x, y), 40, (250, 250, 250), -1, cv2.LINE_AA)
        now = time.time()
        clock = time.strftime("%H:%M:%S", time.localtime(now)) + f".{int(now % 1 * 10)}"
        cv2.putText(picture, self._title, (20, 50), cv2.FONT_HERSHEY_SIMPLEX, 1.1, (20, 20, 20), 3, cv2.LINE_AA)
        cv2.putText(picture, clock, (20, HEIGHT - 24), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (20, 20, 20), 3, cv2.LINE_AA)
        return picture


class Tone(MediaStreamTrack):
    """A tone of `frequency` (Hz) that swells twice a second, −12 dBFS at its loudest, 48 kHz mono."""

    kind = "audio"

    def __init__(self, frequency: float) -> None:
        super().__init__()
        self._frequency = frequency
        self._count = 0
        self._began: float | None = None

    async def recv(self) -> av.AudioFrame:
        """The next 20 ms, in real time."""
        loop = asyncio.get_running_loop()
        if self._began is None:
            self._began = loop.time()
        await asyncio.sleep(max(0.0, self._began + self._count * SAMPLES / SAMPLE_RATE - loop.time()))
        times = (np.arange(SAMPLES) + self._count * SAMPLES) / SAMPLE_RATE
        swell = 0.6 + 0.4 * np.sin(2 * np.pi * 2 * times)
        wave = (0.25 * 32767 * swell * np.sin(2 * np.pi * self._frequency * times)).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(wave.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        frame.pts = self._count * SAMPLES
        frame.time_base = fractions.Fraction(1, SAMPLE_RATE)
        self._count += 1
        return frame
