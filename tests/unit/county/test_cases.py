"""The life of an exemplary case as a table, the review form of the configuration, and a year against its goals."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.county.case_policy import check_marks, parse_case_policy, total_of
from server.county.case_reviewers import candidates
from server.county.case_reviews import CaseCount, Review, ReviewState, draw_goals, verdict
from server.county.cases import (
    DECISIONS,
    FORMED,
    STEPS,
    WHO,
    Case,
    CaseState,
    CaseStep,
    Part,
    step_from,
    steps_open,
)
from server.county.config import ConfigError
from server.county.errors import Conflict
from server.county.model import Subject
from tests.fakes.county import CONFIG

TEXT = (CONFIG / "cases.toml").read_text()
POLICY = parse_case_policy(TEXT)
CASE = Case("c1", "l1", "chinese", "primary", ("u1",), CaseState.DRAFT, 0.0, 0.0, "u1")


def test_every_step_has_somebody_who_takes_it():
    assert WHO.keys() == set(CaseStep)
    assert {step for _, step in STEPS} == set(CaseStep) - {CaseStep.BEGUN}


def test_every_state_is_reached_and_none_is_a_dead_end():
    assert set(STEPS.values()) | {CaseState.DRAFT} == set(CaseState)
    assert {state for state, _ in STEPS} == set(CaseState)


@pytest.mark.parametrize(("state", "step"), list(product(CaseState, CaseStep)))
def test_a_step_that_the_table_does_not_have_is_refused_with_both_in_the_text(state, step):
    case = replace(CASE, state=state, reported_at=1.0 if step is CaseStep.HONOURED else None)
    allowed = (state, step) in STEPS and step not in (CaseStep.UNREPORTED, CaseStep.UNHONOURED)
    if allowed:
        assert step_from(case, step) is STEPS[state, step]
    else:
        with pytest.raises(Conflict, match=f"（{step}）"):
            step_from(case, step)


@given(
    st.sampled_from(CaseState),
    st.sets(st.sampled_from(Part)),
    st.sampled_from([(None, None), (1.0, None), (1.0, 2.0)]),
)
def test_what_is_offered_is_what_may_be_done(state, parts, told):
    case = replace(CASE, state=state, reported_at=told[0], honoured_at=told[1])
    offered = steps_open(case, parts)
    for step in DECISIONS:
        try:
            step_from(case, step)
            possible = WHO[step] in parts
        except Conflict:
            possible = False
        assert (step in offered) == possible


def test_marks_are_whole_or_half_points_and_add_up_once_all_are_there():
    marks = check_marks(POLICY.criteria, {"idea": 12.5, "design": 30})
    assert total_of(POLICY.criteria, marks) is None
    full = {one.id: float(one.full) for one in POLICY.criteria}
    assert total_of(POLICY.criteria, check_marks(POLICY.criteria, full)) == 100


def review(share: float, state: ReviewState = ReviewState.DONE) -> Review:
    marks = {one.id: one.full * share for one in POLICY.criteria}
    return Review("v", "c1", 1, "u", state, 0.0, 0.0, marks)


def test_the_verdict_is_of_what_was_sent():
    assert verdict([review(0.9, ReviewState.OPEN)], POLICY).mean is None
    one = verdict([review(0.9), review(0.1, ReviewState.DECLINED)], POLICY)
    assert (one.sent, one.mean, one.difference, one.apart) == (1, 90.0, None, False)
    two = verdict([review(0.9), review(0.7)], POLICY)
    assert (two.sent, two.mean, two.apart) == (2, 80.0, True)
    assert not verdict([review(0.9), review(0.8)], POLICY).apart


def test_a_subject_without_an_expert_group_has_no_candidates():
    assert candidates(None, [], None, {}) == []  # type: ignore[arg-type]


# --- goals ----------------------------------------------------------------------------------------------------------

SUBJECTS = (Subject("chinese", "语文", "Chinese"), Subject("art", "美术", "Art"), Subject("old", "旧", "Old", True))


@pytest.mark.parametrize(("schools", "due"), [(0, 0), (1, 1), (10, 1), (11, 2), (20, 2), (21, 3), (1606, 161)])
def test_a_tenth_of_the_paired_schools_is_rounded_up(schools, due):
    assert draw_goals(2025, [], SUBJECTS, schools, POLICY).to_report == due


def test_subjects_are_held_against_one_to_two():
    counts = [
        CaseCount("chinese", CaseState.SELECTED, True, True, 1),
        CaseCount("chinese", CaseState.PUBLISHED, True, False, 2),
        CaseCount("art", CaseState.NOT_SELECTED, False, False, 3),
        CaseCount("art", CaseState.DRAFT, False, False, 1),
    ]
    goals = draw_goals(2025, counts, SUBJECTS, 20, POLICY)
    assert [(row.subject.id, row.formed, row.under_way, row.missing, row.more) for row in goals.subjects] == [
        ("chinese", 3, 0, 0, True),
        ("art", 0, 1, 1, False),
    ]
    assert (goals.formed, goals.reported, goals.honoured) == (3, 3, 1)
    assert goals.states[CaseState.NOT_SELECTED] == 3


@given(
    st.lists(
        st.builds(
            CaseCount,
            st.sampled_from([one.id for one in SUBJECTS]),
            st.sampled_from(CaseState),
            st.booleans(),
            st.booleans(),
            st.integers(1, 9),
        )
    )
)
def test_the_subjects_add_up_to_the_county(counts):
    goals = draw_goals(2025, counts, SUBJECTS, 20, POLICY)
    assert sum(row.formed for row in goals.subjects) == goals.formed
    assert goals.formed == sum(goals.states[state] for state in FORMED)


# --- the file -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("full = 15", "full = 16", "must add up to 100"),
        ("share_of_schools = 0.10", "share_of_schools = 10", "share between 0 and 1"),
        ("county = 10 ", "county = 0 ", "1 or more"),
        ("subject_most = 2", "subject_most = 0", "1 or more"),
        ("subject_least = 1", "subject_least = 3", "must not be below"),
        ('id = "idea"', 'id = "design"', "same id"),
        ("apart = 20", "aparts = 20", "is missing"),
        ("[review]", "[reviews]", "is not known here"),
    ],
)
def test_what_is_wrong_in_the_file_is_named(before, after, said):
    assert before in TEXT
    with pytest.raises(ConfigError, match=said):
        parse_case_policy(TEXT.replace(before, after))
