"""The lessons service: scheduling, life, grants, what each actor sees, and the sweep."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from server.county.errors import Conflict, Forbidden, Invalid, NotFound
from server.county.evidence import QualityEvidence
from server.county.model import Actor, LessonState, MediaGrant, QualityMinute, Role, TokenRole
from server.county.services import build_services
from tests.fakes.county import (
    ADMIN,
    OTHER_SCREEN,
    OTHER_TEACHER,
    RESEARCHER,
    SCREEN,
    TEACHER,
    County,
    FakeClock,
    county_config,
    flow_rows,
    good_report,
    make_county,
)

S = LessonState


async def create(county: County, actor: Actor = ADMIN, **changes: object):
    wanted = {
        "pairing_id": "p01",
        "subject_id": "chinese",
        "topic": " 秋天的   雨 ",
        "starts_at": county.clock.at,
        "planned_minutes": 40,
    }
    return await county.services.lessons.create(actor, **(wanted | changes))


async def test_a_lesson_is_scheduled_with_its_pairings_schools(county: County):
    lesson = await create(county)
    assert (lesson.state, lesson.supporting_school_id, lesson.receiving_school_ids) == (S.SCHEDULED, "s01", ("s02",))
    assert (lesson.topic, lesson.teacher_id, lesson.version) == ("秋天的 雨", None, 1)
    assert await county.services.lessons.get(ADMIN, lesson.id) == lesson
    assert county.notices.lessons == [lesson]


async def test_a_teachers_own_lesson_is_taught_by_that_teacher(county: County):
    assert (await create(county, TEACHER)).teacher_id == TEACHER.id


async def test_it_may_begin_in_the_past_and_have_more_classrooms(county: County):
    lesson = await create(county, starts_at=1.5e9, receiving_school_ids=["s04", "s02", "s04"])
    assert lesson.receiving_school_ids == ("s04", "s02")


@pytest.mark.parametrize(
    ("changes", "field", "allowed"),
    [
        ({"pairing_id": "p99"}, "pairing_id", "p01"),
        ({"subject_id": "latin"}, "subject", "morality_and_law"),
        ({"topic": "  "}, "topic", "200"),
        ({"topic": "x" * 201}, "topic", "200"),
        ({"topic": "a\x00b"}, "topic", "200"),
        ({"planned_minutes": 0}, "planned_minutes", "240"),
        ({"planned_minutes": 241}, "planned_minutes", "240"),
        ({"starts_at": float("nan")}, "starts_at", "2000"),
        ({"teacher_id": "u-waiguoyu"}, "teacher_id", "u-shiyan"),
        ({"receiving_school_ids": ["s04"]}, "receiving_school_ids", "s02"),
        ({"receiving_school_ids": ["s02", "s01"]}, "receiving_school_ids", "s04"),
        ({"policy": "generous"}, "policy", "accelerated"),
    ],
)
async def test_what_cannot_be_is_refused_naming_field_and_allowed(county: County, changes, field, allowed):
    with pytest.raises(Invalid) as refused:
        await create(county, **changes)
    assert field in refused.value.detail
    assert allowed in refused.value.detail
    assert field in refused.value.detail_en


async def test_who_may_schedule(county: County):
    assert await create(county, RESEARCHER)
    for actor in (OTHER_TEACHER, SCREEN, replace(TEACHER, school_id="s02")):
        with pytest.raises(Forbidden):
            await create(county, actor)
    with pytest.raises(Forbidden):
        await create(county, TEACHER, policy="accelerated")
    assert (await create(county, policy="accelerated")).policy == "accelerated"


async def test_start_and_end_are_idempotent(county: County):
    lessons = county.services.lessons
    lesson = await create(county)
    started = await lessons.start(TEACHER, lesson.id)
    assert (started.state, started.started_at, started.teacher_id) == (S.LIVE, county.clock.at, TEACHER.id)
    county.clock.at += 60
    assert await lessons.start(TEACHER, lesson.id) == started
    ended = await lessons.end(TEACHER, lesson.id)
    assert (ended.state, ended.ended_at) == (S.ENDED, county.clock.at)
    county.clock.at += 60
    assert await lessons.end(ADMIN, lesson.id) == ended
    with pytest.raises(Conflict, match="live"):
        await lessons.start(TEACHER, lesson.id)
    assert [one.state for one in county.notices.lessons] == [S.SCHEDULED, S.LIVE, S.ENDED]


async def test_two_starts_at_once_are_one(county: County):
    lesson = await create(county)
    both = await asyncio.gather(*(county.services.lessons.start(TEACHER, lesson.id) for _ in range(2)))
    assert both[0] == both[1]
    detail = await county.services.lessons.detail(ADMIN, lesson.id)
    assert [event.to_state for event in detail.events] == [S.SCHEDULED, S.LIVE]


async def test_cancel_needs_a_reason_and_a_lesson_that_did_not_begin(county: County):
    lessons = county.services.lessons
    lesson = await create(county)
    with pytest.raises(Invalid, match="reason"):
        await lessons.cancel(ADMIN, lesson.id, "  ")
    cancelled = await lessons.cancel(RESEARCHER, lesson.id, "停电")
    assert await lessons.cancel(ADMIN, lesson.id, "again") == cancelled
    live = await create(county)
    await lessons.start(ADMIN, live.id)
    with pytest.raises(Conflict, match="cancelled"):
        await lessons.cancel(ADMIN, live.id, "停电")
    detail = await lessons.detail(ADMIN, lesson.id)
    assert detail.events[-1].reason == "停电"


async def test_who_may_start_and_see(county: County):
    lessons = county.services.lessons
    lesson = await create(county)
    with pytest.raises(Forbidden):
        await lessons.start(RESEARCHER, lesson.id)
    with pytest.raises(Forbidden):
        await lessons.start(SCREEN, lesson.id)
    for stranger in (OTHER_TEACHER, OTHER_SCREEN):
        with pytest.raises(NotFound):
            await lessons.get(stranger, lesson.id)
        with pytest.raises(NotFound):
            await lessons.start(stranger, lesson.id)
    with pytest.raises(NotFound):
        await lessons.end(ADMIN, "l-none")


async def test_an_update_needs_the_newest_version_and_a_scheduled_lesson(county: County):
    lessons = county.services.lessons
    lesson = await create(county)
    changed = await lessons.update(TEACHER, lesson.id, 1, topic="新题目", planned_minutes=45, teacher_id=TEACHER.id)
    assert (changed.topic, changed.planned_minutes, changed.teacher_id, changed.version) == (
        "新题目",
        45,
        TEACHER.id,
        2,
    )
    with pytest.raises(Conflict) as stale:
        await lessons.update(ADMIN, lesson.id, 1, topic="旧")
    assert stale.value.code == "stale"
    for wrong in ({"topic": 5}, {"subject_id": "latin"}, {"planned_minutes": True}, {"state": "live"}):
        with pytest.raises(Invalid):
            await lessons.update(ADMIN, lesson.id, 2, **wrong)
    await lessons.start(ADMIN, lesson.id)
    with pytest.raises(Conflict, match="scheduled"):
        await lessons.update(ADMIN, lesson.id, 3, topic="x")


async def test_lists_show_only_what_the_actor_may_see(county: County):
    mine = await create(county)
    other = await create(county, pairing_id="p02")
    shared = await create(county, pairing_id="p02", receiving_school_ids=["s04", "s02"])

    async def seen(actor: Actor) -> set[str]:
        return {lesson.id for lesson in (await county.services.lessons.list(actor)).items}

    assert await seen(ADMIN) == await seen(RESEARCHER) == {mine.id, other.id, shared.id}
    assert await seen(TEACHER) == {mine.id}
    assert await seen(OTHER_TEACHER) == {other.id, shared.id}
    assert await seen(SCREEN) == {mine.id, shared.id}
    assert await seen(OTHER_SCREEN) == {other.id, shared.id}
    assert await seen(Actor("u-x", Role.TEACHER, "x", None)) == set()


async def test_lists_filter_sort_and_page(county: County):
    lessons = county.services.lessons
    begin = county.clock.at
    ids = [(await create(county, starts_at=begin + n % 3, subject_id="art" if n % 2 else "music")).id for n in range(7)]
    await lessons.start(ADMIN, ids[0])
    seen: list[str] = []
    cursor = None
    while True:
        page = await lessons.list(ADMIN, order="starts_at", cursor=cursor, limit=3)
        seen += [lesson.id for lesson in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert sorted(seen) == sorted(ids)
    down = [lesson.id for lesson in (await lessons.list(ADMIN)).items]
    assert down == seen[::-1]
    assert len((await lessons.list(ADMIN, subject_id="art")).items) == 3
    assert [one.id for one in (await lessons.list(ADMIN, states=[S.LIVE])).items] == [ids[0]]
    assert len((await lessons.list(ADMIN, since=begin + 1, until=begin + 2)).items) == 2
    assert len((await lessons.list(ADMIN, school_id="s02")).items) == 7
    assert (await lessons.list(ADMIN, school_id="s04")).items == []
    for wrong in ({"order": "topic"}, {"cursor": "???"}, {"cursor": "W10"}, {"limit": 0}, {"limit": 501}):
        with pytest.raises(Invalid):
            await lessons.list(ADMIN, **wrong)


async def test_grants(county: County):
    lessons = county.services.lessons
    lesson = await create(county, teacher_id=TEACHER.id)
    teacher = await lessons.grant(TEACHER, lesson.id, TokenRole.TEACHER)
    assert (teacher.participant_id, teacher.school_id, teacher.name) == ("teacher", "s01", "实验小学教师")
    assert teacher.expires_at == county.clock.at + 40 * 60 + 7200
    screen = await lessons.grant(SCREEN, lesson.id, TokenRole.CLASSROOM, "s02")
    assert (screen.participant_id, screen.school_id) == ("classroom-s02", "s02")
    assert screen.name == "永嘉县巽宅镇西岙小学"
    assert (await lessons.grant(ADMIN, lesson.id, TokenRole.CLASSROOM)).participant_id == "classroom-s02"
    first, second = [await lessons.grant(RESEARCHER, lesson.id, TokenRole.OBSERVER) for _ in range(2)]
    assert first.participant_id.startswith("observer-")
    assert first.participant_id != second.participant_id
    for actor, role in (
        (SCREEN, TokenRole.TEACHER),
        (SCREEN, TokenRole.OBSERVER),
        (TEACHER, TokenRole.CLASSROOM),
        (TEACHER, TokenRole.OBSERVER),
        (RESEARCHER, TokenRole.TEACHER),
        (RESEARCHER, TokenRole.CLASSROOM),
    ):
        with pytest.raises(Forbidden):
            await lessons.grant(actor, lesson.id, role)
    with pytest.raises(Forbidden):
        await lessons.grant(SCREEN, lesson.id, TokenRole.CLASSROOM, "s04")
    with pytest.raises(Invalid, match="s02"):
        await lessons.grant(ADMIN, lesson.id, TokenRole.CLASSROOM, "s04")
    with pytest.raises(NotFound):
        await lessons.grant(OTHER_SCREEN, lesson.id, TokenRole.CLASSROOM)
    await lessons.cancel(ADMIN, lesson.id, "x")
    with pytest.raises(Conflict, match="cancelled"):
        await lessons.grant(ADMIN, lesson.id, TokenRole.TEACHER)


async def test_a_teachers_media_starts_the_lesson_and_a_classrooms_does_not(county: County):
    lessons = county.services.lessons
    lesson = await create(county)
    teacher = await lessons.grant(ADMIN, lesson.id, TokenRole.TEACHER)
    screen = await lessons.grant(SCREEN, lesson.id, TokenRole.CLASSROOM)
    watcher = await lessons.grant(RESEARCHER, lesson.id, TokenRole.OBSERVER)
    with pytest.raises(Conflict, match="live"):
        await lessons.publishing(screen, None)
    assert (await lessons.playing(watcher, "screen"))[1] == "screen"
    started, source = await lessons.publishing(teacher, None)
    assert (started.state, source) == (S.LIVE, "teacher")
    assert (await lessons.publishing(teacher, "screen"))[1] == "screen"
    assert (await lessons.publishing(screen, None))[1] == "classroom-s02"
    assert (await lessons.playing(watcher, None))[1] == "teacher"
    for grant, source in ((watcher, None), (screen, "teacher"), (teacher, "classroom-s02")):
        with pytest.raises(Forbidden):
            await lessons.publishing(grant, source)
    with pytest.raises(Invalid, match="classroom-s02"):
        await lessons.playing(watcher, "classroom-s04")
    await lessons.end(ADMIN, lesson.id)
    for ask in (lessons.publishing, lessons.playing):
        with pytest.raises(Conflict, match="ended"):
            await ask(teacher, None)
    nowhere = MediaGrant("l-none", "teacher", TokenRole.TEACHER, "s01", "x", 0.0)
    with pytest.raises(NotFound):
        await lessons.publishing(nowhere, None)


async def test_detail_tells_seconds_and_hides_observers_from_those_observed(county: County):
    lessons = county.services.lessons
    lesson = await create(county)
    await lessons.start(ADMIN, lesson.id)
    begin = int(county.clock.at)
    await lessons.participant_seen(lesson.id, "teacher", TokenRole.TEACHER, "s01", "王老师")
    await lessons.participant_seen(lesson.id, "observer-1", TokenRole.OBSERVER, None, "单志明")
    await lessons.participant_seen("l-none", "teacher", TokenRole.TEACHER, "s01", "x")
    rows = flow_rows(lesson.id, "teacher", "teacher", "in", begin, 70)
    rows += flow_rows(lesson.id, "classroom-s02", "teacher", "out", begin, 65)
    await lessons.record_flow(rows)
    await lessons.record_flow(rows)
    detail = await lessons.detail(ADMIN, lesson.id)
    found = [(one.participant_id, one.name, one.seconds_in, one.seconds_out) for one in detail.participants]
    assert found == [
        ("observer-1", "单志明", 0, 0),
        ("teacher", "王老师", 70, 0),
        ("classroom-s02", "永嘉县巽宅镇西岙小学", 0, 65),
    ]
    assert detail.evidence is None
    seen = await lessons.detail(TEACHER, lesson.id)
    assert [one.participant_id for one in seen.participants] == ["teacher", "classroom-s02"]
    county.clock.at += 70
    await lessons.end(ADMIN, lesson.id)
    evidence = (await lessons.detail(SCREEN, lesson.id)).evidence
    assert evidence is not None
    assert (evidence.teacher_seconds, evidence.classrooms[0].received_seconds) == (70, 65)


async def test_sweep_marks_missed_lessons_and_a_late_start_revives_them(county: County):
    lessons = county.services.lessons
    lesson = await create(county)
    county.clock.at += 40 * 60 + 1799
    assert await lessons.sweep() == []
    assert (await lessons.get(ADMIN, lesson.id)).state is S.SCHEDULED
    county.clock.at += 1
    await lessons.sweep()
    assert (await lessons.get(ADMIN, lesson.id)).state is S.MISSED
    assert (await lessons.start(ADMIN, lesson.id)).state is S.LIVE


async def test_sweep_ends_an_abandoned_lesson_at_the_last_media_seen(county: County):
    lessons = county.services.lessons
    lesson = await create(county)
    await lessons.start(ADMIN, lesson.id)
    begin = county.clock.at
    await lessons.record_flow(flow_rows(lesson.id, "teacher", "teacher", "in", int(begin), 125))
    await lessons.record_flow(flow_rows(lesson.id, "classroom-s02", "classroom-s02", "in", int(begin), 500))
    county.clock.at = begin + 125 + 599
    await lessons.sweep()
    assert (await lessons.get(ADMIN, lesson.id)).state is S.LIVE
    county.clock.at += 1
    await lessons.sweep()
    ended = await lessons.get(ADMIN, lesson.id)
    assert (ended.state, ended.ended_at) == (S.ENDED, begin + 125)
    assert county.notices.lessons[-1].state is S.ENDED


async def test_sweep_queues_a_verification_that_was_forgotten(county: County):
    lesson = await county.taught()
    lessons = county.services.lessons
    assert lesson.state is S.RECORDED
    assert await lessons.sweep() == []
    county.clock.at += 180
    assert await lessons.sweep() == [lesson.id]
    assert await lessons.sweep() == []
    county.clock.at += 180
    assert await lessons.sweep() == [lesson.id]
    county.clock.at += 7200
    assert await lessons.sweep() == []
    assert (await lessons.get(ADMIN, lesson.id)).state is S.NEEDS_REVIEW


async def test_a_recording_that_closed_before_the_end_is_found_by_the_sweep(county: County):
    lessons = county.services.lessons
    lesson = await create(county)
    await lessons.start(ADMIN, lesson.id)
    await lessons.recording_opened(lesson.id)
    assert (await lessons.recording_closed(lesson.id)).state is S.LIVE
    await lessons.end(ADMIN, lesson.id)
    assert await lessons.sweep() == [lesson.id]
    assert (await lessons.get(ADMIN, lesson.id)).state is S.RECORDED


@pytest.mark.parametrize(
    ("seconds", "opened", "wait", "state", "word"),
    [
        (60, False, 120, S.NEEDS_REVIEW, "没有录像"),
        (0, False, 120, S.REJECTED, "老师没有发出"),
        (60, True, 900, S.NEEDS_REVIEW, "没有正常结束"),
    ],
)
async def test_sweep_settles_a_lesson_without_a_recording(county: County, seconds, opened, wait, state, word):
    lessons = county.services.lessons
    lesson = await create(county)
    await lessons.start(ADMIN, lesson.id)
    if opened:
        await lessons.recording_opened(lesson.id)
    await lessons.record_flow(flow_rows(lesson.id, "teacher", "teacher", "in", int(county.clock.at), seconds))
    county.clock.at += 60
    await lessons.end(ADMIN, lesson.id)
    county.clock.at += wait - 1
    await lessons.sweep()
    assert (await lessons.get(ADMIN, lesson.id)).state is S.ENDED
    county.clock.at += 1
    await lessons.sweep()
    detail = await lessons.detail(ADMIN, lesson.id)
    assert detail.lesson.state is state
    assert word in detail.extras.reason
    # A verification that comes after all is judged.
    verified = await lessons.verified(lesson.id, good_report(lesson.id))
    assert verified.state is S.VERIFIED


async def test_sweep_runs_the_crediting_a_crash_forgot(county: County):
    lesson = await county.taught()
    lessons = county.services.lessons
    await lessons.verified(lesson.id, good_report(lesson.id))
    assert await lessons.sweep() == []
    assert (await lessons.get(ADMIN, lesson.id)).state is S.CREDITED


async def test_reports_of_lessons_that_are_unknown_or_not_over_are_not_kept(county: County):
    lessons = county.services.lessons
    assert await lessons.verified("l-none", {}) is None
    assert await lessons.recording_closed("l-none") is None
    await lessons.recording_opened("l-none")
    lesson = await create(county)
    assert (await lessons.verified(lesson.id, good_report(lesson.id))).state is S.SCHEDULED
    await lessons.record_flow([])


async def test_a_verification_whose_closing_was_lost_still_counts(county: County):
    lessons = county.services.lessons
    lesson = await create(county)
    await lessons.start(ADMIN, lesson.id)
    await lessons.end(ADMIN, lesson.id)
    assert (await lessons.verified(lesson.id, good_report(lesson.id))).state is S.VERIFIED


@pytest.fixture
async def jumpy() -> tuple[County, FakeClock]:
    """A county whose Unix clock can be set; the second clock is the steady one."""
    county, steady = await make_county(), FakeClock(0.0)
    county.services = build_services(
        store=county.store,
        hasher=county.hasher,
        notices=county.notices,
        config=county_config(),
        now=county.clock,
        steady=steady,
    )
    return county, steady


@pytest.mark.parametrize("jump", [3600.0, -3600.0])
async def test_a_clock_that_is_set_in_mid_lesson_does_not_end_it(jumpy, jump: float):
    county, steady = jumpy
    lessons, lesson = county.services.lessons, await create(county)
    await lessons.start(ADMIN, lesson.id)
    media = int(county.clock.at)  # the media worker's clock follows when no lesson is there
    for second in range(0, 1800, 5):
        if second == 600:
            county.clock.at += jump
        await lessons.record_flow(flow_rows(lesson.id, "teacher", "teacher", "in", media + second, 5))
        county.clock.at += 5
        steady.at += 5
        await lessons.sweep()
    assert (await lessons.get(ADMIN, lesson.id)).state is S.LIVE
    ended = await lessons.end(ADMIN, lesson.id)
    assert ended.started_at is not None
    assert ended.ended_at is not None
    assert ended.ended_at >= ended.started_at + 1800
    assert (await lessons.detail(ADMIN, lesson.id)).evidence.teacher_seconds == 1800


async def test_silence_is_counted_in_steady_time(jumpy):
    county, steady = jumpy
    lessons, lesson = county.services.lessons, await create(county)
    await lessons.start(ADMIN, lesson.id)
    await lessons.record_flow(flow_rows(lesson.id, "teacher", "teacher", "in", int(county.clock.at), 5))
    await lessons.sweep()
    steady.at += 599
    county.clock.at += 7200
    await lessons.sweep()
    assert (await lessons.get(ADMIN, lesson.id)).state is S.LIVE
    steady.at += 1
    await lessons.sweep()
    assert (await lessons.get(ADMIN, lesson.id)).state is S.ENDED


async def test_quality_is_summed_per_end_and_a_repeated_look_counts_once(county: County):
    lesson = await county.lesson()
    await county.services.lessons.start(ADMIN, lesson.id)
    bad = QualityMinute(lesson.id, "classroom-s02", "in", 1000, 0b1, 0b1, 0.2, 1)
    fine = QualityMinute(lesson.id, "classroom-s02", "in", 1000, 0b10, 0, 0.0, 1)
    teacher = QualityMinute(lesson.id, "teacher", "out", 1001, 0b1, 0, 0.0, 1)
    for rows in ([bad], [bad, teacher], [fine]):
        await county.services.lessons.record_quality(rows)
    county.clock.at += 60
    await county.services.lessons.end(ADMIN, lesson.id)
    evidence = (await county.services.lessons.detail(ADMIN, lesson.id)).evidence
    assert evidence is not None
    assert evidence.quality == (
        QualityEvidence("teacher", "out", 0.1, 0.0, 0.0),
        QualityEvidence("classroom-s02", "in", round(2 / 12, 1), round(1 / 12, 1), round(0.4 / 3, 4)),
    )
