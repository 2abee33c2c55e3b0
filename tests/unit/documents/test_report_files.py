"""A report's files: what they say, read back, and that LibreOffice opens them."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from datetime import timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from docx import Document
from openpyxl import load_workbook

from server.county.reports.model import Column, Figure, Report, Scope, Table
from server.county.reports.sheets import report_sheets
from server.documents.report_docx import write_report_docx
from server.documents.workbook import write_workbook

if TYPE_CHECKING:
    from pathlib import Path

CHINA = timezone(timedelta(hours=8))
ROWS = 60


def report(**changes: object) -> Report:
    pairs = Table(
        "pairings",
        ("各结对开展情况", "Pairings"),
        (Column(("支援学校", "Supporting school"), 26), Column(("本月上课", "Held"), 10, number=True)),
        tuple((Figure((f"第 {n} 小学", f"School {n}")), Figure(n)) for n in range(ROWS)),
        ("没有", "none"),
    )
    empty = Table("others", ("其他帮扶形式", "Other forms"), pairs.columns, (), ("年内还没有记录。", "Nothing yet."))
    odd = Table("odd", ("课题", "Topics"), (Column(("课题", "Topic"), 20),), ((Figure('=1+1 <b>&\x0b"'),),), ("", ""))
    made: dict[str, object] = {
        "scope": Scope.COUNTY,
        "scope_id": "",
        "month": "2026-10",
        "title": ("城乡同步课堂月报（2026 年 10 月）", "Report for 2026-10"),
        "about": ("实验小学 — 西岙小学", "One — Other"),
        "made_at": 1_793_500_000.0,
        "until": 1_793_462_400.0,  # 2026-11-01 00:00 in China
        "facts": ((("本月上课（节）", "Lessons held"), Figure(76)), (("其中已计入", "credited"), Figure(None))),
        "tables": (pairs, empty, odd),
    }
    return Report(**made | changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", [0, 1])
def test_the_document_says_everything_of_the_report(language):
    drawn = report()
    data = write_report_docx(drawn, language, CHINA)
    found = Document(io.BytesIO(data))
    said = [paragraph.text for paragraph in found.paragraphs]
    assert said[:2] == [drawn.title[language], drawn.about[language]]
    assert "2026-10-31" in said[2]
    assert ("一、各结对开展情况", "1. Pairings")[language] in said
    assert drawn.tables[1].empty[language] in said
    assert any(("填报单位" in text, "Unit" in text)[language] for text in said)
    facts, pairs, odd = found.tables
    assert [cell.text for cell in facts.rows[0].cells][:4] == [
        drawn.facts[0][0][language],
        "76",
        drawn.facts[1][0][language],
        "",
    ]
    assert len(pairs.rows) == ROWS + 1
    assert [cell.text for cell in pairs.rows[ROWS].cells] == [
        drawn.tables[0].rows[-1][0].value[language],
        str(ROWS - 1),
    ]
    assert odd.rows[1].cells[0].text == '=1+1 <b>&"'
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert b"w:tblHeader" in parts.read("word/document.xml")
        assert b"PAGE" in parts.read("word/footer1.xml")


def test_the_workbook_says_the_same_under_its_title_and_prints_across():
    drawn = report()
    book = load_workbook(io.BytesIO(write_workbook(report_sheets(drawn, 0))))
    assert book.sheetnames == ["概要", "各结对开展情况", "其他帮扶形式", "课题"]
    pairs = book["各结对开展情况"]
    assert pairs["A1"].value == "城乡同步课堂月报（2026 年 10 月） · 实验小学 — 西岙小学"
    assert [cell.value for cell in pairs[2]] == ["支援学校", "本月上课"]
    assert pairs.cell(ROWS + 2, 2).value == ROWS - 1
    assert (pairs.page_setup.orientation, pairs.print_title_rows) == ("landscape", "$1:$2")
    assert book["课题"]["A3"].data_type == "s"
    assert book["其他帮扶形式"]["A3"].value == "年内还没有记录。"


def test_libreoffice_opens_both_and_prints_them_on_pages_across(tmp_path: Path):
    office = shutil.which("soffice") or shutil.which("libreoffice")
    assert office, "LibreOffice is not installed: make system-packages"
    drawn = report()
    (tmp_path / "book.xlsx").write_bytes(write_workbook(report_sheets(drawn, 0)))
    (tmp_path / "paper.docx").write_bytes(write_report_docx(drawn, 0, CHINA))
    for name in ("book.xlsx", "paper.docx"):
        done = subprocess.run(
            [office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf", name],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=150,
        )
        assert done.returncode == 0, done.stderr
        pdf = (tmp_path / name).with_suffix(".pdf").read_bytes()
        pages = re.findall(rb"/Type\s*/Page[^s]", pdf)
        boxes = [tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox\s*\[([^\]]+)\]", pdf)]
        assert len(pages) >= 2, name
        assert all(right > top for _, _, right, top in boxes), boxes
