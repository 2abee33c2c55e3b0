"""The second computation against the first, over whatever media flowed and whatever a report says."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from server.county.audit.ledger import _earned, conditions, count_again
from server.county.audit.papers import score_again
from server.county.audit.tape import Tape
from server.county.crediting import judge
from server.county.evaluation.report import as_json
from server.county.evidence import gather
from server.county.model import FlowRow, Form, Lesson, LessonState
from server.county.ports import RecordingRecord
from tests.fakes.county import county_config
from tests.unit.county.evaluation.kit import TEXT, city_facts, county_facts, county_rows, judged

POLICIES = county_config().policies
MINUTE = 29_000_000

flows = st.lists(
    st.builds(
        FlowRow,
        lesson_id=st.just("l1"),
        participant_id=st.sampled_from(["teacher", "classroom-s02", "classroom-s04", "observer-1"]),
        source=st.sampled_from(["teacher", "screen", "classroom-s02", "classroom-s04"]),
        direction=st.sampled_from(["in", "out"]),
        kind=st.sampled_from(["audio", "video"]),
        minute=st.integers(MINUTE - 1, MINUTE + 3),
        mask=st.one_of(st.just((1 << 60) - 1), st.integers(0, (1 << 60) - 1)),
    ),
    max_size=40,
)
share = st.one_of(st.none(), st.sampled_from([0, 0.2, 0.6]), st.floats(0, 1))
reports = st.one_of(
    st.none(),
    st.fixed_dictionaries(
        {
            "opens": st.sampled_from([True, True, False, None]),
            "duration": st.one_of(st.none(), st.floats(0, 5000)),
            "gap_seconds": st.one_of(st.none(), st.sampled_from([0.0, 30.0, 30.1, 5.0]), st.floats(0, 100)),
            "teacher": st.fixed_dictionaries({"black_or_frozen_share": share, "silent_share": share}),
        }
    ),
)
times = st.tuples(st.floats(-30, 90), st.floats(100, 260))


def _lesson(since: float, until: float, planned: int) -> Lesson:
    at = MINUTE * 60
    return Lesson(
        "l1", Form.SYNCHRONOUS, "p01", "s01", ("s02", "s04"), "chinese", "课", None, at, planned, "default",
        LessonState.VERIFIED, at, at + since, at + until,
    )  # fmt: skip


@given(flows, reports, times, st.integers(1, 4), st.sampled_from(sorted(POLICIES)))
@settings(max_examples=400, deadline=None)
def test_both_computations_count_the_same_seconds_and_credit_the_same_schools(
    flow: list[FlowRow], report: dict[str, Any] | None, span: tuple[float, float], planned: int, name: str
) -> None:
    lesson, policy = _lesson(*span, planned), POLICIES[name]
    evidence = gather(lesson, flow, report, lesson.ended_at or 0.0)
    again = count_again(lesson, flow)
    assert (again.teacher, again.live_seconds, again.planned) == (
        evidence.teacher_seconds,
        evidence.live_seconds,
        evidence.planned_seconds,
    )
    assert again.rooms == {room.school_id: (room.received_seconds, room.sent_seconds) for room in evidence.classrooms}
    review, failing = conditions(again, RecordingRecord("l1", report=report), asdict(policy))
    earned = set() if review else _earned(lesson, failing)
    assert earned == set(judge(lesson, evidence, report, policy, {}).credited)


@given(flows, times)
@settings(max_examples=200, deadline=None)
def test_a_tape_counts_each_second_once(flow: list[FlowRow], span: tuple[float, float]) -> None:
    since, until = (MINUTE * 60 + moment for moment in span)
    expected = {
        row.minute * 60 + second
        for row in flow
        for second in range(60)
        if row.mask >> second & 1 and row.minute * 60 + second + 1 > since and row.minute * 60 + second < until
    }
    tape = Tape(flow, lambda row: True)
    assert tape.seconds(since, until) == len(expected)
    assert tape.span(since, until) == ((min(expected), max(expected) + 1) if expected else None)


@given(
    st.one_of(
        county_facts.map(lambda facts: (facts, "county")),
        county_rows.map(lambda facts: (facts, "county")),
        city_facts.map(lambda facts: (facts, "city")),
        st.tuples(
            st.builds(
                lambda own, counties: own | {"counties": counties},
                city_facts,
                st.lists(county_rows, min_size=1, max_size=2),
            ),
            st.just("city"),
        ),
    ),
    st.sampled_from([None, "satisfaction_pupils", "cases_submitted", "experimental_region"]),
)
@settings(max_examples=300, deadline=None)
def test_the_second_scoring_of_the_papers_equals_the_first(drawn: tuple[dict[str, Any], str], unknown: str) -> None:
    facts, level = drawn
    if unknown is not None:
        facts = facts | {unknown: None}
    again = score_again(TEXT, json.dumps(facts), level)
    for paper, body in as_json(judged(facts, level)).items():
        assert abs(float(again[paper]["total"]) - body["total"]) < 1e-9
        for section in body["sections"]:
            assert abs(float(again[paper][f"section {section['id']}"]) - section["score"]) < 1e-9
            for item in section["items"]:
                assert abs(float(again[paper][item["id"]]) - item["score"]) < 1e-9, item["id"]
