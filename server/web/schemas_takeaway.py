"""What is made of a recording: chapters and thumbnails for the player, exports to take away."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, StringConstraints

from server.live.exports import ExportState, Layout  # noqa: TC001 - pydantic reads the annotations

from .schemas import Answer, Time

Source = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$")]


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


class ExportRequest(BaseModel):
    """`main` and `second` are sources of the recording; without them the screen (or teacher) and the teacher."""

    layout: Layout
    main: Source | None = None
    second: Source | None = None


class ExportAnswer(Answer):
    """`progress` 0..1; `seconds` and `bytes` of the film once known; `url` when it is done."""

    id: str
    lesson_id: str
    layout: Layout
    main: str
    second: str | None
    state: ExportState
    progress: float
    error: str | None
    seconds: float | None
    bytes: int | None
    created_at: Time
    by: str
    url: str | None
    name: str
