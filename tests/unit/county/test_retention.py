"""Which rule keeps a recording, when room gets short, where to go on: pure, one case each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from server.county.config import ConfigError, parse_retention
from server.county.errors import Conflict
from server.county.model import Form, Lesson, LessonState
from server.county.retention import (
    DAY,
    UNSETTLED,
    Level,
    check_trash,
    finished,
    keep_until,
    night_of,
    resume_at,
    weigh_space,
)
from server.county.shelf import ShelfRecord, Sizes
from tests.fakes.county import CONFIG

if TYPE_CHECKING:
    from collections.abc import Sequence

TEXT = (CONFIG / "retention.toml").read_text()
POLICY = parse_retention(TEXT)
BEGAN = 1_700_000_000.0
LESSON = Lesson(
    "l1", Form.SYNCHRONOUS, "p01", "s01", ("s02",), "chinese", "秋天的雨", None, BEGAN, 40, "default",
    LessonState.CREDITED, BEGAN,
)  # fmt: skip
TERM = 1096 * DAY
GB = 10**9


def refusal(
    lesson: Lesson = LESSON,
    *,
    credited: bool = True,
    later: float = DAY,
    kept: bool = False,
    courses: Sequence[Lesson] = (),
) -> str | None:
    record = ShelfRecord("l1", kept_at=BEGAN if kept else None, kept_reason="典型案例" if kept else "")
    try:
        check_trash(lesson, record, credited=credited, courses=courses, policy=POLICY, now=BEGAN + later)
    except Conflict as error:
        return error.code
    return None


def test_a_credited_lessons_recording_stays_for_its_term_and_not_longer():
    assert refusal() == "recording_is_evidence"
    assert refusal(later=TERM - 1) == "recording_is_evidence"
    assert refusal(later=TERM) is None
    assert keep_until(LESSON, POLICY) == BEGAN + TERM


def test_a_lesson_without_a_credit_may_lose_its_recording_at_once():
    assert refusal(replace(LESSON, state=LessonState.REJECTED), credited=False) is None


def test_what_is_marked_to_be_kept_is_kept_even_after_its_term():
    assert refusal(later=TERM * 2, kept=True) == "recording_kept"


@pytest.mark.parametrize("state", UNSETTLED)
def test_a_lesson_that_is_not_judged_yet_needs_its_recording(state):
    assert refusal(replace(LESSON, state=state), credited=False, later=TERM * 2) == "lesson_unsettled"


def test_a_form_without_a_term_is_kept_for_ever():
    policy = parse_retention(TEXT.replace("master = 1096", "master = 0"))
    assert keep_until(replace(LESSON, form=Form.MASTER), policy) is None
    with pytest.raises(Conflict):
        check_trash(
            replace(LESSON, form=Form.MASTER),
            ShelfRecord("l1"),
            credited=True,
            courses=(),
            policy=policy,
            now=BEGAN + TERM * 9,
        )


@pytest.mark.parametrize(
    ("state", "later", "code"),
    [
        (LessonState.SCHEDULED, DAY, "recording_in_course"),
        (LessonState.CREDITED, DAY, "recording_in_course"),
        (LessonState.CREDITED, TERM + DAY, None),
        (LessonState.REJECTED, DAY, None),
    ],
)
def test_what_a_course_shows_stays_for_the_courses_term(state, later, code):
    course = replace(LESSON, id="l2", form=Form.DELIVERED, state=state, starts_at=BEGAN)
    assert refusal(replace(LESSON, state=LessonState.REJECTED), credited=False, later=later, courses=[course]) == code


@pytest.mark.parametrize(
    ("free", "recent", "level", "days"),
    [
        (800 * GB, 0, Level.OK, None),  # nothing is recorded: no pace
        (800 * GB, 280 * GB, Level.OK, 80),
        (400 * GB, 280 * GB, Level.WARN, 40),  # more than enough on the disk, but not for six weeks
        (140 * GB, 0, Level.WARN, None),
        (60 * GB, 280 * GB, Level.URGENT, 6),
        (40 * GB, 0, Level.URGENT, None),
    ],
)
def test_room_gets_short_by_share_and_by_pace(free, recent, level, days):
    sizes = Sizes(total=100 * GB, trash=GB, recent=recent, first_at=BEGAN - 90 * DAY)
    space = weigh_space(free, 1000 * GB, sizes, POLICY, BEGAN)
    assert space.level is level
    assert (None if space.left is None else round(space.left / DAY)) == days


def test_the_pace_of_a_young_system_is_not_spread_over_days_it_did_not_run():
    space = weigh_space(400 * GB, 1000 * GB, Sizes(20 * GB, 0, 20 * GB, BEGAN - 2 * DAY), POLICY, BEGAN)
    assert space.per_day == 10 * GB


@pytest.mark.parametrize(
    ("position", "resumed"), [(0, None), (4.9, None), (5, 5), (1200, 1200), (2279, 2279), (2280, None), (2400, None)]
)
def test_watching_goes_on_where_it_stopped_unless_it_hardly_began_or_was_over(position, resumed):
    assert resume_at(position, 2400) == resumed
    assert finished(position, 2400) is (position >= 2280)


def test_a_night_begins_at_its_local_hour():
    three_in_china = 1_700_000_000 // 86_400 * 86_400 + 19 * 3600  # 03:00 in UTC+8
    nights = [night_of(three_in_china + seconds, 3, 480) for seconds in (-1, 0, 86_399, 86_400)]
    assert nights == [nights[0], nights[0] + 1, nights[0] + 1, nights[0] + 2]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("days = 30", "days = 0", "trash.days"),
        ("hour = 3", "hour = 24", "hour from 0 to 23"),
        ("synchronous = 1096", "synchronos = 1096", "keep.synchronous"),
        ("warn_free_share = 0.15", "warn_free_share = 15", "share between"),
        ("[space]", "[spaces]", "not known here"),
    ],
)
def test_a_wrong_retention_file_names_the_key(old, new, said):
    with pytest.raises(ConfigError, match=said):
        parse_retention(TEXT.replace(old, new))
