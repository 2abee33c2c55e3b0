"""Repository of lessons: their life, participants, recordings, reasons."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, or_, select, tuple_, update

from server.county.errors import Conflict
from server.county.model import Lesson, LessonEvent, LessonState, Page
from server.county.paging import write_cursor
from server.county.ports import LessonQuery, ParticipantRecord, Reason, RecordingRecord

from .rows import event_of, insert, lesson_of, lesson_values, participant_of
from .shelf import on_shelf
from .tables import (
    ledger,
    lesson_events,
    lesson_reasons,
    lesson_schools,
    lessons,
    participants,
    recordings,
    schools,
    subjects,
    users,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Table
    from sqlalchemy.ext.asyncio import AsyncConnection


LOOKED_BACK = 500  # events


def takes_part(school_id: str, side: str | None = None) -> ColumnElement[bool]:
    """Lessons in which a school takes part (on one side only, if named)."""
    inside = select(lesson_schools.c.lesson_id).where(lesson_schools.c.school_id == school_id)
    return lessons.c.id.in_(inside if side is None else inside.where(lesson_schools.c.side == side))


def says(word: str) -> ColumnElement[bool]:
    """Lessons with the word in the topic, or in the name of the teacher, the subject or a school that takes part."""

    def named(table: Table) -> ColumnElement[bool]:
        return table.c.name.icontains(word, autoescape=True)

    school_ids = select(schools.c.id).where(or_(named(schools), schools.c.name_en.icontains(word, autoescape=True)))
    subject_ids = select(subjects.c.id).where(or_(named(subjects), subjects.c.name_en.icontains(word, autoescape=True)))
    return or_(
        lessons.c.topic.icontains(word, autoescape=True),
        lessons.c.teacher_id.in_(select(users.c.id).where(named(users))),
        lessons.c.subject_id.in_(subject_ids),
        lessons.c.id.in_(select(lesson_schools.c.lesson_id).where(lesson_schools.c.school_id.in_(school_ids))),
    )


def conditions(query: LessonQuery) -> list[ColumnElement[bool]]:
    """The WHERE of a query, its cursor included."""
    found: list[ColumnElement[bool]] = []
    if query.states:
        found.append(lessons.c.state.in_([state.value for state in query.states]))
    if query.forms:
        found.append(lessons.c.form.in_([form.value for form in query.forms]))
    if query.school_id is not None:
        found.append(takes_part(query.school_id))
    if query.involving is not None:
        found.append(takes_part(query.involving))
    if query.receiving is not None:
        found.append(takes_part(query.receiving, "receiving"))
    if query.subject_id is not None:
        found.append(lessons.c.subject_id == query.subject_id)
    if query.teacher_id is not None:
        found.append(lessons.c.teacher_id == query.teacher_id)
    if query.shelf is not None:
        found.append(on_shelf(query.shelf))
    found += [says(word) for word in query.words]
    if query.pairing_ids is not None:
        found.append(lessons.c.pairing_id.in_(query.pairing_ids))
    if query.since is not None:
        found.append(lessons.c.starts_at >= query.since)
    if query.until is not None:
        found.append(lessons.c.starts_at < query.until)
    if query.after is not None:
        key = tuple_(lessons.c.starts_at, lessons.c.id)
        found.append(key < query.after if query.descending else key > query.after)
    return found


class SqlLessons:
    """`county.ports.LessonRepository`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def get(self, lesson_id: str, *, lock: bool = False) -> Lesson | None:
        statement = select(lessons).where(lessons.c.id == lesson_id)
        if lock:
            statement = statement.with_for_update()  # SQLite leaves it out: its writers queue at BEGIN IMMEDIATE
        row = (await self._db.execute(statement)).one_or_none()
        return None if row is None else lesson_of(row)

    async def page(self, query: LessonQuery) -> Page[Lesson]:
        order = (lessons.c.starts_at, lessons.c.id)
        statement = (
            select(lessons)
            .where(*conditions(query))
            .order_by(*((column.desc() for column in order) if query.descending else order))
            .limit(query.limit + 1)
        )
        found = [lesson_of(row) for row in await self._db.execute(statement)]
        items = found[: query.limit]
        more = len(found) > query.limit
        return Page(items, write_cursor(items[-1].starts_at, items[-1].id) if more else None)

    async def topics(self, ids: Iterable[str]) -> dict[str, str]:
        chosen = select(lessons.c.id, lessons.c.topic).where(lessons.c.id.in_(list(ids)))
        return {row.id: row.topic for row in await self._db.execute(chosen)}

    async def in_states(self, states: Sequence[LessonState]) -> list[Lesson]:
        wanted = [state.value for state in states]
        rows = await self._db.execute(select(lessons).where(lessons.c.state.in_(wanted)).order_by(lessons.c.starts_at))
        return [lesson_of(row) for row in rows]

    async def add(self, lesson: Lesson) -> None:
        await self._db.execute(lessons.insert().values(lesson_values(lesson)))
        sides = [(lesson.supporting_school_id, "supporting")]
        sides += [(school_id, "receiving") for school_id in lesson.receiving_school_ids]
        await self._db.execute(
            lesson_schools.insert(),
            [{"lesson_id": lesson.id, "school_id": school_id, "side": side} for school_id, side in sides],
        )

    async def save(self, lesson: Lesson, *, seen_version: int) -> None:
        done = await self._db.execute(
            update(lessons)
            .where(lessons.c.id == lesson.id, lessons.c.version == seen_version)
            .values(lesson_values(lesson))
        )
        if done.rowcount != 1:
            raise Conflict(
                "stale", "这节课刚被别人改过，请刷新后再改。", "The lesson was changed by somebody else; reload it."
            )

    async def add_event(self, event: LessonEvent) -> None:
        values = asdict(event)
        values["from_state"] = event.from_state.value if event.from_state is not None else None
        values["to_state"] = event.to_state.value
        await self._db.execute(lesson_events.insert().values(values))

    async def events(self, lesson_id: str) -> list[LessonEvent]:
        chosen = select(lesson_events).where(lesson_events.c.lesson_id == lesson_id).order_by(lesson_events.c.seq)
        return [event_of(row) for row in await self._db.execute(chosen)]

    async def see_participant(self, participant: ParticipantRecord) -> None:
        statement = insert(self._db, participants).values(asdict(participant) | {"role": participant.role.value})
        key = [participants.c.lesson_id, participants.c.participant_id]
        await self._db.execute(
            statement.on_conflict_do_update(index_elements=key, set_={"name": statement.excluded.name})
        )

    async def participants(self, lesson_id: str) -> list[ParticipantRecord]:
        chosen = select(participants).where(participants.c.lesson_id == lesson_id)
        rows = await self._db.execute(chosen.order_by(participants.c.first_seen_at, participants.c.participant_id))
        return [participant_of(row) for row in rows]

    async def recording(self, lesson_id: str) -> RecordingRecord | None:
        return (await self.recordings([lesson_id])).get(lesson_id)

    async def recordings(self, lesson_ids: Iterable[str]) -> dict[str, RecordingRecord]:
        chosen = select(recordings).where(recordings.c.lesson_id.in_(list(lesson_ids)))
        return {row.lesson_id: RecordingRecord(*row) for row in await self._db.execute(chosen)}

    async def save_recording(self, recording: RecordingRecord) -> None:
        values = asdict(recording)
        statement = insert(self._db, recordings).values(values)
        await self._db.execute(
            statement.on_conflict_do_update(index_elements=[recordings.c.lesson_id], set_=_without_key(values))
        )

    async def reasons(self, lesson_ids: Iterable[str]) -> dict[str, list[Reason]]:
        chosen = select(lesson_reasons).where(lesson_reasons.c.lesson_id.in_(list(lesson_ids)))
        found: dict[str, list[Reason]] = {}
        for row in await self._db.execute(chosen.order_by(lesson_reasons.c.lesson_id, lesson_reasons.c.position)):
            found.setdefault(row.lesson_id, []).append(Reason(row.school_id, row.code, row.text, row.text_en))
        return found

    async def replace_reasons(self, lesson_id: str, reasons: Sequence[Reason]) -> None:
        await self._db.execute(delete(lesson_reasons).where(lesson_reasons.c.lesson_id == lesson_id))
        if reasons:
            rows = [asdict(reason) | {"lesson_id": lesson_id, "position": n} for n, reason in enumerate(reasons)]
            await self._db.execute(lesson_reasons.insert(), rows)

    async def overlapping(self, lesson: Lesson) -> list[Lesson]:
        if lesson.started_at is None or lesson.ended_at is None:
            return []
        schools = [lesson.supporting_school_id, *lesson.receiving_school_ids]
        with_them = select(lesson_schools.c.lesson_id).where(lesson_schools.c.school_id.in_(schools))
        chosen = select(lessons).where(lessons.c.id != lesson.id, lessons.c.id.in_(with_them), _at_once(lesson))
        rows = await self._db.execute(chosen.order_by(lessons.c.started_at, lessons.c.id))
        return [lesson_of(row) for row in rows]

    async def latest_before_start(self, lesson_id: str) -> float | None:
        own = lesson_events.c.lesson_id == lesson_id
        begun = select(func.min(lesson_events.c.seq)).where(own, lesson_events.c.to_state == LessonState.LIVE.value)
        seq = (await self._db.execute(begun)).scalar()
        if seq is None:
            return None
        before = (lesson_events.c.seq < seq, lesson_events.c.seq >= seq - LOOKED_BACK)
        latest: float | None = (await self._db.execute(select(func.max(lesson_events.c.at)).where(*before))).scalar()
        return latest

    async def credited_overlapping(self, lesson: Lesson) -> list[tuple[Lesson, str]]:
        if lesson.started_at is None or lesson.ended_at is None:
            return []
        schools = [lesson.supporting_school_id, *lesson.receiving_school_ids]
        standing = (
            select(ledger.c.lesson_id, ledger.c.school_id)
            .where(ledger.c.school_id.in_(schools), ledger.c.lesson_id != lesson.id)
            .group_by(ledger.c.lesson_id, ledger.c.school_id)
            .having(func.sum(ledger.c.amount) > 0)
            .subquery()
        )
        rows = await self._db.execute(
            select(lessons, standing.c.school_id.label("credited_school_id"))
            .join(standing, standing.c.lesson_id == lessons.c.id)
            .where(_at_once(lesson))
            .order_by(lessons.c.started_at, lessons.c.id)
        )
        return [(lesson_of(row), row.credited_school_id) for row in rows]


def _at_once(lesson: Lesson) -> ColumnElement[bool]:
    """Lessons that ran while this one did."""
    return and_(
        lessons.c.started_at < lesson.ended_at,
        or_(lessons.c.ended_at.is_(None), lessons.c.ended_at > lesson.started_at),
    )


def _without_key(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "lesson_id"}
