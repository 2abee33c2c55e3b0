"""`county.ports_readiness` in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.county.readiness.agreements import AgreementFile
    from server.county.readiness.dates import Check


class MemoryReadiness:
    def __init__(self, state: list[Check], files: dict[str, AgreementFile]) -> None:
        self._state = state
        self._files = files

    async def add(self, check: Check) -> None:
        self._state.append(check)

    async def all(self) -> list[Check]:
        return sorted(self._state, key=lambda check: (check.at, check.id))

    async def files(self) -> dict[str, AgreementFile]:
        return dict(self._files)

    async def put_file(self, file: AgreementFile) -> None:
        self._files[file.pairing_id] = file

    async def of_school(self, school_id: str, limit: int) -> list[Check]:
        return [check for check in reversed(await self.all()) if check.school_id == school_id][:limit]
