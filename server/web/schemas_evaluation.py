"""The year's evaluation, frozen ones, and the audit, as answers and requests."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field, JsonValue, StringConstraints

from .schemas import Answer, Reason, Time

FactName = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Subject = Annotated[str, StringConstraints(max_length=64)]


class EnteredAnswer(Answer):
    """What somebody wrote down, with where it is from. `subject`: the row's id, empty for the whole county."""

    name: str
    subject: str
    value: JsonValue
    source: str
    actor_name: str
    at: Time


class FactAnswer(Answer):
    """One quantity. `origin`: `counted` by the system, `entered` by a person, or `missing`.

    `rows`: the list it is counted from (empty: none), `column` the column of it, `enter` whether a person enters it
    (the fact itself, or that column row by row). `surveyed`: counted from
    surveys' answers. `kind`: count, percent, flag, forms, counts; or of the column: date, flag, forms, count.
    """

    name: str
    label: str
    label_en: str
    kind: str
    value: JsonValue
    origin: str
    rows: str
    column: str
    column_kind: str
    enter: bool
    surveyed: bool
    options: list[str]
    entries: list[EnteredAnswer]


class ItemAnswer(Answer):
    """`full` null: a bonus. `was`: the score as it really stands, where something else is asked."""

    id: str
    title: str
    title_en: str
    full: float | None
    score: float
    was: float
    deducted: float
    note: str
    note_en: str
    known: bool
    facts: list[FactAnswer]


class SectionAnswer(Answer):
    id: str
    title: str
    title_en: str
    cap: float
    score: float
    note: str
    note_en: str
    items: list[ItemAnswer]


class PaperAnswer(Answer):
    id: str
    title: str
    title_en: str
    full: float
    total: float
    was: float
    sections: list[SectionAnswer]


class LeverAnswer(Answer):
    """A fact at its best gains `gain` points in all; one step (to `step`) gains `step_gain`."""

    paper_id: str
    item_id: str
    title: str
    title_en: str
    fact: str
    label: str
    label_en: str
    now: JsonValue
    best: JsonValue
    gain: float
    step: JsonValue
    step_gain: float


class EvaluationAnswer(Answer):
    """How the year stands. `rules_year`: the year the rules were published for."""

    year: int
    at: Time
    rules_id: str
    rules_title: str
    rules_title_en: str
    rules_source: str
    rules_year: int
    total: float
    was: float
    papers: list[PaperAnswer]
    levers: list[LeverAnswer]


class FactRow(Answer):
    """A row that a fact is counted from. `adds`: what it adds to the fact; `value`: its column."""

    id: str
    name: str
    value: JsonValue
    adds: int
    entered: EnteredAnswer | None


class FactRowsAnswer(Answer):
    """All rows of the fact's list, those that count first; what they add sums to `total`, the fact's value."""

    fact: str
    rows: str
    column: str
    total: int
    items: list[FactRow]


class SurveyedRow(Answer):
    """A school's answers in one survey; `parts` above 0: of so many schools together, too few to be shown apart."""

    survey_id: str
    title: str
    title_en: str
    school_id: str | None
    school_name: str | None
    parts: int
    satisfied: int
    answered: int


class SurveyRef(Answer):
    id: str
    title: str
    title_en: str


class SurveyedAnswer(Answer):
    """The surveys' answers behind a satisfaction rate: rows that add up to `satisfied` of `answered`.

    `left_out`: closed surveys with so few answers that they are neither shown nor counted.
    """

    fact: str
    satisfied: int
    answered: int
    items: list[SurveyedRow]
    left_out: list[SurveyRef]


class WhatIfRequest(BaseModel):
    """Facts by name with other values."""

    year: int | None = Field(None, ge=2000, le=2100)
    changes: dict[str, JsonValue] = Field(max_length=100)


class EnterRequest(BaseModel):
    """A fact, or a column of a list (`schools.equipment_met_on`) with the row's id as `subject`."""

    year: int | None = Field(None, ge=2000, le=2100)
    name: FactName
    subject: Subject = ""
    value: JsonValue
    source: Reason


class FreezeRequest(BaseModel):
    year: int | None = Field(None, ge=2000, le=2100)
    note: Reason


class FrozenAnswer(Answer):
    """A frozen evaluation. `genuine`: content and signature are what was frozen here."""

    id: str
    year: int
    level: str
    at: Time
    actor_name: str
    note: str
    rules_id: str
    total: float
    totals: dict[str, float]
    digest: str
    signature: str
    genuine: bool


class DifferenceAnswer(Answer):
    about: str
    id: str
    code: str
    text: str
    text_en: str


class FrozenDetail(FrozenAnswer):
    """With its texts: `tongke evaluate` computes the same from `rules` and `facts`. `differences`: computed again."""

    rules: str
    facts: str
    result: dict[str, Any]
    differences: list[DifferenceAnswer]


class AuditAnswer(Answer):
    """A run. `ended_at` null: under way. `found` may be more than the differences that are kept."""

    id: str
    by: str
    begun_at: Time
    ended_at: Time | None
    lessons: int
    entries: int
    evaluations: int
    found: int
    failed: str
    differences: list[DifferenceAnswer]
