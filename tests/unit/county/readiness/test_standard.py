"""A classroom against the standard, and a school's date: hand-worked cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from server.county.config import ConfigError
from server.county.readiness.dates import Check, equipment
from server.county.readiness.standard import Figures, Item, failed, figures_body, figures_of, parse_standard
from tests.fakes.county import CONFIG

STANDARD = parse_standard((CONFIG / "readiness.toml").read_text())
GOOD = Figures(
    width=1280,
    height=720,
    frame_rate=30.0,
    brightness=90.0,
    microphone_db=-22.0,
    speaker_db=24.0,
    heard=False,
    echo_db=3.0,
    up_kbps=2400.0,
    down_kbps=2380.0,
    loss=0.001,
    round_trip_ms=18.0,
    seconds=60.4,
    way="udp",
)


def test_a_classroom_that_meets_everything_exactly_is_ready():
    edge = replace(
        GOOD,
        frame_rate=15.0,
        brightness=16.0,
        microphone_db=-50.0,
        speaker_db=10.0,
        echo_db=10.0,
        up_kbps=1500.0,
        down_kbps=1500.0,
        loss=0.02,
        round_trip_ms=200.0,
        seconds=60.0,
    )
    assert failed(GOOD, STANDARD) == failed(edge, STANDARD) == ()


@pytest.mark.parametrize(
    ("change", "item"),
    [
        ({"brightness": 15.9}, Item.CAMERA),
        ({"brightness": None}, Item.CAMERA),
        ({"width": 1279}, Item.RESOLUTION),
        ({"height": 480}, Item.RESOLUTION),
        ({"frame_rate": 14.9}, Item.RESOLUTION),
        ({"width": None}, Item.RESOLUTION),
        ({"microphone_db": -50.1}, Item.MICROPHONE),
        ({"microphone_db": None}, Item.MICROPHONE),
        ({"speaker_db": 9.9}, Item.SPEAKER),
        ({"echo_db": 10.1}, Item.ECHO),
        ({"echo_db": None}, Item.ECHO),
        ({"up_kbps": 1499.0}, Item.UP),
        ({"down_kbps": None}, Item.DOWN),
        ({"loss": 0.021}, Item.LOSS),
        ({"round_trip_ms": 201.0}, Item.DELAY),
        ({"round_trip_ms": None}, Item.DELAY),
    ],
)
def test_each_figure_beyond_its_bound_is_named(change, item):
    assert failed(replace(GOOD, **change), STANDARD) == (item,)


def test_a_network_that_was_looked_at_too_briefly_meets_nothing_of_its_own():
    assert failed(replace(GOOD, seconds=59.9), STANDARD) == (Item.UP, Item.DOWN, Item.LOSS, Item.DELAY)


def test_a_tone_that_somebody_heard_but_the_microphone_did_not_makes_no_echo():
    far = replace(GOOD, speaker_db=1.0, echo_db=None)
    assert failed(far, STANDARD) == (Item.SPEAKER, Item.ECHO)
    assert failed(replace(far, heard=True), STANDARD) == ()
    assert failed(replace(GOOD, heard=True, echo_db=None), STANDARD) == (Item.ECHO,)  # it came back, how much is open


def test_figures_are_the_same_after_their_json():
    assert figures_of(figures_body(GOOD)) == GOOD


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("max_loss = 0.02", "max_loss = 2"),
        ("min_seconds = 60.0", "min_seconds = 300"),
        ("min_width = 1280", "min_widht = 1280"),
        ("min_microphone_db = -50.0", 'min_microphone_db = "loud"'),
    ],
)
def test_a_wrong_standard_is_refused_with_its_line(line, wrong):
    text = (CONFIG / "readiness.toml").read_text()
    assert line in text
    with pytest.raises(ConfigError, match=r"readiness\.toml:\d+"):
        parse_standard(text.replace(line, wrong))


def _check(room: str, day: int, *, met: bool = True, by_device: bool = True) -> Check:
    at = date(2025, 8, day)
    items = () if met else (Item.UP,)
    return Check(f"r{day}", "s02", room, f"教室 {room}", by_device, float(day), at, "x", "1", GOOD, items)


SCREENS = [("d1", "一号教室"), ("d2", "二号教室")]


def test_a_school_is_equipped_when_the_last_of_its_screens_first_met_the_standard():
    checks = [_check("d1", 3), _check("d2", 5, met=False), _check("d2", 9), _check("d1", 12, met=False)]
    found = equipment(SCREENS, checks, None)
    assert found.checked_on == found.met_on == date(2025, 8, 9)
    assert [(room.name, room.first_met) for room in found.rooms] == [
        ("一号教室", date(2025, 8, 3)),
        ("二号教室", date(2025, 8, 9)),
    ]
    assert found.rooms[0].last is not None
    assert not found.rooms[0].last.met  # it broke since; the date stays
    assert equipment(SCREENS, checks[:2], None).met_on is None


def test_a_school_without_screens_is_equipped_when_its_first_room_is():
    checks = [
        _check("家里", 2, met=False, by_device=False),
        _check("录播教室", 4, by_device=False),
        _check("录播教室", 8, by_device=False),
    ]
    found = equipment([], checks, None)
    assert (found.checked_on, [room.name for room in found.rooms]) == (date(2025, 8, 4), ["教室 家里", "教室 录播教室"])
    # Once it has a screen, the screen counts.
    assert equipment(SCREENS[:1], checks, None).checked_on is None
    assert equipment([], [], None).met_on is None


def test_the_earlier_of_certificate_and_own_check_counts():
    checks = [_check("d1", 9), _check("d2", 9)]
    assert equipment(SCREENS, checks, date(2025, 8, 1)).met_on == date(2025, 8, 1)
    assert equipment(SCREENS, checks, date(2025, 8, 20)).met_on == date(2025, 8, 9)
    assert equipment(SCREENS, [], date(2025, 8, 20)).met_on == date(2025, 8, 20)
