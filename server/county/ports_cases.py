"""What the services of exemplary cases need of the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .case_reviews import CaseCount, Review
    from .casebook import Casebook
    from .cases import Case, CaseEvent, CaseState
    from .model import Page


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a case: a JPEG of at most some hundred kilobytes, kept with the text it belongs to."""

    id: str
    case_id: str
    uploader_id: str
    width: int
    height: int
    created_at: float
    data: bytes


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """Which cases a list shows, newest first. `since`, `until`: of the lesson's begin. `reviewer_id`: to review now."""

    author_id: str | None = None
    reviewer_id: str | None = None
    states: tuple[CaseState, ...] = ()
    subject_id: str | None = None
    lesson_id: str | None = None
    since: float | None = None
    until: float | None = None
    after: tuple[float, str] | None = None
    limit: int = 50


class CaseRepository(Protocol):
    """Cases with their authors, pictures, reviews, events, and the yearly casebooks."""

    async def get(self, case_id: str, *, lock: bool = False) -> Case | None: ...
    async def of_lesson(self, lesson_id: str) -> Case | None: ...
    async def page(self, query: CaseQuery) -> Page[Case]: ...
    async def all(self, query: CaseQuery) -> list[Case]:
        """The query without its page."""
        ...

    async def add(self, case: Case) -> bool:
        """False (and nothing changes) if its lesson has a case already."""
        ...

    async def save(self, case: Case, *, seen_version: int) -> bool:
        """False (and nothing changes) if the stored version is not `seen_version`."""
        ...

    async def discard(self, case_id: str) -> None:
        """A draft that was never submitted, with all that belongs to it."""
        ...

    async def open_to(self, lesson_id: str, reader_id: str) -> list[Case]:
        """Cases about that lesson or with its recording that are published, or that this reader reviews now."""
        ...

    async def holds(self, recording_id: str) -> Case | None:
        """A case in a state that needs this recording."""
        ...

    async def counts(self, since: float, until: float) -> list[CaseCount]:
        """Of lessons that began in [since, until)."""
        ...

    async def add_event(self, event: CaseEvent) -> None: ...
    async def events(self, case_id: str) -> list[CaseEvent]:
        """In the order they happened."""
        ...

    async def add_picture(self, picture: Picture) -> None: ...
    async def picture(self, picture_id: str) -> Picture | None: ...
    async def picture_ids(self, case_id: str) -> list[str]:
        """In the order they came."""
        ...

    async def drop_pictures(self, picture_ids: Iterable[str]) -> None: ...
    async def add_review(self, review: Review) -> None: ...
    async def save_review(self, review: Review, *, seen_version: int) -> None:
        """Raises Conflict (`stale`) if the stored version is not `seen_version`."""
        ...

    async def reviews(self, case_ids: Iterable[str]) -> list[Review]:
        """Of all rounds, the first assigned first."""
        ...

    async def open_reviews(self) -> dict[str, int]:
        """Reviews not sent yet, by reviewer."""
        ...

    async def casebook(self, year: int) -> Casebook | None: ...
    async def save_casebook(self, book: Casebook, *, seen_version: int) -> bool:
        """`seen_version` 0: there was none. False (and nothing changes) if the stored version is another."""
        ...
