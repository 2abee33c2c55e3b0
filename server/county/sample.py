"""The sample county: the notice's schools, pairings, subjects and expert groups, loaded into an empty database.

It is a roster workbook like any other (`config/sample-county.xlsx`), read by `server.documents.sample`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .hashes import hash_secret
from .ids import new_code, new_password
from .model import Role, User

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .ports import PasswordHasher, UnitOfWork, UnitsOfWork
    from .roster.entries import Entry

CODE_LIFETIME = 7 * 86400.0
ADMIN = ("admin", "管理员")
ROLES = {"researchers": Role.RESEARCHER, "teachers": Role.TEACHER}


@dataclass(frozen=True, slots=True)
class SampleAccount:
    """What is told once, on the first start. `secret`: a password, or a device's code."""

    username: str  # of a device: its name
    role: Role
    name: str
    school: str
    secret: str


async def load_sample(
    store: UnitsOfWork,
    entries: Sequence[Entry],
    hasher: PasswordHasher,
    *,
    now: float,
    admin_password: str | None = None,
) -> list[SampleAccount]:
    """Fill an empty database; [] and nothing changed if it has schools already.

    Passwords and device codes are random (the administrator's may be given) and answered here once, never again.
    """
    async with store.read() as work:
        if await work.roster.schools():
            return []
    people = [User(f"u-{ADMIN[0]}", ADMIN[0], ADMIN[1], Role.ADMIN, created_at=now)]
    people += [_user(entry, now) for entry in entries if entry.kind in ROLES]
    passwords = [new_password() for _ in people]
    if admin_password is not None:
        passwords[0] = admin_password
    hashes = await asyncio.gather(*(hasher.hash(password) for password in passwords))
    names = {entry.id: str(entry.values["name"]) for entry in entries if entry.kind == "schools"}
    accounts = [
        SampleAccount(user.username, user.role, user.name, names.get(user.school_id or "", ""), password)
        for user, password in zip(people, passwords, strict=True)
    ]
    hashed = dict(zip((user.id for user in people), hashes, strict=True))
    async with store.write() as work:
        if await work.roster.schools():  # another process was faster
            return []
        await work.users.add(_with(people[0], hashed))
        for entry in entries:
            if entry.kind in ROLES:
                await work.users.add(_with(_user(entry, now), hashed))
            else:
                await work.roster.add_entry(entry, now)
            if entry.kind == "classrooms":
                accounts.append(await _screen(work, entry, names, now))
    return accounts


async def _screen(work: UnitOfWork, entry: Entry, names: dict[str, str], now: float) -> SampleAccount:
    code, name = new_code(), str(entry.values["name"])
    await work.devices.set_code(entry.id, hash_secret(code), now + CODE_LIFETIME)
    return SampleAccount(name, Role.DEVICE, name, names[str(entry.values["school_id"])], code)


def _user(entry: Entry, now: float) -> User:
    school = entry.values.get("school_id")
    return User(
        id=entry.id,
        username=str(entry.values["username"]),
        name=str(entry.values["name"]),
        role=ROLES[entry.kind],
        school_id=None if school is None else str(school),
        created_at=now,
    )


def _with(user: User, hashed: dict[str, str]) -> User:
    return User(
        user.id, user.username, user.name, user.role, user.school_id, hashed[user.id], created_at=user.created_at
    )
