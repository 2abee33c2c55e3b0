"""Why is it bad? One example per line that people may read."""

from __future__ import annotations

import pytest

from server.live.diagnosis import SYMPTOMS, diagnose
from server.live.quality import Claim, QualityRow

NAMES = {"teacher": "王老师", "classroom-s02": "西岙小学", "classroom-s03": "岭下小学", "observer-x": "听课人"}
ALL = ("classroom-s02", "classroom-s03")


def row(who: str, direction: str, score: int | None = 5, *, source: str | None = None, **more) -> QualityRow:
    figures = {"kind": "video", "bitrate": 900_000, "rtt_ms": 40, "jitter_ms": 5} | more
    source = source or (who if direction == "in" else "teacher")
    return QualityRow(participant_id=who, source=source, direction=direction, score=score, **figures)


def good(*people: str) -> list[QualityRow]:
    return [row(who, direction) for who in people for direction in ("in", "out")]


def claim(who: str, source: str = "teacher", *, frozen: float = 3.0, concealed: float = 0.0) -> Claim:
    return Claim(
        participant_id=who,
        source=source,
        at=0.0,
        freezes=1,
        frozen_seconds=frozen,
        concealed_share=concealed,
        frames_per_second=5.0,
        height=720,
    )


def said(rows, claims=(), load: float = 0.2) -> list[tuple[str | None, str, str]]:
    return [(note.participant_id, note.direction, note.code) for note in diagnose(rows, claims, NAMES, load)]


def test_nothing_is_said_of_a_good_lesson() -> None:
    assert said(good("teacher", *ALL)) == []


def test_one_schools_lossy_uplink_is_named_with_what_to_do() -> None:
    rows = [*good("teacher", "classroom-s03"), row("classroom-s02", "in", 2, loss=0.08), row("classroom-s02", "out")]
    (note,) = diagnose(rows, [], NAMES, 0.2)
    assert note.text == "西岙小学上行丢包 8 %：请他们改用网线"
    assert note.text_en == "The uplink of 西岙小学 loses 8 % of packets: ask them to use the cable"
    assert (note.participant_id, note.direction, note.code) == ("classroom-s02", "in", "loss")


def test_the_teachers_uplink_is_said_first() -> None:
    rows = [*good("classroom-s03"), row("classroom-s02", "out", 2, loss=0.1), row("teacher", "in", 1, loss=0.2)]
    assert said(rows) == [("teacher", "in", "loss"), ("classroom-s02", "out", "loss")]


def test_an_end_bad_both_ways_gets_one_line() -> None:
    rows = [*good("teacher"), row("classroom-s02", "in", 2, loss=0.05), row("classroom-s02", "out", 1, loss=0.3)]
    (note,) = diagnose(rows, [], NAMES, 0.2)
    assert note.text == "西岙小学上行和下行丢包 30 %：请他们改用网线"


def test_when_everybody_receives_badly_and_nobody_sends_badly_it_is_the_servers_exit() -> None:
    rows = [row("teacher", "in"), *[row(who, "in") for who in ALL], *[row(who, "out", 2, loss=0.07) for who in ALL]]
    assert said(rows) == [(None, "server", "exit")]
    thin = [row("teacher", "in"), *[row(who, "out", 2, held_back=True, estimate=80_000) for who in ALL]]
    assert said(thin) == [(None, "server", "exit")]


def test_one_of_two_receiving_badly_is_that_ones_downlink() -> None:
    rows = [*good("teacher", "classroom-s03"), row("classroom-s02", "in"), row("classroom-s02", "out", 2, loss=0.07)]
    assert said(rows) == [("classroom-s02", "out", "loss")]


def test_a_busy_server_explains_what_is_bad_all_over() -> None:
    rows = [row("teacher", "in", 2, jitter_ms=80), *[row(who, "out", 2, jitter_ms=90) for who in ALL]]
    assert said(rows, load=0.97) == [(None, "server", "server_busy")]
    assert said(good("teacher", *ALL), load=0.97) == []


def test_players_that_all_stand_still_on_good_lines_point_to_the_senders_computer() -> None:
    assert said(good("teacher", *ALL), [claim(who) for who in ALL]) == [("teacher", "in", "source_stalls")]


def test_one_player_that_stands_still_on_a_good_line_is_its_own_computer() -> None:
    assert said(good("teacher", *ALL), [claim("classroom-s02"), claim("classroom-s03", frozen=0.0)]) == [
        ("classroom-s02", "out", "player")
    ]
    assert said(good("teacher", *ALL), [claim("classroom-s02", frozen=0.0, concealed=0.3)]) == [
        ("classroom-s02", "out", "player")
    ]


def test_a_claim_adds_nothing_where_the_line_explains_it() -> None:
    rows = [*good("teacher", "classroom-s03"), row("classroom-s02", "in"), row("classroom-s02", "out", 2, loss=0.07)]
    assert said(rows, [claim("classroom-s02")]) == [("classroom-s02", "out", "loss")]


@pytest.mark.parametrize(
    ("code", "figures"),
    [
        ("cut", {"bitrate": 0, "loss": 0.0}),
        ("loss", {"loss": 0.05}),
        ("slow", {"rtt_ms": 700}),
        ("unsteady", {"jitter_ms": 120}),
        ("thin", {"bitrate": 60_000}),
        ("freezes", {"freezes": 3}),
        ("bad", {}),
    ],
)
def test_each_symptom_is_found_by_its_figures(code: str, figures: dict) -> None:
    assert said([row("classroom-s02", "in", 1, **figures)]) == [("classroom-s02", "in", code)]


def test_every_symptom_has_an_example() -> None:
    assert [symptom.code for symptom in SYMPTOMS] == ["cut", "loss", "thin", "slow", "unsteady", "freezes", "bad"]


def test_a_line_that_holds_the_picture_back_is_named_with_what_it_carries() -> None:
    rows = [*good("teacher"), row("classroom-s02", "out", 2, held_back=True, estimate=480_000)]
    (note,) = diagnose(rows, [], NAMES, 0.2)
    assert note.code == "thin"
    assert note.text.startswith("西岙小学下行带宽不足（约 480 kbit/s）")


def test_a_trouble_of_an_observer_is_nobodys_business() -> None:
    assert said([*good("teacher"), row("observer-x", "out", 1, loss=0.5)]) == []


def test_a_still_screen_is_no_trouble() -> None:
    assert said([*good("teacher"), row("teacher", "in", None, source="screen", bitrate=0)]) == []


def test_at_most_three_lines_come_at_once() -> None:
    rows = [*good("teacher"), *[row(f"classroom-{number}", "in", 1, loss=0.2) for number in range(6)]]
    assert len(diagnose(rows, [], NAMES, 0.2)) == 3
