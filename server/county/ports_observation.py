"""What the observation service needs of the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .model import Page
    from .observation import Sheet, SheetEvent, SheetQuery, SignedTotal
    from .rubric import Rubric


@dataclass(frozen=True, slots=True)
class RubricRecord:
    """One version of the form as it is kept."""

    version: int
    rubric: Rubric
    created_at: float
    author_id: str
    author_name: str
    note: str = ""


class ObservationRepository(Protocol):
    """Versions of the form, sheets, their events."""

    async def rubrics(self) -> list[RubricRecord]:
        """Newest first."""
        ...

    async def rubric(self, version: int) -> RubricRecord | None: ...
    async def add_rubric(self, record: RubricRecord) -> bool:
        """False if the version is taken."""
        ...

    async def get(self, sheet_id: str, *, lock: bool = False) -> Sheet | None: ...
    async def of_observer(self, lesson_id: str, observer_id: str) -> Sheet | None: ...
    async def page(self, query: SheetQuery) -> Page[Sheet]: ...
    async def add(self, sheet: Sheet) -> None: ...
    async def save(self, sheet: Sheet, *, seen_version: int) -> None:
        """Raises Conflict (`stale`) if the stored version is not `seen_version`."""
        ...

    async def discard(self, sheet_id: str) -> None:
        """A draft that was never signed, with its events."""
        ...

    async def add_event(self, event: SheetEvent) -> None: ...
    async def events(self, sheet_ids: Iterable[str]) -> list[SheetEvent]:
        """In the order they happened."""
        ...

    async def totals(self, since: float, until: float, taught_by: str | None) -> list[SignedTotal]:
        """Signed sheets on lessons that began in [since, until)."""
        ...
