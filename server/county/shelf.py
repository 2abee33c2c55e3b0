"""A recording's place on the shelf: how big it is, whether it is kept or in the trash, who watched how far.

Values and what the library's service needs of the store; times are Unix seconds, positions seconds on the lesson's
clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from .errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .model import Form


class Shelf(StrEnum):
    """Which recordings a list shows."""

    OPEN = "open"  # neither in the trash nor deleted
    KEPT = "kept"  # of those, what somebody marked to be kept for ever
    TRASH = "trash"


@dataclass(frozen=True, slots=True)
class Measure:
    """What a closed recording comes to. `duration` and `gap_seconds` in seconds."""

    duration: float
    bytes: int
    tracks: int
    gap_seconds: float


@dataclass(frozen=True, slots=True)
class ShelfRecord:
    """One recording. `measure` None: not closed yet, or not measured. `deleting_at`: no way back from then on."""

    lesson_id: str
    measure: Measure | None = None
    kept_at: float | None = None
    kept_by: str = ""
    kept_reason: str = ""
    trashed_at: float | None = None
    trashed_by: str = ""
    trash_reason: str = ""
    deleting_at: float | None = None
    deleted_at: float | None = None


def check_there(record: ShelfRecord | None, *, looking_into_trash: bool = False) -> None:
    """Refuse what is deleted or, unless one may look into it, in the trash. Raises NotFound."""
    if record is None or record.trashed_at is None:
        return
    if record.deleted_at is not None:
        raise NotFound(
            "recording_deleted",
            "这个录像保存期满或移入回收站后已删除；课的记录和证据仍在。",
            "This recording was deleted after its time; the lesson's record and evidence are still there.",
        )
    if record.deleting_at is not None or not looking_into_trash:
        raise NotFound(
            "recording_in_trash",
            "这个录像在回收站里；要看它，请管理员先恢复。",
            "This recording is in the trash; an administrator can take it back.",
        )


@dataclass(frozen=True, slots=True)
class Position:
    """How far an account has watched a recording."""

    account_id: str
    lesson_id: str
    position: float
    duration: float
    at: float


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes of measured recordings: all that is on disk, of that in the trash, and of lessons since some day."""

    total: int
    trash: int
    recent: int
    first_at: float | None  # when the oldest of them began


class ShelfRepository(Protocol):
    """Shelf records by lesson; a recording without one is an open one that nobody measured."""

    async def of(self, lesson_ids: Iterable[str]) -> dict[str, ShelfRecord]: ...
    async def save(self, record: ShelfRecord) -> None: ...
    async def unmeasured(self, limit: int) -> list[str]:
        """Lessons whose recording is closed, there and not measured."""
        ...

    async def expired(self, form: Form, before: float) -> list[str]:
        """Lessons of a form begun before then, over, whose recording is there, not kept and not in the trash."""
        ...

    async def trashed(self, before: float) -> list[str]:
        """Lessons whose recording was put into the trash before then, is not kept and not deleted."""
        ...

    async def sizes(self, since: float) -> Sizes: ...


class PositionRepository(Protocol):
    """Where each account stopped."""

    async def of(self, account_id: str, lesson_ids: Iterable[str]) -> dict[str, Position]: ...
    async def save(self, position: Position) -> None: ...
    async def newest(self, account_id: str, limit: int) -> list[Position]:
        """Newest first, of recordings that are neither in the trash nor deleted."""
        ...
