"""Storage of readiness: `county.ports` continued. What is registered by hand are entries of the roster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .readiness.agreements import AgreementFile
    from .readiness.dates import Check


class ReadinessRepository(Protocol):
    """Classrooms' own checks: added, never changed; and scans of agreements."""

    async def add(self, check: Check) -> None: ...
    async def all(self) -> list[Check]:
        """In the order of time."""
        ...

    async def files(self) -> dict[str, AgreementFile]:
        """Scans of agreements by pairing."""
        ...

    async def put_file(self, file: AgreementFile) -> None:
        """Instead of the pairing's one before."""
        ...

    async def of_school(self, school_id: str, limit: int) -> list[Check]:
        """Newest first."""
        ...
