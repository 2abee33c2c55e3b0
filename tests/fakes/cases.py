"""`county.ports_cases` in memory."""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from server.county.case_reviews import SEATED, CaseCount, Review, ReviewState
from server.county.cases import HOLDING, Case, CaseEvent, CaseState
from server.county.errors import Conflict
from server.county.lessons import began_at
from server.county.model import Page
from server.county.paging import write_cursor

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from server.county.casebook import Casebook
    from server.county.model import Lesson
    from server.county.ports_cases import CaseQuery, Picture


@dataclass
class CaseStore:
    cases: dict[str, Case] = field(default_factory=dict)
    events: list[CaseEvent] = field(default_factory=list)
    pictures: dict[str, Picture] = field(default_factory=dict)
    reviews: dict[str, Review] = field(default_factory=dict)
    books: dict[int, Casebook] = field(default_factory=dict)

    def __copy__(self) -> CaseStore:
        return CaseStore(**{name: copy.copy(value) for name, value in vars(self).items()})


class MemoryCases:
    def __init__(self, state: CaseStore, lessons: Mapping[str, Lesson]) -> None:
        self._state = state
        self._lessons = lessons

    async def get(self, case_id: str, *, lock: bool = False) -> Case | None:
        return self._state.cases.get(case_id)

    async def of_lesson(self, lesson_id: str) -> Case | None:
        return next((case for case in self._state.cases.values() if case.lesson_id == lesson_id), None)

    async def page(self, query: CaseQuery) -> Page[Case]:
        found = await self.all(query)
        items = found[: query.limit]
        more = len(found) > query.limit
        return Page(items, write_cursor(items[-1].created_at, items[-1].id) if more else None)

    async def all(self, query: CaseQuery) -> list[Case]:
        found = [case for case in self._state.cases.values() if self._fits(case, query)]
        return sorted(found, key=lambda case: (case.created_at, case.id), reverse=True)

    def _fits(self, case: Case, query: CaseQuery) -> bool:
        began = began_at(self._lessons[case.lesson_id])
        return (
            (query.author_id is None or query.author_id in case.author_ids)
            and (query.reviewer_id is None or self._reviews(case, query.reviewer_id))
            and (not query.states or case.state in query.states)
            and query.subject_id in (None, case.subject_id)
            and query.lesson_id in (None, case.lesson_id)
            and (query.since is None or query.since <= began)
            and (query.until is None or query.until > began)
            and (query.after is None or (case.created_at, case.id) < query.after)
        )

    def _reviews(self, case: Case, reviewer_id: str) -> bool:
        return case.state is not CaseState.DRAFT and any(
            (one.case_id, one.round, one.reviewer_id) == (case.id, case.round, reviewer_id) and one.state in SEATED
            for one in self._state.reviews.values()
        )

    async def add(self, case: Case) -> bool:
        if any(one.lesson_id == case.lesson_id for one in self._state.cases.values()):
            return False
        self._state.cases[case.id] = case
        return True

    async def save(self, case: Case, *, seen_version: int) -> bool:
        if self._state.cases[case.id].version != seen_version:
            return False
        self._state.cases[case.id] = case
        return True

    async def discard(self, case_id: str) -> None:
        state = self._state
        state.events[:] = [event for event in state.events if event.case_id != case_id]
        for table in (state.pictures, state.reviews):
            for key in [key for key, one in table.items() if one.case_id == case_id]:
                del table[key]
        del state.cases[case_id]

    async def open_to(self, lesson_id: str, reader_id: str) -> list[Case]:
        return [
            case
            for case in self._state.cases.values()
            if lesson_id in (case.lesson_id, case.recording_id)
            and (case.state is CaseState.PUBLISHED or self._reviews(case, reader_id))
        ]

    async def holds(self, recording_id: str) -> Case | None:
        cases = self._state.cases.values()
        return next((case for case in cases if case.recording_id == recording_id and case.state in HOLDING), None)

    async def counts(self, since: float, until: float) -> list[CaseCount]:
        found: Counter[tuple[str, CaseState, bool, bool]] = Counter()
        for case in self._state.cases.values():
            if since <= began_at(self._lessons[case.lesson_id]) < until:
                told = (case.reported_at is not None, case.honoured_at is not None)
                found[case.subject_id, case.state, *told] += 1
        return [CaseCount(*key, count) for key, count in found.items()]

    async def add_event(self, event: CaseEvent) -> None:
        self._state.events.append(event)

    async def events(self, case_id: str) -> list[CaseEvent]:
        return [event for event in self._state.events if event.case_id == case_id]

    async def add_picture(self, picture: Picture) -> None:
        self._state.pictures[picture.id] = picture

    async def picture(self, picture_id: str) -> Picture | None:
        return self._state.pictures.get(picture_id)

    async def picture_ids(self, case_id: str) -> list[str]:
        return sorted(one.id for one in self._state.pictures.values() if one.case_id == case_id)

    async def drop_pictures(self, picture_ids: Iterable[str]) -> None:
        for picture_id in picture_ids:
            self._state.pictures.pop(picture_id, None)

    async def add_review(self, review: Review) -> None:
        self._state.reviews[review.id] = review

    async def save_review(self, review: Review, *, seen_version: int) -> None:
        if self._state.reviews[review.id].version != seen_version:
            raise Conflict("stale", "这份评审在别处改过，请重新打开。", "The review was changed elsewhere; reopen it.")
        self._state.reviews[review.id] = review

    async def reviews(self, case_ids: Iterable[str]) -> list[Review]:
        wanted = set(case_ids)
        found = [one for one in self._state.reviews.values() if one.case_id in wanted]
        return sorted(found, key=lambda one: (one.created_at, one.id))

    async def open_reviews(self) -> dict[str, int]:
        cases = self._state.cases
        return dict(
            Counter(
                one.reviewer_id
                for one in self._state.reviews.values()
                if one.state is ReviewState.OPEN
                and one.round == cases[one.case_id].round
                and cases[one.case_id].state is CaseState.IN_REVIEW
            )
        )

    async def casebook(self, year: int) -> Casebook | None:
        return self._state.books.get(year)

    async def save_casebook(self, book: Casebook, *, seen_version: int) -> bool:
        stored = self._state.books.get(book.year)
        if (stored.version if stored is not None else 0) != seen_version:
            return False
        self._state.books[book.year] = replace(book, version=seen_version + 1)
        return True
