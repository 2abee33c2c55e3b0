"""What is asked and answered about monthly reports."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from server.county.progress import Standing  # noqa: TC001 - pydantic reads the annotations
from server.county.reports.model import Scope  # noqa: TC001 - as above
from server.county.services.reports import MOST_NOTE

from .schemas import Answer, Time

Pair = Annotated[list[str], Field(min_length=2, max_length=2)]
"""Chinese and English."""
Month = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_NOTE)]


class ReportOpens(Answer):
    """The query of `GET /api/board/rows` that lists what a figure counts."""

    since: Time
    until: Time
    school_id: str | None
    pairing_id: str | None
    subject_id: str | None
    standings: list[Standing]


class ReportFigure(Answer):
    """A text that differs by language is a pair: Chinese, English."""

    value: int | float | str | Pair | None
    opens: ReportOpens | None


class ReportFact(Answer):
    title: Pair
    figure: ReportFigure


class ReportColumn(Answer):
    title: Pair
    width: int
    number: bool


class ReportTable(Answer):
    """`empty`: what to say when there is no row."""

    id: str
    title: Pair
    columns: list[ReportColumn]
    rows: list[list[ReportFigure]]
    empty: Pair


class ReportAnswer(Answer):
    """`until`: what happened up to then is in it; `about`: the pairing or subject, empty for the county."""

    scope: Scope
    scope_id: str
    month: str
    title: Pair
    about: Pair
    made_at: Time
    until: Time
    facts: list[ReportFact]
    tables: list[ReportTable]


class ReportSend(BaseModel):
    """`note`: to whom; `correction`: what is put right, needed when it was sent before; `lang`: of the files."""

    scope: Scope
    scope_id: Annotated[str, StringConstraints(max_length=64)] = ""
    month: Month
    note: Note
    correction: Annotated[str, StringConstraints(strip_whitespace=True, max_length=MOST_NOTE)] = ""
    lang: Annotated[str, StringConstraints(pattern="^(zh|en)$")] = "zh"


class SentAnswer(Answer):
    """A report that was sent; `digest`: SHA-256 over its figures and both files."""

    id: str
    scope: Scope
    scope_id: str
    month: str
    version: int
    at: Time
    actor_name: str
    lang: str
    about: str
    note: str
    correction: str
    digest: str


class SentDetail(SentAnswer):
    """With its figures as they were sent. `whole`: nothing was changed since."""

    whole: bool
    report: ReportAnswer
