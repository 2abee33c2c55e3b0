"""Workbooks: a stranger's .xlsx as plain values, and sheets of ours as .xlsx.

Reading trusts nothing: the archive's parts are counted and measured before one is unpacked, their XML may declare no
entities, rows and columns are bounded, formulas are told apart and never computed. Writing marks every text as text, so
that a name like `=HYPERLINK(…)` is shown and not run.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from server.county.books import CellValue, Formula, NewSheet, Row, Sheet
from server.county.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_BYTES = 4 * 1024 * 1024
# A province's roster (1,515 schools, some 10,000 teachers) unpacks to about 6 MB.
MAX_UNPACKED = 32 * 1024 * 1024
MAX_PARTS = 200
MAX_SHEETS = 30
MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_CELL = 2000  # characters
CHOICE_ROWS = 2000  # rows of a written sheet that offer a list to pick from


def read_workbook(data: bytes) -> list[Sheet]:
    """The visible sheets with their first row as headings; blank rows are left out.

    Slow for a big one: call it in a thread. Raises Invalid (`bad_workbook`, `workbook_too_large`).
    """
    _check_archive(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        try:
            return [_read_sheet(sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"]
        finally:
            book.close()
    except Invalid:
        raise
    except Exception:  # whatever a damaged file does to the library, it is a damaged file
        raise _unreadable() from None


def _check_archive(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise _too_large()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise _too_large()
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    _check_xml(archive.read(part))  # reads no more than the size that was declared
    except Invalid:
        raise
    except Exception:  # zipfile raises many kinds, zlib's own among them
        raise _unreadable() from None


def _check_xml(part: bytes) -> None:
    # No spreadsheet program declares a document type; entities are how a small file becomes a large one.
    if b"\0" in part or re.search(rb"<!\s*(DOCTYPE|ENTITY)", part, re.IGNORECASE):
        raise _unreadable()


def _read_sheet(sheet: Any) -> Sheet:  # noqa: ANN401  openpyxl's read-only sheet is untyped
    sheet.reset_dimensions()  # what the file says of its own size is not believed
    headings: dict[int, str] = {}
    rows = []
    for number, cells in enumerate(sheet.iter_rows(max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS), 1):
        found = {column: value for column, cell in enumerate(cells, 1) if (value := _value(cell)) is not None}
        if number == 1:
            headings = {column: _heading(value) for column, value in found.items()}
        elif number > MAX_ROWS and found:
            raise _too_large()
        elif found:
            rows.append(Row(number, found))
    return Sheet(str(sheet.title), headings, tuple(rows))


def _heading(value: CellValue | Formula) -> str:
    return value.text if isinstance(value, Formula) else str(value)


def _value(cell: Any) -> CellValue | Formula:  # noqa: ANN401  as above
    value = cell.value
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if cell.data_type == "f":
        return Formula(str(value)[:MAX_CELL])
    if isinstance(value, str):
        return value[:MAX_CELL]
    return value if isinstance(value, CellValue) else str(value)[:MAX_CELL]


def _unreadable() -> Invalid:
    return Invalid(
        "bad_workbook",
        "这个文件不是能读的 .xlsx 工作簿。请下载模板，填好后以 .xlsx 格式保存再上传。",
        "The file is no readable .xlsx workbook. Download the template, fill it in and save it as .xlsx.",
    )


def _too_large() -> Invalid:
    return Invalid(
        "workbook_too_large",
        f"工作簿太大：文件不超过 {MAX_BYTES // 1024 // 1024} MB，每张表不超过 {MAX_ROWS} 行。请分几次导入。",
        f"The workbook is too large: at most {MAX_BYTES // 1024 // 1024} MB and {MAX_ROWS} rows a sheet. Import parts.",
    )


# --- out ------------------------------------------------------------------------------------------------------------

_HEAD = Font(bold=True)
_HEAD_FILL = PatternFill("solid", start_color="E1ECF1")
_QUIET = Font(color="808080")
_TITLE = Font(bold=True, size=14)
_THIN = Side(style="thin", color="B0B0B0")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


def write_workbook(sheets: Iterable[NewSheet]) -> bytes:
    """The .xlsx. A text is written as a text whatever it begins with."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        _write_sheet(book.create_sheet(sheet.name), sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_sheet(target: Any, sheet: NewSheet) -> None:  # noqa: ANN401  openpyxl is untyped
    top = 2 if sheet.title else 1
    if sheet.title:
        _put(target.cell(1, 1), sheet.title)
        target.cell(1, 1).font = _TITLE
    for number, column in enumerate(sheet.columns, 1):
        cell = target.cell(top, number)
        _put(cell, column.heading)
        cell.font, cell.fill = _HEAD, _HEAD_FILL
        letter = get_column_letter(number)
        target.column_dimensions[letter].width = column.width
        if column.note:
            cell.comment = Comment(column.note, "Tongke")
        if column.choices:
            offered = DataValidation("list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
            offered.add(f"{letter}{top + 1}:{letter}{max(CHOICE_ROWS, len(sheet.rows) + top)}")
            target.add_data_validation(offered)
    for number, row in enumerate(sheet.rows, top + 1):
        _write_row(target, number, row, sheet)
    target.freeze_panes = f"A{top + 1}"
    if sheet.title:
        _for_paper(target, top)


def _for_paper(target: Any, top: int) -> None:  # noqa: ANN401  as above
    """A4 across, as wide as the page, the headings on each."""
    target.page_setup.orientation, target.page_setup.paperSize = "landscape", target.PAPERSIZE_A4
    target.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    target.page_setup.fitToWidth, target.page_setup.fitToHeight = 1, 0
    target.print_title_rows = f"1:{top}"
    for row in target.iter_rows(min_row=top):
        for cell in row:
            cell.border = _BORDER


def _write_row(target: Any, number: int, row: Sequence[CellValue], sheet: NewSheet) -> None:  # noqa: ANN401  as above
    for column, value in enumerate(row, 1):
        if value is not None:
            cell = target.cell(number, column)
            _put(cell, value)
            cell.alignment = Alignment(vertical="top", wrap_text=isinstance(value, str) and len(value) > 30)
            if sheet.columns[column - 1].quiet:
                cell.font = _QUIET


def _put(cell: Any, value: CellValue) -> None:  # noqa: ANN401  as above
    if not isinstance(value, str):
        cell.value = value
        return
    text = "".join(char for char in value if char.isprintable() or char == "\n")
    cell.value = text
    cell.data_type = "s"  # not "f" for what begins with "="
    if text.startswith(("=", "+", "-", "@")):
        cell.quotePrefix = True  # stays a text when somebody edits the cell
