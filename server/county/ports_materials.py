"""What the materials service needs of the store; the bytes themselves are `live.materials`'s."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .materials import Material


class MaterialRepository(Protocol):
    """The list of materials."""

    async def get(self, material_id: str, *, lock: bool = False) -> Material | None: ...
    async def of_lesson(self, lesson_id: str) -> list[Material]:
        """Unfinished ones too, oldest first."""
        ...

    async def used(self, school_id: str | None) -> int:
        """Bytes of all that a school's people put up (unfinished ones count with their whole size)."""
        ...

    async def unfinished(self, before: float) -> list[Material]:
        """Begun before that moment and never finished."""
        ...

    async def add(self, material: Material) -> None: ...
    async def save(self, material: Material) -> None: ...
    async def remove(self, material_id: str) -> None: ...
