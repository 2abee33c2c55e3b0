"""The evidence keeps to one clock within a lesson."""

from __future__ import annotations

import time
from typing import Any

from server.media.clock import WallClock
from server.media.evidence import Evidence
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
