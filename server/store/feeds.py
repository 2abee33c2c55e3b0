"""Repository of calendar addresses."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from server.county.ports import FeedRecord

from .tables import feeds

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


class SqlFeeds:
    """`county.ports.FeedRepository`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def add(self, feed: FeedRecord) -> None:
        await self._db.execute(feeds.insert().values(asdict(feed)))

    async def by_token(self, token_hash: str) -> FeedRecord | None:
        row = (await self._db.execute(select(feeds).where(feeds.c.token_hash == token_hash))).one_or_none()
        return None if row is None else FeedRecord(*row)

    async def of_user(self, user_id: str) -> list[FeedRecord]:
        chosen = select(feeds).where(feeds.c.user_id == user_id).order_by(feeds.c.created_at, feeds.c.id)
        return [FeedRecord(*row) for row in await self._db.execute(chosen)]

    async def used(self, feed_id: str, at: float) -> None:
        await self._db.execute(update(feeds).where(feeds.c.id == feed_id).values(last_used_at=at))

    async def delete(self, feed_id: str) -> None:
        await self._db.execute(delete(feeds).where(feeds.c.id == feed_id))
