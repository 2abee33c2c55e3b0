"""A roster workbook: every mistake has its cell and its remedy; what is right changes exactly what it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.county.books import Formula, Row, Sheet, address
from server.county.roster.entries import Entry, Known
from server.county.roster.imports import plan_import, sheets_of
from server.county.roster.kinds import KINDS
from tests.fakes.county import sample_entries

HEADINGS = {kind.title[0]: tuple(field.title[0] for field in kind.fields) for kind in KINDS}


def sheet(name, *rows, headings=None, first=2):
    """Rows as lists of cells below the kind's own headings."""
    given_headings = headings or HEADINGS[name]
    return Sheet(
        name,
        dict(enumerate(given_headings, 1)),
        tuple(
            Row(number, {column: cell for column, cell in enumerate(cells, 1) if cell is not None})
            for number, cells in enumerate(rows, first)
        ),
    )


def plan(*sheets, entries=()):
    ids = iter(range(1, 10_000))
    return plan_import(sheets, entries, lambda prefix: f"{prefix}-new{next(ids)}")


def problems(found):
    return [(problem.sheet, problem.cell) for problem in found.problems]


def reread(sheets):
    return [sheet(one.name, *one.rows, headings=[column.heading for column in one.columns]) for one in sheets]


@pytest.mark.parametrize("language", [0, 1])
def test_an_export_read_again_changes_nothing(language):
    entries = sample_entries()
    found = plan(*reread(sheets_of(Known(entries), language)), entries=entries)
    assert (found.problems, found.changes, found.unchanged) == ((), (), len(entries))


@pytest.mark.parametrize("language", [0, 1])
def test_an_export_read_into_an_empty_county_is_the_county(language):
    entries = sample_entries()
    found = plan(*reread(sheets_of(Known(entries), language)))
    assert found.problems == ()
    assert [(one.entry.id, dict(one.entry.values)) for one in found.changes] == [
        (one.id, dict(one.values)) for one in entries
    ]


def test_the_empty_template_imports_nothing():
    found = plan(*reread(sheets_of(None, 0)))
    assert (found.problems, found.changes) == ((), ())


def test_every_kind_of_mistake_is_named_by_its_cell():
    found = plan(
        sheet(
            "学校",
            ["城东小学", "支援学校", "小学"],
            ["城东小学", "支援学校", "小学"],  # A3 the same again
            [None, "支援学校", "小学"],  # A4 missing
            ["山里小学", "受助学校", "小学"],  # B5 no such choice
            ["河边小学", "受援学校", Formula("=B2")],  # C6 a formula
            ["好" * 201, "受援学校", "小学"],  # A7 too long
            ["溪\u200b口小学", "受援学校", "小学"],  # A8 invisible
        ),
        sheet("研训员", ["li si", "李四"], ["wangwu", "王五"]),  # A2 no username
        sheet("教师", ["wangwu", "王五", "城东小学"], ["zhaoliu", "赵六", "城西小学"]),  # A2 taken, C3 unknown
        sheet(
            "结对",
            [1, "城东小学", "河边小学", "王五"],
            [1, "河边小学", "城东小学", "王五"],  # A3 the same number
            ["二", "城东小学", "河边小学", "王五"],  # A4 no number
            [4, "城东小学", "城东小学", "王五"],  # C5 wrong side
            [5, "城东小学", "河边小学", "王五"],  # C6 paired already
        ),
        sheet("教室设备", ["城东小学", "一号教室"]),  # A2 not receiving
        sheet(
            "学期",
            ["上学期", "2026-09-01", "2026-08-01"],  # C2 ends first
            ["下学期", "2027-02-30", "2027-06-30"],  # B3 no such day
            ["长学期", "2028-01-01", "2029-12-31"],  # C4 too long
            ["甲", "2030-01-01", "2030-06-01"],
            ["乙", "2030-05-01", "2030-07-01"],  # B6 (and B5) overlap
        ),
        sheet("假期与补课", ["甲", "劳动节", "2031-05-01", "2031-05-01"]),  # C2, D2 outside
        sheet("工作进度", ["总结"]),  # B2 missing
        Sheet("别的表", {1: "x"}, ()),
        sheet("学科", ["语文", "x"], headings=["学科", "老师"]),  # B1 unknown column
        sheet("专家组", ["语文", "小学"], headings=["学科", "学段"]),  # C1 a column is missing
    )
    assert not found.possible
    assert set(problems(found)) == {
        ("学校", "A3"), ("学校", "A4"), ("学校", "B5"), ("学校", "C6"), ("学校", "A7"), ("学校", "A8"),
        ("研训员", "A2"), ("研训员", "A3"),
        ("教师", "A2"), ("教师", "C3"),
        ("结对", "A3"), ("结对", "A4"), ("结对", "C5"), ("结对", "C6"), ("结对", "C4"), ("结对", "C2"),
        ("教室设备", "A2"),
        ("学期", "C2"), ("学期", "B3"), ("学期", "C4"), ("学期", "B5"), ("学期", "B6"),
        ("假期与补课", "C2"), ("假期与补课", "D2"),
        ("工作进度", "B2"),
        ("别的表", "A1"), ("学科", "B1"), ("专家组", "C1"),
    }  # fmt: skip
    assert all(text for problem in found.problems for text in (*problem.text, *problem.fix))


def test_rows_are_matched_by_number_else_by_key_and_changed_only_where_a_column_is():
    school = Entry("schools", "s1", {"name": "城东小学", "kind": "supporting", "stage": "primary", "name_en": "East"})
    other = replace(school, id="s2", values=dict(school.values) | {"name": "城西小学"})
    found = plan(
        sheet("学校", ["城东小学", "受援学校", "小学", None], ["城北小学", "支援学校", "小学", "s2"],
              headings=["学校名称", "类别", "学段", "编号"]),
        entries=[school, other],
    )  # fmt: skip
    assert found.problems == ()
    by_key, by_number = found.changes
    assert (by_key.entry.id, by_key.fields, by_key.entry.values["name_en"]) == ("s1", ("kind",), "East")
    assert (by_number.entry.id, by_number.fields, by_number.entry.version) == ("s2", ("name",), 2)


def test_an_entry_that_was_changed_after_the_export_is_not_overwritten():
    school = Entry("schools", "s1", {"name": "新名", "kind": "supporting", "stage": "primary", "name_en": None}, 3)
    headings = ["学校名称", "类别", "学段", "编号", "版本"]
    old = plan(sheet("学校", ["旧名", "支援学校", "小学", "s1", 2], headings=headings), entries=[school])
    assert problems(old) == [("学校", "E2")]
    assert "第 3 版" in old.problems[0].text[0]
    same = plan(sheet("学校", ["新名", "支援学校", "小学", "s1", 2], headings=headings), entries=[school])
    assert (same.problems, same.unchanged) == ((), 1)


def test_an_archived_entry_is_neither_changed_nor_referred_to():
    school = Entry("schools", "s1", {"name": "旧校", "kind": "receiving", "stage": "primary", "name_en": None}, 1, True)
    found = plan(
        sheet("学校", ["旧校", "受援学校", "小学", "s1"], headings=["学校名称", "类别", "学段", "编号"]),
        sheet("教室设备", ["旧校", "一号教室"]),
        entries=[school],
    )
    assert problems(found) == [("学校", "D2"), ("教室设备", "A2")]


def test_a_change_that_spoils_what_is_not_in_the_workbook_is_refused():
    entries = sample_entries()
    found = plan(sheet("学校", ["永嘉县实验小学", "受援学校", "小学"]), entries=entries)
    assert problems(found) == [("学校", "A2")]
    assert "结对“1”" in found.problems[0].text[0]


def test_several_supporting_schools_for_one_receiving_school_and_the_reverse_are_fine():
    found = plan(
        sheet("结对", [11, "永嘉县外国语实验小学", "永嘉县巽宅镇西岙小学", "孙真慧"],
              [12, "永嘉县实验小学", "永嘉县岩坦镇溪口小学", "单志明"]),
        entries=sample_entries(),
    )  # fmt: skip
    assert (found.problems, len(found.changes)) == ((), 2)


@pytest.mark.parametrize("written", ["2026-09-01", "2026/9/1", "2026年9月1日", "2026.09.01", datetime(2026, 9, 1)])
def test_days_are_read_as_people_write_them(written):
    found = plan(sheet("工作进度", ["总结", written]))
    assert found.changes[0].entry.values["due"] == "2026-09-01"


@pytest.mark.parametrize("written", ["单志明 王建群", "单志明、王建群", "单志明,王建群", "单志明；王建群"])
def test_names_are_read_as_the_notice_prints_them(written):
    found = plan(sheet("学科", ["语文"]), sheet("专家组", ["语文", "小学", written]))
    assert found.problems == ()
    assert found.changes[1].entry.values["leads"] == ("单志明", "王建群")


CELLS = st.one_of(
    st.none(), st.text(max_size=12), st.integers(), st.floats(), st.booleans(), st.builds(Formula, st.text(max_size=5))
)


@given(st.sampled_from(KINDS), st.lists(st.lists(CELLS, max_size=7), max_size=4))
def test_any_cells_are_planned_or_explained(kind, rows):
    """Never an exception; a problem stands in a cell of the sheet."""
    headings = [*HEADINGS[kind.title[0]], "编号", "版本"]
    found = plan(sheet(kind.title[0], *rows, headings=headings), entries=sample_entries())
    cells = {address(column, row) for column in range(1, 10) for row in range(1, 7)}
    assert all(problem.cell in cells for problem in found.problems)
