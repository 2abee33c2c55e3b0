"""Counts of a survey → what may be shown of them. Pure.

Nobody's answer may be told from what is shown, neither of a group of fewer than LEAST answers nor by subtraction: of
the schools of a survey, and of the groups of a school, those that stay hidden have LEAST answers or more together, so
that a total minus all that is shown beside it never tells of fewer. Where only small ones would be hidden, the
smallest of the others is hidden with them. What is hidden is shown as one row, the rest, so that rows add up.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from .sheet import SATISFIED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .sheet import Sheet
    from .survey import Group

LEAST = 5

Counts = dict[str, tuple[int, ...]]
"""By question, how often each choice was taken. All questions of one group have the same sum."""


class LineKind(StrEnum):
    """What a line of the results is about."""

    TOTAL = "total"
    SCHOOL = "school"
    GROUP = "group"
    REST = "rest"  # what is hidden of its parent's parts, taken together


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `counts` None: not shown. `school_id` None: of no school, or the total.

    Of a rest: `parts`, how many are taken together; `of_total`, whether they are schools (else groups of `school_id`).
    """

    kind: LineKind
    school_id: str | None
    group_id: str | None
    name: str
    issued: int
    answered: int
    counts: Counts | None
    parts: int = 0
    of_total: bool = False


def hidden(answers: Mapping[str, int]) -> frozenset[str]:
    """Which parts of a whole that is shown stay hidden. `answers`: how many each part has.

    A part without answers tells of nobody. Of equals, the one that comes first by name is hidden with the small ones.
    """
    found = {part for part, n in answers.items() if 0 < n < LEAST}
    others = sorted((n, part) for part, n in answers.items() if n >= LEAST)
    while 0 < sum(answers[part] for part in found) < LEAST and others:
        found.add(others.pop(0)[1])
    return frozenset(found)


def answered(counts: Counts) -> int:
    """How many answered: the same for every question."""
    return sum(next(iter(counts.values()), ()))


def added(sheet: Sheet, counts: Iterable[Counts]) -> Counts:
    """The sums, question by question."""
    found = {question.id: [0] * len(question.choices) for question in sheet.questions}
    for one in counts:
        for question, choices in one.items():
            for index, n in enumerate(choices):
                found[question][index] += n
    return {question: tuple(choices) for question, choices in found.items()}


def satisfied(sheet: Sheet, counts: Counts) -> int:
    """How many are satisfied or very satisfied on the whole."""
    return sum(counts[sheet.overall.id][:SATISFIED])


def lines(sheet: Sheet, groups: Iterable[Group], counts: Mapping[str, Counts]) -> list[Line]:
    """The total, then each school followed by its groups, in the order of `groups`; the rests behind what they rest
    from. A school whose only group bears all of it has no line for the group. `counts`: by group.
    """
    by_school: dict[str | None, list[Group]] = defaultdict(list)
    for group in groups:
        by_school[group.school_id].append(group)
    sums = {school: added(sheet, (counts[group.id] for group in its)) for school, its in by_school.items()}
    whole = added(sheet, sums.values())
    total = answered(whole)
    shown = total == 0 or total >= LEAST
    every = [group for its in by_school.values() for group in its]
    found = [Line(LineKind.TOTAL, None, None, "", _issued(every), total, whole if shown else None)]
    closed = hidden({school or "": answered(sums[school]) for school in by_school}) if shown else None
    for school, its in by_school.items():
        open_ = closed is not None and (school or "") not in closed
        n = answered(sums[school])
        found.append(Line(LineKind.SCHOOL, school, None, "", _issued(its), n, sums[school] if open_ else None))
        found += _groups(sheet, its, counts, open_=open_)
    if closed:
        its = [group for school in by_school if (school or "") in closed for group in by_school[school]]
        found.append(_rest(None, sheet, its, counts, len(closed), of_total=True))
    return found


def _groups(sheet: Sheet, groups: list[Group], counts: Mapping[str, Counts], *, open_: bool) -> list[Line]:
    if len(groups) == 1 and groups[0].school_id is not None and not groups[0].name:
        return []
    closed = hidden({group.id: answered(counts[group.id]) for group in groups}) if open_ else None
    found = []
    for group in groups:
        seen = closed is not None and group.id not in closed
        its = counts[group.id]
        found.append(
            Line(
                LineKind.GROUP,
                group.school_id,
                group.id,
                group.name,
                group.issued,
                answered(its),
                its if seen else None,
            )
        )
    if closed:
        its_ = [group for group in groups if group.id in closed]
        found.append(_rest(groups[0].school_id, sheet, its_, counts, len(closed)))
    return found


def _rest(
    school_id: str | None,
    sheet: Sheet,
    groups: list[Group],
    counts: Mapping[str, Counts],
    parts: int,
    *,
    of_total: bool = False,
) -> Line:
    sums = added(sheet, (counts[group.id] for group in groups))
    return Line(LineKind.REST, school_id, None, "", _issued(groups), answered(sums), sums, parts, of_total)


def _issued(groups: Iterable[Group]) -> int:
    return sum(group.issued for group in groups)
