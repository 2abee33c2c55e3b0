"""Repository of materials: `county.ports_materials.MaterialRepository`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Column, Double, ForeignKey, String, Table, delete, func, select, update

from server.county.materials import Material, MaterialKind

from .tables import metadata

if TYPE_CHECKING:
    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

materials = Table(
    "materials",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("lesson_id", ForeignKey("lessons.id"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("name", String(200), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("uploader_id", String(64), nullable=False),
    Column("uploader_name", String(200), nullable=False),
    Column("school_id", ForeignKey("schools.id"), index=True),
    Column("created_at", Double, nullable=False),
    Column("ready_at", Double),
)


class SqlMaterials:
    """The list of materials."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def get(self, material_id: str, *, lock: bool = False) -> Material | None:
        statement = select(materials).where(materials.c.id == material_id)
        if lock:
            statement = statement.with_for_update()
        row = (await self._db.execute(statement)).one_or_none()
        return None if row is None else _material_of(row)

    async def of_lesson(self, lesson_id: str) -> list[Material]:
        chosen = select(materials).where(materials.c.lesson_id == lesson_id)
        rows = await self._db.execute(chosen.order_by(materials.c.created_at, materials.c.id))
        return [_material_of(row) for row in rows]

    async def used(self, school_id: str | None) -> int:
        of_school = materials.c.school_id.is_(None) if school_id is None else materials.c.school_id == school_id
        total = await self._db.execute(select(func.coalesce(func.sum(materials.c.size), 0)).where(of_school))
        return int(total.scalar_one())

    async def unfinished(self, before: float) -> list[Material]:
        chosen = select(materials).where(materials.c.ready_at.is_(None), materials.c.created_at < before)
        return [_material_of(row) for row in await self._db.execute(chosen)]

    async def add(self, material: Material) -> None:
        await self._db.execute(materials.insert().values(_values(material)))

    async def save(self, material: Material) -> None:
        await self._db.execute(update(materials).where(materials.c.id == material.id).values(_values(material)))

    async def remove(self, material_id: str) -> None:
        await self._db.execute(delete(materials).where(materials.c.id == material_id))


def _material_of(row: Row[Any]) -> Material:
    return Material(**row._asdict() | {"kind": MaterialKind(row.kind)})


def _values(material: Material) -> dict[str, Any]:
    return asdict(material) | {"kind": material.kind.value}
