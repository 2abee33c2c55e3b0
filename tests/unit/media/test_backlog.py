"""A slow TCP peer gets sound and control in order; pictures give way frame by frame."""

from __future__ import annotations

import pytest

from server.media.backlog import HARD_BYTES, MAX_AGE, MAX_BYTES, Backlog
from server.wire.framing import Deframer

AUDIO, VIDEO = 1, 2


def rtp(ssrc: int, timestamp: int, size: int) -> bytes:
    head = bytes([0x80, 96, 0, 0]) + timestamp.to_bytes(4, "big") + ssrc.to_bytes(4, "big")
    return head + bytes(size - len(head))


def everything(backlog: Backlog) -> list[bytes]:
    deframer, found = Deframer(), []
    while data := backlog.take(1000):
        found += deframer.feed_untrusted(data)
    return found


def timestamps(datagrams: list[bytes], ssrc: int) -> list[int]:
    return [int.from_bytes(each[4:8], "big") for each in datagrams if each[8:12] == ssrc.to_bytes(4, "big")]


def fill(backlog: Backlog, now: float) -> int:
    """Frames of ten packets until one gives way; how many frames were taken whole."""
    frame = 0
    while True:
        frame += 1
        taken = [backlog.add(rtp(VIDEO, frame, 1100), now) for _ in range(10)]
        if not all(taken):
            return frame - 1


def test_what_fits_comes_out_in_order() -> None:
    backlog = Backlog()
    sent = [rtp(VIDEO, 1, 1100), rtp(AUDIO, 5, 100), bytes([0x80, 200, 0, 6]) + bytes(24), b"\x16" + bytes(50)]
    assert all(backlog.add(each, 0.0) for each in sent)
    assert everything(backlog) == sent
    assert (backlog.size, backlog.dropped) == (0, 0)


def test_a_frame_that_does_not_fit_gives_way_as_a_whole() -> None:
    backlog = Backlog()
    whole = fill(backlog, 0.0)
    assert MAX_BYTES - 12_000 < backlog.size <= MAX_BYTES + 1_200
    assert timestamps(everything(backlog), VIDEO) == [frame for frame in range(1, whole + 1) for _ in range(10)]
    assert not backlog.add(rtp(VIDEO, whole + 1, 1100), 0.1), "the rest of a given up frame"
    assert backlog.add(rtp(VIDEO, whole + 2, 1100), 0.1), "the next frame, now that there is room"


def test_sound_and_control_go_on_while_pictures_give_way() -> None:
    backlog = Backlog()
    fill(backlog, 0.0)
    assert all(backlog.add(rtp(AUDIO, 960 * n, 120), 0.1) for n in range(50))
    assert backlog.add(bytes([0x80, 200, 0, 6]) + bytes(24), 0.1)


def test_small_packets_of_one_timestamp_are_video_too() -> None:
    backlog = Backlog()
    backlog.add(rtp(VIDEO, 1, 300), 0.0)
    backlog.add(rtp(VIDEO, 1, 300), 0.0)
    assert not backlog.add(rtp(VIDEO, 2, 300), MAX_AGE + 0.1)


@pytest.mark.parametrize(("age", "taken"), [(MAX_AGE - 0.1, True), (MAX_AGE + 0.1, False)])
def test_what_waited_too_long_makes_the_next_picture_give_way(age: float, taken: bool) -> None:
    backlog = Backlog()
    backlog.add(rtp(VIDEO, 1, 1100), 10.0)
    assert backlog.add(rtp(VIDEO, 2, 1100), 10.0 + age) is taken


def test_beyond_the_hard_limit_nothing_is_kept() -> None:
    backlog = Backlog()
    while backlog.add(rtp(AUDIO, backlog.size, 400), 0.0):
        assert backlog.size <= HARD_BYTES + 402
    assert backlog.dropped == 1
