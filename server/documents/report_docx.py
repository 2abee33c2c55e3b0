"""A report as .docx: figures, tables with their headings on every page, and the lines to sign and stamp."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from server.county.reports.model import in_language
from server.county.reports.sheets import heading

from .word import HEI, SONG, face, page_numbers, plain, set_faces

if TYPE_CHECKING:
    from datetime import tzinfo

    from docx.document import Document as Docx
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

    from server.county.reports.model import Column, Report, Table, Value

NUMERALS = "一二三四五六七八九十"
WIDE = 25.7  # of an A4 page across, between its margins, cm
MARGIN = 2.0
SMALL, BODY, TITLE = 9, 10.5, 18
SHADE = "E1ECF1"
WORDS = {
    "until": ("数据截至 {until}，{made} 制表。", "Up to {until}; made {made}."),
    "sign": (
        "填报单位（盖章）：                    填报人：                审核人：                日期：",
        "Unit (stamp):                    Made by:                Checked by:                Date:",
    ),
}


def write_report_docx(report: Report, language: int, zone: tzinfo) -> bytes:
    """The file. `language`: 0 Chinese, 1 English. Slow for a big county: call it in a thread."""
    document = Document()
    _page(document)
    set_faces(document, (("Normal", SONG, BODY), ("Heading 2", HEI, 12)))
    for name in ("Normal", "Heading 2"):
        document.styles[name].font.color.rgb = None
        document.styles[name].paragraph_format.space_after = Pt(2)
    document.styles["Heading 2"].paragraph_format.keep_with_next = True
    document.core_properties.title = plain(heading(report, language))
    _line(document.add_paragraph(), report.title[language], TITLE, HEI).alignment = WD_ALIGN_PARAGRAPH.CENTER
    if report.about[language]:
        _line(document.add_paragraph(), report.about[language], 13, HEI).alignment = WD_ALIGN_PARAGRAPH.CENTER
    # The end of a month is the first moment of the next one.
    until = datetime.fromtimestamp(report.until - 1, UTC).astimezone(zone).strftime("%Y-%m-%d")
    made = datetime.fromtimestamp(report.made_at, UTC).astimezone(zone).strftime("%Y-%m-%d %H:%M")
    said = WORDS["until"][language].format(until=until, made=made)
    _line(document.add_paragraph(), said, SMALL).alignment = WD_ALIGN_PARAGRAPH.CENTER
    _facts(document, report, language)
    for number, table in enumerate(report.tables):
        numeral = f"{NUMERALS[number]}、" if language == 0 else f"{number + 1}. "
        document.add_heading(plain(f"{numeral}{table.title[language]}"), 2)
        _table(document, table, language)
    document.add_paragraph()
    _line(document.add_paragraph(), WORDS["sign"][language], BODY)
    page_numbers(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: Docx) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(MARGIN)


def _line(paragraph: Paragraph, text: str, size: float, font: str = SONG, *, bold: bool = False) -> Paragraph:
    run = paragraph.add_run(plain(text))
    run.font.size, run.font.bold = Pt(size), bold
    if font != SONG:
        face(run, font)
    return paragraph


def _facts(document: Docx, report: Report, language: int) -> None:
    """The figures, three to a row."""
    each = 3
    names = [(title[language], figure.value) for title, figure in report.facts]
    table = _grid(document, [1.9, 0.7] * each)
    for first in range(0, len(names), each):
        cells = table.add_row().cells
        for at, (title, value) in enumerate(names[first : first + each]):
            _fill(cells[2 * at], title)
            _fill(cells[2 * at + 1], _said(value, language), right=True)


def _table(document: Docx, table: Table, language: int) -> None:
    if not table.rows:
        _line(document.add_paragraph(), table.empty[language], BODY)
        return
    drawn = _grid(document, [float(column.width) for column in table.columns])
    head = drawn.add_row()
    for cell, column in zip(head.cells, table.columns, strict=True):
        _fill(cell, column.title[language], bold=True, right=column.number)
        _shade(cell)
    properties = head._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))  # again on each page
    for row in table.rows:
        line = drawn.add_row()
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, column, figure in zip(line.cells, table.columns, row, strict=True):
            _figure(cell, column, figure.value, language)


def _figure(cell: _Cell, column: Column, value: Value, language: int) -> None:
    _fill(cell, _said(value, language), right=column.number)


def _said(value: Value, language: int) -> str:
    found = in_language(value, language)
    return "" if found is None else str(found)


def _grid(document: Docx, widths: list[float]) -> Any:  # noqa: ANN401  python-docx types rows only in part
    """An empty table with lines, as wide as the page, its columns in these proportions."""
    table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(WIDE * width / sum(widths))
    return table


def _fill(cell: _Cell, text: str, *, bold: bool = False, right: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    _line(paragraph, text, SMALL, bold=bold)
    paragraph.paragraph_format.space_after = Pt(0)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _shade(cell: _Cell) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), SHADE)
    cell._tc.get_or_add_tcPr().append(shade)
