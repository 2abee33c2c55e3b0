"""Satisfaction surveys: sheets, surveys, codes, results; and what somebody with a code sends and gets."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - pydantic reads the annotations
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints, WithJsonSchema

from server.county.surveys.sheet import Audience, QuestionKind  # noqa: TC001 - as above
from server.county.surveys.survey import SurveyState  # noqa: TC001 - as above

from .schemas import Answer, Id, Name, Time
from .schemas_roster import Origin  # noqa: TC001 - as above

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
Day = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]
Code = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]


class OptionBody(BaseModel):
    text: Words
    text_en: Words


class QuestionBody(BaseModel):
    """`options`: of a choice; a scale has five fixed steps. `overall`: the satisfaction rate is taken from it."""

    id: Id
    text: Words
    text_en: Words
    kind: QuestionKind
    overall: bool
    options: Annotated[list[OptionBody], Field(max_length=20)]


class SheetBody(BaseModel):
    intro: Words
    intro_en: Words
    questions: Annotated[list[QuestionBody], Field(min_length=1, max_length=50)]


class SurveySheetAnswer(Answer):
    """One version of an audience's questions. `author` empty: the configuration's."""

    audience: Audience
    number: int
    sheet: SheetBody
    created_at: Time | None
    author: str
    note: str


class SurveySheetEdit(BaseModel):
    """A new version. `based_on`: the number of the version that was edited."""

    audience: Audience
    based_on: int
    sheet: SheetBody
    note: Words = ""


class SurveyCreate(BaseModel):
    """`year`: in whose evaluation it counts (default: this one). `closes_on`: its last day."""

    audience: Audience
    year: int | None = Field(None, ge=2000, le=2100)
    title: Name
    title_en: Words = ""
    closes_on: date


class SurveyUpdate(BaseModel):
    version: int
    title: Name
    title_en: Words = ""
    closes_on: date


class SurveyAnswer(Answer):
    """`issued`, `answered`: codes given out and used."""

    id: str
    audience: Audience
    year: int
    title: str
    title_en: str
    sheet_number: int
    state: SurveyState
    closes_on: Day
    created_at: Time
    created_by: str
    issued: int
    answered: int
    version: int


class SurveyGroupAnswer(Answer):
    id: str
    school_id: str | None
    school_name: str | None
    name: str
    issued: int
    answered: int


class ResultLine(Answer):
    """`kind`: total, school, group, or rest (`parts` that are not shown one by one, taken together).

    `satisfied` and `counts` (by question, how often each choice was taken) are null where they would tell of fewer
    than five people.
    """

    kind: str
    school_id: str | None
    school_name: str | None
    group_id: str | None
    name: str
    parts: int
    of_total: bool
    issued: int
    answered: int
    satisfied: int | None
    counts: dict[str, list[int]] | None


class SurveyDetail(SurveyAnswer):
    """`results` null until it is closed."""

    sheet: SheetBody
    groups: list[SurveyGroupAnswer]
    results: list[ResultLine] | None


class GroupCreate(BaseModel):
    """`name` may be empty where a school is one group; `school_id` null: of no school, such as a town."""

    school_id: Id | None = None
    name: Words = ""
    codes: Annotated[int, Field(ge=1, le=500)]


class GroupsCreate(BaseModel):
    """`origin`: the address of the pages, as phones reach them."""

    origin: Origin
    groups: Annotated[list[GroupCreate], Field(min_length=1, max_length=200)]


class Reissue(BaseModel):
    """`more`: codes besides those that replace the unused ones."""

    origin: Origin
    more: Annotated[int, Field(ge=0, le=500)] = 0


class SurveyCode(Answer):
    """`svg`: the QR code of the address. The code stands behind the #, so that it is in no log."""

    address: str
    svg: str


class CodeGroup(Answer):
    group: SurveyGroupAnswer
    codes: list[SurveyCode]


class CodeSheet(Answer):
    """Codes to print, told once."""

    survey: SurveyAnswer
    groups: list[CodeGroup]


class AskRequest(BaseModel):
    code: Code


class Asked(Answer):
    """What somebody with a code is asked."""

    audience: Audience
    title: str
    title_en: str
    closes_on: Day
    sheet: SheetBody


class AnswerRequest(BaseModel):
    """`answers`: by question, the number of the choice, from 0."""

    code: Code
    answers: Annotated[dict[Id, int], Field(max_length=50)]
