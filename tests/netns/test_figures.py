"""The figures say what a viewer would."""

from __future__ import annotations

import pytest

from tests.netns.figures import Figure, Seen


def seen(
    frames: list[float], seconds: float = 10.0, *, silent: tuple[float, float] = (0, 0), late: float = 0.0
) -> Seen:
    """Samples every 100 ms for so long, sound that is made up in the `silent` interval and lags by `late` s in it."""
    samples, concealed = [], 0
    for tick in range(int(seconds * 10) + 1):
        at = tick / 10
        within = silent[0] < at <= silent[1]
        concealed += 4800 if within else 0
        audio = {"samples": tick * 4800, "concealed": concealed, "bytes": tick * 500, "lost": tick, "packets": tick * 4}
        audio["delay"] = 1000 * (late if within else 0.1)
        samples.append({"at": at, "serial": 1, "audio": audio, "video": None})
    return Seen(frames, samples)


EVERY_50_MS = [tick / 20 for tick in range(201)]


def test_a_steady_picture_has_no_freeze():
    steady = seen(EVERY_50_MS)
    assert steady.flowing() == 1
    assert steady.longest_freeze() == pytest.approx(0.05)


def test_a_pause_counts_against_the_frames_that_were_due_in_it():
    paused = seen([at for at in EVERY_50_MS if not 4 < at < 5])
    assert paused.longest_freeze() == pytest.approx(1)
    assert paused.flowing() == pytest.approx(0.9)
    assert seen([]).flowing() == pytest.approx(0)


def test_only_silence_over_200_ms_is_a_gap():
    assert seen(EVERY_50_MS, silent=(3.0, 3.2)).sound_gaps() == []
    assert seen(EVERY_50_MS, silent=(3.0, 3.5)).sound_gaps() == [pytest.approx(0.5)]
    assert seen(EVERY_50_MS, silent=(9.0, 10.0)).sound_gaps() == [pytest.approx(1)]
    assert seen(EVERY_50_MS, silent=(3.0, 4.0)).concealed() == pytest.approx(0.1)


def test_settled_is_when_delay_and_pauses_are_small_for_good():
    assert seen(EVERY_50_MS).settled() == 0
    assert seen(EVERY_50_MS, silent=(2, 3), late=0.6).settled() == pytest.approx(3)
    assert seen([at for at in EVERY_50_MS if not 4 < at < 6]).settled() == pytest.approx(6)


def test_what_comes_back_is_timed_from_the_networks_return():
    away = seen([at for at in EVERY_50_MS if not 2 < at < 5.5], silent=(2, 5.2))
    assert away.picture_again(5.0) == pytest.approx(0.5)
    assert away.sound_again(5.0) == pytest.approx(0.3)
    assert seen([], silent=(0, 10)).sound_again(5.0) == float("inf")


def test_rates_are_per_second():
    assert seen(EVERY_50_MS).bitrate("audio") == pytest.approx(40_000)
    assert seen(EVERY_50_MS).lost("audio") == pytest.approx(0.2)


def test_a_figure_knows_whether_its_goal_is_reached():
    assert Figure("shown", 96, 95, "%", at_least=True).reached
    assert not Figure("delay", 401, 400, "ms").reached
    assert not Figure("delay", float("nan"), 400, "ms").reached


def test_a_figure_is_near_its_goal_by_a_factor_of_what_is_missed():
    assert Figure("delay", 800, 400, "ms").near(2)
    assert not Figure("delay", 801, 400, "ms").near(2)
    assert Figure("shown", 90, 95, "%", at_least=True).near(2)
    assert not Figure("shown", 89, 95, "%", at_least=True).near(2)
    assert not Figure("delay", float("nan"), 400, "ms").near(2)
