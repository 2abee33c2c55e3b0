"""Repositories of accounts, sessions and devices."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import case, delete, or_, select, update

from server.county.ports import SessionRecord

from .rows import device_of, insert, user_of
from .tables import devices, sessions, users

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from server.county.model import Device, User


class SqlUsers:
    """`county.ports.UserRepository`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def get(self, user_id: str) -> User | None:
        row = (await self._db.execute(select(users).where(users.c.id == user_id))).one_or_none()
        return None if row is None else user_of(row)

    async def by_username(self, username: str) -> User | None:
        row = (await self._db.execute(select(users).where(users.c.username == username))).one_or_none()
        return None if row is None else user_of(row)

    async def all(self) -> list[User]:
        return [user_of(row) for row in await self._db.execute(select(users).order_by(users.c.username))]

    async def add(self, user: User) -> bool:
        values = asdict(user) | {"role": user.role.value}
        done = await self._db.execute(insert(self._db, users).values(values).on_conflict_do_nothing())
        return done.rowcount == 1

    async def save(self, user: User) -> None:
        changed = or_(
            users.c.name != user.name,
            users.c.disabled != user.disabled,
            users.c.school_id.is_distinct_from(user.school_id),
        )
        values = asdict(user) | {"role": user.role.value, "version": users.c.version + case((changed, 1), else_=0)}
        await self._db.execute(update(users).where(users.c.id == user.id).values(values))


class SqlSessions:
    """`county.ports.SessionRepository`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def add(self, session: SessionRecord) -> None:
        await self._db.execute(sessions.insert().values(asdict(session)))

    async def get(self, token_hash: str) -> SessionRecord | None:
        row = (await self._db.execute(select(sessions).where(sessions.c.token_hash == token_hash))).one_or_none()
        return None if row is None else SessionRecord(*row)

    async def extend(self, token_hash: str, expires_at: float) -> None:
        await self._db.execute(
            update(sessions).where(sessions.c.token_hash == token_hash).values(expires_at=expires_at)
        )

    async def delete(self, token_hash: str) -> None:
        await self._db.execute(delete(sessions).where(sessions.c.token_hash == token_hash))

    async def delete_of_user(self, user_id: str, *, keep: str | None = None) -> None:
        statement = delete(sessions).where(sessions.c.user_id == user_id)
        if keep is not None:
            statement = statement.where(sessions.c.token_hash != keep)
        await self._db.execute(statement)

    async def delete_of_device(self, device_id: str) -> None:
        await self._db.execute(delete(sessions).where(sessions.c.device_id == device_id))

    async def purge(self, now: float) -> None:
        await self._db.execute(delete(sessions).where(sessions.c.expires_at <= now))


class SqlDevices:
    """`county.ports.DeviceRepository`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def get(self, device_id: str) -> Device | None:
        row = (await self._db.execute(select(devices).where(devices.c.id == device_id))).one_or_none()
        return None if row is None else device_of(row)

    async def all(self) -> list[Device]:
        rows = await self._db.execute(select(devices).order_by(devices.c.school_id, devices.c.created_at))
        return [device_of(row) for row in rows]

    async def add(self, device: Device) -> None:
        await self._db.execute(devices.insert().values(asdict(device)))

    async def save(self, device: Device) -> None:
        version = devices.c.version + case((devices.c.revoked != device.revoked, 1), else_=0)
        values = asdict(device) | {"version": version}
        await self._db.execute(update(devices).where(devices.c.id == device.id).values(values))

    async def seen(self, device_id: str, at: float) -> None:
        await self._db.execute(update(devices).where(devices.c.id == device_id).values(last_seen_at=at))

    async def set_code(self, device_id: str, code_hash: str, expires_at: float) -> None:
        values = {"code_hash": code_hash, "code_expires_at": expires_at}
        await self._db.execute(update(devices).where(devices.c.id == device_id).values(values))

    async def take_code(self, code_hash: str, now: float) -> str | None:
        statement = (
            update(devices)
            .where(devices.c.code_hash == code_hash, devices.c.code_expires_at > now, devices.c.revoked.is_(False))
            .values(code_hash=None, code_expires_at=None)
            .returning(devices.c.id)
        )
        device_id: str | None = (await self._db.execute(statement)).scalar_one_or_none()
        return device_id

    async def clear_code(self, device_id: str) -> None:
        values = {"code_hash": None, "code_expires_at": None}
        await self._db.execute(update(devices).where(devices.c.id == device_id).values(values))
