"""Two lessons at one time: whose trouble it is, seen from both sides, found among thousands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from server.county.timetable.clashes import Slot, all_clashes, between, clashes_of, free_times
from server.county.timetable.days import SchoolYear, SpecialDays

HOUR = 3600.0
BASE = Slot("a", 0, HOUR, "p1", "s1", ("r1",), "t1")
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC).timestamp()

SLOTS = st.builds(
    lambda start, length, pairing, teacher, more: Slot(
        "", start, start + length, f"p{pairing}", f"s{pairing % 2}", (f"r{pairing}", *more), teacher
    ),
    st.integers(0, 40),
    st.integers(1, 10),
    st.integers(0, 3),
    st.sampled_from([None, "t0", "t1"]),
    st.sampled_from([(), ("r9",)]),
)


def numbered(slots):
    return [Slot(str(n), *[getattr(slot, name) for name in Slot.__slots__[1:]]) for n, slot in enumerate(slots)]


def kinds(one, other):
    return [(clash.kind, clash.school_id) for clash in between(one, other)]


def other(**changes):
    values = {"id": "b", "starts_at": 600, "ends_at": 600 + HOUR, "pairing_id": "p2", "supporting": "s2"}
    return Slot(**(values | {"receiving": ("r2",), "teacher_id": "t2"} | changes))


def test_each_kind_of_clash():
    assert kinds(BASE, other()) == []
    assert kinds(BASE, other(teacher_id="t1")) == [("teacher", None)]
    assert kinds(BASE, other(pairing_id="p1", receiving=("r1",))) == [("pairing", None)]
    assert kinds(BASE, other(receiving=("r2", "r1"))) == [("classroom", "r1")]
    assert kinds(BASE, other(supporting="s1")) == [("credit", "s1")]
    assert kinds(BASE, other(teacher_id="t1", pairing_id="p1")) == [("teacher", None), ("pairing", None)]


def test_lessons_that_only_touch_do_not_clash_and_nobody_is_nobody_twice():
    assert kinds(BASE, other(starts_at=HOUR, ends_at=2 * HOUR, teacher_id="t1")) == []
    nobody = Slot("a", 0, HOUR, "p1", "s1", ("r1",), None)
    assert kinds(nobody, other(teacher_id=None)) == []


@given(SLOTS, SLOTS)
def test_a_clash_is_seen_from_both_sides(one, two):
    assert sorted(kinds(one, two), key=str) == sorted(kinds(two, one), key=str)


@given(st.lists(SLOTS, max_size=12).map(numbered))
def test_the_sweep_finds_what_comparing_every_pair_finds(slots):
    swept = {(clash.kind, frozenset({clash.one.id, clash.other.id})) for clash in all_clashes(slots)}
    compared = {
        (clash.kind, frozenset({one.id, two.id})) for one, two in combinations(slots, 2) for clash in between(one, two)
    }
    assert swept == compared


@given(st.lists(SLOTS, max_size=8).map(numbered), st.integers(0, 7), st.integers(0, 40))
def test_a_moved_lesson_does_not_clash_with_where_it_was(slots, which, start):
    if which < len(slots):
        moved = slots[which].at(start)
        assert all(clash.other.id != moved.id for clash in clashes_of([moved], slots))


def test_the_next_free_time_is_the_same_hour_on_a_taught_day_without_a_clash():
    slot = Slot("x", MONDAY, MONDAY + 2400, "p1", "s1", ("r1",), "t1")
    tuesday = Slot("y", MONDAY + 24 * HOUR, MONDAY + 24 * HOUR + 2400, "p1", "s1", ("r1",), "t2")
    year = SchoolYear((), (SpecialDays("停课", date(2026, 11, 25), date(2026, 11, 26)),))
    found = list(free_times(slot, [slot, tuesday], year, UTC, MONDAY + HOUR))
    first = [datetime.fromtimestamp(at, UTC) for at in found[:2]]
    assert first == [datetime(2026, 11, 27, 9, tzinfo=UTC), datetime(2026, 11, 30, 9, tzinfo=UTC)]


@given(st.lists(SLOTS, max_size=8), st.integers(0, 6), st.integers(0, 23))
def test_a_free_time_never_clashes_and_is_in_the_future(others, days, hour):
    start = datetime(2026, 11, 23, hour, tzinfo=UTC) + timedelta(days=days)
    slot = Slot("x", start.timestamp(), start.timestamp() + 2400, "p1", "s1", ("r1",), "t1")
    existing = [one.at(MONDAY + one.starts_at * HOUR) for one in numbered(others)]
    for at in free_times(slot, existing, SchoolYear(), UTC, MONDAY):
        assert at > MONDAY
        assert datetime.fromtimestamp(at, UTC).hour == hour
        assert clashes_of([slot.at(at)], existing) == []
