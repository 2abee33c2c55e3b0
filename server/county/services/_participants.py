"""Who took part in a lesson, and for how many seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..evidence import TEACHER, Seconds, classroom_id
from ..model import TokenRole
from ..ports import ParticipantRecord
from ..views import ParticipantSeconds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..model import FlowRow, Lesson


def participants_of(
    lesson: Lesson,
    known: Sequence[ParticipantRecord],
    rows: Sequence[FlowRow],
    school_names: Mapping[str, str],
    *,
    with_observers: bool,
) -> tuple[ParticipantSeconds, ...]:
    """In the order in which they came; then those of whom only media was measured.

    Observers are told of only to those who observe themselves.
    """
    seen = {one.participant_id for one in known}
    measured = {row.participant_id for row in rows} - seen
    expected = [(TEACHER, TokenRole.TEACHER, lesson.supporting_school_id)]
    expected += [(classroom_id(school), TokenRole.CLASSROOM, school) for school in lesson.receiving_school_ids]
    extra = [
        ParticipantRecord(lesson.id, who, role, school_id, school_names.get(school_id, school_id), 0.0)
        for who, role, school_id in expected
        if who in measured
    ]
    return tuple(
        ParticipantSeconds(
            participant_id=one.participant_id,
            role=one.role,
            school_id=one.school_id,
            name=one.name,
            seconds_in=len(Seconds.of(rows, participant_id=one.participant_id, direction="in")),
            seconds_out=len(Seconds.of(rows, participant_id=one.participant_id, direction="out")),
        )
        for one in (*known, *extra)
        if with_observers or one.role is not TokenRole.OBSERVER
    )
