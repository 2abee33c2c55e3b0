"""Who may review an exemplary case: experts of its subject's group, without a conflict of interest. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import Conflict, Invalid
from .model import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .cases import Case
    from .model import Lesson, User
    from .ports import ExpertGroup

REVIEWERS = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """An expert of the case's group. `user` None: nobody of that name has an account. `against`: (code, zh, en)."""

    name: str
    leads: bool
    user: User | None
    against: tuple[str, str, str] | None
    open_reviews: int = 0


@dataclass(frozen=True, slots=True)
class Interests:
    """What makes a reviewer partial: who wrote the case, the authors' and the lesson's schools, who looks after it."""

    author_ids: tuple[str, ...]
    school_ids: frozenset[str]
    researcher_id: str | None
    declined_ids: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, case: Case, lesson: Lesson, authors: Iterable[User], researcher_id: str | None, declined: Iterable[str]
    ) -> Interests:
        schools = {lesson.supporting_school_id, *lesson.receiving_school_ids}
        schools |= {user.school_id for user in authors if user.school_id is not None}
        people = (*case.author_ids, *((lesson.teacher_id,) if lesson.teacher_id else ()))
        return cls(people, frozenset(schools), researcher_id, frozenset(declined))

    def against(self, user: User) -> tuple[str, str, str] | None:
        """Why this person must not review it: (code, Chinese, English); None: nothing known."""
        if user.disabled or user.role not in (Role.TEACHER, Role.RESEARCHER):
            return "no_account", "账号已停用或不能评审", "the account is disabled or cannot review"
        if user.id in self.author_ids:
            return "author", "是这个案例的作者或授课教师", "wrote the case or taught the lesson"
        if user.school_id in self.school_ids:
            return (
                "own_school",
                "是作者所在学校或这节课两校的教师",
                "is of an author's school or one of the lesson's schools",
            )
        if user.id == self.researcher_id:
            return "own_pairing", "是联系这对学校的研训员", "is the researcher who looks after this pairing"
        if user.id in self.declined_ids:
            return "declined", "已回避这个案例", "has declined this case"
        return None


def candidates(
    group: ExpertGroup | None, users: Iterable[User], interests: Interests, loads: Mapping[str, int]
) -> list[Candidate]:
    """The group's experts, those who may review it first, the least busy ahead. Several people may share a name."""
    by_name: dict[str, list[User]] = {}
    for user in users:
        by_name.setdefault(user.name, []).append(user)
    found = []
    for name in dict.fromkeys((*group.leads, *group.members) if group is not None else ()):
        leads = group is not None and name in group.leads
        for user in (*by_name.get(name, ()),) or (None,):
            against = (
                interests.against(user) if user is not None else ("no_account", "还没有账号", "has no account yet")
            )
            load = loads.get(user.id, 0) if user is not None else 0
            found.append(Candidate(name, leads, user, against, load))
    return sorted(found, key=lambda one: (one.against is not None, one.open_reviews))


def check_reviewers(chosen: Sequence[str], among: Iterable[Candidate]) -> None:
    """Two different experts of the group without a conflict of interest. Raises Invalid, Conflict."""
    if len(set(chosen)) != REVIEWERS or len(chosen) != REVIEWERS:
        raise Invalid("two_reviewers", f"请选 {REVIEWERS} 位评审专家。", f"Choose {REVIEWERS} reviewers.")
    known = {one.user.id: one for one in among if one.user is not None}
    for user_id in chosen:
        one = known.get(user_id)
        if one is None:
            raise Invalid(
                "not_an_expert",
                "评审专家要从这个学科的专家组里选。",
                "Reviewers are chosen from the subject's expert group.",
            )
        if one.against is not None:
            _, why, why_en = one.against
            raise Conflict(
                "conflict_of_interest",
                f"{one.name}不能评审：{why}。请另选一位。",
                f"{one.name} cannot review it: {why_en}. Choose somebody else.",
            )
