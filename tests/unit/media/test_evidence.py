"""The evidence keeps to one clock within a lesson."""

from __future__ import annotations

import time
from typing import Any

from server.media.clock import WallClock
from server.media.evidence import CROWD, Evidence
from server.media.flow import FlowKey
from server.media.lessons import Lesson

KEY = FlowKey("teacher", "teacher", "in", "video")


class Machine:
    """A machine's clock that somebody sets."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


def test_a_clock_set_in_mid_lesson_is_followed_only_when_the_lesson_is_over():
    machine = Machine()
    clock = WallClock(machine)
    evidence = Evidence(clock, lambda type, body: None)
    lesson = Lesson("l1")
    before = clock.wall(100.0)
    machine.ahead = 600.0
    for step in range(20):
        evidence.handle_timer([lesson], [], 100.0 + step)
    assert clock.wall(100.0) == before
    evidence.handle_timer([], [], 130.0)
    assert abs(clock.wall(100.0) - before - 600.0) < 1.0


def test_the_seconds_of_evidence_follow_each_other_across_the_jump():
    machine = Machine()
    clock = WallClock(machine)
    told: list[dict[str, Any]] = []
    evidence = Evidence(clock, lambda type, body: told.extend(body["rows"]))
    lesson = Lesson("l1")
    start = 1000.0 - clock.wall(1000.0) % 60  # monotonic: a full Unix minute begins
    for second in range(50):
        if second == 20:
            machine.ahead = -3600.0
        lesson.flow.mark(KEY, clock.wall(start + second + 0.5), 1, 100)
        evidence.handle_timer([lesson], [], start + second)
    evidence.tell(lesson)
    masks = {row["minute"]: 0 for row in told}
    for row in told:
        masks[row["minute"]] |= int(row["mask"], 16)
    assert list(masks.values()) == [(1 << 50) - 1]


def test_in_a_crowd_what_was_sent_is_told_less_often_and_nothing_is_lost():
    told: list[tuple[int, dict[str, Any]]] = []
    second = 0
    evidence = Evidence(WallClock(), lambda type, body: told.extend((second, row) for row in body["rows"]))
    lesson = Lesson("l1")
    for second in range(40):
        lesson.flow.mark(KEY, 600.0 + second, 1, 100)
        for number in range(CROWD + 50):
            lesson.flow.mark(FlowKey(f"observer-{number}", "teacher", "out", "video"), 600.0 + second, 1, 100)
        evidence.handle_timer([lesson], [], 1000.0 + second)
    evidence.tell(lesson)
    arrived = [(at, row) for at, row in told if row["direction"] == "in"]
    assert len(arrived) == 21
    sent = [(at, row) for at, row in told if row["participant_id"] == "observer-7"]
    assert [at for at, _ in sent] == [0, 8, 16, 24, 32, 39]
    for rows in (arrived, sent):
        assert sum(row["packets"] for _, row in rows) == 40
        masks = [int(row["mask"], 16) for _, row in rows]
        assert sum(masks) == (1 << 40) - 1
