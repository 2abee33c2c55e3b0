"""Recorded lessons put into a running server, with pictures that carry their own time."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.fakes import packets, recordings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes.serving import Api, Serve

RATE = 30
BITS = 12  # of a frame's number: two minutes


def counted(index: int, width: int = 320, height: int = 180) -> np.ndarray:
    """A picture (yuv420p rows) whose upper half says its number in bits: black and white columns, lowest first."""
    y = np.full((height, width), 90, np.uint8)
    column = width // BITS
    for bit in range(BITS):
        y[: height // 2, bit * column : (bit + 1) * column] = 235 if index >> bit & 1 else 16
    at = index * 3 % (width - 40)
    y[height * 3 // 4 :, at : at + 40] = 200
    return np.vstack([y, np.full((height // 2, width), 128, np.uint8)])


SLIDE = 15  # s that each of `slides` stands
BAND = slice(36, 44)  # rows of 180 that carry a slide's number: too few to be another slide


def slides(index: int, width: int = 320, height: int = 180) -> np.ndarray:
    """A page that is another one every `SLIDE` seconds; its number stands in a narrow band."""
    number = index // (SLIDE * RATE)
    y = np.full((height, width), 235, np.uint8)
    for line in range(3 + number % 4):
        y[60 + line * 18 : 70 + line * 18, 20 : 120 + (line * 53 + number * 71) % 180] = 60
    y[:28, : 80 * (number % 4 + 1)] = 120
    y[BAND] = counted(index, width, height)[BAND]
    return np.vstack([y, np.full((height // 2, width), 128, np.uint8)])


PICTURES = {"screen": slides}  # what a source shows that is not `counted`

# The number read back from what a <video> shows, -1 while it shows nothing.
READ = """element => {
  if (element.videoWidth === 0) return -1;
  const canvas = document.createElement('canvas'); canvas.width = 320; canvas.height = 180;
  const pen = canvas.getContext('2d'); pen.drawImage(element, 0, 0, 320, 180);
  let number = 0;
  for (let bit = 0; bit < 12; bit += 1) {
    const at = pen.getImageData(Math.floor((bit + 0.5) * Math.floor(320 / 12)), 40, 1, 1).data[0];
    if (at > 126) number |= 1 << bit;
  }
  return number;
}"""


def record(serve: Serve, admin: Api, sources: dict[str, str], *, seconds: int, **wanted: Any) -> str:
    """A lesson that is over with a recording of `{source: video codec}`, each with sound; its id.

    The lesson was really held, without media; its recording is put in place of the empty one that the recorder closed.
    """
    lesson = str(serve.lesson(admin, **wanted)["id"])
    media = {
        source: {codec: {"picture": PICTURES.get(source, counted)}, "opus": {}} for source, codec in sources.items()
    }
    made = serve.data / "made"
    with packets.ordinary_priority():
        recordings.write(made, lesson, media, seconds=seconds)
    admin.post(f"/api/lessons/{lesson}/start")
    place = serve.data / "recordings" / lesson
    serve.wait(lambda: (place / "manifest.json").exists(), 30, "the recorder to open")
    admin.post(f"/api/lessons/{lesson}/end")
    serve.wait(lambda: closed(place / "manifest.json"), 30, "the recorder to close")
    shutil.rmtree(place)
    (made / lesson).rename(place)
    serve.wait(
        lambda: any(item["id"] == lesson for item in admin.get("/api/recordings?limit=500")["items"]),
        30,
        "the library to have the recording",
    )
    return lesson


def closed(manifest: Path) -> bool:
    """Whether the recorder is done with it."""
    body = json.loads(manifest.read_bytes())
    return bool(body["state"] == "closed" and body["announced"])
