"""The library's service: search, permissions, keeping, trash and undo, the night's work, the audit log."""

from __future__ import annotations

import asyncio

import pytest

from server.county.errors import Conflict, Forbidden, Invalid, NotFound
from server.county.model import LessonState
from server.county.ports import AuditQuery
from server.county.retention import DAY
from server.county.services.library import ONE_VIEW
from server.county.shelf import Measure, Shelf
from tests.fakes.county import ADMIN, OTHER_SCREEN, OTHER_TEACHER, RESEARCHER, SCREEN, TEACHER, County, good_report

TERM, TRASH = 1096 * DAY, 30 * DAY


async def credited(county: County, **changes: object) -> str:
    lesson = await county.taught(**changes)
    await county.services.lessons.verified(lesson.id, good_report(lesson.id))
    await county.services.crediting.run(lesson.id)
    assert (await county.services.lessons.get(ADMIN, lesson.id)).state is LessonState.CREDITED
    return lesson.id


async def rejected(county: County, **changes: object) -> str:
    lesson = await county.taught(minutes=5, **changes)
    await county.services.lessons.verified(lesson.id, good_report(lesson.id, 300.0))
    await county.services.crediting.run(lesson.id)
    assert (await county.services.lessons.get(ADMIN, lesson.id)).state is LessonState.REJECTED
    return lesson.id


async def found(county: County, actor=ADMIN, **query) -> list[str]:
    return [lesson.id for lesson in (await county.services.library.search(actor, **query)).items]


async def acts(county: County, **query) -> list[tuple[str, str]]:
    page = await county.services.library.audit(ADMIN, AuditQuery(**query))
    return [(row.action, row.actor_id) for row in page.items]


async def test_words_are_found_in_topic_teacher_subject_and_school(county: County):
    rain = await credited(county, topic="秋天的雨 100% 复习")
    share = await credited(county, topic="Fractions_1", subject_id="mathematics", pairing_id="p02")
    assert await found(county) == [share, rain]
    for words, ids in (
        ("秋天", [rain]),
        ("雨 秋天", [rain]),  # each word, in any order
        ("秋天 数学", []),
        ("fractions", [share]),
        ("数学", [share]),
        ("实验小学教师", [rain]),
        ("西岙", [rain]),
        ("xikou fractions", [share]),
        ("100%", [rain]),  # no wildcard of the database
        ("s_1", [share]),
        ("雨_", []),
    ):
        assert await found(county, words=words) == ids, words
    assert await found(county, teacher_id=TEACHER.id) == [rain]
    assert await found(county, school_id="s04") == [share]
    assert await found(county, states=[LessonState.REJECTED]) == []
    assert await found(county, since=county.clock.at) == []


async def test_each_role_finds_and_opens_what_its_lessons_allow(county: County):
    mine, theirs = await credited(county), await credited(county, pairing_id="p02")
    await county.lesson()  # without a recording
    for actor, ids in (
        (ADMIN, [theirs, mine]),
        (RESEARCHER, [theirs, mine]),
        (TEACHER, [mine]),
        (OTHER_TEACHER, [theirs]),
        (SCREEN, [mine]),
        (OTHER_SCREEN, [theirs]),
    ):
        assert await found(county, actor) == ids, actor.name
    with pytest.raises(NotFound):
        await county.services.library.open(TEACHER, theirs)
    for actor in (TEACHER, SCREEN, RESEARCHER):
        with pytest.raises(Forbidden):
            await county.services.library.search(actor, shelf=Shelf.TRASH)
        with pytest.raises(Forbidden):
            await county.services.library.trash(actor, mine, "不要了")
        with pytest.raises(Forbidden):
            await county.services.library.audit(actor, AuditQuery())
    with pytest.raises(Forbidden):
        await county.services.library.keep(TEACHER, mine, "好课")


async def test_the_trash_and_back(county: County):
    library, lesson = county.services.library, await rejected(county)
    with pytest.raises(Invalid):
        await library.trash(ADMIN, lesson, "  ")
    first = await library.trash(ADMIN, lesson, "试讲", "192.0.2.1")
    county.clock.at += 60
    assert await library.trash(ADMIN, lesson, "又一次") == first
    assert await found(county) == []
    assert await found(county, shelf=Shelf.TRASH) == [lesson]
    with pytest.raises(NotFound, match="回收站"):
        await library.open(RESEARCHER, lesson)
    assert (await library.open(ADMIN, lesson)).id == lesson  # who decides may look at it
    with pytest.raises(Conflict):
        await library.keep(ADMIN, lesson, "好课")
    (extra,) = (await county.services.lessons.extras([await county.services.lessons.get(ADMIN, lesson)])).values()
    assert extra.recording_id is None
    await library.restore(ADMIN, lesson)
    await library.restore(ADMIN, lesson)
    assert await found(county) == [lesson]
    assert await acts(county, action="recording.") == [("recording.restore", ADMIN.id), ("recording.trash", ADMIN.id)]
    with pytest.raises(NotFound):
        await library.trash(ADMIN, (await county.lesson()).id, "没有录像")


async def test_evidence_of_a_credit_cannot_be_thrown_away_until_the_credit_is_reversed(county: County):
    lesson = await credited(county)
    with pytest.raises(Conflict) as refused:
        await county.services.library.trash(ADMIN, lesson, "占地方")
    assert refused.value.code == "recording_is_evidence"
    for entry in (await county.services.lessons.detail(ADMIN, lesson)).credits:
        await county.services.crediting.reverse(ADMIN, entry.id, "误计")
    assert (await county.services.library.trash(ADMIN, lesson, "误计")).trashed_at is not None


async def test_the_night_empties_the_trash_after_its_time_and_never_twice(county: County):
    library, lesson = county.services.library, await rejected(county)
    await library.trash(ADMIN, lesson, "试讲")
    county.clock.at += TRASH - 1
    assert await library.night() == []
    county.clock.at += 1
    assert await library.night() == [lesson]
    assert await library.night() == [lesson]  # its files are still there: told again, begun once
    with pytest.raises(Conflict, match="正在删除"):
        await library.restore(ADMIN, lesson)
    with pytest.raises(NotFound):
        await library.open(ADMIN, lesson)
    for _ in range(2):
        await library.deleted(lesson, 12)
    assert await library.night() == []
    assert await found(county, shelf=Shelf.TRASH) == []
    with pytest.raises(NotFound, match="已删除"):
        await library.open(ADMIN, lesson)
    assert await acts(county, action="recording.delete") == [("recording.delete", "system")]
    (row,) = (await library.audit(ADMIN, AuditQuery(action="recording.deleted"))).items
    assert (row.actor_id, row.subject, row.at) == ("system", lesson, county.clock.at)
    assert "12" in row.detail
    assert (await county.services.lessons.detail(ADMIN, lesson)).evidence is not None  # the record stays


async def test_when_terms_end_recordings_go_through_the_trash_but_for_what_is_kept(county: County):
    library = county.services.library
    plain, exemplary = await credited(county), await credited(county, topic="典型案例")
    unsettled = await county.taught(topic="没有核验")
    kept = await library.keep(RESEARCHER, exemplary, "选入案例集")
    assert (kept.kept_by, kept.kept_reason) == (RESEARCHER.id, "选入案例集")
    assert await found(county, shelf=Shelf.KEPT) == [exemplary]
    await library.deleted(exemplary)  # an event that nobody could have sent changes nothing
    county.clock.at += TERM
    assert await library.night() == []  # first into the trash, where they can be taken back
    assert await found(county, shelf=Shelf.TRASH) == [plain]
    assert await found(county) == [unsettled.id, exemplary]
    county.clock.at += TRASH
    assert await library.night() == [plain]
    await library.deleted(plain)
    await library.release(ADMIN, exemplary)
    await library.night()
    assert await found(county, shelf=Shelf.TRASH) == [exemplary]


async def test_a_view_is_written_once_for_requests_that_follow_each_other(county: County):
    library, lesson = county.services.library, await credited(county)
    await asyncio.gather(*(library.watched(TEACHER, lesson, "recording.view", "", "192.0.2.7") for _ in range(5)))
    county.clock.at += ONE_VIEW - 1
    await library.watched(TEACHER, lesson, "recording.view", "", "192.0.2.7")
    await library.watched(SCREEN, lesson, "recording.view", "", "192.0.2.8")
    await library.watched(TEACHER, lesson, "recording.download", "teacher-video-h264", "192.0.2.7")
    county.clock.at += ONE_VIEW
    await library.watched(TEACHER, lesson, "recording.view", "", "192.0.2.7")
    assert await acts(county, action="recording.view", subject=lesson) == [
        ("recording.view", TEACHER.id),
        ("recording.view", SCREEN.id),
        ("recording.view", TEACHER.id),
    ]
    page = await library.audit(ADMIN, AuditQuery(action="recording.download"))
    assert [(row.detail, row.address, row.subject) for row in page.items] == [
        ("teacher-video-h264", "192.0.2.7", lesson)
    ]


async def test_the_audit_log_is_read_page_by_page_and_by_filter(county: County):
    library, lesson = county.services.library, await credited(county)
    began = county.clock.at
    for number in range(5):
        county.clock.at = began + number
        await library.watched(TEACHER, lesson, "recording.download", f"track-{number}", "192.0.2.7")
    seen, cursor = [], None
    while True:
        page = await library.audit(ADMIN, AuditQuery(action="recording.", limit=2), cursor)
        seen += [row.detail for row in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert seen == [f"track-{number}" for number in (4, 3, 2, 1, 0)]
    part = await library.audit(ADMIN, AuditQuery(since=began + 1, until=began + 3))
    assert [row.detail for row in part.items] == ["track-2", "track-1"]
    assert await acts(county, actor_id="nobody") == []
    assert await acts(county, action="recording") == []  # a group ends with its dot


async def test_watching_goes_on_until_the_end_was_seen(county: County):
    library = county.services.library
    first, second = await credited(county), await credited(county)
    for lesson, position in ((first, 100.0), (second, 200.0), (first, 300.0)):
        county.clock.at += 1
        await library.stopped_at(TEACHER, lesson, position, 2400.0)
    assert [lesson.id for lesson in await library.watching(TEACHER)] == [first, second]
    assert await library.watching(SCREEN) == []
    assert (await library.positions(TEACHER, [first, second]))[first].position == 300.0
    await library.stopped_at(TEACHER, first, 2399.0, 2400.0)
    assert [lesson.id for lesson in await library.watching(TEACHER)] == [second]
    with pytest.raises(Invalid):
        await library.stopped_at(TEACHER, second, 2500.0, 2400.0)
    with pytest.raises(NotFound):
        await library.stopped_at(OTHER_TEACHER, second, 1.0, 2400.0)
    for entry in (await county.services.lessons.detail(ADMIN, second)).credits:
        await county.services.crediting.reverse(ADMIN, entry.id, "误计")
    await library.trash(ADMIN, second, "误计")
    assert await library.watching(TEACHER) == []


async def test_closed_recordings_are_measured_once_and_weighed(county: County):
    library = county.services.library
    lesson = await rejected(county)
    assert await library.unmeasured() == [lesson]
    await library.measure(lesson, Measure(300.0, 5 * 10**9, 3, 0.5))
    assert await library.unmeasured() == []
    assert (await library.shelves([lesson]))[lesson].measure == Measure(300.0, 5 * 10**9, 3, 0.5)
    space = await library.space(400 * 10**9, 1000 * 10**9)
    assert (space.recordings, space.trash, space.per_day) == (5 * 10**9, 0, 5 * 10**9)
    await library.trash(ADMIN, lesson, "试讲")
    assert (await library.space(1, 2)).trash == 5 * 10**9
    county.clock.at += TRASH
    await library.night()
    await library.deleted(lesson)
    assert (await library.space(1, 2)).recordings == 0
