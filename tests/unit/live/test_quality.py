"""The room's snapshot: what cannot be read, notices that do not flicker, what becomes evidence."""

from __future__ import annotations

from server.live.quality import (
    Claim,
    Note,
    QualityRow,
    Snapshot,
    carried,
    claim_field,
    encode,
    ends,
    fresh,
    minutes,
    public,
    read_claims,
    read_snapshot,
    rows_of,
)

ROW = {"participant_id": "teacher", "source": "teacher", "direction": "in", "kind": "audio", "score": 4}
AT = 1_700_000_000.0


def note(who: str = "classroom-s02", code: str = "loss", **more) -> Note:
    return Note(participant_id=who, direction="in", code=code, text=code, text_en=code, **more)


def row(who: str, score: int | None, direction: str = "in", **more) -> QualityRow:
    return QualityRow(participant_id=who, source=who, direction=direction, kind="video", score=score, **more)


def test_rows_that_are_none_are_left_out() -> None:
    bad = [{}, 7, None, ROW | {"score": 9}, ROW | {"loss": -1}, ROW | {"direction": "up"}, ROW | {"participant_id": ""}]
    assert [each.score for each in rows_of({"rows": [*bad, ROW]})] == [4]
    assert rows_of({}) == []
    assert rows_of({"rows": "all of them"}) == []


def test_a_snapshot_survives_the_hash_and_nonsense_is_none() -> None:
    snapshot = Snapshot(at=AT, load=0.1, rows=[row("teacher", 5)], notes=[note()])
    assert read_snapshot(encode(snapshot)) == snapshot
    assert read_snapshot("{") is None
    assert read_snapshot(None) is None
    assert fresh(snapshot, AT + 20) is snapshot
    assert fresh(snapshot, AT + 31) is None


def test_a_note_is_worth_telling_after_ten_seconds() -> None:
    notes: list[Note] = []
    told = []
    for look in range(4):
        notes = carried(notes, [note()], AT + 5 * look)
        told.append(notes[0].lasting)
    assert told == [False, False, True, True]
    assert notes[0].since == AT


def test_a_note_that_was_told_stays_through_one_good_look_and_goes_after_two() -> None:
    notes = carried([], [note()], AT)
    for look in (1, 2):
        notes = carried(notes, [note()], AT + 5 * look)
    notes = carried(notes, [], AT + 15)
    assert [each.lasting for each in notes] == [True]
    assert carried(notes, [note()], AT + 18)[0].since == AT
    assert carried(notes, [], AT + 20) == []


def test_a_blip_is_forgotten_at_once() -> None:
    assert carried(carried([], [note()], AT), [], AT + 5) == []


def test_the_cause_may_change_without_beginning_anew() -> None:
    notes = carried(carried([], [note()], AT), [note(code="slow")], AT + 5)
    assert (notes[0].code, notes[0].since) == ("slow", AT)


def test_observers_are_not_shown_to_others() -> None:
    snapshot = Snapshot(
        at=AT, load=0.0, rows=[row("observer-1", 1, "out"), row("teacher", 5)], notes=[note("observer-1"), note()]
    )
    shown = public(snapshot)
    assert [each.participant_id for each in shown.rows] == ["teacher"]
    assert [each.participant_id for each in shown.notes] == ["classroom-s02"]


def test_an_end_is_as_good_as_its_worst_row() -> None:
    rows = [row("teacher", 5), row("teacher", 3, "out"), row("classroom-s02", None)]
    assert ends(rows) == {"teacher": 3}


def test_claims_that_are_old_or_not_readable_do_not_count() -> None:
    claim = Claim(
        participant_id="classroom-s02",
        source="teacher",
        at=AT,
        freezes=1,
        frozen_seconds=2.0,
        concealed_share=0.0,
        frames_per_second=10.0,
        height=360,
    )
    text = encode([claim])
    fields = {claim_field("classroom-s02"): text, "c:x": "{", "stage": text}
    assert [claim.frozen_seconds for claim in read_claims(fields, AT + 5)] == [2.0]
    assert read_claims(fields, AT + 40) == []


def test_a_look_becomes_one_slot_of_its_minute() -> None:
    rows = [
        row("teacher", 2, loss=0.1, bitrate=300_000),
        row("teacher", 5, loss=0.0, bitrate=100_000),
        row("teacher", 5, "out", bitrate=1),
        row("observer-1", 1),
    ]
    sent, received = minutes("l1", 60 * 1000 + 12.5, rows)
    assert (sent.participant_id, sent.direction, sent.minute) == ("teacher", "in", 1000)
    assert (sent.looks, sent.bad) == (0b100, 0b100)
    assert round(sent.loss, 3) == 0.075
    assert (received.direction, received.looks, received.bad) == ("out", 0b100, 0)
