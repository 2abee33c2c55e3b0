"""An exemplary case (典型案例): a lesson written up, reviewed by two experts, selected, published. Pure.

    draft → submitted → in_review → reviewed → selected → published ⇄ withdrawn
      ↑_________|___________|_________|____________|→ not_selected

The authors write and submit; the county assigns two reviewers of the subject's expert group, decides and publishes; a
reviewer scores or declines. Every step stays in the case's events. Being reported to the province and selected there
are facts beside the state: they stay when the county later withdraws the case. A case counts in the year of its lesson.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from .errors import Conflict, Forbidden, Invalid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


MOST_TITLE, MOST_TEXT, MOST_CAPTION = 100, 6000, 120  # characters
MOST_PICTURES, MOST_AUTHORS, MOST_MATERIALS = 12, 5, 40
LEAST_WRITTEN = 300  # characters of all sections of a case that can be submitted


class CaseState(StrEnum):
    """Where a case is in its life."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    REVIEWED = "reviewed"
    SELECTED = "selected"
    NOT_SELECTED = "not_selected"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Section(StrEnum):
    """The parts that every case has, in their order."""

    SUMMARY = "summary"
    BACKGROUND = "background"
    DESIGN = "design"
    PROCESS = "process"
    EFFECT = "effect"
    REFLECTION = "reflection"


class CaseStep(StrEnum):
    """What happens to a case."""

    BEGUN = "begun"
    SUBMITTED = "submitted"
    RECALLED = "recalled"
    ASSIGNED = "assigned"
    DECLINED = "declined"
    SCORED = "scored"
    REVIEWED = "reviewed"
    RETURNED = "returned"
    SELECTED = "selected"
    PASSED_OVER = "passed_over"
    RECONSIDERED = "reconsidered"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    REPORTED = "reported"
    UNREPORTED = "unreported"
    HONOURED = "honoured"
    UNHONOURED = "unhonoured"


class Part(StrEnum):
    """In what part somebody acts on a case."""

    AUTHOR = "author"
    REVIEWER = "reviewer"
    COUNTY = "county"


_S, _X = CaseState, CaseStep
STEPS: Mapping[tuple[CaseState, CaseStep], CaseState] = {
    (_S.DRAFT, _X.SUBMITTED): _S.SUBMITTED,
    (_S.SUBMITTED, _X.RECALLED): _S.DRAFT,
    (_S.SUBMITTED, _X.ASSIGNED): _S.IN_REVIEW,
    (_S.IN_REVIEW, _X.ASSIGNED): _S.IN_REVIEW,
    (_S.IN_REVIEW, _X.DECLINED): _S.IN_REVIEW,
    (_S.IN_REVIEW, _X.SCORED): _S.IN_REVIEW,
    (_S.IN_REVIEW, _X.REVIEWED): _S.REVIEWED,
    (_S.SUBMITTED, _X.RETURNED): _S.DRAFT,
    (_S.IN_REVIEW, _X.RETURNED): _S.DRAFT,
    (_S.REVIEWED, _X.RETURNED): _S.DRAFT,
    (_S.NOT_SELECTED, _X.RETURNED): _S.DRAFT,
    (_S.REVIEWED, _X.SELECTED): _S.SELECTED,
    (_S.REVIEWED, _X.PASSED_OVER): _S.NOT_SELECTED,
    (_S.SELECTED, _X.RECONSIDERED): _S.REVIEWED,
    (_S.NOT_SELECTED, _X.RECONSIDERED): _S.REVIEWED,
    (_S.SELECTED, _X.PUBLISHED): _S.PUBLISHED,
    (_S.WITHDRAWN, _X.PUBLISHED): _S.PUBLISHED,
    (_S.PUBLISHED, _X.WITHDRAWN): _S.WITHDRAWN,
} | {
    (state, step): state
    for state in (_S.SELECTED, _S.PUBLISHED, _S.WITHDRAWN)
    for step in (_X.REPORTED, _X.UNREPORTED, _X.HONOURED, _X.UNHONOURED)
}

WHO: Mapping[CaseStep, Part] = (
    {
        _X.BEGUN: Part.AUTHOR,
        _X.SUBMITTED: Part.AUTHOR,
        _X.RECALLED: Part.AUTHOR,
        _X.DECLINED: Part.REVIEWER,
        _X.SCORED: Part.REVIEWER,
        _X.REVIEWED: Part.REVIEWER,
    }
    | {step: Part.COUNTY for step in (_X.ASSIGNED, _X.RETURNED, _X.SELECTED, _X.PASSED_OVER, _X.RECONSIDERED)}
    | {
        step: Part.COUNTY
        for step in (_X.PUBLISHED, _X.WITHDRAWN, _X.REPORTED, _X.UNREPORTED, _X.HONOURED, _X.UNHONOURED)
    }
)
DECISIONS = (
    _X.SUBMITTED,
    _X.RECALLED,
    _X.RETURNED,
    _X.SELECTED,
    _X.PASSED_OVER,
    _X.RECONSIDERED,
    _X.PUBLISHED,
    _X.WITHDRAWN,
    _X.REPORTED,
    _X.UNREPORTED,
    _X.HONOURED,
    _X.UNHONOURED,
)
"""The steps that are taken by themselves, without anything else to be filled in but a reason."""
REASONED = (_X.RETURNED, _X.PASSED_OVER, _X.WITHDRAWN, _X.DECLINED)  # steps against somebody: their reason is written

STATE_NAMES: Mapping[CaseState, str] = {
    _S.DRAFT: "草稿",
    _S.SUBMITTED: "已提交",
    _S.IN_REVIEW: "评审中",
    _S.REVIEWED: "已评审",
    _S.SELECTED: "已入选",
    _S.NOT_SELECTED: "未入选",
    _S.PUBLISHED: "已发布",
    _S.WITHDRAWN: "已撤下",
}
SECTION_NAMES: Mapping[Section, tuple[str, str]] = {
    Section.SUMMARY: ("摘要", "Summary"),
    Section.BACKGROUND: ("背景与问题", "Background and question"),
    Section.DESIGN: ("设计与思路", "Design"),
    Section.PROCESS: ("实施过程", "What was done"),
    Section.EFFECT: ("成效与证据", "Effect and evidence"),
    Section.REFLECTION: ("反思与推广", "Reflection"),
}
# Whose recording is needed: it is judged, or shown.
HOLDING = (_S.SUBMITTED, _S.IN_REVIEW, _S.REVIEWED, _S.SELECTED, _S.PUBLISHED)
# What the county formed (培育形成), for its own goals.
FORMED = (_S.SELECTED, _S.PUBLISHED)
# After these the authors read what the reviewers wrote, without their names.
DECIDED = (_S.DRAFT, _S.SELECTED, _S.NOT_SELECTED, _S.PUBLISHED, _S.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture where it stands in the case."""

    id: str
    section: Section
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A case. `recording_id`: the lesson whose recording goes with it, or None. `round` counts its submissions.

    `subject_id`, `stage` are those of its lesson: they say which expert group reviews it. `changed_by`: a User.id.
    """

    id: str
    lesson_id: str
    subject_id: str
    stage: str
    author_ids: tuple[str, ...]
    state: CaseState
    created_at: float
    updated_at: float
    changed_by: str
    title: str = ""
    texts: Mapping[Section, str] = field(default_factory=dict)
    recording_id: str | None = None
    material_ids: tuple[str, ...] = ()
    pictures: tuple[Placed, ...] = ()
    submitted_at: float | None = None
    published_at: float | None = None
    reported_at: float | None = None
    honoured_at: float | None = None
    round: int = 0
    version: int = 1


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One step of a case; append-only. `text`: a reason, or whom it was given to."""

    case_id: str
    at: float
    step: CaseStep
    actor_id: str
    actor_name: str
    text: str = ""


def step_from(case: Case, step: CaseStep) -> CaseState:
    """Where a step leads. Raises Conflict with both in it."""
    found = STEPS.get((case.state, step))
    if found is None or _against_facts(case, step):
        raise Conflict(
            f"case_is_{case.state}",
            f"这个案例现在是“{STATE_NAMES[case.state]}”{_facts(case)}，不能这样做（{step}）。请刷新页面看最新的状态。",
            f"The case is {case.state}; “{step}” cannot be done. Reload to see how it stands.",
        )
    return found


def _against_facts(case: Case, step: CaseStep) -> bool:
    """What the province was told of is not undone by the way."""
    reported, honoured = case.reported_at is not None, case.honoured_at is not None
    return {
        CaseStep.RECONSIDERED: reported,
        CaseStep.REPORTED: reported,
        CaseStep.UNREPORTED: not reported or honoured,
        CaseStep.HONOURED: not reported or honoured,
        CaseStep.UNHONOURED: not honoured,
    }.get(step, False)


def _facts(case: Case) -> str:
    if case.honoured_at is not None:
        return "，入选省级"
    return "，已上报省级" if case.reported_at is not None else ""


def check_draft(case: Case) -> None:
    """Raises Conflict when it cannot be written on."""
    if case.state is not CaseState.DRAFT:
        raise Conflict(
            f"case_is_{case.state}",
            f"这个案例现在是“{STATE_NAMES[case.state]}”，不能再改；要改请先撤回提交，或请县里退回修改。",
            f"The case is {case.state} and cannot be changed; recall it, or ask the county to return it.",
        )


def steps_open(case: Case, parts: Iterable[Part]) -> tuple[CaseStep, ...]:
    """The decisions that somebody in these parts may take now."""
    held = set(parts)
    return tuple(
        step
        for step in DECISIONS
        if WHO[step] in held and (case.state, step) in STEPS and not _against_facts(case, step)
    )


def check_part(step: CaseStep, parts: Iterable[Part]) -> None:
    """Raises Forbidden."""
    if WHO[step] not in set(parts):
        raise Forbidden("forbidden", "您没有权限做这件事。", "You are not allowed to do this.")


# --- what is written ------------------------------------------------------------------------------------------------


def check_content(
    title: str, texts: Mapping[Section, str], pictures: Sequence[Placed]
) -> tuple[str, dict[Section, str], tuple[Placed, ...]]:
    """As they are kept: blanks around them left out. Raises Invalid."""
    title = " ".join(title.split())
    if len(title) > MOST_TITLE:
        raise Invalid("long_title", f"标题最多 {MOST_TITLE} 个字。", f"The title may have {MOST_TITLE} characters.")
    kept = {section: texts.get(section, "").strip() for section in Section}
    for section, text in kept.items():
        if len(text) > MOST_TEXT:
            name, name_en = SECTION_NAMES[section]
            raise Invalid(
                "long_text", f"“{name}”最多 {MOST_TEXT} 个字。", f"“{name_en}” may have {MOST_TEXT} characters at most."
            )
    if len(pictures) > MOST_PICTURES:
        raise Invalid("many_pictures", f"一个案例最多 {MOST_PICTURES} 张图片。", f"At most {MOST_PICTURES} pictures.")
    if len({one.id for one in pictures}) != len(pictures):
        raise Invalid("same_picture", "同一张图片放了两次。", "A picture stands in the case twice.")
    for one in pictures:
        if len(one.caption) > MOST_CAPTION:
            raise Invalid("long_caption", f"图片说明最多 {MOST_CAPTION} 个字。", f"At most {MOST_CAPTION} characters.")
    return title, {section: text for section, text in kept.items() if text}, tuple(pictures)


def check_whole(case: Case) -> None:
    """Whether it can be submitted. Raises Invalid with all that is missing."""
    missing = [] if case.title else [("标题", "title")]
    missing += [SECTION_NAMES[section] for section in Section if not case.texts.get(section)]
    if missing:
        raise Invalid(
            "not_whole",
            f"还没有写：{'、'.join(one[0] for one in missing)}。",
            f"Still to be written: {', '.join(one[1].lower() for one in missing)}.",
        )
    written = sum(len(text) for text in case.texts.values())
    if written < LEAST_WRITTEN:
        raise Invalid(
            "too_short",
            f"正文只有 {written} 个字，至少要有 {LEAST_WRITTEN} 个字评审专家才能判断。",
            f"It has {written} characters; reviewers need at least {LEAST_WRITTEN} to judge it.",
        )
