"""What is sent about lesson observation."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from server.county.observation import (
    MOST_REMARK,
    MOST_REMARKS,
    MOST_TEXT,
    RemarkKind,
    SheetState,
    Step,
)
from server.county.rubric import MOST_FULL, MOST_ITEMS, MOST_PARTS, TOTAL, End

from .schemas import Answer, Id, LessonAnswer, Reason, Time

Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Text = Annotated[str, StringConstraints(max_length=MOST_TEXT)]


# --- the form -------------------------------------------------------------------------------------------------------


class ItemBody(BaseModel):
    id: Slug
    name: Word
    name_en: Word
    full: Annotated[int, Field(ge=1, le=MOST_FULL)]
    end: End


class PartBody(BaseModel):
    id: Slug
    name: Word
    name_en: Word
    weight: Annotated[int, Field(ge=1, le=TOTAL)]
    items: Annotated[list[ItemBody], Field(min_length=1, max_length=MOST_ITEMS)]


class BandBody(BaseModel):
    at: Annotated[int, Field(ge=0, lt=TOTAL)]
    name: Word
    name_en: Word


class RubricBody(BaseModel):
    """A form: the weights of its parts add up to 100, its bands fall to 0."""

    name: Word
    name_en: Word
    parts: Annotated[list[PartBody], Field(min_length=1, max_length=MOST_PARTS)]
    bands: Annotated[list[BandBody], Field(min_length=1, max_length=10)]


class RubricCreate(BaseModel):
    """`based_on`: the newest version the editor saw."""

    based_on: int
    rubric: RubricBody
    note: Annotated[str, StringConstraints(max_length=500)] = ""


class RubricAnswer(Answer):
    """One version. Version 1 of a new installation is that of its configuration and has no author."""

    version: int
    rubric: RubricBody
    created_at: Time | None
    author: str
    note: str


# --- a sheet --------------------------------------------------------------------------------------------------------


class RemarkBody(BaseModel):
    """A remark on an instant of the lesson; `key` is the page's own name for it."""

    key: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    moment: AwareDatetime
    kind: RemarkKind
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=MOST_REMARK)]


class SheetOpen(BaseModel):
    lesson_id: Id


class SheetSave(BaseModel):
    """The whole draft as it stands. `marks`: by item id, null for what could not be judged."""

    version: int
    marks: Annotated[dict[str, float | None], Field(max_length=MOST_PARTS * MOST_ITEMS)]
    remarks: Annotated[list[RemarkBody], Field(max_length=MOST_REMARKS)]
    highlights: Text
    suggestions: Text


class SheetSign(BaseModel):
    """`name`: the observer's own name, written as the signature."""

    version: int
    name: Word


class SheetWithdraw(BaseModel):
    reason: Reason


class SheetReply(BaseModel):
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class RemarkAnswer(Answer):
    """`second`: of the recording, null as long as there is none."""

    key: str
    moment: Time
    second: float | None
    kind: RemarkKind
    text: str


class SheetEventAnswer(Answer):
    at: Time
    step: Step
    actor: str
    text: str


class BandAnswer(Answer):
    at: int
    name: str
    name_en: str


class SheetItem(Answer):
    """A sheet in a list. `points`: by part id. `total`: of a draft only once every item is filled in."""

    id: str
    state: SheetState
    rubric_version: int
    lesson: LessonAnswer
    observer_id: str
    observer: str
    mine: bool
    total: float | None
    band: BandAnswer | None
    created_at: Time
    updated_at: Time
    signed_at: Time | None
    read_at: Time | None
    answers: int
    version: int


class SheetAnswer(SheetItem):
    """A whole sheet with its form."""

    rubric: RubricBody
    marks: dict[str, float | None]
    points: dict[str, float | None]
    open_items: list[str]
    judged_share: float
    remarks: list[RemarkAnswer]
    highlights: str
    suggestions: str
    signed_name: str
    may_answer: bool
    events: list[SheetEventAnswer]


class BandCount(Answer):
    at: int
    sheets: int


class AverageAnswer(Answer):
    """One group. `name` is that of the teacher or the subject; a pairing's is made of its schools' names."""

    key: str
    name: str
    sheets: int
    lessons: int
    mean: float
    lowest: float
    highest: float
    bands: list[BandCount]
