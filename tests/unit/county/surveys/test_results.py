"""What may be shown of a survey: hand-worked cases, and an attacker who adds and subtracts."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.county.surveys.results import LEAST, LineKind, added, answered, hidden, lines, satisfied
from server.county.surveys.sheet import Question, QuestionKind, Sheet
from server.county.surveys.survey import Group

SHEET = Sheet(
    "i",
    "i",
    (
        Question("all", "a", "a", QuestionKind.SCALE, overall=True),
        Question("more", "b", "b", QuestionKind.CHOICE, options=(("是", "yes"), ("否", "no"))),
    ),
)


def _survey(schools: dict[str | None, list[tuple[int, int]]]):
    """By school, groups as (satisfied, not satisfied); lines by what they are about."""
    groups, counts = [], {}
    for school, its in schools.items():
        for number, (good, bad) in enumerate(its):
            group = Group(f"{school}-{number}", "q", school, f"{number} 班", good + bad + 2)
            groups.append(group)
            counts[group.id] = {"all": (good, 0, bad, 0, 0), "more": (bad, good)}
    return groups, counts, lines(SHEET, groups, counts)


def _shown(found) -> dict[str, int | None]:
    """Answers by line; None where they are hidden."""
    names = {LineKind.TOTAL: "total", LineKind.SCHOOL: "school {0.school_id}", LineKind.GROUP: "{0.group_id}"}
    names[LineKind.REST] = "rest of {0.school_id} ({0.parts})"
    return {names[one.kind].format(one): None if one.counts is None else answered(one.counts) for one in found}


def test_a_group_of_four_is_hidden_and_the_smallest_beside_it_too():
    assert hidden({"a": 4, "b": 9, "c": 7, "d": 20}) == {"a", "c"}
    assert hidden({"a": 4, "b": 1, "c": 7}) == {"a", "b"}  # five together tell of nobody
    assert hidden({"a": 2, "b": 1, "c": 7, "d": 7}) == {"a", "b", "c"}
    assert hidden({"a": 5, "b": 6, "c": 0}) == frozenset()
    assert hidden({"a": 4, "b": 0}) == {"a"}  # the whole has four: it is not shown either


def test_lines_add_up_and_what_is_hidden_stands_as_the_rest():
    _, _, found = _survey({"s1": [(8, 2), (6, 1), (2, 1)], "s2": [(3, 1)], "s3": [(10, 2)], None: [(5, 5)]})
    assert _shown(found) == {
        "total": 46,
        "school s1": 20,
        "s1-0": 10,
        "s1-1": None,  # with the three of s1-2: else 20 − 10 − 7 would tell of them
        "s1-2": None,
        "rest of s1 (2)": 10,
        "school s2": None,
        "s2-0": None,
        "school s3": 12,
        "s3-0": 12,
        "school None": None,  # the smallest beside s2
        "None-0": None,
        "rest of None (2)": 14,
    }
    assert satisfied(SHEET, found[0].counts) == 34
    assert [line.issued for line in found if line.kind is LineKind.TOTAL] == [46 + 12]


def test_of_a_survey_with_four_answers_only_the_response_is_told():
    _, _, found = _survey({"s1": [(2, 1)], "s2": [(0, 1)], "s3": [(0, 0)]})
    assert {line.counts for line in found if line.kind is LineKind.TOTAL} == {None}
    assert all(line.counts is None for line in found)
    assert [line.answered for line in found if line.kind is LineKind.SCHOOL] == [3, 1, 0]


def test_a_whole_school_as_one_group_has_one_line():
    groups = [Group("g", "q", "s1", "", 10)]
    found = lines(SHEET, groups, {"g": {"all": (6, 0, 0, 0, 0), "more": (6, 0)}})
    assert [line.kind for line in found] == [LineKind.TOTAL, LineKind.SCHOOL]


SIZES = st.dictionaries(
    st.sampled_from(["s1", "s2", "s3", "s4", None]),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=5),
    min_size=1,
)


@given(SIZES)
def test_no_sum_or_difference_of_what_is_shown_tells_of_fewer_than_five(schools):
    """Gauss: whatever combination of shown lines is 0 or 1 on every group has 0 or LEAST answers or more.

    Lines are sums of groups, nested or apart, so the smallest such combinations are the lines that contain no other
    and each line minus all that it contains: these are looked at.
    """
    groups, counts, found = _survey(schools)
    sizes = {group.id: answered(counts[group.id]) for group in groups}
    sets = [_groups_of(line, groups) for line in found if line.counts is not None and line.kind is not LineKind.REST]
    for mine in sets:
        inside: frozenset[str] = frozenset().union(*(other for other in sets if other < mine))
        left = sum(sizes[group] for group in mine - inside)
        assert left == 0 or left >= LEAST, (sizes, sorted(mine - inside))


@given(SIZES)
def test_every_shown_whole_is_the_sum_of_its_shown_parts(schools):
    _, _, found = _survey(schools)
    total = found[0]
    if total.counts is None:
        return
    parts = [one for one in found[1:] if one.kind is LineKind.SCHOOL or one.of_total]
    assert added(SHEET, (one.counts for one in parts if one.counts is not None)) == total.counts
    for school in (one for one in found if one.kind is LineKind.SCHOOL and one.counts is not None):
        its = [
            one
            for one in found
            if one.school_id == school.school_id
            and one.counts is not None
            and (one.kind is LineKind.GROUP or (one.kind is LineKind.REST and not one.of_total))
        ]
        assert added(SHEET, (one.counts for one in its)) == school.counts


def _groups_of(line, groups) -> frozenset[str]:
    if line.kind is LineKind.GROUP:
        return frozenset({line.group_id})
    return frozenset(g.id for g in groups if line.kind is LineKind.TOTAL or g.school_id == line.school_id)


@pytest.mark.parametrize("sizes", [(9, 7, 3), (5, 5, 1), (20, 4, 4)])
def test_the_hidden_ones_are_as_few_as_can_be(sizes):
    found = hidden({str(index): n for index, n in enumerate(sizes)})
    assert all(a >= b for a, b in pairwise(sizes))
    assert len(found) == 2
    assert sum(sizes[int(part)] for part in found) >= LEAST
    assert Fraction(sum(sizes), 1) > sum(sizes[int(part)] for part in found)
