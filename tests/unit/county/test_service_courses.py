"""Delivered and master courses through their service: given, watched, counted once for what was really played."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.county.errors import Conflict, Forbidden, Invalid, NotFound
from server.county.model import Actor, Form, LessonState, Role, TokenRole
from tests.fakes.county import ADMIN, OTHER_SCREEN, OTHER_TEACHER, RESEARCHER, SCREEN, TEACHER, County

LENGTH = 600.0
RURAL_TEACHER = Actor("u-rural", Role.TEACHER, "西岙小学教师", "s02")
FOURTH_SCREEN = Actor("d-s04", Role.DEVICE, "溪口小学同步教室", "s04")


async def course(county: County, form: Form = Form.DELIVERED, **changes):
    source = await county.taught()
    wanted = {"pairing_id": "p01", "starts_at": county.clock(), "source_id": source.id, "duration": LENGTH}
    return await county.services.courses.create(ADMIN, form=form, **(wanted | changes))


async def watch(county: County, lesson_id: str, start: float, end: float, actor=SCREEN, speed: float = 1.0):
    """As a page does: a report each ten seconds of what was played in them."""
    view = await county.services.courses.play(actor, lesson_id, [], speed)
    at = start
    while at < end:
        step = min(10.0 * speed, end - at)
        county.clock.at += step / speed
        view = await county.services.courses.play(actor, lesson_id, [(at, at + step)], speed)
        at += step
    return view


async def totals(county: County, form: Form = Form.DELIVERED):
    async with county.store.read() as work:
        return {(row.school_id, row.amount) for row in await work.ledger.totals(0, 1e11, form) if row.amount}


async def test_four_fifths_really_played_count_for_the_class_and_its_supporting_school(county: County):
    lesson = await course(county)
    almost = await watch(county, lesson.id, 0, 470)
    assert almost.credited == frozenset()
    assert almost.lesson.state is LessonState.SCHEDULED
    done = await watch(county, lesson.id, 470, 480)
    assert done.credited == {"s01", "s02"}
    assert done.lesson.state is LessonState.CREDITED
    await watch(county, lesson.id, 480, 600)
    assert await totals(county) == {("s01", 1), ("s02", 1)}
    assert await totals(county, Form.SYNCHRONOUS) == set()


async def test_what_is_skipped_or_claimed_too_fast_does_not_count(county: County):
    lesson = await course(county)
    await county.services.courses.play(SCREEN, lesson.id, [(0, 600)], 1.0)
    county.clock.at += 10
    cheat = await county.services.courses.play(SCREEN, lesson.id, [(0, 600)], 16.0)
    assert cheat.played[0].seconds == 15.0
    county.clock.at += 3600
    pause = await county.services.courses.play(SCREEN, lesson.id, [(100, 600)], 1.0)
    assert pause.played[0].seconds == 75.0
    assert pause.credited == frozenset()


async def test_two_pages_of_one_class_are_not_faster_than_one(county: County):
    lesson = await course(county)
    for actor in (SCREEN, RURAL_TEACHER):
        await county.services.courses.play(actor, lesson.id, [], 1.0)
    for start in range(0, 240, 10):
        county.clock.at += 10
        await county.services.courses.play(SCREEN, lesson.id, [(start, start + 10)], 1.0)
        view = await county.services.courses.play(RURAL_TEACHER, lesson.id, [(300 + start, 310 + start)], 1.0)
    assert view.played[0].seconds <= 241


async def test_one_page_in_two_courses_at_once_counts_its_time_once(county: County):
    one, two = await course(county), await course(county)
    for lesson in (one, two):
        await county.services.courses.play(SCREEN, lesson.id, [], 1.0)
    seconds = 0.0
    for start in range(0, 100, 10):
        county.clock.at += 10
        for lesson in (one, two):
            view = await county.services.courses.play(SCREEN, lesson.id, [(start, start + 10)], 1.0)
            seconds = max(seconds, view.played[0].seconds)
        first = (await county.services.courses.get(ADMIN, one.id)).played[0].seconds
    assert first + view.played[0].seconds <= 101


async def test_a_master_course_counts_for_each_class_that_played_it(county: County):
    lesson = await course(county, Form.MASTER, receiving_school_ids=["s02", "s04"])
    await watch(county, lesson.id, 0, 480)
    assert await totals(county, Form.MASTER) == {("s01", 1), ("s02", 1)}
    done = await watch(county, lesson.id, 0, 480, FOURTH_SCREEN)
    assert done.credited == {"s01", "s02", "s04"}
    assert await totals(county, Form.MASTER) == {("s01", 1), ("s02", 1), ("s04", 1)}


async def test_a_reversed_credit_does_not_come_back_by_playing_on(county: County):
    lesson = await course(county)
    await watch(county, lesson.id, 0, 480)
    async with county.store.read() as work:
        entry = next(one for one in await work.ledger.of_lesson(lesson.id) if one.school_id == "s02")
    await county.services.crediting.reverse(RESEARCHER, entry.id, "教室里没有学生")
    view = await watch(county, lesson.id, 480, 600)
    assert view.credited == {"s01"}


async def test_only_a_receiving_class_plays_and_only_the_supporting_schools_recording_is_given(county: County):
    lesson = await course(county)
    with pytest.raises(Forbidden):
        await county.services.courses.play(TEACHER, lesson.id, [], 1.0)
    with pytest.raises(NotFound):
        await county.services.courses.play(OTHER_SCREEN, lesson.id, [], 1.0)
    with pytest.raises(Invalid, match="支援学校"):
        await course(county, pairing_id="p02")
    with pytest.raises(Invalid, match="form"):
        await course(county, Form.SYNCHRONOUS)
    with pytest.raises(Invalid, match="一分钟"):
        await course(county, duration=30.0)
    with pytest.raises(NotFound):
        await county.services.courses.get(ADMIN, (await county.lesson()).id)
    source = await county.taught()
    with pytest.raises(Forbidden):
        await county.services.courses.create(
            OTHER_TEACHER, form=Form.DELIVERED, source_id=source.id, duration=LENGTH, pairing_id="p01", starts_at=0
        )


async def test_the_recording_is_open_to_the_schools_that_the_course_is_given_to(county: County):
    library = county.services.library
    lesson = await course(county, receiving_school_ids=["s02", "s04"])
    source = (await county.services.courses.get(ADMIN, lesson.id)).course.source_id
    assert (await library.open(FOURTH_SCREEN, source)).id == source
    with pytest.raises(NotFound):
        await library.open(Actor("d-s06", Role.DEVICE, "x", "s06"), source)
    await county.services.lessons.cancel(ADMIN, lesson.id, "换一节")
    with pytest.raises(NotFound):
        await library.open(FOURTH_SCREEN, source)


async def test_the_recording_of_a_course_does_not_go_into_the_trash(county: County):
    lesson = await course(county)
    source = (await county.services.courses.get(ADMIN, lesson.id)).course.source_id
    async with county.store.write() as work:
        await work.lessons.save(
            replace(await county.services.lessons.get(ADMIN, source), state=LessonState.REJECTED, version=99),
            seen_version=(await county.services.lessons.get(ADMIN, source)).version,
        )
    with pytest.raises(Conflict, match=lesson.topic):
        await county.services.library.trash(ADMIN, source, "占地方")
    await county.services.lessons.cancel(ADMIN, lesson.id, "换一节")
    assert (await county.services.library.trash(ADMIN, source, "占地方")).trashed_at is not None


async def test_a_course_takes_nobodys_time_and_no_substitute(county: County):
    lesson = await course(county, starts_at=county.clock() + 86400)
    other = await county.lesson(starts_at=lesson.starts_at)
    shown = await county.services.timetable.show(ADMIN, lesson.starts_at - 3600, lesson.starts_at + 3600)
    assert {each.id for each in shown.lessons} == {lesson.id, other.id}
    assert not shown.notices
    await county.services.lessons.cancel(ADMIN, other.id, "换一节")
    changed = await county.services.timetable.substitute(
        ADMIN, str(lesson.teacher_id), "u-other", lesson.starts_at - 3600, lesson.starts_at + 3600
    )
    assert changed.lessons == ()


async def test_a_course_on_demand_is_never_live_nor_missed(county: County):
    lesson = await course(county)
    with pytest.raises(Conflict, match="上课"):
        await county.services.lessons.start(ADMIN, lesson.id)
    with pytest.raises(Conflict, match="点播"):
        await county.services.lessons.grant(ADMIN, lesson.id, TokenRole.TEACHER)
    county.clock.at += 30 * 86400
    await county.services.lessons.sweep()
    assert (await county.services.lessons.get(ADMIN, lesson.id)).state is LessonState.SCHEDULED
