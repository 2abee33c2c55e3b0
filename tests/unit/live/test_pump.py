"""The event pump: the same event twice, a crash between write and acknowledgement, what it cannot read."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from server.county.errors import Unavailable
from server.county.model import LessonState
from server.county.services import build_services
from server.live import state
from server.live.notices import LiveNotices
from server.live.parts import LiveParts
from server.live.pump import GIVE_UP, EventPump, flow_rows, written_at
from server.live.quality import read_snapshot
from server.live.tokens import MediaTokens
from server.live.watch import Watch
from tests.fakes.cluster import FakePlane, MemoryBus, MemoryEvents, MemoryJobs, MemoryRooms
from tests.fakes.county import ADMIN, County, county_config, good_report, make_county


@dataclass
class House:
    county: County
    plane: FakePlane
    rooms: MemoryRooms
    bus: MemoryBus
    events: MemoryEvents
    jobs: MemoryJobs
    pump: EventPump
    watch: Watch

    async def once(self) -> None:
        """Read, handle, acknowledge."""
        await self.events.ack(await self.pump.handle(await self.events.read(block=0)))

    async def state(self, lesson_id: str) -> LessonState:
        return (await self.county.services.lessons.get(ADMIN, lesson_id)).state

    async def live(self):
        lesson = await self.county.lesson()
        return await self.county.services.lessons.start(ADMIN, lesson.id)


@pytest.fixture
async def house():
    county = await make_county()
    plane, rooms, bus, events, jobs = FakePlane(), MemoryRooms(), MemoryBus(), MemoryEvents(), MemoryJobs()
    county.services = build_services(
        store=county.store,
        hasher=county.hasher,
        notices=LiveNotices(bus, plane),
        config=county_config(),
        now=county.clock,
    )
    live = LiveParts(plane, rooms, bus, events, jobs, MediaTokens("x" * 32, county.clock))
    watch = Watch(county.services, live)
    return House(county, plane, rooms, bus, events, jobs, EventPump(county.services, live, watch, county.clock), watch)


def flow(lesson_id, mask="ffff", minute=29_399_040, participant="teacher"):
    row = {"participant_id": participant, "source": participant, "direction": "in", "kind": "video", "minute": minute}
    return {"lesson_id": lesson_id, "rows": [row | {"mask": mask, "packets": 9, "bytes": 900}]}


async def seconds_in(house, lesson_id):
    async with house.county.store.read() as work:
        return sum(row.mask.bit_count() for row in await work.flow.of_lesson(lesson_id))


async def test_flow_twice_and_out_of_order_counts_once(house):
    lesson = await house.live()
    for mask in ("ff00", "00ff", "ff00", "ffff"):
        house.events.write("flow", flow(lesson.id, mask))
    await house.once()
    assert await seconds_in(house, lesson.id) == 16
    assert len(house.events.acked) == 4


async def test_a_crash_between_write_and_acknowledgement_changes_nothing(house):
    lesson = await house.live()
    house.events.write("flow", flow(lesson.id))
    house.events.write("recording.opened", {"lesson_id": lesson.id})
    await house.county.services.lessons.end(ADMIN, lesson.id)
    house.events.write("recording.closed", {"lesson_id": lesson.id})
    house.events.write("recording.verified", {"lesson_id": lesson.id, "report": good_report(lesson.id)})
    await house.pump.handle(await house.events.read(block=0))  # and the process dies here
    first = (await house.state(lesson.id), await seconds_in(house, lesson.id))
    await house.once()
    assert (await house.state(lesson.id), await seconds_in(house, lesson.id)) == first
    assert not house.events.pending


async def test_a_database_that_is_away_leaves_the_event_for_later_and_others_go_on(house, monkeypatch):
    lesson = await house.live()
    wanted = house.county.services.lessons.record_flow

    async def away(rows):
        raise OSError("database is away")

    monkeypatch.setattr(house.county.services.lessons, "record_flow", away)
    house.events.write("flow", flow(lesson.id))
    house.events.write("recording.opened", {"lesson_id": lesson.id})
    await house.once()
    assert [kind for _, kind, _ in house.events.pending.values()] == ["flow"]
    for _ in range(GIVE_UP + 5):  # however long it is away
        await house.once()
    monkeypatch.setattr(house.county.services.lessons, "record_flow", wanted)
    await house.once()
    assert await seconds_in(house, lesson.id) == 16
    assert not house.events.pending


async def test_a_lesson_goes_from_end_to_ledger_by_events_alone(house):
    lesson = await house.county.taught()
    house.events.write("recording.closed", {"lesson_id": lesson.id})
    await house.once()
    assert house.jobs.verifications == [lesson.id]
    for _ in range(2):
        house.events.write("recording.verified", {"lesson_id": lesson.id, "report": good_report(lesson.id)})
        await house.once()
        assert await house.state(lesson.id) is LessonState.CREDITED
    entries = (await house.county.services.crediting.ledger(ADMIN, lesson_id=lesson.id)).items
    assert sorted(entry.school_id for entry in entries) == ["s01", "s02"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("recording.verified", {}),
        ("recording.verified", {"lesson_id": "l1", "report": 5}),
        ("session.connected", {"lesson_id": "l1"}),
        ("recording.closed", {}),
    ],
)
async def test_an_event_that_cannot_be_read_is_given_up_in_the_end(house, kind, body):
    house.events.write(kind, body)
    for _ in range(GIVE_UP):
        await house.once()
    assert not house.events.pending


async def test_an_unknown_event_and_an_unknown_lesson_are_acknowledged(house):
    house.events.write("something.new", {"x": 1})
    house.events.write("flow", flow("l-unknown"))
    house.events.write("recording.closed", {"lesson_id": "l-unknown"})
    house.events.write("session.closed", {"lesson_id": "l-unknown", "session_id": "w0.1"})
    await house.once()
    assert not house.events.pending
    assert house.jobs.verifications == []


def test_flow_rows_that_are_none_are_left_out():
    good = flow("l1")["rows"][0]
    rows = flow_rows({"lesson_id": "l1", "rows": [good, {}, None, 5, good | {"mask": "xyz"}, good | {"mask": 2**80}]})
    assert [row.mask for row in rows] == [0xFFFF, 0]
    assert flow_rows({}) == []


def test_the_age_of_an_event_is_in_its_id():
    assert written_at("1763942400123-0", 5.0) == 1763942400.123
    assert written_at("7-0", 5.0) == 5.0


async def test_the_sweep_queues_what_was_forgotten(house):
    lesson = await house.county.taught()
    house.county.clock.at += 3600
    await house.pump.sweep()
    assert lesson.id in house.jobs.verifications


async def test_the_watch_opens_live_lessons_and_moves_them(house):
    lesson = await house.live()
    await house.watch.look()
    assert house.plane.placed == {lesson.id: "w0:e1"}
    assert not [notice for notice in house.bus.published if notice.get("what") == "media_reset"]
    house.plane.die()
    await house.watch.look()
    house.plane.start("e2")
    for _ in range(2):
        await house.watch.look()
    assert house.plane.placed == {lesson.id: "w0:e2"}
    assert len([notice for notice in house.bus.published if notice.get("what") == "media_reset"]) == 1


def player(participant, placed):
    return state.encode(
        state.MediaSession(
            participant_id=participant, role="observer", school_id=None, name="x", source="teacher", direction="out",
            etag="e", remote_ufrag="u", candidates=[], placed=placed, at=0.0,
        )
    )  # fmt: skip


async def test_only_those_are_told_to_come_again_whose_worker_died_while_the_lesson_goes_on(house):
    lesson = await house.live()
    await house.watch.look()
    house.plane.elsewhere = {"observer-1": "w1:a", "observer-2": "w2:b"}
    for session, participant, placed in (("w0.1", "c", "w0:e1"), ("w1.1", "observer-1", "w1:a"),
                                         ("w2.1", "observer-2", "w2:b")):  # fmt: skip
        await house.rooms.set(lesson.id, state.session_field(session), player(participant, placed))
    await house.watch.look()
    assert not [notice for notice in house.bus.published if notice.get("what") == "media_reset"]
    house.plane.elsewhere = {"observer-1": "w1:begun-anew", "observer-2": "w2:b"}
    for _ in range(2):
        await house.watch.look()
    (told,) = [notice for notice in house.bus.published if notice.get("what") == "media_reset"]
    assert told["participants"] == ["observer-1"]
    assert set(state.read_room(await house.rooms.get(lesson.id)).sessions) == {"w0.1", "w2.1"}
    assert house.plane.placed == {lesson.id: "w0:e1"}


async def test_the_watch_closes_what_a_dead_web_process_left_open(house):
    lesson = await house.live()
    await house.watch.look()
    ended = await house.county.services.lessons.end(ADMIN, lesson.id)
    assert ended.state is LessonState.ENDED
    house.plane.placed[lesson.id] = "w0:e1"  # as if the closing had not happened
    house.plane.closed.clear()
    await house.watch.look()
    assert house.plane.closed == [lesson.id]
    await house.watch.look()
    assert house.plane.closed == [lesson.id]


async def test_an_event_waits_for_a_database_or_a_redis_that_is_away(house, monkeypatch):
    lesson = await house.live()
    whole = house.county.services.lessons.recording_opened

    async def away(_: str) -> None:
        raise Unavailable("database_away", "数据库", "the database is away")

    house.events.write("recording.opened", {"lesson_id": lesson.id})
    monkeypatch.setattr(house.county.services.lessons, "recording_opened", away)
    for _ in range(GIVE_UP + 1):
        await house.once()
    assert house.events.acked == []
    monkeypatch.setattr(house.county.services.lessons, "recording_opened", whole)
    await house.once()
    assert house.events.acked == ["1-0"]


def look(lesson_id, at, score=5, who="classroom-s02", **more):
    row = {"participant_id": who, "source": who, "direction": "in", "kind": "video", "bitrate": 500_000, "score": score}
    return {"lesson_id": lesson_id, "at": at, "load": 0.1, "rows": [row | more, {"not": "a row"}]}


async def test_quality_is_kept_for_the_room_with_a_line_that_says_why(house):
    lesson = await house.live()
    house.bus.published.clear()
    for _ in range(3):
        house.county.clock.at += 5
        house.events.write("quality", look(lesson.id, house.county.clock.at, 2, loss=0.08))
        await house.once()
    snapshot = read_snapshot((await house.rooms.get(lesson.id))["quality"])
    assert [row.score for row in snapshot.rows] == [2]
    (note,) = snapshot.notes
    assert (note.code, note.participant_id, note.lasting) == ("loss", "classroom-s02", True)
    assert [notice["what"] for notice in house.bus.published] == ["quality"] * 3


async def test_a_repeated_or_late_look_changes_neither_the_room_nor_the_minutes(house):
    lesson = await house.live()
    now = house.county.clock.at
    for at in (now, now, now - 5, now - 300):
        house.events.write("quality", look(lesson.id, at, 1))
    await house.once()
    assert read_snapshot((await house.rooms.get(lesson.id))["quality"]).at == now
    async with house.county.store.read() as work:
        assert sum(row.looks.bit_count() for row in await work.quality.of_lesson(lesson.id)) == 3
    assert len(house.events.acked) == 4
