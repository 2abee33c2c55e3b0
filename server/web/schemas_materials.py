"""What is sent about materials."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from server.county.materials import MaterialKind  # noqa: TC001 - pydantic reads the annotations

from .schemas import Answer, Time


class MaterialCreate(BaseModel):
    """A file to be sent: its name with ending and its size in bytes."""

    kind: MaterialKind
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255)]
    size: Annotated[int, Field(ge=1)]


class MaterialAnswer(Answer):
    """`offset`: bytes that are on the disk; `ready`: all of them, and looked at. `mine`: the caller put it up."""

    id: str
    lesson_id: str
    kind: MaterialKind
    name: str
    size: int
    media_type: str
    uploader: str
    school_id: str | None
    created_at: Time
    ready: bool
    offset: int
    mine: bool
    url: str
