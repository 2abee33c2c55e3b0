"""What `config/cases.toml` says of exemplary cases: the year's goals, and the criteria that reviewers score. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .config import count, only_tables, share, text_of
from .errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

TOTAL = 100  # points of all criteria together

Marks = dict[str, float]
"""Points by criterion id; what was not scored yet is not in it."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of the review form."""

    id: str
    name: str
    name_en: str
    full: int


@dataclass(frozen=True, slots=True)
class CasePolicy:
    """`share_of_schools`: 0..1, of the paired schools, to be reported; `apart`: points between two reviewers."""

    share_of_schools: float
    county: int
    subject_least: int
    subject_most: int
    apart: int
    criteria: tuple[Criterion, ...]


def check_marks(criteria: tuple[Criterion, ...], marks: Mapping[str, float]) -> Marks:
    """The marks as they are kept: whole or half points within each criterion. Raises Invalid."""
    known = {one.id: one for one in criteria}
    for name, points in marks.items():
        if name not in known:
            raise Invalid("bad_criterion", f"没有这个评分项：{name}", f"No such criterion: {name}")
        if not 0 <= points <= known[name].full or points * 2 != int(points * 2):
            raise Invalid(
                "bad_mark",
                f"“{known[name].name}”应为 0 到 {known[name].full} 分，可有半分。",
                f"“{known[name].name_en}” takes 0 to {known[name].full} points, whole or half.",
            )
    return {one.id: float(marks[one.id]) for one in criteria if one.id in marks}


def total_of(criteria: tuple[Criterion, ...], marks: Mapping[str, float]) -> float | None:
    """The sum; None while a criterion is open."""
    return sum(marks[one.id] for one in criteria) if all(one.id in marks for one in criteria) else None


def parse_case_policy(text: str, file: str = "cases.toml") -> CasePolicy:
    """Raises ConfigError naming file, line and key."""
    goals, review = only_tables(text, file, "goals", "review")
    policy = CasePolicy(
        share_of_schools=goals.get("share_of_schools", share),
        county=goals.get("county", count),
        subject_least=goals.get("subject_least", count),
        subject_most=goals.get("subject_most", count),
        apart=review.get("apart", count),
        criteria=review.get("criteria", _criteria),
    )
    goals.done()
    review.done()
    if policy.subject_least > policy.subject_most:
        raise goals.error("subject_most", "must not be below subject_least")
    return policy


def _criteria(value: object) -> tuple[Criterion, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError("must be a list of criteria")
    found = []
    for one in value:
        if not isinstance(one, dict) or set(one) != {"id", "name", "name_en", "full"}:
            raise ValueError("each criterion has id, name, name_en and full")
        found.append(Criterion(text_of(one["id"]), text_of(one["name"]), text_of(one["name_en"]), count(one["full"])))
    if len({one.id for one in found}) != len(found):
        raise ValueError("two criteria have the same id")
    if sum(one.full for one in found) != TOTAL:
        raise ValueError(f"the points of the criteria must add up to {TOTAL}")
    return tuple(found)
