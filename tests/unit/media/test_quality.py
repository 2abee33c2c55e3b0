"""What a worker says of each participant's media, from counters alone."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace

import pytest

from server.media.lessons import Lesson
from server.media.quality import FIRST_LOOK, LOOK_EVERY, MAX_ROWS, PORTION, Quality, chosen
from server.media.sessions import Player, Publisher, Track
from tests.unit.forward.kit import give, stream

WALL = 1_700_000_000.0


class Clock:
    def wall(self, now: float) -> float:
        return WALL + now


class Sent:
    """A subscription as far as its counters go."""

    def __init__(self, kind: str = "video", ssrc: int = 7, source_stream=None) -> None:
        self.kind, self.ssrc, self.stream = kind, ssrc, source_stream
        self.resent = self.pleas = 0
        self.packets = self.octets = 0

    def sent(self) -> tuple[int, int]:
        return self.packets, self.octets


class Stage:
    """One lesson under a quality meter, driven by hand."""

    def __init__(self) -> None:
        self.lesson = Lesson("l1")
        self.events: list[dict] = []
        self.quality = Quality(Clock(), lambda type, body: self.events.append({"type": type, **body}))
        self.now = 100.0

    def session(self, cls, participant: str, source: str, **more):
        session = cls(
            id=f"{participant}-{source}-{len(self.lesson.sessions)}",
            lesson=self.lesson,
            source=self.lesson.source(source),
            participant_id=participant,
            direction="in" if cls is Publisher else "out",
            peer=SimpleNamespace(last_consent=self.now),
            opened_at=self.now,
            connected=True,
            **more,
        )
        self.lesson.sessions[session.id] = session
        return session

    def publisher(self, participant: str = "teacher", source: str = "teacher", streams=()):
        session = self.session(Publisher, participant, source)
        session.tracks = {each: Track(None, 1, None) for each in streams}
        return session

    def player(self, participant: str, source: str, subscriptions, reports=None):
        egress = SimpleNamespace(
            subscriptions=subscriptions, reports={} if reports is None else reports, last_report=self.now
        )
        return self.session(Player, participant, source, egress=egress)

    def look(self, seconds: float) -> dict | None:
        """Let time pass in ticks; the last event that came."""
        before, end = len(self.events), self.now + seconds
        while self.now < end:
            self.now += 0.02
            self.quality.handle_timer([self.lesson], self.now)
        return self.events[-1] if len(self.events) > before else None


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_the_first_bars_come_within_five_seconds_and_then_every_five(stage: Stage) -> None:
    sound = stream("audio", "opus")
    stage.publisher(streams=[sound])
    sequence = 0
    while stage.now < 126:
        sequence += 1
        give(sound, sequence, now=stage.now, timestamp=960 * sequence)
        stage.look(0.02)
    times = [event["at"] - WALL - 100 for event in stage.events]
    assert times[0] < 5
    assert all(LOOK_EVERY - 0.1 < later - earlier < LOOK_EVERY + 0.1 for earlier, later in pairwise(times))


def test_what_a_publisher_loses_and_gets_back_is_told_apart(stage: Stage) -> None:
    picture = stream()
    stage.publisher(streams=[picture])
    give(picture, 0, now=stage.now)
    stage.look(FIRST_LOOK + 0.1)
    for sequence in range(1, 201):
        if sequence % 10:  # every tenth is lost
            give(picture, sequence, now=stage.now, payload=bytes(1000))
    for sequence in range(10, 101, 10):  # half of them are repaired
        give(picture, sequence, now=stage.now, payload=bytes(1000))
        picture.repaired += 1
    give(picture, 201, now=stage.now)
    event = stage.look(FIRST_LOOK + 0.1)
    assert event is not None
    (row,) = event["rows"]
    assert (row["participant_id"], row["source"], row["direction"], row["kind"]) == (
        "teacher",
        "teacher",
        "in",
        "video",
    )
    assert row["loss"] == pytest.approx(20 / 201, abs=0.001)
    assert row["repaired"] == pytest.approx(10 / 201, abs=0.001)
    assert row["bitrate"] == pytest.approx(190 * 8000 / 2, rel=0.05)
    assert row["score"] < 5


def test_a_receiver_is_judged_by_its_own_reports(stage: Stage) -> None:
    picture = stream()
    subscription = Sent(source_stream=picture)
    reports: dict = {}
    stage.player("classroom-s01", "teacher", [subscription], reports)
    stage.look(FIRST_LOOK + 0.1)
    subscription.packets, subscription.octets, subscription.resent = 1000, 1_000_000, 30
    reports[7] = SimpleNamespace(fraction_lost=0.2, packets_lost=100, jitter=0.03, round_trip=0.12, at=stage.now)
    event = stage.look(FIRST_LOOK + 0.1)
    assert event is not None
    (row,) = event["rows"]
    assert (row["direction"], row["loss"], row["repaired"], row["rtt_ms"], row["jitter_ms"]) == (
        "out",
        0.1,
        0.03,
        120,
        30.0,
    )
    assert row["score"] <= 3


def test_a_line_that_takes_no_picture_is_bad_and_says_what_it_carries(stage: Stage) -> None:
    subscription = Sent()
    player = stage.player("classroom-s01", "teacher", [subscription])
    player.held_back, player.estimate = True, 90_000.0
    stage.look(FIRST_LOOK + 0.1)
    event = stage.look(FIRST_LOOK + 0.1)
    assert event is not None
    (row,) = event["rows"]
    assert (row["bitrate"], row["score"], row["held_back"], row["estimate"]) == (0, 2, True, 90_000)


def test_an_end_that_only_sends_borrows_the_round_trip_of_what_it_receives(stage: Stage) -> None:
    sound = stream("audio", "opus")
    stage.publisher("classroom-s01", "classroom-s01", [sound])
    subscription = Sent(source_stream=stream())
    report = SimpleNamespace(fraction_lost=0.0, packets_lost=0, jitter=0.0, round_trip=0.08, at=stage.now)
    stage.player("classroom-s01", "teacher", [subscription], {7: report})
    give(sound, 1, now=stage.now)
    stage.look(FIRST_LOOK + 0.1)
    give(sound, 2, now=stage.now, timestamp=960)
    subscription.packets, subscription.octets = 10, 1000
    event = stage.look(FIRST_LOOK + 0.1)
    assert event is not None
    assert {row["direction"]: row["rtt_ms"] for row in event["rows"]} == {"in": 80, "out": 80}


def test_silence_of_everything_is_a_broken_line_but_a_still_screen_is_not(stage: Stage) -> None:
    camera, screen = stream(), stream(ssrc=0x3333)
    stage.publisher(streams=[camera])
    stage.publisher(source="screen", streams=[screen])
    for each in (camera, screen):
        give(each, 1, now=stage.now)
    stage.look(FIRST_LOOK + 0.1)
    event = stage.look(FIRST_LOOK + 0.1)
    assert event is not None
    assert {row["source"]: row["score"] for row in event["rows"]} == {"teacher": 1, "screen": None}


def test_layers_of_a_track_make_one_row(stage: Stage) -> None:
    layers = [stream(ssrc=number) for number in (1, 2, 3)]
    stage.publisher(streams=layers)
    for each in layers:
        give(each, 1, now=stage.now)
    stage.look(FIRST_LOOK + 0.1)
    for each in layers:
        give(each, 2, now=stage.now, payload=bytes(1250))
    event = stage.look(FIRST_LOOK + 0.1)
    assert event is not None
    (row,) = event["rows"]
    assert row["bitrate"] == pytest.approx(3 * 10_000 / 2, rel=0.05)


def test_a_large_lesson_is_looked_at_in_portions_and_told_in_bounded_events(stage: Stage) -> None:
    subscriptions = [Sent(source_stream=stream()) for _ in range(3 * PORTION)]
    for number, subscription in enumerate(subscriptions):
        stage.player(f"observer-{number}", "teacher", [subscription])
    stage.look(FIRST_LOOK + 0.2)
    for subscription in subscriptions:
        subscription.packets, subscription.octets = 100, 100_000
    event = stage.look(FIRST_LOOK + 0.2)
    assert event is not None
    assert len(event["rows"]) == 3 * PORTION
    bad = {"direction": "out", "score": 1}
    rows = [{"direction": "out", "score": 5}] * 400 + [bad] + [{"direction": "in", "score": 5}]
    kept = chosen(rows)
    assert len(kept) == MAX_ROWS
    assert kept[0]["direction"] == "in"
    assert bad in kept


def test_a_sender_that_begins_anew_gives_no_absurd_loss(stage: Stage) -> None:
    picture = stream()
    stage.publisher(streams=[picture])
    for sequence in range(500):
        give(picture, sequence, now=stage.now)
    stage.look(FIRST_LOOK + 0.1)
    for sequence in range(40_000, 40_101):
        give(picture, sequence, now=stage.now)
    event = stage.look(FIRST_LOOK + 0.1)
    assert event is not None
    assert event["rows"][0]["loss"] == 0
