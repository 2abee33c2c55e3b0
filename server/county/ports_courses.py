"""What the courses service needs of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .courses import Course, Played
    from .model import Lesson


class CourseRepository(Protocol):
    """Courses on demand and what classes played of them."""

    async def add(self, course: Course) -> None: ...
    async def get(self, lesson_id: str) -> Course | None: ...
    async def showing(self, source_id: str) -> list[Lesson]:
        """The courses that show this recording, but for cancelled ones."""
        ...

    async def played(self, lesson_ids: Iterable[str]) -> list[Played]: ...
    async def save_played(self, played: Played) -> None: ...
    async def clock(self, account_id: str) -> float | None:
        """When that account last reported, in whatever course."""
        ...

    async def set_clock(self, account_id: str, at: float) -> None: ...
