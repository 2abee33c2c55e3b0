"""What fake cameras film: a picture that moves and costs its bits, as a class does; Chromium's own is nearly free."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

FRAME_RATE = 20  # frames/s
SECONDS = 4  # forth and back: the loop has no cut


def film(folder: Path, width: int = 640, height: int = 360, *, seed: int = 7) -> Path:
    """A Y4M file for --use-file-for-fake-video-capture: a textured wall that sways, a noisy patch that wanders."""
    path = folder / f"camera-{width}x{height}.y4m"
    if path.exists():
        return path
    random = np.random.default_rng(seed)
    wall = _texture(random, height + 32, width + 128)
    chroma = np.full((height // 2) * (width // 2) * 2, 128, np.uint8).tobytes()
    frames = []
    for index in range(FRAME_RATE * SECONDS // 2):
        picture = wall[16 : 16 + height, index : index + width].copy()
        top, left = height // 3 + index % 20, width // 3 + 3 * index
        patch = random.integers(-12, 12, (height // 4, width // 6))
        region = picture[top : top + height // 4, left : left + width // 6]
        region[:] = np.clip(region.astype(int) + patch[: region.shape[0], : region.shape[1]], 16, 235)
        frames.append(b"FRAME\n" + picture.tobytes() + chroma)
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F{FRAME_RATE}:1 Ip A1:1 C420jpeg\n".encode())
        file.writelines(frames + frames[::-1])
    return path


def _texture(random: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Noise whose strength falls with its frequency, as in pictures of the world."""
    falling = 1 / np.maximum(1, np.hypot(*np.meshgrid(np.fft.fftfreq(width) * width, np.fft.fftfreq(height) * height)))
    noise = np.real(np.fft.ifft2(np.fft.fft2(random.standard_normal((height, width))) * falling))
    spread = (noise - noise.min()) / (noise.max() - noise.min())
    return (16 + 219 * spread).astype(np.uint8)
