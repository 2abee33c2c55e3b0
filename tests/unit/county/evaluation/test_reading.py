"""A rule file that is wrong is refused with file, line, key and what to write."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.county.config import ConfigError
from server.county.evaluation.lines import line_at, lines_of
from server.county.evaluation.reading import parse_rules

from .kit import RULES, TEXT


def _line(text: str, fragment: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if fragment in line)


@pytest.mark.parametrize(
    ("old", "new", "at", "key", "fix"),
    [
        ('count = "schools_equipment_late"', 'count = "schools_late"', "schools_late", "papers[0]", "one of:"),
        ("rate = { county = 2, city = 0.2 }", "rate = { county = 2 }", "rate = { county = 2 }", "rate", "add city = "),
        ("rate = { county = 2, city = 0.2 }", "rate = { county = -2, city = 0.2 }", "= -2", "rate.county", "from 0 to"),
        ("rate = { county = 2, city = 0.2 }", "rate = { county = nan, city = 0.2 }", "nan", "rate.county", "from 0 to"),
        ("full = 20\nkind", "full = true\nkind", "full = true", "full", "a number from 0 to 1000"),
        ('kind = "once"', 'kind = "twice"', '"twice"', "kind", "per_unit, once, per_point"),
        ('deadline = "08-31"', 'deadline = "08-32"', "08-32", "tally.deadline", "MM-DD"),
        (
            'column = "equipment_met_on"',
            'column = "delivered"',
            'column = "delivered"',
            "tally.column",
            "one of: equip",
        ),
        ('id = "2.2"\ntitle = "6', 'id = "2.1"\ntitle = "6', "", "id", "an id of its own"),
        ("share = 0.10", "share = 10", "share = 10", "share", "0 to 1"),
        ('needs = "pairing_list_published"', 'nedes = "pairing_list_published"', "nedes", "nedes", "write needs"),
        ("last = 7", "last = 11", "last = 11", "last", "no more than first"),
        ("year = 2019", 'year = "2019"', 'year = "2019"', "rules.year", "2000 to 2100"),
        ("cap = 40", "cap = 39", "cap = 39", "cap", "add up to 40"),
        ('options = ["delivered", "training", "master"]', "", "", "facts.forms_pledged", "lists its options"),
    ],
)
def test_a_wrong_rule_is_refused_at_its_line_with_what_to_write(
    old: str, new: str, at: str, key: str, fix: str
) -> None:
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    with pytest.raises(ConfigError) as caught:
        parse_rules(text, "wrong.toml")
    told = str(caught.value)
    assert told.startswith("wrong.toml:")
    assert key in told
    assert fix in told
    if at and at in new:
        assert caught.value.line == _line(text, at)


def test_a_file_that_is_no_toml_is_refused_at_its_line() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_rules(TEXT.replace("step = 10", "step = ten"), "wrong.toml")
    assert caught.value.line == _line(TEXT, "step = 10")


def test_lines_are_found_through_headers_lists_and_values_over_several_lines() -> None:
    text = '# c\n[a."b.c"]\nd = [\n  1,\n  2,\n]\ne.f = 3\n\n[[g]]\nh = """\n[no]\n"""\n'
    text += "[[g]]\nh = 1\n[[g.i]]\nj = {k = 1}\n"
    lines = lines_of(text)
    assert tomllib.loads(text)["g"][1]["i"][0]["j"]["k"] == 1
    assert lines["a", "b.c"] == 2
    assert lines["a", "b.c", "d", 1] == 3
    assert lines["a", "b.c", "e", "f"] == 7
    assert (lines["g", 0, "h"], lines["g", 1, "h"], lines["g", 1, "i", 0, "j", "k"]) == (10, 14, 16)
    assert line_at(lines, ("g", 1, "missing")) == 13
    assert line_at(lines, ("nothing",)) == 1


def test_the_rule_file_names_every_item_of_the_notice() -> None:
    items = [[item.id for section in paper.sections for item in section.items] for paper in RULES.papers]
    assert items[0] == ["1.1", "1.2", "1.3", "1.4", "1.5", "2.1", "2.2", "3.1a", "3.1b", "3.1c", "3.2"]
    assert items[1] == ["1.1", "1.2", "1.3", "1.4", "2.1", "2.2", "3.1"]


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_rule_file_is_read_or_refused_but_nothing_else(data: st.DataObject) -> None:
    lines = TEXT.splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    change = data.draw(st.sampled_from(["drop", "double", "zero", "text", "list"]))
    key = lines[at].split("=")[0]
    changed = {
        "drop": [],
        "double": [lines[at]] * 2,
        "zero": [f"{key}= 0"],
        "text": [f'{key}= "x"'],
        "list": [f"{key}= [1, {{ a = 2 }}]"],
    }[change]
    told = "damaged.toml: read"
    try:
        parse_rules("\n".join([*lines[:at], *changed, *lines[at + 1 :]]), "damaged.toml")
    except ConfigError as problem:
        told = str(problem)
    assert told.startswith("damaged.toml:")
