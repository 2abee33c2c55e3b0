"""Materials of lessons: who may put up what, and what is there. The bytes are `web.handlers.materials`'s business."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..cases import HOLDING
from ..errors import Conflict, Forbidden, NotFound
from ..ids import new_id
from ..materials import Material, check_content, check_room, check_type, clean_name
from ..model import Role
from ..permissions import Action, may, require_lesson
from ..ports import AuditRow

if TYPE_CHECKING:
    from ..materials import Limits, MaterialKind
    from ..model import Actor
    from ..ports import Clock, UnitOfWork, UnitsOfWork


class Materials:
    """Every method checks the actor; a material of a lesson one may not see is NotFound."""

    def __init__(self, store: UnitsOfWork, limits: Limits, now: Clock) -> None:
        self._store = store
        self._limits = limits
        self._now = now

    async def of_lesson(self, actor: Actor, lesson_id: str) -> list[Material]:
        """Ready ones, and the actor's own that are still being sent; oldest first. Raises NotFound."""
        async with self._store.read() as work:
            require_lesson(actor, Action.MATERIAL_SEE, await work.lessons.get(lesson_id), lesson_id)
            found = await work.materials.of_lesson(lesson_id)
        return [each for each in found if each.ready_at is not None or each.uploader_id == actor.id]

    async def begin(
        self, actor: Actor, lesson_id: str, kind: MaterialKind, name: str, size: int, free: int
    ) -> tuple[Material, list[Material]]:
        """Take up a file of `size` bytes; `free` bytes are left on the disk.

        Answers it and the forgotten uploads that were dropped for good: their bytes are to be removed.
        Raises Invalid (name, type, size), Conflict (quota), Forbidden, NotFound.
        """
        now = self._now()
        name = clean_name(name)
        media_type = check_type(kind, name)
        async with self._store.write() as work:
            require_lesson(actor, Action.MATERIAL_ADD, await work.lessons.get(lesson_id, lock=True), lesson_id)
            forgotten = await work.materials.unfinished(now - self._limits.unfinished_after)
            for each in forgotten:
                await work.materials.remove(each.id)
            there = await work.materials.of_lesson(lesson_id)
            used = await work.materials.used(actor.school_id)
            check_room(self._limits, size, on_lesson=len(there), of_school=used, free=free)
            material = Material(
                new_id("m", now), lesson_id, kind, name, size, media_type, actor.id, actor.name, actor.school_id, now
            )
            await work.materials.add(material)
        return material, forgotten

    async def sending(self, actor: Actor, material_id: str) -> Material:
        """A material of the actor's own that is still being sent. Raises Conflict (finished), Forbidden, NotFound."""
        async with self._store.read() as work:
            material = await self._seen(work, actor, material_id)
        if material.uploader_id != actor.id:
            raise Forbidden("forbidden", "只有开始上传的人可以继续。", "Only who began the upload may go on with it.")
        if material.ready_at is not None:
            raise Conflict("finished", "这个文件已经上传完了。", "This file is complete already.")
        return material

    async def finish(self, actor: Actor, material_id: str, head: bytes) -> Material:
        """All bytes are on the disk; `head`: the first ones. What it is not is dropped: remove its bytes on Invalid.

        Raises Invalid, Conflict, Forbidden, NotFound.
        """
        material = await self.sending(actor, material_id)
        try:
            check_content(material.name, head)
        except Exception:
            async with self._store.write() as work:
                await work.materials.remove(material_id)
            raise
        async with self._store.write() as work:
            now = self._now()
            done = replace(material, ready_at=now)
            await work.materials.save(done)
            await work.audit(AuditRow(now, actor.id, "material.add", material_id, material.name))
        return done

    async def look(self, actor: Actor, material_id: str) -> Material:
        """One that is ready, or the actor's own that is still being sent. Raises NotFound."""
        async with self._store.read() as work:
            material = await self._seen(work, actor, material_id)
        if material.ready_at is None and material.uploader_id != actor.id:
            raise _missing()
        return material

    async def get(self, actor: Actor, material_id: str) -> Material:
        """One that is ready. Raises NotFound."""
        async with self._store.read() as work:
            material = await self._seen(work, actor, material_id)
        if material.ready_at is None:
            raise _missing()
        return material

    async def remove(self, actor: Actor, material_id: str) -> None:
        """By who put it up, or an administrator. Remove its bytes then.

        Raises Conflict (an exemplary case needs it), Forbidden, NotFound.
        """
        async with self._store.write() as work:
            material = await self._seen(work, actor, material_id)
            if material.uploader_id != actor.id and actor.role is not Role.ADMIN:
                raise Forbidden(
                    "forbidden",
                    "只有上传的人和管理员可以删除。",
                    "Only who put it up, and administrators, may.",
                )
            case = await work.cases.of_lesson(material.lesson_id)
            if case is not None and case.state in HOLDING and material_id in case.material_ids:
                raise Conflict(
                    "material_of_case",
                    f"这个材料属于典型案例《{case.title}》，评审和发布期间不能删除。",
                    f"This file belongs to the exemplary case “{case.title}” and stays while it is reviewed or shown.",
                )
            await work.materials.remove(material_id)
            await work.audit(AuditRow(self._now(), actor.id, "material.remove", material_id, material.name))

    async def _seen(self, work: UnitOfWork, actor: Actor, material_id: str) -> Material:
        material = await work.materials.get(material_id)
        if material is None:
            raise _missing()
        if may(actor, Action.CASES_LIST):
            shown = await work.cases.open_to(material.lesson_id, actor.id)
            if any(material_id in case.material_ids for case in shown):
                return material
        lesson = await work.lessons.get(material.lesson_id)
        require_lesson(actor, Action.MATERIAL_SEE, lesson, material.lesson_id)
        return material


def _missing() -> NotFound:
    return NotFound("no_such_material", "没有这个材料，或者它还没有传完。", "No such file, or it is not complete yet.")
