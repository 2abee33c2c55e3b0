"""`county.ports_courses` in memory."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from server.county.model import LessonState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from server.county.courses import Course, Played
    from server.county.model import Lesson


@dataclass
class CourseState:
    courses: dict[str, Course] = field(default_factory=dict)
    plays: dict[tuple[str, str], Played] = field(default_factory=dict)
    clocks: dict[str, float] = field(default_factory=dict)

    def __copy__(self) -> CourseState:
        return CourseState(**{name: copy.copy(value) for name, value in vars(self).items()})


class MemoryCourses:
    def __init__(self, state: CourseState, lessons: Mapping[str, Lesson]) -> None:
        self._state = state
        self._lessons = lessons

    async def add(self, course: Course) -> None:
        self._state.courses[course.lesson_id] = course

    async def get(self, lesson_id: str) -> Course | None:
        return self._state.courses.get(lesson_id)

    async def showing(self, source_id: str) -> list[Lesson]:
        given = [self._lessons[each.lesson_id] for each in self._state.courses.values() if each.source_id == source_id]
        return [lesson for lesson in given if lesson.state is not LessonState.CANCELLED]

    async def played(self, lesson_ids: Iterable[str]) -> list[Played]:
        wanted = set(lesson_ids)
        return [each for each in self._state.plays.values() if each.lesson_id in wanted]

    async def save_played(self, played: Played) -> None:
        self._state.plays[played.lesson_id, played.school_id] = played

    async def clock(self, account_id: str) -> float | None:
        return self._state.clocks.get(account_id)

    async def set_clock(self, account_id: str, at: float) -> None:
        self._state.clocks[account_id] = at
