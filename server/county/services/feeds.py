"""Calendar addresses: secret, revocable, of a person's own lessons or of a school's.

Whoever knows an address reads the calendar without logging in, as calendar programs do; so it is told once, kept as a
hash, ends with its owner's account, and shows no more than the owner may see on the day it is read.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..errors import Conflict, Invalid, NotFound
from ..hashes import hash_secret
from ..ids import new_id
from ..model import Actor, Role
from ..permissions import Action, require
from ..ports import AuditRow, FeedRecord, LessonQuery

if TYPE_CHECKING:
    from ..model import Lesson, School
    from ..ports import Clock, UnitOfWork, UnitsOfWork

MOST_FEEDS = 20  # of one person
BACK, AHEAD = 35 * 86400.0, 240 * 86400.0  # what a calendar shows around now
MOST_LESSONS = 3000
USED_EVERY = 3600.0  # last_used_at is written at most this often
TOKEN_BYTES = 20


@dataclass(frozen=True, slots=True)
class Feed:
    """What an address shows. `owner`: the person, or the school's name."""

    owner: str
    lessons: tuple[Lesson, ...]
    schools: dict[str, str]
    subjects: dict[str, str]
    people: dict[str, str]


class Feeds:
    """Every method but `read` takes an actor; `read` takes the secret."""

    def __init__(self, store: UnitsOfWork, now: Clock) -> None:
        self._store = store
        self._now = now

    async def mine(self, actor: Actor) -> list[FeedRecord]:
        """Oldest first. Raises Forbidden."""
        require(actor, Action.FEED_KEEP)
        async with self._store.read() as work:
            return await work.feeds.of_user(actor.id)

    async def create(self, actor: Actor, school_id: str | None = None) -> tuple[FeedRecord, str]:
        """The address and its secret, told once. Raises Forbidden, Invalid (no school of this actor), Conflict."""
        require(actor, Action.FEED_KEEP)
        now, token = self._now(), secrets.token_hex(TOKEN_BYTES)
        feed = FeedRecord(new_id("f", now), hash_secret(token), actor.id, school_id, now)
        async with self._store.write() as work:
            if school_id is not None and not _may_see(actor, await work.roster.school(school_id)):
                raise Invalid("bad_school_id", "school_id：请选您能看到的学校。", "school_id: a school you may see.")
            if len(await work.feeds.of_user(actor.id)) >= MOST_FEEDS:
                raise Conflict(
                    "too_many_feeds",
                    f"您已有 {MOST_FEEDS} 个日历地址，请先停用不用的。",
                    f"You have {MOST_FEEDS} calendar addresses; revoke those you do not use.",
                )
            await work.feeds.add(feed)
            await work.audit(AuditRow(now, actor.id, "feed.create", feed.id, school_id or ""))
        return feed, token

    async def revoke(self, actor: Actor, feed_id: str) -> None:
        """It shows nothing from now on. Raises Forbidden, NotFound (also for somebody else's)."""
        require(actor, Action.FEED_KEEP)
        async with self._store.write() as work:
            if feed_id not in {feed.id for feed in await work.feeds.of_user(actor.id)}:
                raise NotFound("no_such_feed", "没有这个日历地址。", "No such calendar address.")
            await work.feeds.delete(feed_id)
            await work.audit(AuditRow(self._now(), actor.id, "feed.revoke", feed_id))

    async def read(self, token: str) -> Feed:
        """Raises NotFound: unknown, revoked, or its owner's account or right has ended."""
        now = self._now()
        async with self._store.read() as work:
            feed = await work.feeds.by_token(hash_secret(token))
            shown = await self._shown(work, feed, now) if feed is not None else None
        if feed is None or shown is None:
            raise NotFound("no_such_feed", "没有这个日历地址，或已停用。", "No such calendar address, or revoked.")
        if feed.last_used_at is None or now - feed.last_used_at > USED_EVERY:
            async with self._store.write() as work:
                await work.feeds.used(feed.id, now)
        return shown

    async def _shown(self, work: UnitOfWork, feed: FeedRecord, now: float) -> Feed | None:
        user = await work.users.get(feed.user_id)
        if user is None or user.disabled:
            return None
        owner = Actor(user.id, user.role, user.name, user.school_id)
        schools = {school.id: school for school in await work.roster.schools()}
        query = LessonQuery(since=now - BACK, until=now + AHEAD, descending=False, limit=MOST_LESSONS)
        if feed.school_id is not None:
            if not _may_see(owner, schools.get(feed.school_id)):
                return None
            query = replace(query, school_id=feed.school_id)
        elif owner.role is Role.TEACHER:
            query = replace(query, involving=owner.school_id or "")
        elif owner.role is Role.RESEARCHER:
            pairings = await work.roster.pairings()
            query = replace(query, pairing_ids=tuple(one.id for one in pairings if one.researcher_id == owner.id))
        lessons = (await work.lessons.page(query)).items
        if feed.school_id is None and owner.role is Role.TEACHER:
            lessons = [one for one in lessons if _teaches(owner, one)]
        return Feed(
            owner.name if feed.school_id is None else schools[feed.school_id].name,
            tuple(lessons),
            {school.id: school.name for school in schools.values()},
            {subject.id: subject.name for subject in await work.roster.subjects()},
            {one.id: one.name for one in await work.users.all()},
        )


def _teaches(owner: Actor, lesson: Lesson) -> bool:
    if lesson.teacher_id is None:
        return lesson.supporting_school_id == owner.school_id
    return lesson.teacher_id == owner.id


def _may_see(actor: Actor, school: School | None) -> bool:
    return school is not None and (actor.role is not Role.TEACHER or school.id == actor.school_id)
