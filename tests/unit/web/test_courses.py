"""Courses on demand over HTTP: given from a recording, opened to the class, counted, shown on the board."""

from __future__ import annotations

import pytest

from server.county.audit.ledger import Case, LedgerAudit
from tests.unit.web.recording_folder import write_manifest, write_track

VIDEO = [(0.0, 60.0, b"one"), (60.0, 120.0, b"two")]


@pytest.fixture
async def source(site):
    lesson = await site.county.taught(pairing_id="p02")
    track = write_track(site.recordings, lesson.id, "teacher-video-h264", "teacher", "video", VIDEO)
    write_manifest(site.recordings, lesson.id, [track])
    return lesson


async def give(site, source, status=201, **changes):
    body = {
        "form": "master",
        "recording_id": source.id,
        "pairing_id": "p02",
        "starts_at": "2025-11-24T08:00:00Z",
        "receiving_school_ids": ["s04", "s02"],
    }
    answer = await site.call("POST", "/api/courses", "admin", json=body | changes)
    assert answer.status == status, await answer.text()
    return await answer.json()


async def test_a_class_watches_and_is_counted_and_the_board_shows_it(site, source):
    course = await give(site, source)
    assert (course["duration"], course["needed_share"], course["lesson"]["form"]) == (120.0, 0.8, "master")
    path = f"/api/courses/{course['lesson']['id']}/played"
    # The recording is another pair's; the course opens it to this class.
    assert (await site.call("GET", f"/api/recordings/{source.id}", "device")).status == 200
    await site.call("POST", path, "device", json={"claims": []})
    for start in range(0, 100, 10):
        site.county.clock.at += 10
        answer = await site.call("POST", path, "device", json={"claims": [[start, start + 10]]})
    played = {each["school_id"]: each for each in (await answer.json())["played"]}
    assert (played["s02"]["credited"], played["s02"]["seconds"]) == (True, 100.0)
    assert (played["s04"]["credited"], played["s04"]["seconds"]) == (False, 0.0)
    board = await (await site.call("GET", "/api/board?year=2025")).json()
    forms = {row["school_id"]: {form["form"]: form["credited"] for form in row["forms"]} for row in board["schools"]}
    assert forms["s02"] == {"delivered": 0, "training": 0, "master": 1}
    assert forms["s03"]["master"] == 1
    assert next(row for row in board["schools"] if row["school_id"] == "s02")["total"] == 0
    ledger = await (await site.call("GET", f"/api/ledger?lesson_id={course['lesson']['id']}")).json()
    assert {(entry["school_id"], entry["form"]) for entry in ledger["items"]} == {("s02", "master"), ("s03", "master")}


async def test_a_recording_stays_closed_to_schools_that_no_course_opens_it_to(site, source):
    assert (await site.call("GET", f"/api/recordings/{source.id}", "device")).status == 404
    await give(site, source, receiving_school_ids=["s04"])
    assert (await site.call("GET", f"/api/recordings/{source.id}", "device")).status == 404


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"form": "synchronous"}, 400, "invalid"),
        ({"recording_id": "lnone"}, 404, "no_such_lesson"),
        ({"pairing_id": "p01"}, 400, "not_its_recording"),
        ({"receiving_school_ids": ["s01"]}, 400, "bad_receiving_school_ids"),
    ],
)
async def test_what_cannot_be_given_is_said(site, source, changes, status, code):
    assert (await give(site, source, status, **changes))["code"] == code


async def test_a_lesson_without_a_recording_is_no_course(site):
    lesson = await site.county.taught(pairing_id="p02")
    assert (await give(site, lesson, 404))["code"] == "no_recording"


async def test_a_report_that_no_player_makes_is_refused(site, source):
    course = await give(site, source)
    path = f"/api/courses/{course['lesson']['id']}/played"
    for body in (
        {"claims": [[-1, 5]]},
        {"claims": [[0, 1]], "speed": 0},
        {"claims": [[0]]},
        {"claims": [[0, 1]] * 101},
    ):
        assert (await site.call("POST", path, "device", json=body)).status == 400, body


async def test_the_audit_finds_nothing_in_what_was_really_played_and_names_what_was_not(site, source):
    course = await give(site, source)
    path = f"/api/courses/{course['lesson']['id']}/played"
    await site.call("POST", path, "device", json={"claims": []})
    for start in range(0, 100, 10):
        site.county.clock.at += 10
        await site.call("POST", path, "device", json={"claims": [[start, start + 10]]})
    assert await _differences(site, course) == []
    state = site.county.store.state.courses
    key = (course["lesson"]["id"], "s02")
    state.plays[key] = type(state.plays[key])(*key, ((0.0, 20.0),), 0.0, 0.0)
    assert {each.code for each in await _differences(site, course)} == {"figure"}


async def _differences(site, course):
    async with site.county.store.read() as work:
        lesson_id = course["lesson"]["id"]
        lesson, entries = await work.lessons.get(lesson_id), await work.ledger.of_lesson(lesson_id)
        audit = LedgerAudit({})
        audit.look(Case(lesson, (), None, entries, await work.courses.played([lesson_id])))
        return audit.differences()


async def test_lists_can_leave_out_what_waits_for_nobody(site, source):
    """A classroom's screen asks for what is taught live only: it would wait in an empty room for a course."""
    course = await give(site, source)
    live = await site.lesson()
    asked = "/api/lessons?state=scheduled,live&form=synchronous,training"
    found = (await (await site.call("GET", asked, "device")).json())["items"]
    assert [each["id"] for each in found] == [live.id]
    every = (await (await site.call("GET", "/api/lessons?state=scheduled", "device")).json())["items"]
    assert {each["id"] for each in every} == {live.id, course["lesson"]["id"]}
    assert (await site.call("GET", "/api/lessons?form=dance", "device")).status == 400
