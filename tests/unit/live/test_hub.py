"""Two web processes over one shared state: pages of one see those of the other."""

from __future__ import annotations

import asyncio
import json

import pytest

from server.county.model import MediaGrant, TokenRole
from server.live.ports import MediaError
from server.live.quality import QualityRow, Snapshot, encode
from server.live.rooms import QUEUE, RoomHub, run_hub
from server.live.state import MediaSession, session_field
from server.live.state import encode as encode_entry
from tests.fakes.cluster import FakePlane, MemoryBus, MemoryRooms
from tests.fakes.county import FakeClock

TEACHER = MediaGrant("l1", "teacher", TokenRole.TEACHER, "s01", "王老师", 2e9)
CLASSROOM = MediaGrant("l1", "classroom-s02", TokenRole.CLASSROOM, "s02", "西岙小学", 2e9)


class Processes:
    """Hubs of several web processes, fed by one bus."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.rooms, self.bus, self.plane = MemoryRooms(), MemoryBus(), FakePlane()
        self.tasks: list[asyncio.Task[None]] = []

    async def start(self) -> RoomHub:
        async def view(lesson_id: str) -> dict[str, object]:
            return {"id": lesson_id}

        async def nothing(notice: dict[str, object]) -> None:
            pass

        hub = RoomHub(self.rooms, self.bus, self.plane, view, self.clock, ("h264", "vp9", "vp8"))
        before = self.bus.listeners
        self.tasks.append(asyncio.create_task(run_hub(hub, self.bus, nothing)))
        while self.bus.listeners == before:  # noqa: ASYNC110 - one turn of the loop
            await asyncio.sleep(0)
        return hub


@pytest.fixture
async def processes():
    made = Processes()
    yield made
    for task in made.tasks:
        task.cancel()
    await asyncio.gather(*made.tasks, return_exceptions=True)


async def hear(connection, kind):
    while True:
        message = json.loads(await asyncio.wait_for(connection.outbox.get(), 5))
        if message["type"] == kind:
            return message


def drain(connection):
    """The frames that wait for a page, without those that the bus may bring in between."""
    frames = []
    while not connection.outbox.empty():
        frame = connection.outbox.get_nowait()
        if frame is not None and json.loads(frame)["type"] != "presence":
            frames.append(frame)
    return frames


def ids(message):
    return [one["participant_id"] for one in message["participants"]]


async def codecs(connection, wanted):
    """Wait until the room's codecs are these."""
    while (await hear(connection, "presence"))["codecs"] != wanted:
        pass


async def test_video_is_published_in_what_everybody_plays_and_vp8_is_what_is_left(processes):
    first, second = await processes.start(), await processes.start()
    teacher = await first.join(TEACHER, ["vp8", "h264", "vp9"])
    assert (await hear(teacher, "welcome"))["codecs"] == ["h264", "vp9", "vp8"]
    classroom = await second.join(CLASSROOM, ["vp8", "vp9", "av1"])
    assert (await hear(classroom, "welcome"))["codecs"] == ["vp9", "vp8"]
    await codecs(teacher, ["vp9", "vp8"])
    old = await second.join(OBSERVER)  # a page that does not say, which nobody sees
    await codecs(teacher, ["vp8"])
    await second.leave(old)
    await codecs(teacher, ["vp9", "vp8"])
    await second.leave(classroom)
    await codecs(teacher, ["h264", "vp9", "vp8"])


async def test_whoever_plays_without_a_page_is_thought_to_play_vp8_alone(processes):
    hub = await processes.start()
    teacher = await hub.join(TEACHER, ["h264"])
    session = MediaSession(
        participant_id="classroom-s02",
        role="classroom",
        school_id="s02",
        name="西岙小学",
        source="teacher",
        direction="out",
        etag="e",
        remote_ufrag="u",
        candidates=[],
        placed="w0:e1",
        at=processes.clock(),
        connected=True,
    )
    await processes.rooms.set("l1", session_field("x1"), encode_entry(session))
    await processes.bus.publish({"kind": "room", "lesson_id": "l1", "what": "presence"})
    await codecs(teacher, ["vp8"])
    await hub.join(CLASSROOM, ["h264"])  # now it has said
    await codecs(teacher, ["h264", "vp8"])


async def test_pages_of_two_processes_are_in_one_room(processes):
    first, second = await processes.start(), await processes.start()
    teacher = await first.join(TEACHER)
    classroom = await second.join(CLASSROOM)
    assert ids(await hear(classroom, "welcome")) == ["teacher", "classroom-s02"]
    while ids(await hear(teacher, "presence")) != ["teacher", "classroom-s02"]:
        pass
    await first.receive(teacher, '{"v":1,"type":"mute","participant_id":"classroom-s02","muted":true}')
    assert (await hear(classroom, "muted"))["muted"] is True
    await second.leave(classroom)
    while ids(await hear(teacher, "presence")) != ["teacher"]:
        pass


async def test_a_process_that_dies_leaves_its_pages_for_the_others_to_forget(processes):
    first, second = await processes.start(), await processes.start()
    teacher = await first.join(TEACHER)
    await second.join(CLASSROOM)
    processes.tasks[1].cancel()  # dies without a word
    processes.clock.at += 31
    await first.renew()
    while ids(await hear(teacher, "presence")) != ["teacher"]:
        pass
    assert [name for name in processes.rooms.hashes["l1"] if name.startswith("p:classroom")] == []


async def test_a_reset_told_twice_is_sent_once(processes):
    hub = await processes.start()
    teacher = await hub.join(TEACHER)
    for _ in range(2):
        await hub.notice({"kind": "room", "lesson_id": "l1", "what": "media_reset", "placed": "w0:e2", "reason": "x"})
    await hub.notice({"kind": "room", "lesson_id": "l1", "what": "layout", "layout": "both"})
    kinds = []
    while not kinds or kinds[-1] != "layout":
        kinds.append(json.loads(await teacher.outbox.get())["type"])
    assert kinds.count("media_reset") == 1


async def test_after_lost_notices_everything_is_said_again(processes):
    hub = await processes.start()
    teacher = await hub.join(TEACHER)
    await processes.rooms.clear("l1")
    await processes.rooms.set("l1", "layout", "screen")
    await hub.notice({"kind": "resync"})
    assert (await hear(teacher, "lesson"))["lesson"] == {"id": "l1"}
    assert ids(await hear(teacher, "presence")) == ["teacher"]
    assert (await hear(teacher, "layout"))["layout"] == "screen"


async def test_a_page_that_does_not_read_is_closed(processes):
    hub = await processes.start()
    teacher = await hub.join(TEACHER)
    for _ in range(QUEUE + 10):
        await hub.notice({"kind": "room", "lesson_id": "l1", "what": "layout", "layout": "both"})
    assert teacher.dead
    assert teacher.outbox.get_nowait() is None


async def test_a_state_that_cannot_be_written_is_told_to_the_page(processes):
    hub = await processes.start()
    teacher = await hub.join(TEACHER)

    async def away(*args: str) -> None:
        raise OSError("redis is away")

    processes.rooms.set = away
    await hub.receive(teacher, '{"v":1,"type":"layout","layout":"both"}')
    assert (await hear(teacher, "error"))["code"] == "unavailable"


async def test_what_a_page_shows_is_told_to_the_lessons_worker(processes):
    hub = await processes.start()
    classroom = await hub.join(CLASSROOM)
    await processes.plane.for_lesson("l1", "lesson.open", {"lesson_id": "l1"})
    await hub.receive(classroom, '{"v":1,"type":"watch","source":"teacher","height":720,"choice":"auto"}')
    assert processes.plane.calls[-1] == (
        "session.watch",
        {
            "lesson_id": "l1",
            "participant_id": "classroom-s02",
            "source": "teacher",
            "height": 720,
            "choice": "auto",
        },
    )


async def test_a_wish_never_places_a_lesson_and_never_fails_a_page(processes):
    hub = await processes.start()
    teacher = await hub.join(TEACHER)
    wish = '{"v":1,"type":"watch","source":"classroom-s02","height":180,"choice":"low"}'
    await hub.receive(teacher, wish)
    assert processes.plane.calls == []
    processes.plane.fail = MediaError("unavailable", "no answer")
    await hub.receive(teacher, wish)
    await hub.receive(teacher, '{"v":1,"type":"ping","at":1}')
    assert [json.loads(frame)["type"] for frame in drain(teacher)] == ["welcome", "pong"]


@pytest.mark.parametrize("change", [{"height": -1}, {"height": 1e9}, {"choice": "best"}, {"source": ""}])
async def test_a_wish_that_is_none_is_refused(processes, change):
    hub = await processes.start()
    teacher = await hub.join(TEACHER)
    wish = {"v": 1, "type": "watch", "source": "screen", "height": 360, "choice": "auto"} | change
    await hub.receive(teacher, json.dumps(wish))
    assert (await hear(teacher, "error"))["code"] == "bad_message"


OBSERVER = MediaGrant("l1", "observer-abc", TokenRole.OBSERVER, None, "教研员", 2e9)


async def test_quality_goes_to_who_teaches_and_who_observes_and_hides_observers(processes):
    hub = await processes.start()
    teacher, classroom, observer = [await hub.join(grant) for grant in (TEACHER, CLASSROOM, OBSERVER)]
    rows = [
        QualityRow(participant_id=who, source="teacher", direction="out", kind="audio", score=3)
        for who in ("classroom-s02", "observer-abc")
    ]
    snapshot = Snapshot(at=processes.clock.at, load=0.1, rows=rows, notes=[])
    await processes.rooms.set("l1", "quality", encode(snapshot))
    await processes.bus.publish({"kind": "room", "lesson_id": "l1", "what": "quality"})
    told = await hear(teacher, "quality")
    assert [row["participant_id"] for row in told["rows"]] == ["classroom-s02"]
    assert len((await hear(observer, "quality"))["rows"]) == 2
    assert all(json.loads(frame)["type"] != "quality" for frame in drain(classroom))
    late = await hub.join(TEACHER)
    assert (await hear(late, "quality"))["at"] == snapshot.at


async def test_a_pages_own_figures_are_told_as_its_claim(processes):
    hub = await processes.start()
    teacher, classroom = await hub.join(TEACHER), await hub.join(CLASSROOM)
    played = {"source": "teacher", "freezes": 1, "frozen_seconds": 1.5, "concealed_share": 0.1,
              "frames_per_second": 12.5, "height": 360}  # fmt: skip
    await hub.receive(classroom, json.dumps({"type": "playback", "v": 1, "players": [played]}))
    await processes.rooms.set("l1", "quality", encode(Snapshot(at=processes.clock.at, load=0, rows=[], notes=[])))
    await processes.bus.publish({"kind": "room", "lesson_id": "l1", "what": "quality"})
    (claim,) = (await hear(teacher, "quality"))["claims"]
    assert claim == played | {"participant_id": "classroom-s02", "at": processes.clock.at}


async def test_a_claim_that_is_none_is_refused(processes):
    hub = await processes.start()
    classroom = await hub.join(CLASSROOM)
    played = {"source": "teacher", "freezes": -1, "frozen_seconds": 1e9, "concealed_share": 7, "height": 0}
    await hub.receive(classroom, json.dumps({"type": "playback", "v": 1, "players": [played]}))
    assert (await hear(classroom, "error"))["code"] == "bad_message"
    assert not any(name.startswith("c:") for name in await processes.rooms.get("l1"))
