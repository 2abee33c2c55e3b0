"""What the services of exemplary cases share: in which part somebody acts, what they see, one step of a case."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..case_reviews import Review, ReviewState, seated, verdict
from ..cases import DECIDED, Case, CaseEvent, CaseState, CaseStep, Part, step_from, steps_open
from ..errors import NotFound, Stale
from ..permissions import Action, may, require

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..case_policy import CasePolicy
    from ..case_reviews import Verdict
    from ..materials import Material
    from ..model import Actor, Lesson, User
    from ..ports import UnitOfWork

# What the authors are not told of: who reviews, and when.
_OF_REVIEWERS = (CaseStep.ASSIGNED, CaseStep.DECLINED, CaseStep.SCORED)


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A review as one caller sees it; `reviewer_name` "" where it is not told."""

    review: Review
    reviewer_name: str


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list. `verdict`: for the county. `review`: the caller's own of the newest round."""

    case: Case
    lesson: Lesson
    authors: tuple[User, ...]
    verdict: Verdict | None
    review: Review | None
    reviewers: int  # seats that are taken
    mine: bool


@dataclass(frozen=True, slots=True)
class CaseView(CaseLine):
    """A whole case, for one caller. `recording`: the lesson whose recording goes with it, if it can be watched."""

    reviews: tuple[ReviewView, ...]
    events: tuple[CaseEvent, ...]
    materials: tuple[Material, ...]
    recording: Lesson | None
    steps: tuple[CaseStep, ...]
    parts: frozenset[Part]
    changed_by: str  # the name


def parts_of(actor: Actor, case: Case, reviews: Iterable[Review]) -> frozenset[Part]:
    """In what parts the actor acts. Nobody decides on a case of their own."""
    found = set()
    if actor.id in case.author_ids:
        found.add(Part.AUTHOR)
    elif may(actor, Action.CASE_DECIDE):
        found.add(Part.COUNTY)
    if any(one.reviewer_id == actor.id for one in seated(reviews, case.round)) and case.state is not CaseState.DRAFT:
        found.add(Part.REVIEWER)
    return frozenset(found)


async def seen(
    work: UnitOfWork, actor: Actor, case_id: str, *, lock: bool = False
) -> tuple[Case, list[Review], frozenset[Part]]:
    """The case, the reviews of all its rounds, the actor's parts. Raises Forbidden, NotFound.

    A draft is its authors' alone; one that was submitted before is the county's to see too.
    """
    require(actor, Action.CASES_LIST)
    case = await work.cases.get(case_id, lock=lock)
    if case is not None:
        reviews = await work.cases.reviews([case_id])
        parts = parts_of(actor, case, reviews)
        of_county = Part.COUNTY in parts and (case.state is not CaseState.DRAFT or case.round > 0)
        if parts & {Part.AUTHOR, Part.REVIEWER} or of_county or case.state is CaseState.PUBLISHED:
            return case, reviews, parts
    raise NotFound("no_such_case", "没有这个案例，或者它不对您开放。", "No such case, or it is not open to you.")


async def move(
    work: UnitOfWork,
    actor: Actor,
    case: Case,
    step: CaseStep,
    now: float,
    text: str = "",
    **changes: Any,  # noqa: ANN401
) -> Case:
    """Take a step from the locked `case`: it and its event are kept. `changes`: fields of Case. Raises Conflict."""
    moved = replace(
        case,
        state=step_from(case, step),
        updated_at=now,
        changed_by=actor.id,
        version=case.version + 1,
        **changes,
    )
    await keep(work, moved, case.version)
    await work.cases.add_event(CaseEvent(case.id, now, step, actor.id, actor.name, text))
    return moved


async def keep(work: UnitOfWork, case: Case, seen_version: int) -> None:
    """Raises Stale with what is stored."""
    if not await work.cases.save(case, seen_version=seen_version):
        raise await stale(work, case.id)


async def stale(work: UnitOfWork, case_id: str) -> Stale:
    """Somebody was faster: what stands now, as JSON, for the page to put both together."""
    stored = await work.cases.get(case_id)
    if stored is None:
        return Stale({})
    user = await work.users.get(stored.changed_by)
    return Stale(
        {
            "version": stored.version,
            "state": stored.state.value,
            "title": stored.title,
            "texts": {section.value: text for section, text in stored.texts.items()},
            "changed_by": user.name if user is not None else "",
        }
    )


async def line_of(
    work: UnitOfWork, actor: Actor, case: Case, reviews: Sequence[Review], policy: CasePolicy
) -> CaseLine:
    """As a list shows it; whether the actor may see it was looked at."""
    lesson = await work.lessons.get(case.lesson_id)
    assert lesson is not None, case.lesson_id
    users = [await work.users.get(user_id) for user_id in case.author_ids]
    now = seated([one for one in reviews if one.case_id == case.id], case.round)
    return CaseLine(
        case=case,
        lesson=lesson,
        authors=tuple(user for user in users if user is not None),
        verdict=verdict(now, policy) if Part.COUNTY in parts_of(actor, case, now) else None,
        review=next((one for one in now if one.reviewer_id == actor.id), None),
        reviewers=len(now),
        mine=actor.id in case.author_ids,
    )


async def view_of(
    work: UnitOfWork,
    actor: Actor,
    case: Case,
    reviews: Sequence[Review],
    parts: frozenset[Part],
    policy: CasePolicy,
) -> CaseView:
    """The whole of it, as far as these parts are told."""
    line = await line_of(work, actor, case, reviews, policy)
    there = {one.id: one for one in await work.materials.of_lesson(case.lesson_id) if one.ready_at is not None}
    changed_by = await work.users.get(case.changed_by)
    return CaseView(
        **{name: getattr(line, name) for name in CaseLine.__dataclass_fields__},
        reviews=tuple(await _reviews_told(work, actor, case, reviews, parts)),
        events=tuple(_events_told(await work.cases.events(case.id), parts)),
        materials=tuple(there[one] for one in case.material_ids if one in there),
        recording=await _watchable(work, case.recording_id),
        steps=steps_open(case, parts),
        parts=parts,
        changed_by=changed_by.name if changed_by is not None else "",
    )


async def _reviews_told(
    work: UnitOfWork, actor: Actor, case: Case, reviews: Sequence[Review], parts: frozenset[Part]
) -> list[ReviewView]:
    """The county: all, by name. A reviewer: the own one. The authors: what was sent, once it was decided, no names."""
    if Part.COUNTY in parts:
        users = {one: await work.users.get(one) for one in {review.reviewer_id for review in reviews}}
        return [ReviewView(one, user.name if (user := users[one.reviewer_id]) else "") for one in reviews]
    if Part.AUTHOR in parts:
        told = [one for one in reviews if one.state is ReviewState.DONE]
        return [ReviewView(one, "") for one in told if one.round < case.round or case.state in DECIDED]
    return [ReviewView(one, actor.name) for one in reviews if one.reviewer_id == actor.id]


def _events_told(events: Iterable[CaseEvent], parts: frozenset[Part]) -> list[CaseEvent]:
    if Part.COUNTY in parts:
        return list(events)
    if Part.AUTHOR in parts:
        return [one for one in events if one.step not in _OF_REVIEWERS]
    return [one for one in events if one.step is CaseStep.PUBLISHED]


async def _watchable(work: UnitOfWork, recording_id: str | None) -> Lesson | None:
    if recording_id is None:
        return None
    record = (await work.shelf.of([recording_id])).get(recording_id)
    if record is not None and (record.trashed_at is not None or record.deleted_at is not None):
        return None
    return await work.lessons.get(recording_id)
