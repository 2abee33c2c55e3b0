"""`python -m recorder.painter`: turns single keyframes into small JPEG pictures, in a process of its own.

What strangers encoded is decoded here and nowhere else on the way: a bitstream that kills or stops a decoder costs
this process, which `recorder.wall` starts again, and never a recording. It ends with its standard input.

A request is one JSON line `{"codec","path","length"}` and then `length` bytes of one coded picture (as the assemblers
make it: H.264 with 4-byte lengths). The answer is one line, `ok` or what went wrong.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH = 320  # pixels of the picture on the wall
QUALITY = 72
MEMORY = 1 << 30  # bytes of address space: a header may claim any size
NICE = 10
LONGEST = 8 << 20  # bytes of one coded picture
DECODERS = {"h264": "h264", "vp8": "vp8", "vp9": "vp9", "av1": "libdav1d"}
START_CODE = b"\x00\x00\x00\x01"


def annex_b(data: bytes) -> bytes:
    """NAL units with 4-byte lengths → with start codes. Raises ValueError when a length leads outside."""
    out = bytearray()
    at = 0
    while at < len(data):
        end = at + 4 + int.from_bytes(data[at : at + 4], "big")
        if end > len(data):
            raise ValueError("a NAL unit ends outside the picture")
        out += START_CODE + data[at + 4 : end]
        at = end
    return bytes(out)


def paint(codec: str, data: bytes) -> bytes:
    """One coded keyframe → JPEG of at most `WIDTH` pixels. Raises ValueError, or whatever the decoder raises."""
    import av
    import cv2

    context: Any = av.CodecContext.create(DECODERS[codec], "r")
    context.thread_count = 1
    packet = av.Packet(annex_b(data) if codec == "h264" else data)
    frames = [*context.decode(packet), *context.decode(None)]
    if not frames:
        raise ValueError("no picture in it")
    frame = frames[0]
    width = min(WIDTH, frame.width)
    height = max(2, round(frame.height * width / frame.width))
    small = cast("NDArray[Any]", frame.reformat(width=width, height=height, format="bgr24").to_ndarray())
    done, jpeg = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not done:
        raise ValueError("no JPEG came out")
    return bytes(jpeg)


def save(path: Path, picture: bytes) -> None:
    """Replace the file as a whole. Not synced: a picture that a crash takes is a picture of ten seconds ago."""
    new = path.with_name(path.name + ".new")
    try:
        new.write_bytes(picture)
        new.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            new.unlink()
        raise


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer until the requests end."""
    while line := requests.readline():
        request = json.loads(line)
        length = int(request["length"])
        if length > LONGEST:
            raise ValueError("a picture longer than any")  # the stream is of no use any more: begin anew
        data = requests.read(length)
        try:
            save(Path(request["path"]), paint(str(request["codec"]), data))
            answer = "ok"
        except Exception as error:  # a decoder may raise anything; the picture is what is broken
            answer = f"{type(error).__name__}: {error}".replace("\n", " ")[:200]
        answers.write(answer.encode() + b"\n")
        answers.flush()


def main() -> None:
    """Entry point."""
    os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import cv2

    cv2.setNumThreads(1)
    serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
