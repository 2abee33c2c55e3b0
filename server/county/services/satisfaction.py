"""The year's satisfaction, from the surveys that are closed: what the evaluation counts, and the rows behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..surveys.results import LineKind, answered, lines, satisfied
from ..surveys.sheet import Audience
from ..surveys.survey import SurveyState, state_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ..ports import UnitOfWork
    from ..surveys.survey import Survey

FACTS: Mapping[str, Audience] = {f"satisfaction_{audience}": audience for audience in Audience}
"""The facts of the evaluation that surveys give."""
DIGITS = 4  # of a percentage: with fewer than 10,000 answers no two rates look the same


@dataclass(frozen=True, slots=True)
class SatisfactionRow:
    """A school's answers in one survey; `school_id` None: of no school, or (`parts` > 0) so many together that are not
    shown one by one.
    """

    survey: Survey
    school_id: str | None
    parts: int
    satisfied: int
    answered: int


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """An audience's year. The rows add up to `satisfied` of `answered`."""

    rows: tuple[SatisfactionRow, ...]
    left_out: tuple[Survey, ...]  # closed, with too few answers to be shown, so not counted either

    @property
    def satisfied(self) -> int:
        return sum(row.satisfied for row in self.rows)

    @property
    def answered(self) -> int:
        return sum(row.answered for row in self.rows)

    @property
    def percent(self) -> float | None:
        """None: nobody answered."""
        return round(100 * self.satisfied / self.answered, DIGITS) if self.answered else None


async def satisfaction_of(work: UnitOfWork, year: int, today: date) -> dict[Audience, Satisfaction]:
    """By audience. A survey counts with all of its answers once it is closed, unless it is withdrawn or has so few
    answers that they are not shown: the year's figure minus the other surveys would tell them.
    """
    closed = [one for one in await work.surveys.all(year) if state_of(one, today) is SurveyState.CLOSED]
    ids = [survey.id for survey in closed]
    groups, counts = await work.surveys.groups(ids), await work.surveys.counts(ids)
    rows: dict[Audience, list[SatisfactionRow]] = {audience: [] for audience in Audience}
    left_out: dict[Audience, list[Survey]] = {audience: [] for audience in Audience}
    for survey in closed:
        its = lines(survey.sheet, [group for group in groups if group.survey_id == survey.id], counts)
        if its[0].counts is None:
            left_out[survey.audience].append(survey)
            continue
        for line in its:
            whole = line.kind is LineKind.SCHOOL or (line.kind is LineKind.REST and line.of_total)
            if whole and line.counts is not None and answered(line.counts):
                n = satisfied(survey.sheet, line.counts)
                rows[survey.audience].append(SatisfactionRow(survey, line.school_id, line.parts, n, line.answered))
    return {one: Satisfaction(tuple(rows[one]), tuple(left_out[one])) for one in Audience}
