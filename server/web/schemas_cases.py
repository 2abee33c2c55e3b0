"""What is sent about exemplary cases, their reviews and the casebook."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from server.county.case_reviewers import REVIEWERS
from server.county.case_reviews import MOST_REMARKS, ReviewState
from server.county.casebook import MOST_CHAPTERS, MOST_NAME, MOST_PREFACE
from server.county.cases import (
    MOST_AUTHORS,
    MOST_CAPTION,
    MOST_MATERIALS,
    MOST_PICTURES,
    MOST_TEXT,
    MOST_TITLE,
    CaseState,
    CaseStep,
    Part,
    Section,
)

from .schemas import Answer, Id, LessonAnswer, Time

Text = Annotated[str, StringConstraints(max_length=MOST_TEXT)]


class CaseOpen(BaseModel):
    lesson_id: Id


class PlacedPicture(BaseModel):
    """A picture where it stands."""

    id: Id
    section: Section
    caption: Annotated[str, StringConstraints(strip_whitespace=True, max_length=MOST_CAPTION)] = ""


class CaseSave(BaseModel):
    """The whole draft as it stands. `recording_id`: the lesson whose recording goes with it."""

    version: int
    title: Annotated[str, StringConstraints(max_length=MOST_TITLE)]
    texts: dict[Section, Text]
    author_ids: Annotated[list[Id], Field(max_length=MOST_AUTHORS)]
    recording_id: Id | None
    material_ids: Annotated[list[Id], Field(max_length=MOST_MATERIALS)]
    pictures: Annotated[list[PlacedPicture], Field(max_length=MOST_PICTURES)]


class CaseMove(BaseModel):
    """`version`: the one that the decision was made on. `reason`: needed for steps against somebody."""

    step: CaseStep
    version: int
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""


class ReviewersSet(BaseModel):
    version: int
    reviewer_ids: Annotated[list[Id], Field(max_length=REVIEWERS)]


class ReviewSave(BaseModel):
    """`done`: send it for good."""

    version: int
    marks: Annotated[dict[str, float], Field(max_length=50)]
    remarks: Annotated[str, StringConstraints(max_length=MOST_REMARKS)]
    done: bool = False


class ReviewDecline(BaseModel):
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class AuthorAnswer(Answer):
    id: str
    name: str
    school_id: str | None
    school_name: str | None


class CriterionAnswer(Answer):
    id: str
    name: str
    name_en: str
    full: int


class VerdictAnswer(Answer):
    """What the `sent` reviews come to; `difference` of the two totals, `apart`: as much as is worth a talk."""

    sent: int
    mean: float | None
    difference: float | None
    apart: bool


class ReviewAnswer(Answer):
    """`reviewer` is empty where it is not told."""

    id: str
    round: int
    reviewer: str
    state: ReviewState
    marks: dict[str, float]
    total: float | None
    remarks: str
    created_at: Time
    done_at: Time | None
    version: int


class CaseItem(Answer):
    """A case in a list. `verdict`: for the county. `review`: the caller's own. `reviewers`: seats that are taken."""

    id: str
    title: str
    state: CaseState
    lesson: LessonAnswer
    authors: list[AuthorAnswer]
    mine: bool
    verdict: VerdictAnswer | None
    review: ReviewAnswer | None
    reviewers: int
    created_at: Time
    updated_at: Time
    submitted_at: Time | None
    published_at: Time | None
    reported_at: Time | None
    honoured_at: Time | None
    round: int
    version: int


class CasePicture(Answer):
    id: str
    section: Section
    caption: str
    url: str


class CaseMaterial(Answer):
    id: str
    name: str
    size: int
    url: str


class CaseEventAnswer(Answer):
    at: Time
    step: CaseStep
    actor: str
    text: str


class CaseAnswer(CaseItem):
    """A whole case. `recording`: the lesson whose recording can be watched with it. `steps`: what the caller may do."""

    texts: dict[Section, str]
    pictures: list[CasePicture]
    materials: list[CaseMaterial]
    material_ids: list[str]
    recording_id: str | None
    recording: LessonAnswer | None
    reviews: list[ReviewAnswer]
    events: list[CaseEventAnswer]
    steps: list[CaseStep]
    parts: list[Part]
    criteria: list[CriterionAnswer]
    changed_by: str


class PictureAnswer(Answer):
    """A picture that was put up; it stands nowhere yet."""

    id: str
    url: str


class CandidateAnswer(Answer):
    """An expert of the group. `id` null: nobody of that name has an account. `against`: why not; null: may review."""

    id: str | None
    name: str
    leads: bool
    school_name: str | None
    open_reviews: int
    against: str | None
    text: str
    text_en: str


class SubjectGoalAnswer(Answer):
    """`more`: above the most that the notice asks for."""

    subject: str
    name: str
    name_en: str
    formed: int
    under_way: int
    missing: int
    more: bool


class CaseGoalsAnswer(Answer):
    """`to_report`: a tenth of the paired schools, rounded up. `formed`: selected or published."""

    year: int
    paired_schools: int
    to_report: int
    reported: int
    honoured: int
    county: int
    formed: int
    subject_least: int
    subject_most: int
    subjects: list[SubjectGoalAnswer]
    states: dict[CaseState, int]


class CasebookSave(BaseModel):
    year: int
    version: int
    title: Annotated[str, StringConstraints(max_length=MOST_NAME)]
    editor: Annotated[str, StringConstraints(max_length=MOST_NAME)]
    preface: Annotated[str, StringConstraints(max_length=MOST_PREFACE)]
    case_ids: Annotated[list[Id], Field(max_length=MOST_CHAPTERS)]


class ChapterAnswer(Answer):
    """A case that is, or may be put, into the casebook."""

    id: str
    title: str
    subject: str


class CasebookAnswer(Answer):
    """`version` 0: a first proposal that nobody kept. `others`: published cases that are not in it."""

    year: int
    version: int
    title: str
    editor: str
    preface: str
    chapters: list[ChapterAnswer]
    others: list[ChapterAnswer]
    updated_at: Time | None
