"""Room recorders as sources of a lesson."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from .schemas import Answer, Id, Time


class IngestRequest(BaseModel):
    """`url`: rtsp:// or rtmp://, credentials in it. `role`: whose place it takes; a classroom's with its school."""

    url: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
    role: Literal["teacher", "classroom"] = Field("classroom")
    school_id: Id | None = None


class IngestAnswer(Answer):
    """`url` without credentials. `code`: why it is `waiting`; `reordered` when `live`: it may look jerky."""

    id: str
    lesson_id: str
    source: str
    url: str
    by: str
    state: Literal["connecting", "live", "waiting"]
    code: str
    video: str
    audio: str
    since: Time
