"""The timetable and the calendars over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime

from icalendar import Calendar

SERIES = {
    "pairing_id": "p01",
    "subject": "chinese",
    "topic": "同步语文",
    "starts_at": "2025-12-01T01:00:00Z",
    "planned_minutes": 40,
    "teacher_id": "u-shiyan",
    "until": "2025-12-15",
}


async def test_a_series_is_looked_at_made_shown_and_moved(site):
    dry = await (await site.call("POST", "/api/timetable/series?dry_run=1", json=SERIES)).json()
    assert (dry["made"], len(dry["lessons"])) == (False, 3)
    made = await (await site.call("POST", "/api/timetable/series", json=SERIES)).json()
    assert made["made"]
    span = "from=2025-12-01T00:00:00Z&to=2025-12-08T00:00:00Z"
    week = await (await site.call("GET", f"/api/timetable?{span}&school_id=s02", "researcher")).json()
    (lesson,) = week["lessons"]
    assert (week["utc_offset_minutes"], week["truncated"]) == (480, False)
    assert [term["id"] for term in week["terms"]] == ["t2026a", "t2026b"]
    body = {"lesson_id": lesson["id"], "starts_at": made["lessons"][1]["starts_at"]}
    told = await (await site.call("POST", "/api/timetable/check", json=body)).json()
    assert {one["kind"] for one in told["notices"]} == {"teacher", "pairing", "no_term"}
    change = {"version": lesson["version"], "starts_at": "2025-12-02T01:00:00Z"}
    assert (await site.call("PATCH", f"/api/lessons/{lesson['id']}", json=change)).status == 200
    again = await site.call("PATCH", f"/api/lessons/{lesson['id']}", json=change)
    assert (again.status, (await again.json())["code"]) == (409, "stale")


async def test_a_span_is_needed_and_bounded(site):
    assert (await site.call("GET", "/api/timetable")).status == 400
    answer = await site.call("GET", "/api/timetable?from=2025-01-01T00:00:00Z&to=2027-01-01T00:00:00Z")
    assert (answer.status, (await answer.json())["code"]) == (400, "bad_span")


async def test_a_missed_lesson_is_given_another_time(site):
    lesson = await site.lesson()
    site.county.clock.at += 6 * 3600
    await site.county.services.lessons.sweep()
    suggestion = await (await site.call("GET", f"/api/lessons/{lesson.id}/suggestion", "teacher")).json()
    seen = await (await site.call("GET", f"/api/lessons/{lesson.id}", "teacher")).json()
    assert seen["state"] == "missed"
    body = {"version": seen["version"], "starts_at": suggestion["starts_at"]}
    answer = await site.call("POST", f"/api/lessons/{lesson.id}/reschedule", "teacher", json=body)
    (changed,) = (await answer.json())["lessons"]
    assert (changed["state"], changed["starts_at"]) == ("scheduled", suggestion["starts_at"])


async def test_a_calendar_is_read_without_a_login_and_follows_its_lessons(site):
    await site.call("POST", "/api/timetable/series", json=SERIES | {"topic": "一,二;三\\四"})
    made = await (await site.call("POST", "/api/feeds", "teacher", json={"school_id": None})).json()
    answer = await site.call("GET", made["path"], None)
    assert (answer.status, answer.content_type, answer.charset) == (200, "text/calendar", "utf-8")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    calendar = Calendar.from_ical(await answer.read())
    events = calendar.walk("VEVENT")
    first = events[0]
    assert len(events) == 3
    assert first["SUMMARY"] == "语文 一,二;三\\四"
    assert first.decoded("DTSTART") == datetime(2025, 12, 1, 1, tzinfo=UTC)
    assert (first["UID"].endswith("@tongke"), first["SEQUENCE"], first["STATUS"]) == (True, 1, "CONFIRMED")
    lesson_id = str(first["UID"]).removesuffix("@tongke")
    change = {"version": 1, "starts_at": "2025-12-02T02:00:00Z"}
    await site.call("PATCH", f"/api/lessons/{lesson_id}", json=change)
    await site.call("POST", f"/api/lessons/{lesson_id}/cancel", json={"reason": "停课"})
    calendar = Calendar.from_ical(await (await site.call("GET", made["path"], None)).read())
    moved = next(one for one in calendar.walk("VEVENT") if one["UID"] == first["UID"])
    assert moved.decoded("DTSTART") == datetime(2025, 12, 2, 2, tzinfo=UTC)
    assert (moved["SEQUENCE"], moved["STATUS"]) == (3, "CANCELLED")
    listed = (await (await site.call("GET", "/api/feeds", "teacher")).json())["items"]
    assert [one["id"] for one in listed] == [made["feed"]["id"]]
    assert (await site.call("DELETE", f"/api/feeds/{made['feed']['id']}", "teacher")).status == 204
    assert (await site.call("GET", made["path"], None)).status == 404
