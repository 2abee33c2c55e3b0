"""Repository of courses on demand: `county.ports_courses.CourseRepository`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import JSON, Column, Double, ForeignKey, String, Table, select

from server.county.courses import Course, Played
from server.county.model import LessonState

from .rows import insert, lesson_of
from .tables import lessons, metadata

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.ext.asyncio import AsyncConnection

    from server.county.model import Lesson

courses = Table(
    "courses",
    metadata,
    Column("lesson_id", ForeignKey("lessons.id"), primary_key=True),
    Column("source_id", ForeignKey("lessons.id"), nullable=False, index=True),
    Column("duration", Double, nullable=False),
)

plays = Table(
    "plays",
    metadata,
    Column("lesson_id", ForeignKey("lessons.id"), primary_key=True),
    Column("school_id", ForeignKey("schools.id"), primary_key=True),
    Column("spans", JSON, nullable=False),
    Column("first_at", Double, nullable=False),
    Column("last_at", Double, nullable=False),
)

# Per account or device, so that one page is not in two courses at once.
play_clocks = Table(
    "play_clocks",
    metadata,
    Column("account_id", String(64), primary_key=True),
    Column("at", Double, nullable=False),
)


class SqlCourses:
    """Courses on demand and what classes played of them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def add(self, course: Course) -> None:
        await self._db.execute(
            courses.insert().values(lesson_id=course.lesson_id, source_id=course.source_id, duration=course.duration)
        )

    async def get(self, lesson_id: str) -> Course | None:
        row = (await self._db.execute(select(courses).where(courses.c.lesson_id == lesson_id))).one_or_none()
        return None if row is None else Course(row.lesson_id, row.source_id, row.duration)

    async def showing(self, source_id: str) -> list[Lesson]:
        chosen = (
            select(lessons)
            .join(courses, courses.c.lesson_id == lessons.c.id)
            .where(courses.c.source_id == source_id, lessons.c.state != LessonState.CANCELLED.value)
        )
        return [lesson_of(row) for row in await self._db.execute(chosen)]

    async def played(self, lesson_ids: Iterable[str]) -> list[Played]:
        rows = await self._db.execute(select(plays).where(plays.c.lesson_id.in_(list(lesson_ids))))
        return [
            Played(row.lesson_id, row.school_id, tuple((a, b) for a, b in row.spans), row.first_at, row.last_at)
            for row in rows
        ]

    async def save_played(self, played: Played) -> None:
        values = {
            "lesson_id": played.lesson_id,
            "school_id": played.school_id,
            "spans": [list(span) for span in played.spans],
            "first_at": played.first_at,
            "last_at": played.last_at,
        }
        statement = insert(self._db, plays).values(values)
        changes = {name: statement.excluded[name] for name in ("spans", "first_at", "last_at")}
        await self._db.execute(
            statement.on_conflict_do_update(index_elements=[plays.c.lesson_id, plays.c.school_id], set_=changes)
        )

    async def clock(self, account_id: str) -> float | None:
        found = await self._db.execute(select(play_clocks.c.at).where(play_clocks.c.account_id == account_id))
        return found.scalar_one_or_none()

    async def set_clock(self, account_id: str, at: float) -> None:
        statement = insert(self._db, play_clocks).values(account_id=account_id, at=at)
        change = {"at": statement.excluded.at}
        await self._db.execute(statement.on_conflict_do_update(index_elements=[play_clocks.c.account_id], set_=change))
