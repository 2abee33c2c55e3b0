"""A forwarder over an impaired link in virtual time: what the issue asks of a thin and of a growing link."""

from __future__ import annotations

import pytest

from tests.fakes.link import Profile
from tests.unit.forward.bandwidth.kit import SOUND_RATE, Room
from tests.unit.forward.test_allocation import CAMERA

SEEDS = range(1, 6)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_link_that_grows_from_600_to_3000_carries_the_top_layer_within_ten_seconds(seed: int) -> None:
    thin, wide = Profile(rate=600e3, delay=0.02, queue=0.5), Profile(rate=3e6, delay=0.02, queue=0.5)
    room = Room(thin, seed=seed)
    room.link.follow([(20.0, wide)])
    teacher = room.play("teacher", CAMERA)
    room.clock.run(45.0)
    at, index = teacher.levels[-1]
    assert index is not None
    assert index == len(CAMERA) - 1
    assert at < 30.0
    assert teacher.seen.bitrate(32.0, 45.0) > 0.9 * (CAMERA[-1].bitrate + SOUND_RATE)
