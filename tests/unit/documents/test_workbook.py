"""Workbooks from strangers do no harm; ours are never run."""

from __future__ import annotations

import io
import re
import zipfile
from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from server.county.books import Column, Formula, NewSheet
from server.county.errors import Invalid
from server.documents import workbook
from server.documents.workbook import read_workbook, write_workbook

DANGEROUS = ('=HYPERLINK("http://x")', "+1+1", "-2", "@SUM(A1)", "=cmd|' /C calc'!A0")


def saved(fill) -> bytes:
    book = Workbook()
    fill(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def altered(data: bytes, change) -> bytes:
    """The archive with each part passed through `change(name, content)`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


SMALL = saved(lambda sheet: sheet.append(["学校名称", "类别"]))


def test_a_text_that_looks_like_a_formula_is_written_as_a_text():
    data = write_workbook([NewSheet("表", (Column("=1+1"),), tuple((text,) for text in DANGEROUS))])
    cells = [cell for row in load_workbook(io.BytesIO(data)).active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)
    (sheet,) = read_workbook(data)
    assert [row.cells[1] for row in sheet.rows] == list(DANGEROUS)


def test_a_formula_is_told_apart_and_not_computed():
    (sheet,) = read_workbook(saved(lambda sheet: [sheet.append(["序号"]), sheet.append(["=1+1"])]))
    assert sheet.rows[0].cells[1] == Formula("=1+1")


def test_values_keep_their_kind_and_blank_rows_are_left_out():
    def fill(sheet):
        sheet.append(["a", "b", None, "d"])
        sheet.append([])
        sheet.append(["甲 ", 3, None, datetime(2026, 9, 1)])
        sheet.append(["  ", None])

    (sheet,) = read_workbook(saved(fill))
    assert sheet.headings == {1: "a", 2: "b", 4: "d"}
    assert [(row.number, row.cells) for row in sheet.rows] == [(3, {1: "甲 ", 2: 3, 4: datetime(2026, 9, 1)})]


def test_hidden_sheets_are_not_read():
    def fill(sheet):
        sheet.parent.create_sheet("隐藏").sheet_state = "hidden"

    assert [sheet.name for sheet in read_workbook(saved(fill))] == ["Sheet"]


@given(st.binary(max_size=200))
def test_what_is_no_workbook_is_refused(data):
    with pytest.raises(Invalid):
        read_workbook(data)


@given(st.integers(0, len(SMALL) - 1), st.integers(0, 255))
def test_a_damaged_workbook_is_read_or_refused_never_worse(at, byte):
    with suppress(Invalid):
        assert all(sheet.name for sheet in read_workbook(SMALL[:at] + bytes([byte]) + SMALL[at + 1 :]))


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    zeros = b"0" * (workbook.MAX_UNPACKED + 1)
    data = altered(SMALL, lambda name, content: zeros if "sheet1" in name else content)
    assert len(data) < workbook.MAX_BYTES
    with pytest.raises(Invalid, match="太大"):
        read_workbook(data)


def test_too_many_parts_are_refused():
    out = io.BytesIO(SMALL)
    with zipfile.ZipFile(out, "a") as archive:
        for n in range(workbook.MAX_PARTS):
            archive.writestr(f"x{n}.xml", "<x/>")
    with pytest.raises(Invalid, match="太大"):
        read_workbook(out.getvalue())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_any_encoding(encoding):
    bomb = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'.encode(encoding)
    with pytest.raises(Invalid, match="xlsx"):
        read_workbook(altered(SMALL, lambda name, content: bomb if "sheet1" in name else content))


def test_a_sheet_that_claims_a_million_rows_is_read_to_the_bound():
    def far(name, content):
        return re.sub(rb'r="A1"', b'r="XFD1048576"', content).replace(b'<row r="1"', b'<row r="1048576"')

    data = altered(SMALL, lambda name, content: far(name, content) if "sheet1" in name else content)
    (sheet,) = read_workbook(data)
    assert (sheet.headings, sheet.rows) == ({}, ())


def test_more_rows_than_allowed_are_refused_not_cut(monkeypatch):
    monkeypatch.setattr(workbook, "MAX_ROWS", 3)
    fits = saved(lambda sheet: [sheet.append([n]) for n in range(3)])
    assert len(read_workbook(fits)[0].rows) == 2
    with pytest.raises(Invalid, match="太大"):
        read_workbook(saved(lambda sheet: [sheet.append([n]) for n in range(4)]))
