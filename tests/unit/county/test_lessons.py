"""The life of a lesson: the table against DOMAIN, and what `move` makes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.county.errors import Conflict
from server.county.ids import ALPHABET, new_id
from server.county.lessons import JUDGED, OVER, STATE_NAMES, TRANSITIONS, began_at, is_missed, move
from server.county.model import Actor, Form, Lesson, LessonState, Role
from tests.fakes.county import county_config

S = LessonState
ADMIN = Actor("u-admin", Role.ADMIN, "管理员")
LESSON = Lesson(
    "l1", Form.SYNCHRONOUS, "p01", "s01", ("s02",), "art", "x", None, 1000.0, 40, "default", S.SCHEDULED, 0.0
)

LEGAL = {
    (S.SCHEDULED, S.LIVE), (S.SCHEDULED, S.CANCELLED), (S.SCHEDULED, S.MISSED), (S.MISSED, S.LIVE),
    (S.MISSED, S.SCHEDULED),
    (S.LIVE, S.ENDED), (S.ENDED, S.RECORDED), (S.ENDED, S.NEEDS_REVIEW), (S.ENDED, S.REJECTED),
    (S.RECORDED, S.VERIFIED), (S.RECORDED, S.NEEDS_REVIEW), (S.RECORDED, S.REJECTED),
    (S.VERIFIED, S.CREDITED), (S.VERIFIED, S.REJECTED), (S.VERIFIED, S.NEEDS_REVIEW),
    (S.CREDITED, S.REJECTED), (S.REJECTED, S.VERIFIED), (S.REJECTED, S.CREDITED),
    (S.NEEDS_REVIEW, S.VERIFIED), (S.NEEDS_REVIEW, S.CREDITED), (S.NEEDS_REVIEW, S.REJECTED),
}  # fmt: skip


@pytest.mark.parametrize("before", list(S))
@pytest.mark.parametrize("after", list(S))
def test_only_legal_transitions_move_a_lesson_and_others_name_both_states(before, after):
    lesson = replace(LESSON, state=before)
    if (before, after) in LEGAL:
        moved, event = move(lesson, after, at=5.0, actor=ADMIN, reason="r")
        assert (moved.state, moved.version) == (after, lesson.version + 1)
        assert (event.from_state, event.to_state, event.at, event.reason) == (before, after, 5.0, "r")
        return
    with pytest.raises(Conflict) as refused:
        move(lesson, after, at=5.0, actor=ADMIN)
    for text in (refused.value.detail, refused.value.detail_en):
        assert before.value in text
        assert after.value in text


def test_every_state_is_in_the_table_and_named():
    assert set(TRANSITIONS) == set(STATE_NAMES) == set(S)
    assert JUDGED < OVER


def test_a_lesson_is_missed_half_an_hour_after_its_planned_end():
    life = county_config().life
    end = 1000.0 + 40 * 60 + 30 * 60
    assert not is_missed(LESSON, life, end - 1)
    assert is_missed(LESSON, life, end)
    assert not is_missed(replace(LESSON, state=S.LIVE), life, end)


def test_a_lesson_scheduled_in_the_past_is_not_missed_at_once():
    life = county_config().life
    late = replace(LESSON, created_at=1e9)
    assert not is_missed(late, life, 1e9 + 60)
    assert is_missed(late, life, 1e9 + 1800)


def test_it_counts_in_the_year_it_began():
    assert began_at(LESSON) == 1000.0
    assert began_at(replace(LESSON, started_at=2000.0)) == 2000.0


def test_ids_sort_by_time_and_keep_their_prefix():
    early, late = new_id("l", 1000.0, (1 << 80) - 1), new_id("l", 1000.001, 0)
    assert early < late
    assert early[0] == "l"
    assert len(early) == 27
    assert set(early[1:]) <= set(ALPHABET)
    assert new_id("l", 1000.0) != new_id("l", 1000.0)
