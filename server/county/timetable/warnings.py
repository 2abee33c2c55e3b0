"""What a person should know before a timetable is changed, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import tzinfo

    from ..model import Lesson
    from .clashes import Clash
    from .days import SchoolYear


@dataclass(frozen=True, slots=True)
class Notice:
    """`kind`: of `clashes`, or `holiday`, `no_term`. `other_id`: the other lesson, if the reader may see it."""

    kind: str
    lesson_id: str
    starts_at: float
    text: str
    text_en: str
    other_id: str | None = None


@dataclass(frozen=True, slots=True)
class Warner:
    """Names, and who reads: of a lesson that the reader may not see only its time is told."""

    lessons: Mapping[str, Lesson]
    schools: Mapping[str, str]
    people: Mapping[str, str]
    visible: Callable[[Lesson], bool]
    year: SchoolYear
    zone: tzinfo

    def clash(self, clash: Clash) -> Notice:
        """A clash in one sentence that names whom, when and what."""
        other = self.lessons[clash.other.id]
        seen = self.visible(other)
        begins, ends = (self._local(at).strftime("%H:%M") for at in (clash.other.starts_at, clash.other.ends_at))
        day = self._local(clash.other.starts_at).strftime("%m-%d")
        topic = f"“{other.topic}”" if seen else ""
        when = f"{day} {begins}–{ends}"
        teacher = self.people.get(clash.one.teacher_id or "", "")
        school = self.schools.get(clash.school_id or "", "")
        texts = {
            "teacher": (f"{teacher}老师这时另有一节课", f"{teacher} teaches another lesson then"),
            "pairing": ("这对学校这时另有一节课", "this pairing has another lesson then"),
            "classroom": (f"{school}的教室这时另有一节课", f"the classroom of {school} is in another lesson then"),
            "credit": (
                f"{school}这时另有老师上课，两节只有一节计入该校",
                f"{school} teaches another lesson then; only one of the two is credited to it",
            ),
        }
        chinese, english = texts[clash.kind]
        return Notice(
            clash.kind,
            clash.one.id,
            clash.one.starts_at,
            f"{chinese}：{when}{topic}",
            f"{english}: {when} {topic}".rstrip(),
            other.id if seen else None,
        )

    def days(self, lessons: Iterable[Lesson]) -> list[Notice]:
        """Lessons on a holiday, or in no term while there are terms."""
        found = []
        for lesson in lessons:
            day = self._local(lesson.starts_at).date()
            special = self.year.special_on(day)
            if special is not None and special.follows is None:
                text = f"{day} 是{special.name}，不上课", f"{day} is a holiday: {special.name}"
                found.append(Notice("holiday", lesson.id, lesson.starts_at, *text))
            elif self.year.terms and self.year.term_on(day) is None:
                text = f"{day} 不在任何学期里", f"{day} is in no term"
                found.append(Notice("no_term", lesson.id, lesson.starts_at, *text))
        return found

    def _local(self, at: float) -> datetime:
        return datetime.fromtimestamp(at, self.zone)
