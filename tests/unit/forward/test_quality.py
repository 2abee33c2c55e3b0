"""The score of a stream: what a listener would say of these figures."""

from __future__ import annotations

import pytest

from server.forward.quality import Figures, picture_score, sound_score


@pytest.mark.parametrize(
    ("figures", "score"),
    [
        (Figures(jitter=0.005, round_trip=0.03), 5),
        (Figures(loss=0.05, repaired=0.05, round_trip=0.1), 5),  # all of it came back
        (Figures(loss=0.05), 4),
        (Figures(loss=0.10), 3),
        (Figures(loss=0.30), 1),
        (Figures(round_trip=0.8), 2),  # each waits for the other
        (Figures(jitter=0.1, round_trip=0.3), 3),
    ],
)
def test_sound_is_as_good_as_its_loss_and_delay(figures: Figures, score: int) -> None:
    assert sound_score(figures) == score


@pytest.mark.parametrize(
    ("figures", "score"),
    [
        (Figures(), 5),
        (Figures(loss=0.10, repaired=0.10, round_trip=0.05), 5),
        (Figures(loss=0.20, repaired=0.20), 3),
        (Figures(loss=0.05), 4),
        (Figures(loss=0.10), 1),
        (Figures(freezes=1), 4),
        (Figures(freezes=2), 1),
        (Figures(freezes=2, seconds=10.0), 4),
    ],
)
def test_a_picture_suffers_from_what_is_not_repaired_and_from_freezes(figures: Figures, score: int) -> None:
    assert picture_score(figures) == score


def test_a_small_or_starved_camera_is_no_good_picture() -> None:
    assert picture_score(Figures(camera=True, height=180, bitrate=120_000)) == 4
    assert picture_score(Figures(camera=True, bitrate=60_000)) == 3
    assert picture_score(Figures(camera=True, height=720, bitrate=60_000)) == 5
    assert picture_score(Figures(bitrate=2_000)) == 5  # a still screen sends nearly nothing


def test_a_picture_that_the_line_holds_back_is_the_worse_the_smaller_it_got() -> None:
    scores = [picture_score(Figures(held_back=True, height=height, bitrate=1e6)) for height in (720, 360, 180)]
    assert scores == [4, 3, 2]


def test_more_loss_never_gives_a_better_score() -> None:
    for judge in (sound_score, picture_score):
        scores = [judge(Figures(loss=loss / 100)) for loss in range(101)]
        assert scores == sorted(scores, reverse=True)
        assert scores[0] == 5
        assert scores[-1] == 1
