"""Answers about what is made of a recording: chapters and thumbnails for the player."""

from __future__ import annotations

from .schemas import Answer


class Chapter(Answer):
    """`start`: seconds on the lesson's clock."""

    start: float


class ThumbnailSheet(Answer):
    """Pictures of `width` × `height` pixels, row by row, `columns` in each; `times[n]` is the time of picture n."""

    source: str
    url: str
    width: int
    height: int
    columns: int
    times: list[float]


class ChaptersAnswer(Answer):
    """Both empty until the recording has been verified."""

    chapters: list[Chapter]
    thumbnails: list[ThumbnailSheet]
