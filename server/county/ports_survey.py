"""Storage of surveys: `county.ports` continued."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .surveys.results import Counts
    from .surveys.sheet import Audience
    from .surveys.survey import Group, SheetRecord, Survey


class SurveyRepository(Protocol):
    """Sheets, surveys, groups, codes that are not used yet, and counts. There is nothing that holds one answer."""

    async def sheets(self, audience: Audience) -> list[SheetRecord]:
        """Those that were kept, newest first."""
        ...

    async def add_sheet(self, record: SheetRecord) -> bool:
        """False if there is one with that number (nothing changes then)."""
        ...

    async def add(self, survey: Survey) -> None: ...
    async def get(self, survey_id: str, *, lock: bool = False) -> Survey | None:
        """`lock`: nobody else changes this survey, or answers it, until the unit of work ends."""
        ...

    async def all(self, year: int) -> list[Survey]:
        """Newest first."""
        ...

    async def save(self, survey: Survey) -> None: ...
    async def add_group(self, group: Group, hashes: Sequence[str]) -> None:
        """With its first codes, and its counts at 0 for every choice of the survey's sheet."""
        ...

    async def group(self, group_id: str) -> Group | None: ...
    async def groups(self, survey_ids: Iterable[str]) -> list[Group]:
        """By school and name."""
        ...

    async def remove_group(self, group_id: str) -> None:
        """With its codes and counts."""
        ...

    async def issue(self, group: Group, hashes: Sequence[str]) -> None:
        """Instead of the group's unused codes; keeps `group.issued`."""
        ...

    async def unused(self, survey_ids: Iterable[str]) -> dict[str, int]:
        """By group, how many codes are not used; a group without any may be missing."""
        ...

    async def group_of(self, code_hash: str) -> Group | None:
        """The group of an unused code."""
        ...

    async def take(self, code_hash: str) -> bool:
        """Use the code up: it is deleted. Of two takers one gets True."""
        ...

    async def count(self, group_id: str, answers: Mapping[str, int]) -> None:
        """Add one answer (question → choice) to the group's counts."""
        ...

    async def counts(self, survey_ids: Iterable[str]) -> dict[str, Counts]:
        """By group."""
        ...
