"""`county.ports_materials` in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.county.materials import Material


class MemoryMaterials:
    def __init__(self, state: dict[str, Material]) -> None:
        self._state = state

    async def get(self, material_id: str, *, lock: bool = False) -> Material | None:
        return self._state.get(material_id)

    async def of_lesson(self, lesson_id: str) -> list[Material]:
        found = [each for each in self._state.values() if each.lesson_id == lesson_id]
        return sorted(found, key=lambda each: (each.created_at, each.id))

    async def used(self, school_id: str | None) -> int:
        return sum(each.size for each in self._state.values() if each.school_id == school_id)

    async def unfinished(self, before: float) -> list[Material]:
        return [each for each in self._state.values() if each.ready_at is None and each.created_at < before]

    async def add(self, material: Material) -> None:
        self._state[material.id] = material

    async def save(self, material: Material) -> None:
        self._state[material.id] = material

    async def remove(self, material_id: str) -> None:
        self._state.pop(material_id, None)
