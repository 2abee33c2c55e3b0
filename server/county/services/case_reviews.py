"""Reviewing exemplary cases: two experts of the subject's group, their scores and remarks, whoever declines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..case_policy import check_marks
from ..case_reviewers import Interests, candidates, check_reviewers
from ..case_reviews import (
    MOST_REMARKS,
    SEATED,
    Review,
    ReviewState,
    all_done,
    check_done,
    check_open,
    seated,
)
from ..cases import CaseEvent, CaseState, CaseStep, Part, check_part, step_from
from ..errors import Invalid, NotFound
from ..ids import new_id
from ..permissions import Action, require
from ..ports import AuditRow
from ._case import CaseView, move, seen, stale, view_of
from ._life import check_reason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..case_policy import CasePolicy
    from ..case_reviewers import Candidate
    from ..cases import Case
    from ..model import Actor
    from ..ports import Clock, UnitOfWork, UnitsOfWork


class CaseReviews:
    """Every method checks the actor."""

    def __init__(self, store: UnitsOfWork, policy: CasePolicy, now: Clock) -> None:
        self._store = store
        self.policy = policy
        self._now = now

    async def candidates(self, actor: Actor, case_id: str) -> list[Candidate]:
        """The experts of the case's group, each with what speaks against them. Raises Forbidden, NotFound."""
        require(actor, Action.CASE_DECIDE)
        async with self._store.read() as work:
            case, reviews, parts = await seen(work, actor, case_id)
            check_part(CaseStep.ASSIGNED, parts)
            return await _candidates(work, case, reviews)

    async def assign(self, actor: Actor, case_id: str, version: int, reviewer_ids: Sequence[str]) -> CaseView:
        """Give the case to these two; one who has a seat keeps it with what was written, others are replaced.

        Raises Stale, Conflict (a conflict of interest; a review that was sent cannot be replaced), Invalid, Forbidden,
        NotFound.
        """
        require(actor, Action.CASE_DECIDE)
        async with self._store.write() as work:
            case, reviews, parts = await seen(work, actor, case_id, lock=True)
            check_part(CaseStep.ASSIGNED, parts)
            step_from(case, CaseStep.ASSIGNED)
            if case.version != version:
                raise await stale(work, case_id)
            check_reviewers(reviewer_ids, await _candidates(work, case, reviews))
            now = self._now()
            kept = []
            for one in seated(reviews, case.round) if case.state is CaseState.IN_REVIEW else ():
                if one.reviewer_id in reviewer_ids:
                    kept.append(one.reviewer_id)
                    continue
                check_open(one)
                gone = replace(one, state=ReviewState.REPLACED, updated_at=now, version=one.version + 1)
                await work.cases.save_review(gone, seen_version=one.version)
            for reviewer_id in reviewer_ids:
                if reviewer_id not in kept:
                    review = Review(new_id("v", now), case_id, case.round, reviewer_id, ReviewState.OPEN, now, now)
                    await work.cases.add_review(review)
            users = [await work.users.get(one) for one in reviewer_ids]
            names = "、".join(user.name for user in users if user is not None)
            moved = await move(work, actor, case, CaseStep.ASSIGNED, now, names)
            await work.audit(AuditRow(now, actor.id, "case.assigned", case_id, names))
            reviews = await work.cases.reviews([case_id])
            return await view_of(work, actor, moved, reviews, parts, self.policy)

    async def save(
        self,
        actor: Actor,
        case_id: str,
        version: int,
        *,
        marks: Mapping[str, float],
        remarks: str,
        done: bool,
    ) -> CaseView:
        """Keep the caller's review as it stands; `done` sends it for good, and the second one ends the reviewing.

        Raises Conflict (stale, closed), Invalid, Forbidden, NotFound.
        """
        remarks = remarks.strip()
        if len(remarks) > MOST_REMARKS:
            raise Invalid(
                "long_remarks", f"评审意见最多 {MOST_REMARKS} 个字。", f"At most {MOST_REMARKS} characters of remarks."
            )
        async with self._store.write() as work:
            case, reviews, own, parts = await self._own(work, actor, case_id)
            step_from(case, CaseStep.SCORED)
            check_open(own)
            now = self._now()
            changed = replace(
                own,
                marks=check_marks(self.policy.criteria, marks),
                remarks=remarks,
                updated_at=now,
                version=version + 1,
            )
            if done:
                check_done(changed, self.policy.criteria)
                changed = replace(changed, state=ReviewState.DONE, done_at=now)
            await work.cases.save_review(changed, seen_version=version)
            reviews = [changed if one.id == changed.id else one for one in reviews]
            if done:
                await work.cases.add_event(CaseEvent(case_id, now, CaseStep.SCORED, actor.id, actor.name))
                if all_done(seated(reviews, case.round)):
                    case = await move(work, actor, case, CaseStep.REVIEWED, now)
            return await view_of(work, actor, case, reviews, parts, self.policy)

    async def decline(self, actor: Actor, case_id: str, reason: str) -> None:
        """The reviewer does not judge this case (回避); the county gives it to somebody else.

        Raises Conflict (sent already), Invalid, Forbidden, NotFound.
        """
        reason = check_reason(reason)
        async with self._store.write() as work:
            case, _, own, _ = await self._own(work, actor, case_id)
            check_open(own)
            now = self._now()
            gone = replace(own, state=ReviewState.DECLINED, updated_at=now, version=own.version + 1)
            await work.cases.save_review(gone, seen_version=own.version)
            await move(work, actor, case, CaseStep.DECLINED, now, reason)

    async def _own(
        self, work: UnitOfWork, actor: Actor, case_id: str
    ) -> tuple[Case, list[Review], Review, frozenset[Part]]:
        case, reviews, parts = await seen(work, actor, case_id, lock=True)
        for one in reviews:
            if one.reviewer_id == actor.id and one.round == case.round and one.state in SEATED:
                return case, reviews, one, parts
        raise NotFound("no_such_review", "这个案例没有请您评审。", "You were not asked to review this case.")


async def _candidates(work: UnitOfWork, case: Case, reviews: Sequence[Review]) -> list[Candidate]:
    lesson = await work.lessons.get(case.lesson_id)
    assert lesson is not None, case.lesson_id
    pairing = await work.roster.pairing(lesson.pairing_id)
    groups = await work.roster.expert_groups()
    group = next((one for one in groups if (one.subject_id, one.stage) == (case.subject_id, case.stage)), None)
    users = await work.users.all()
    authors = [user for user in users if user.id in case.author_ids]
    declined = [one.reviewer_id for one in reviews if one.state is ReviewState.DECLINED]
    interests = Interests.of(case, lesson, authors, pairing.researcher_id if pairing is not None else None, declined)
    return candidates(group, users, interests, await work.cases.open_reviews())
