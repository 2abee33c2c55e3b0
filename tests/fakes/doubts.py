"""`county.doubts.DoubtRepository` in memory."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from server.county.errors import Conflict
from server.county.model import Page
from server.county.paging import write_cursor

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from server.county.doubts import Doubt, DoubtEvent, DoubtQuery, Publication
    from server.county.model import Lesson


@dataclass
class DoubtTables:
    doubts: dict[str, Doubt] = field(default_factory=dict)
    events: list[DoubtEvent] = field(default_factory=list)
    publications: list[Publication] = field(default_factory=list)

    def __copy__(self) -> DoubtTables:
        return DoubtTables(**{name: copy.copy(value) for name, value in vars(self).items()})


class MemoryDoubts:
    def __init__(self, state: DoubtTables, lessons: Mapping[str, Lesson]) -> None:
        self._state = state
        self._lessons = lessons

    async def get(self, doubt_id: str, *, lock: bool = False) -> Doubt | None:
        return self._state.doubts.get(doubt_id)

    async def of_lesson(self, lesson_id: str) -> list[Doubt]:
        found = [doubt for doubt in self._state.doubts.values() if doubt.lesson_id == lesson_id]
        return sorted(found, key=lambda doubt: (doubt.found_at, doubt.id))

    async def page(self, query: DoubtQuery) -> Page[Doubt]:
        found = [doubt for doubt in self._state.doubts.values() if self._fits(doubt, query)]
        found.sort(key=lambda doubt: (doubt.found_at, doubt.id), reverse=True)
        items = found[: query.limit]
        more = len(found) > query.limit
        return Page(items, write_cursor(items[-1].found_at, items[-1].id) if more else None)

    def _fits(self, doubt: Doubt, query: DoubtQuery) -> bool:
        lesson = self._lessons[doubt.lesson_id]
        schools = (None, lesson.supporting_school_id, *lesson.receiving_school_ids)
        return (
            (not query.states or doubt.state in query.states)
            and query.kind in (None, doubt.finding.kind)
            and query.lesson_id in (None, doubt.lesson_id)
            and query.school_id in schools
            and query.involving in schools
            and (query.after is None or (doubt.found_at, doubt.id) < query.after)
        )

    async def add(self, doubt: Doubt) -> bool:
        if any(
            (one.lesson_id, one.finding.key) == (doubt.lesson_id, doubt.finding.key)
            for one in self._state.doubts.values()
        ):
            return False
        self._state.doubts[doubt.id] = doubt
        return True

    async def save(self, doubt: Doubt, *, seen_version: int) -> None:
        if self._state.doubts[doubt.id].version != seen_version:
            raise Conflict("stale", "这条存疑刚被别人处理过，请刷新。", "Somebody else has dealt with it; reload.")
        self._state.doubts[doubt.id] = doubt

    async def add_event(self, event: DoubtEvent) -> None:
        self._state.events.append(event)

    async def events(self, doubt_ids: Iterable[str]) -> list[DoubtEvent]:
        wanted = set(doubt_ids)
        return [event for event in self._state.events if event.doubt_id in wanted]

    async def publish(self, publication: Publication) -> None:
        self._state.publications.append(publication)

    async def forget_publications(self, before: float) -> None:
        self._state.publications[:] = [one for one in self._state.publications if one.at >= before]

    async def publications(
        self,
        since: float,
        until: float,
        *,
        lesson_id: str | None = None,
        schools: Iterable[str] = (),
        addresses: Iterable[str] = (),
    ) -> list[Publication]:
        schools, addresses = set(schools), set(addresses)
        return [
            one
            for one in self._state.publications
            if since <= one.at < until
            and (one.lesson_id == lesson_id or one.school_id in schools or one.address in addresses)
        ]
