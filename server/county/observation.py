"""A lesson observation (听课评课): one sheet per lesson and observer, its life, its checks, the averages. Pure.

`draft → signed → draft …`: a signed sheet is locked; its observer may withdraw the signature with a reason, correct and
sign again. Every step and every answer stays in the sheet's events. Moments are Unix seconds: a remark made live and
one made on the recording are tied to the same instant, and the recording's `clock_zero` turns it into its second.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from .errors import Conflict, Invalid
from .rubric import Marks, tenth

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .model import Lesson

MOST_REMARKS = 200
MOST_REMARK, MOST_TEXT = 300, 4000  # characters
EARLY, LATE = 15 * 60.0, 15 * 60.0  # remarks before the start and after the end that still belong to the lesson (s)


class SheetState(StrEnum):
    """Where a sheet is in its life."""

    DRAFT = "draft"
    SIGNED = "signed"


class Step(StrEnum):
    """What happened to a sheet."""

    OPENED = "opened"
    SIGNED = "signed"
    WITHDRAWN = "withdrawn"
    READ = "read"
    ANSWERED = "answered"


STEPS: dict[tuple[SheetState, Step], SheetState] = {
    (SheetState.DRAFT, Step.SIGNED): SheetState.SIGNED,
    (SheetState.SIGNED, Step.WITHDRAWN): SheetState.DRAFT,
    (SheetState.SIGNED, Step.READ): SheetState.SIGNED,
    (SheetState.SIGNED, Step.ANSWERED): SheetState.SIGNED,
}
STATE_NAMES = {SheetState.DRAFT: "草稿", SheetState.SIGNED: "已签名"}


class RemarkKind(StrEnum):
    """What a remark is."""

    PRAISE = "praise"
    QUESTION = "question"
    SUGGESTION = "suggestion"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark on an instant of the lesson. `key` is the page's own name for it, unique within the sheet."""

    key: str
    moment: float
    kind: RemarkKind
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """An observation. `rubric`: the version of the form it is filled in with. `total`, `band` stand once signed."""

    id: str
    lesson_id: str
    observer_id: str
    rubric: int
    state: SheetState
    created_at: float
    updated_at: float
    marks: Marks = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    highlights: str = ""
    suggestions: str = ""
    signed_at: float | None = None
    signed_name: str = ""
    total: float | None = None
    band: int | None = None  # the bound of the band reached
    read_at: float | None = None  # when the teacher first opened the signed sheet
    version: int = 1

    @property
    def untouched(self) -> bool:
        """Nothing was filled in yet."""
        return not (self.marks or self.remarks or self.highlights or self.suggestions)


@dataclass(frozen=True, slots=True)
class SheetEvent:
    """One step of a sheet; append-only. `text`: the reason of a withdrawal, an answer."""

    sheet_id: str
    at: float
    step: Step
    actor_id: str
    actor_name: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class SheetQuery:
    """Which sheets a list shows, newest first. `signed_or_of`: signed ones, and all of that observer."""

    signed_or_of: str | None = None
    taught_by: str | None = None
    supporting_school: str | None = None  # with `taught_by`: lessons of that school that name no teacher count too
    lesson_id: str | None = None
    observer_id: str | None = None
    state: SheetState | None = None
    after: tuple[float, str] | None = None
    limit: int = 50


def next_state(state: SheetState, step: Step) -> SheetState:
    """Where a step leads. Raises Conflict with both in it."""
    found = STEPS.get((state, step))
    if found is None:
        what, what_en = _REFUSED[step]
        raise Conflict(
            f"sheet_is_{state}",
            f"这份评课现在是“{STATE_NAMES[state]}”（{state}），不能{what}。",
            f"The sheet is {state}; it cannot be {what_en}.",
        )
    return found


_REFUSED = {
    Step.OPENED: ("打开", "opened"),
    Step.SIGNED: ("签名", "signed"),
    Step.WITHDRAWN: ("撤回", "withdrawn"),
    Step.READ: ("标为已读", "marked as read"),
    Step.ANSWERED: ("回复", "answered"),
}


def check_draft(sheet: Sheet) -> None:
    """Raises Conflict when the sheet is locked."""
    if sheet.state is not SheetState.DRAFT:
        raise Conflict(
            "sheet_is_signed",
            "这份评课已经签名，不能再改；要改请先撤回签名。",
            "The sheet is signed and locked; withdraw the signature to change it.",
        )


def check_text(name: str, text: str, most: int = MOST_TEXT) -> str:
    """The text without blanks around it. Raises Invalid."""
    text = text.strip()
    if len(text) > most:
        raise Invalid(f"long_{name}", f"文字太长，最多 {most} 个字。", f"The text may have {most} characters at most.")
    return text


def check_remarks(remarks: Iterable[Remark], lesson: Lesson, now: float) -> tuple[Remark, ...]:
    """The remarks in the order of their moments, empty ones left out. Raises Invalid."""
    found = [remark for remark in remarks if remark.text.strip()]
    if len(found) > MOST_REMARKS:
        raise Invalid("many_remarks", f"一份评课最多 {MOST_REMARKS} 条点评。", f"At most {MOST_REMARKS} remarks.")
    if len({remark.key for remark in found}) != len(found):
        raise Invalid("same_remark", "两条点评的 key 相同。", "Two remarks have the same key.")
    begin = lesson.started_at if lesson.started_at is not None else lesson.starts_at
    end = min(lesson.ended_at if lesson.ended_at is not None else now, now)
    for remark in found:
        check_text("remark", remark.text, MOST_REMARK)
        if not begin - EARLY <= remark.moment <= end + LATE:
            raise Invalid(
                "bad_moment",
                f"点评“{remark.text[:20]}”的时刻不在这节课里。",
                f"The moment of the remark “{remark.text[:20]}” is not within the lesson.",
            )
    return tuple(sorted(found, key=lambda remark: (remark.moment, remark.key)))


# --- averages -------------------------------------------------------------------------------------------------------


class Grouping(StrEnum):
    """What averages are drawn over."""

    TEACHER = "teacher"
    SUBJECT = "subject"
    PAIRING = "pairing"


@dataclass(frozen=True, slots=True)
class SignedTotal:
    """A signed sheet with what of its lesson the averages need; `teacher_id` "" when the lesson names none."""

    lesson_id: str
    teacher_id: str
    subject_id: str
    pairing_id: str
    total: float
    band: int


@dataclass(frozen=True, slots=True)
class Average:
    """One row: signed sheets, the lessons they are about, mean, lowest, highest; sheets by band bound."""

    key: str
    sheets: int
    lessons: int
    mean: float
    lowest: float
    highest: float
    bands: Mapping[int, int]


def averages(totals: Sequence[SignedTotal], by: Grouping) -> list[Average]:
    """Per group, the best mean first. Each sheet counts once. Means are rounded half up to a tenth."""
    groups: dict[str, list[SignedTotal]] = defaultdict(list)
    for each in totals:
        groups[_KEYS[by](each)].append(each)
    rows = []
    for key, found in groups.items():
        bands: dict[int, int] = defaultdict(int)
        for each in found:
            bands[each.band] += 1
        values = [each.total for each in found]
        mean = sum((Fraction(str(value)) for value in values), Fraction()) / len(values)
        rows.append(
            Average(
                key,
                len(found),
                len({each.lesson_id for each in found}),
                tenth(mean),
                min(values),
                max(values),
                dict(sorted(bands.items(), reverse=True)),
            )
        )
    return sorted(rows, key=lambda row: (-row.mean, row.key))


_KEYS = {
    Grouping.TEACHER: lambda each: each.teacher_id,
    Grouping.SUBJECT: lambda each: each.subject_id,
    Grouping.PAIRING: lambda each: each.pairing_id,
}
