"""A calendar of lessons (iCalendar, RFC 5545) for the calendar programs of phones and desks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from icalendar import Calendar, Event

from server.county.lessons import STATE_NAMES
from server.county.model import LessonState

if TYPE_CHECKING:
    from server.county.model import Lesson
    from server.county.services.feeds import Feed

ICS = "text/calendar"
REFRESH = timedelta(minutes=30)


def write_calendar(feed: Feed, origin: str, now: float) -> bytes:
    """The calendar; `origin`: the address of our pages, `now` (Unix seconds): when it was made.

    A lesson keeps its UID for good; SEQUENCE is its version, so that programs take a moved lesson for the same one.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Tongke//timetable//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"同课 {feed.owner}")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for lesson in feed.lessons:
        calendar.add_component(_event(lesson, feed, origin, now))
    return bytes(calendar.to_ical())


def _event(lesson: Lesson, feed: Feed, origin: str, now: float) -> Event:
    subject = feed.subjects.get(lesson.subject_id, "")
    receiving = "、".join(feed.schools.get(one, one) for one in lesson.receiving_school_ids)
    teacher = feed.people.get(lesson.teacher_id or "", "")
    event = Event()
    event.add("uid", f"{lesson.id}@tongke")
    event.add("dtstamp", datetime.fromtimestamp(now, UTC))
    event.add("sequence", lesson.version)
    event.add("dtstart", datetime.fromtimestamp(lesson.starts_at, UTC))
    event.add("dtend", datetime.fromtimestamp(lesson.starts_at, UTC) + timedelta(minutes=lesson.planned_minutes))
    event.add("summary", f"{subject} {lesson.topic}".strip())
    event.add("location", f"{feed.schools.get(lesson.supporting_school_id, '')} → {receiving}")
    lines = [f"授课教师：{teacher}" if teacher else "", f"状态：{STATE_NAMES[lesson.state]}"]
    event.add("description", "\n".join(line for line in lines if line))
    event.add("url", f"{origin}/lessons/{lesson.id}")
    event.add("status", "CANCELLED" if lesson.state is LessonState.CANCELLED else "CONFIRMED")
    return event
