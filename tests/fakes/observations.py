"""`county.ports_observation` in memory."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from server.county.errors import Conflict
from server.county.lessons import began_at
from server.county.model import Page
from server.county.observation import Sheet, SheetEvent, SheetQuery, SheetState, SignedTotal
from server.county.paging import write_cursor

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from server.county.model import Lesson
    from server.county.ports_observation import RubricRecord


@dataclass
class ObservationState:
    rubrics: dict[int, RubricRecord] = field(default_factory=dict)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    events: list[SheetEvent] = field(default_factory=list)

    def __copy__(self) -> ObservationState:
        return ObservationState(**{name: copy.copy(value) for name, value in vars(self).items()})


class MemoryObservations:
    def __init__(self, state: ObservationState, lessons: Mapping[str, Lesson]) -> None:
        self._state = state
        self._lessons = lessons

    async def rubrics(self) -> list[RubricRecord]:
        return sorted(self._state.rubrics.values(), key=lambda record: -record.version)

    async def rubric(self, version: int) -> RubricRecord | None:
        return self._state.rubrics.get(version)

    async def add_rubric(self, record: RubricRecord) -> bool:
        return self._state.rubrics.setdefault(record.version, record) is record

    async def get(self, sheet_id: str, *, lock: bool = False) -> Sheet | None:
        return self._state.sheets.get(sheet_id)

    async def of_observer(self, lesson_id: str, observer_id: str) -> Sheet | None:
        sheets = self._state.sheets.values()
        return next((s for s in sheets if (s.lesson_id, s.observer_id) == (lesson_id, observer_id)), None)

    async def page(self, query: SheetQuery) -> Page[Sheet]:
        found = [sheet for sheet in self._state.sheets.values() if self._fits(sheet, query)]
        found.sort(key=lambda sheet: (sheet.created_at, sheet.id), reverse=True)
        items = found[: query.limit]
        more = len(found) > query.limit
        return Page(items, write_cursor(items[-1].created_at, items[-1].id) if more else None)

    def _fits(self, sheet: Sheet, query: SheetQuery) -> bool:
        lesson = self._lessons[sheet.lesson_id]
        taught = query.taught_by is None or (
            lesson.teacher_id == query.taught_by
            or (lesson.teacher_id is None and lesson.supporting_school_id == query.supporting_school)
        )
        return (
            taught
            and (
                query.signed_or_of is None
                or sheet.state is SheetState.SIGNED
                or sheet.observer_id == query.signed_or_of
            )
            and query.lesson_id in (None, sheet.lesson_id)
            and query.observer_id in (None, sheet.observer_id)
            and query.state in (None, sheet.state)
            and (query.after is None or (sheet.created_at, sheet.id) < query.after)
        )

    async def add(self, sheet: Sheet) -> None:
        self._state.sheets[sheet.id] = sheet

    async def save(self, sheet: Sheet, *, seen_version: int) -> None:
        if self._state.sheets[sheet.id].version != seen_version:
            raise Conflict("stale", "这份评课在别处改过，请重新打开。", "The sheet was changed elsewhere; reopen it.")
        self._state.sheets[sheet.id] = sheet

    async def discard(self, sheet_id: str) -> None:
        self._state.events[:] = [event for event in self._state.events if event.sheet_id != sheet_id]
        del self._state.sheets[sheet_id]

    async def add_event(self, event: SheetEvent) -> None:
        self._state.events.append(event)

    async def events(self, sheet_ids: Iterable[str]) -> list[SheetEvent]:
        wanted = set(sheet_ids)
        return [event for event in self._state.events if event.sheet_id in wanted]

    async def totals(self, since: float, until: float, taught_by: str | None) -> list[SignedTotal]:
        found = []
        for sheet in self._state.sheets.values():
            lesson = self._lessons[sheet.lesson_id]
            if sheet.total is None or sheet.band is None or not since <= began_at(lesson) < until:
                continue
            if taught_by in (None, lesson.teacher_id):
                teacher = lesson.teacher_id or ""
                found.append(
                    SignedTotal(lesson.id, teacher, lesson.subject_id, lesson.pairing_id, sheet.total, sheet.band)
                )
        return found
