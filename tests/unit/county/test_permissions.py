"""Every role against every action, in each relation to the lesson that matters."""

from __future__ import annotations

import pytest

from server.county.errors import Forbidden, NotFound
from server.county.model import Actor, Form, Lesson, LessonState, Role, TokenRole
from server.county.permissions import TABLE, Action, Scope, may, require, require_lesson, sources_of

SCOPE = Scope("s01", ("s02",), "u-own")
UNNAMED = Scope("s01", ("s02",), None)

ACTORS = {
    "admin": Actor("u-admin", Role.ADMIN, "a"),
    "researcher": Actor("u-r", Role.RESEARCHER, "r"),
    "own teacher": Actor("u-own", Role.TEACHER, "t", "s01"),
    "colleague": Actor("u-col", Role.TEACHER, "t", "s01"),
    "receiving teacher": Actor("u-rec", Role.TEACHER, "t", "s02"),
    "stranger teacher": Actor("u-str", Role.TEACHER, "t", "s03"),
    "screen": Actor("d-1", Role.DEVICE, "d", "s02"),
    "supporting screen": Actor("d-3", Role.DEVICE, "d", "s01"),
    "stranger screen": Actor("d-2", Role.DEVICE, "d", "s04"),
}
TEACHERS = {"own teacher", "colleague", "receiving teacher", "stranger teacher"}
SCREENS = {"screen", "supporting screen", "stranger screen"}
OFFICE = {"admin", "researcher"}
SIDES = {"own teacher", "colleague", "receiving teacher"}

# Who may, in a lesson of s01 for s02 taught by "own teacher".
ALLOWED = {
    Action.ROSTER_SEE: OFFICE | TEACHERS | SCREENS,
    Action.ROSTER_LIST: OFFICE,
    Action.ROSTER_MANAGE: {"admin"},
    Action.LESSON_SEE: OFFICE | SIDES | {"screen"},
    Action.LESSON_CREATE: OFFICE | {"own teacher", "colleague"},
    Action.LESSON_UPDATE: OFFICE | {"own teacher"},
    Action.TIMETABLE_SEE: OFFICE | TEACHERS,
    Action.TIMETABLE_IMPORT: OFFICE,
    Action.FEED_KEEP: OFFICE | TEACHERS,
    Action.LESSON_START: {"admin", "own teacher"},
    Action.LESSON_END: {"admin", "own teacher"},
    Action.LESSON_CANCEL: OFFICE | {"own teacher"},
    Action.LESSON_VERIFY: OFFICE,
    Action.POLICY_CHOOSE: {"admin"},
    Action.BE_TEACHER: {"admin", "own teacher"},
    Action.BE_CLASSROOM: {"admin", "screen"},
    Action.BE_OBSERVER: OFFICE,
    Action.RECORDING_SEE: OFFICE | SIDES | {"screen"},
    Action.RECORDING_EXPORT: OFFICE | SIDES,
    Action.MATERIAL_SEE: OFFICE | SIDES | {"screen"},
    Action.MATERIAL_ADD: OFFICE | SIDES,
    Action.COURSE_PLAY: {"receiving teacher", "screen"},
    Action.OBSERVE: OFFICE,
    Action.OBSERVATION_SEE: OFFICE | {"own teacher"},
    Action.OBSERVATION_ANSWER: {"own teacher"},
    Action.OBSERVATIONS_LIST: OFFICE | TEACHERS,
    Action.RUBRIC_SEE: OFFICE | TEACHERS,
    Action.RUBRIC_EDIT: OFFICE,
    Action.CASES_LIST: OFFICE | TEACHERS,
    Action.CASE_WRITE: {"researcher"} | SIDES,
    Action.CASE_DECIDE: OFFICE,
    Action.RECORDING_EXPORT: OFFICE | SIDES,
    Action.RECORDING_KEEP: OFFICE,
    Action.RECORDING_TRASH: {"admin"},
    Action.AUDIT_LOG_SEE: {"admin"},
    Action.SURVEY_SEE: OFFICE,
    Action.SURVEY_MANAGE: OFFICE,
    Action.LEDGER_SEE: OFFICE | TEACHERS,
    Action.DOUBTS_LIST: OFFICE | TEACHERS,
    Action.DOUBT_SEE: OFFICE | SIDES,
    Action.DOUBT_DECIDE: OFFICE,
    Action.DOUBT_APPEAL: SIDES,
    Action.CREDIT_BY_HAND: OFFICE,
    Action.REVERSE: OFFICE,
    Action.BOARD_SEE: OFFICE | TEACHERS,
    Action.REPORTS_LIST: OFFICE | TEACHERS,
    Action.REPORT_SEE: OFFICE | SIDES,
    Action.REPORT_SEND: OFFICE,
    Action.READINESS_CHECK: TEACHERS | SCREENS,
    Action.READINESS_SEE: OFFICE,
    Action.LIVE_SEE: OFFICE,
    Action.SYSTEM_SEE: {"admin"},
    Action.METRICS_SEE: {"admin"},
    Action.USERS_MANAGE: {"admin"},
    Action.DEVICES_MANAGE: {"admin"},
    Action.EVALUATION_SEE: OFFICE,
    Action.EVALUATION_ENTER: OFFICE,
    Action.EVALUATION_FREEZE: OFFICE,
    Action.AUDIT_SEE: {"admin"},
    Action.AUDIT_RUN: {"admin"},
    Action.PASSWORD_CHANGE: OFFICE | TEACHERS,
}


def test_the_table_has_every_action():
    assert set(TABLE) == set(Action) == set(ALLOWED)


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("who", list(ACTORS))
def test_each_role_may_do_exactly_what_the_table_says(who, action):
    assert may(ACTORS[who], action, SCOPE) is (who in ALLOWED[action])


@pytest.mark.parametrize("action", [Action.LESSON_START, Action.LESSON_END, Action.LESSON_CANCEL, Action.BE_TEACHER])
def test_a_lesson_without_a_teacher_is_open_to_every_teacher_of_the_supporting_school(action):
    assert may(ACTORS["colleague"], action, UNNAMED)
    assert not may(ACTORS["receiving teacher"], action, UNNAMED)
    assert not may(ACTORS["stranger teacher"], action, UNNAMED)


@pytest.mark.parametrize("action", list(Action))
def test_an_account_without_a_school_has_no_side(action):
    homeless = Actor("u-x", Role.TEACHER, "t", None)
    if TABLE[action].get(Role.TEACHER) and action in (Action.LESSON_SEE, Action.LESSON_CREATE, Action.BE_TEACHER):
        assert not may(homeless, action, SCOPE)


def test_require_refuses():
    with pytest.raises(Forbidden):
        require(ACTORS["researcher"], Action.USERS_MANAGE)


def _lesson() -> Lesson:
    return Lesson(
        "l1", Form.SYNCHRONOUS, "p01", "s01", ("s02",), "art", "x", "u-own", 0.0, 40, "default",
        LessonState.SCHEDULED, 0.0,
    )  # fmt: skip


def test_a_lesson_one_may_not_see_is_not_found_and_one_may_see_but_not_touch_is_forbidden():
    with pytest.raises(NotFound):
        require_lesson(ACTORS["stranger teacher"], Action.LESSON_START, _lesson(), "l1")
    with pytest.raises(NotFound):
        require_lesson(ACTORS["admin"], Action.LESSON_START, None, "l1")
    with pytest.raises(Forbidden):
        require_lesson(ACTORS["researcher"], Action.LESSON_START, _lesson(), "l1")
    assert require_lesson(ACTORS["own teacher"], Action.LESSON_START, _lesson(), "l1").id == "l1"


def test_what_each_token_may_publish():
    assert sources_of(TokenRole.TEACHER, "s01") == ("teacher", "screen")
    assert sources_of(TokenRole.CLASSROOM, "s02") == ("classroom-s02",)
    assert sources_of(TokenRole.OBSERVER, None) == ()
