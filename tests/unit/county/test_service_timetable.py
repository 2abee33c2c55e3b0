"""The county's timetable: series over a term, clashes told to those who may know, missed lessons, substitution."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from server.county.errors import Conflict, Forbidden, Invalid, NotFound
from server.county.model import LessonState
from server.county.services._draft import Wish
from tests.fakes.county import ADMIN, OTHER_TEACHER, RESEARCHER, SCREEN, TEACHER, FakeClock, make_county

CHINA = timezone(timedelta(hours=8))


def at(day, hour=9, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=CHINA).timestamp()


MONDAY = date(2026, 9, 21)
WISH = Wish("p01", "chinese", "同步语文", at(MONDAY), 40, TEACHER.id)


@pytest.fixture
async def county():
    return await make_county(clock=FakeClock(at(date(2026, 9, 1), 8)))


def timetable(county):
    return county.services.timetable


def days(lessons):
    return [datetime.fromtimestamp(lesson.starts_at, CHINA).date() for lesson in lessons]


async def all_lessons(county):
    return (await county.services.lessons.list(ADMIN, order="starts_at")).items


async def test_a_series_skips_holidays_and_is_looked_at_before_it_is_made(county):
    wish = replace(WISH, starts_at=at(date(2026, 9, 25)))  # the Mid-Autumn Festival itself
    looked = await timetable(county).series(ADMIN, wish, until=date(2026, 10, 16), dry_run=True)
    assert days(looked.lessons) == [date(2026, 10, 9), date(2026, 10, 16)]
    assert looked.skipped == ((date(2026, 9, 25), "中秋节"), (date(2026, 10, 2), "国庆节"))
    assert await all_lessons(county) == []
    made = await timetable(county).series(ADMIN, wish, until=date(2026, 10, 16))
    assert days(await all_lessons(county)) == days(made.lessons)
    assert len({lesson.id for lesson in made.lessons}) == 2
    assert {one.state for one in county.notices.lessons} == {LessonState.SCHEDULED}


async def test_a_series_is_made_whole_or_not_at_all(county):
    for wrong in ({"until": date(2026, 9, 1)}, {"until": date(2028, 1, 1)}):
        with pytest.raises(Invalid, match="until"):
            await timetable(county).series(ADMIN, WISH, **wrong)
    with pytest.raises(Invalid, match="teacher_id"):
        await timetable(county).series(ADMIN, replace(WISH, teacher_id="u-waiguoyu"), until=date(2026, 12, 1))
    with pytest.raises(Forbidden):
        await timetable(county).series(OTHER_TEACHER, WISH, until=date(2026, 12, 1))
    assert await all_lessons(county) == []


async def test_clashes_are_told_to_each_in_the_words_they_may_read(county):
    editor = county.services.roster_editor
    raw = {"number": 11, "supporting_school_id": "s03", "receiving_school_id": "s02", "researcher_id": "u-sunzhenhui"}
    other = (await editor.create(ADMIN, "pairings", raw)).entry.id
    await county.services.lessons.create(
        ADMIN, pairing_id="p01", subject_id="music", topic="秋天的歌", starts_at=at(MONDAY), planned_minutes=40
    )
    mine = replace(WISH, pairing_id=other, teacher_id=OTHER_TEACHER.id, starts_at=at(MONDAY, 9, 20))
    (office,) = (await timetable(county).series(ADMIN, mine, until=MONDAY, dry_run=True)).notices
    assert (office.kind, "秋天的歌" in office.text, office.other_id is None) == ("classroom", True, False)
    (teacher,) = (await timetable(county).series(OTHER_TEACHER, mine, until=MONDAY, dry_run=True)).notices
    assert (teacher.kind, "秋天的歌" in teacher.text, teacher.other_id) == ("classroom", False, None)
    assert "09:00–09:40" in teacher.text
    shown = await timetable(county).show(ADMIN, at(MONDAY, 0), at(MONDAY, 23))
    assert shown.notices == ()


async def test_a_shown_week_tells_what_clashes_in_it_and_who_sees_what(county):
    first = await timetable(county).series(ADMIN, WISH, until=MONDAY)
    second = await timetable(county).series(ADMIN, replace(WISH, topic="又一节"), until=MONDAY)
    week = await timetable(county).show(RESEARCHER, at(MONDAY, 0), at(MONDAY, 23))
    assert {notice.kind for notice in week.notices} == {"teacher", "pairing"}
    assert {notice.lesson_id for notice in week.notices} <= {first.lessons[0].id, second.lessons[0].id}
    assert len((await timetable(county).show(TEACHER, at(MONDAY, 0), at(MONDAY, 23))).lessons) == 2
    assert (await timetable(county).show(OTHER_TEACHER, at(MONDAY, 0), at(MONDAY, 23))).lessons == ()
    mine = await timetable(county).show(ADMIN, at(MONDAY, 0), at(MONDAY, 23), researcher_id="u-shanzhiming")
    assert len(mine.lessons) == 2
    others = await timetable(county).show(ADMIN, at(MONDAY, 0), at(MONDAY, 23), researcher_id="u-jinfu")
    assert others.lessons == ()
    with pytest.raises(Forbidden):
        await timetable(county).show(SCREEN, at(MONDAY, 0), at(MONDAY, 23))
    with pytest.raises(Invalid):
        await timetable(county).show(ADMIN, at(MONDAY), at(MONDAY))


async def test_a_move_to_a_holiday_or_out_of_term_is_told_first(county):
    (lesson,) = (await timetable(county).series(ADMIN, WISH, until=MONDAY)).lessons
    (holiday,) = await timetable(county).check(TEACHER, lesson.id, starts_at=at(date(2026, 10, 2)))
    assert (holiday.kind, "国庆节" in holiday.text) == ("holiday", True)
    (outside,) = await timetable(county).check(TEACHER, lesson.id, starts_at=at(date(2027, 2, 10)))
    assert outside.kind == "no_term"
    assert await timetable(county).check(TEACHER, lesson.id, starts_at=at(date(2026, 9, 22))) == ()
    with pytest.raises(NotFound):
        await timetable(county).check(OTHER_TEACHER, lesson.id, starts_at=at(date(2026, 9, 22)))


async def test_a_missed_lesson_gets_the_next_free_time(county):
    (lesson,) = (await timetable(county).series(ADMIN, WISH, until=MONDAY)).lessons
    await timetable(county).series(ADMIN, replace(WISH, starts_at=at(date(2026, 9, 23))), until=date(2026, 9, 23))
    with pytest.raises(Conflict, match="补排"):
        await timetable(county).reschedule(TEACHER, lesson.id, lesson.version, at(date(2026, 9, 24)))
    county.clock.at = at(date(2026, 9, 22), 12)
    await county.services.lessons.sweep()
    missed = await county.services.lessons.get(ADMIN, lesson.id)
    assert missed.state is LessonState.MISSED
    suggested = await timetable(county).suggestion(TEACHER, lesson.id)
    # Wednesday is taken, Thursday free; Friday would be a holiday.
    assert suggested == at(date(2026, 9, 24))
    with pytest.raises(Invalid):
        await timetable(county).reschedule(TEACHER, lesson.id, missed.version, at(date(2026, 9, 21)))
    with pytest.raises(Conflict):
        await timetable(county).reschedule(TEACHER, lesson.id, missed.version - 1, suggested)
    done = await timetable(county).reschedule(TEACHER, lesson.id, missed.version, suggested)
    assert (done.lessons[0].state, done.lessons[0].starts_at) == (LessonState.SCHEDULED, suggested)
    last = (await county.services.lessons.detail(ADMIN, lesson.id)).events[-1]
    assert (last.from_state, last.to_state) == (LessonState.MISSED, LessonState.SCHEDULED)
    assert "2026-09-21 09:00 → 2026-09-24 09:00" in last.reason
    await county.services.lessons.sweep()
    assert (await county.services.lessons.get(ADMIN, lesson.id)).state is LessonState.SCHEDULED


async def test_a_teacher_who_is_away_is_substituted_by_a_colleague(county):
    await county.services.roster_editor.create(
        ADMIN, "teachers", {"username": "liwei", "name": "李薇", "school_id": "s01"}
    )
    colleague = next(one for one in await timetable(county).teachers(TEACHER) if one.name == "李薇")
    assert {one.school_id for one in await timetable(county).teachers(TEACHER, "s03")} == {"s01"}
    lessons = (await timetable(county).series(ADMIN, WISH, until=date(2026, 10, 31))).lessons
    span = (at(MONDAY, 0), at(date(2026, 10, 1), 0))
    looked = await timetable(county).substitute(TEACHER, TEACHER.id, colleague.id, *span, dry_run=True)
    assert len(looked.lessons) == 2
    done = await timetable(county).substitute(TEACHER, TEACHER.id, colleague.id, *span, "外出培训")
    assert [lesson.teacher_id for lesson in done.lessons] == [colleague.id] * 2
    kept = [one.teacher_id for one in await all_lessons(county)]
    assert kept == [colleague.id] * 2 + [TEACHER.id] * (len(lessons) - 2)
    last = (await county.services.lessons.detail(ADMIN, lessons[0].id)).events[-1]
    assert last.reason == "代课：实验小学教师 → 李薇。外出培训"
    with pytest.raises(Invalid, match="teacher_id"):
        await timetable(county).substitute(ADMIN, TEACHER.id, OTHER_TEACHER.id, at(MONDAY, 0), at(date(2027, 1, 1)))
    # Somebody else's lessons are not a teacher's to give away.
    nothing = await timetable(county).substitute(
        OTHER_TEACHER, TEACHER.id, colleague.id, at(MONDAY, 0), at(date(2027, 1, 1))
    )
    assert nothing.lessons == ()


async def test_a_calendar_address_shows_its_owners_lessons_until_it_is_revoked(county):
    feeds = county.services.feeds
    (lesson,) = (await timetable(county).series(ADMIN, WISH, until=MONDAY)).lessons
    other = replace(WISH, pairing_id="p02", teacher_id=OTHER_TEACHER.id)
    await timetable(county).series(ADMIN, other, until=MONDAY)
    record, token = await feeds.create(TEACHER)
    shown = await feeds.read(token)
    assert ([one.id for one in shown.lessons], shown.owner) == ([lesson.id], "实验小学教师")
    assert token not in repr(county.store.state.feeds)
    (kept,) = await feeds.mine(TEACHER)
    assert kept.last_used_at == county.clock.at
    _, researchers = await feeds.create(RESEARCHER)
    assert [one.id for one in (await feeds.read(researchers)).lessons] == [lesson.id]
    _, schools = await feeds.create(RESEARCHER, "s04")
    assert [one.pairing_id for one in (await feeds.read(schools)).lessons] == ["p02"]
    with pytest.raises(Invalid):
        await feeds.create(TEACHER, "s03")
    with pytest.raises(NotFound):
        await feeds.revoke(RESEARCHER, record.id)
    await feeds.revoke(TEACHER, record.id)
    with pytest.raises(NotFound):
        await feeds.read(token)


async def test_a_calendar_address_ends_with_its_owners_account_and_right(county):
    feeds = county.services.feeds
    _, own = await feeds.create(TEACHER)
    _, school = await feeds.create(TEACHER, "s01")
    await county.services.accounts.update_user(ADMIN, TEACHER.id, school_id="s03")
    with pytest.raises(NotFound):
        await feeds.read(school)
    assert (await feeds.read(own)).lessons == ()
    await county.services.accounts.update_user(ADMIN, TEACHER.id, disabled=True)
    with pytest.raises(NotFound):
        await feeds.read(own)
    with pytest.raises(NotFound):
        await feeds.read("0" * 40)
