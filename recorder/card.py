"""Pictures made of words for an export: its title card, and what stands where there is no picture.

OpenCV 5 brings the font (WenQuanYi Micro Hei for Chinese), so nothing depends on the fonts of the machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]  # height × width × BGR
    Planes = NDArray[np.uint8]  # yuv420p: 3/2 height × width

PAPER, INK, QUIET, ACCENT = (240, 246, 248), (40, 36, 32), (110, 104, 98), (60, 110, 190)  # BGR
DARK, PALE = (24, 22, 20), (190, 186, 180)
HEADLINE, LINE, LEAST = 64, 34, 24  # pixels of height, at 720 lines
HEADLINE_WEIGHT, LINE_WEIGHT = 600, 400
ROOM = 0.84  # of the width for words


def title_card(width: int, height: int, lines: Sequence[str]) -> Picture:
    """The first line large, the others under it."""
    picture: Picture = np.full((height, width, 3), PAPER, np.uint8)
    scale = height / 720
    rows = [
        (text, HEADLINE, HEADLINE_WEIGHT, INK) for text in broken(lines[0], HEADLINE, HEADLINE_WEIGHT, scale, width)
    ]
    rows += [
        (text, LINE, LINE_WEIGHT, QUIET) for line in lines[1:] for text in broken(line, LINE, LINE_WEIGHT, scale, width)
    ]
    total = sum(size * 1.5 for _, size, _, _ in rows) * scale
    y = (height - total) / 2
    left = int(width * (1 - ROOM) / 2)
    cv2.rectangle(picture, (left - 24, int(y)), (left - 18, int(y + total)), ACCENT, -1)
    for text, size, weight, colour in rows:
        y += size * 1.5 * scale
        write(picture, text, (left, int(y - size * 0.4 * scale)), size * scale, weight, colour)
    return picture


def write(picture: Picture, text: str, at: tuple[int, int], size: float, weight: int, colour: Any) -> None:  # noqa: ANN401
    """Write at the left end of the baseline."""
    cv2.putText(picture, text, at, colour, cv2.FontFace("sans"), int(size), weight)


def width_of(text: str, size: float, weight: int) -> int:
    """Pixels."""
    (_, _, width, _) = cv2.getTextSize((10_000, 10_000), text, (0, 0), cv2.FontFace("sans"), int(size), weight)
    return int(width)


def broken(text: str, size: int, weight: int, scale: float, width: int, most: int = 2) -> list[str]:
    """Text in at most `most` lines; what does not fit ends in …"""
    room = width * ROOM
    lines: list[str] = []
    rest = text.strip()
    while rest:
        count = len(rest)
        while count > 1 and width_of(rest[:count], size * scale, weight) > room:
            count -= 1
        if count < len(rest):  # words of other scripts are not cut
            space = rest.rfind(" ", 1, count + 1)
            if rest[count - 1].isascii() and rest[count].isascii() and space > count // 2:
                count = space
        lines.append(rest[:count].rstrip())
        rest = rest[count:].lstrip()
        if rest and len(lines) == most:
            lines[-1] = lines[-1][:-1] + "…"
            break
    return lines


def planes(picture: Picture) -> Planes:
    """BGR to yuv420p, limited range; width and height even."""
    return cast("Planes", cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420))
