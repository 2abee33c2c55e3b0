"""Reviews of an exemplary case, and how a year's cases stand against the county's goals. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil
from typing import TYPE_CHECKING

from .case_policy import total_of
from .case_reviewers import REVIEWERS
from .cases import FORMED, CaseState
from .errors import Conflict, Invalid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .case_policy import CasePolicy, Criterion, Marks
    from .model import Subject

MOST_REMARKS = 3000  # characters
LEAST_REMARKS = 20


class ReviewState(StrEnum):
    """Where a review is in its life."""

    OPEN = "open"
    DONE = "done"
    DECLINED = "declined"
    REPLACED = "replaced"


SEATED = (ReviewState.OPEN, ReviewState.DONE)


@dataclass(frozen=True, slots=True)
class Review:
    """One reviewer's judgement of one submission (`round`) of a case."""

    id: str
    case_id: str
    round: int
    reviewer_id: str
    state: ReviewState
    created_at: float
    updated_at: float
    marks: Marks = field(default_factory=dict)
    remarks: str = ""
    done_at: float | None = None
    version: int = 1


def check_open(review: Review) -> None:
    """Raises Conflict when it is sent, declined or given to somebody else."""
    if review.state is not ReviewState.OPEN:
        raise Conflict(
            "review_is_closed",
            "这份评审已经提交，或已改由别人评审，不能再改。",
            "This review was sent, or somebody else reviews the case now; it cannot be changed.",
        )


def check_done(review: Review, criteria: tuple[Criterion, ...]) -> None:
    """Whether it can be sent. Raises Invalid."""
    if total_of(criteria, review.marks) is None:
        open_items = [one.name.partition("：")[0] for one in criteria if one.id not in review.marks]
        raise Invalid(
            "not_scored",
            f"还没有打分：{'、'.join(open_items)}。",
            f"{len(open_items)} criteria have no points yet.",
        )
    if len(review.remarks) < LEAST_REMARKS:
        raise Invalid(
            "no_remarks",
            f"请写下评审意见（至少 {LEAST_REMARKS} 个字），作者要靠它修改。",
            f"Write your remarks (at least {LEAST_REMARKS} characters): the authors work with them.",
        )


def seated(reviews: Iterable[Review], round_: int) -> list[Review]:
    """The reviews that count in a round, the first assigned first."""
    found = [one for one in reviews if one.round == round_ and one.state in SEATED]
    return sorted(found, key=lambda one: (one.created_at, one.id))


def all_done(reviews: Sequence[Review]) -> bool:
    """Whether both reviewers have sent theirs."""
    return sum(one.state is ReviewState.DONE for one in reviews) == REVIEWERS


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the `sent` reviews come to. `apart`: they differ by as much as the policy finds worth a talk."""

    sent: int
    mean: float | None
    difference: float | None
    apart: bool


def verdict(reviews: Iterable[Review], policy: CasePolicy) -> Verdict:
    """Over the reviews of one round that are done."""
    totals = [total_of(policy.criteria, one.marks) for one in reviews if one.state is ReviewState.DONE]
    known = [total for total in totals if total is not None]
    if not known:
        return Verdict(0, None, None, apart=False)
    difference = max(known) - min(known) if len(known) > 1 else None
    apart = difference is not None and difference >= policy.apart
    return Verdict(len(known), sum(known) / len(known), difference, apart)


# --- goals ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CaseCount:
    """How many cases of a year's lessons are of one subject and state, and were or were not told to the province."""

    subject_id: str
    state: CaseState
    reported: bool
    honoured: bool
    count: int


@dataclass(frozen=True, slots=True)
class SubjectGoal:
    """One subject against 1 to 2. `more`: above the most the notice asks for, which is no fault."""

    subject: Subject
    formed: int
    under_way: int
    missing: int
    more: bool


@dataclass(frozen=True, slots=True)
class CaseGoals:
    """A year against the goals. `states`: cases by state, drafts too."""

    year: int
    paired_schools: int
    to_report: int
    reported: int
    honoured: int
    county: int
    formed: int
    subjects: tuple[SubjectGoal, ...]
    states: Mapping[CaseState, int]


def draw_goals(
    year: int, counts: Sequence[CaseCount], subjects: Iterable[Subject], paired_schools: int, policy: CasePolicy
) -> CaseGoals:
    """`paired_schools`: every school of an open pairing, on either side. Archived subjects show only what they have."""

    def sum_of(**wanted: object) -> int:
        return sum(one.count for one in counts if all(getattr(one, key) == value for key, value in wanted.items()))

    rows = []
    for subject in subjects:
        own = [one for one in counts if one.subject_id == subject.id]
        formed = sum(one.count for one in own if one.state in FORMED)
        under_way = sum(one.count for one in own if one.state in _UNDER_WAY)
        if subject.archived and not formed and not under_way:
            continue
        missing = 0 if subject.archived else max(0, policy.subject_least - formed)
        rows.append(SubjectGoal(subject, formed, under_way, missing, formed > policy.subject_most))
    return CaseGoals(
        year=year,
        paired_schools=paired_schools,
        to_report=ceil(round(policy.share_of_schools * paired_schools, 9)),
        reported=sum_of(reported=True),
        honoured=sum_of(honoured=True),
        county=policy.county,
        formed=sum(one.count for one in counts if one.state in FORMED),
        subjects=tuple(rows),
        states={state: sum_of(state=state) for state in CaseState},
    )


_UNDER_WAY = (CaseState.DRAFT, CaseState.SUBMITTED, CaseState.IN_REVIEW, CaseState.REVIEWED)
