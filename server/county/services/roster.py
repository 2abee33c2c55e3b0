"""The roster: schools, subjects, pairings, people's names. Everybody with an account may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import NotFound

if TYPE_CHECKING:
    from ..model import Pairing, School, Subject, User
    from ..ports import ExpertGroup, UnitsOfWork


class Roster:
    """Reads only."""

    def __init__(self, store: UnitsOfWork) -> None:
        self._store = store

    async def schools(self) -> list[School]:
        """In the order of the notice."""
        async with self._store.read() as work:
            return await work.roster.schools()

    async def school(self, school_id: str) -> School:
        """Raises NotFound."""
        async with self._store.read() as work:
            school = await work.roster.school(school_id)
        if school is None:
            raise NotFound("no_such_school", f"没有这所学校：{school_id}", f"No such school: {school_id}")
        return school

    async def subjects(self) -> list[Subject]:
        """In the order of annex 3."""
        async with self._store.read() as work:
            return await work.roster.subjects()

    async def pairings(self) -> list[Pairing]:
        """By number."""
        async with self._store.read() as work:
            return await work.roster.pairings()

    async def expert_groups(self) -> list[ExpertGroup]:
        """Of annex 3, in the order of the subjects."""
        async with self._store.read() as work:
            return await work.roster.expert_groups()

    async def user(self, user_id: str) -> User:
        """Raises NotFound."""
        async with self._store.read() as work:
            user = await work.users.get(user_id)
        if user is None:
            raise NotFound("no_such_user", "没有这个账号。", "No such account.")
        return user

    async def account_names(self) -> dict[str, str]:
        """Names of all people's accounts and of all screens, by id (for lists: researchers, teachers, who did it)."""
        async with self._store.read() as work:
            screens = {device.id: device.name for device in await work.devices.all()}
            return screens | {user.id: user.name for user in await work.users.all()}
