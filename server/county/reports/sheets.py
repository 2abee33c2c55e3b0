"""A report as sheets of a workbook. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..books import Column, NewSheet
from .model import in_language

if TYPE_CHECKING:
    from .model import Report

FIGURES = ("概要", "Summary")
WORDS = ((("项目", "What"), 34), (("数值", "Figure"), 16))


def report_sheets(report: Report, language: int) -> list[NewSheet]:
    """The figures, then a sheet for each table. `language`: 0 Chinese, 1 English."""
    title = heading(report, language)
    columns = tuple(Column(names[language], width) for names, width in WORDS)
    facts = tuple((names[language], in_language(figure.value, language)) for names, figure in report.facts)
    sheets = [NewSheet(FIGURES[language], columns, facts, title)]
    for table in report.tables:
        columns = tuple(Column(one.title[language], one.width) for one in table.columns)
        rows = tuple(tuple(in_language(cell.value, language) for cell in row) for row in table.rows)
        sheets.append(NewSheet(table.title[language], columns, rows or ((table.empty[language],),), title))
    return sheets


def heading(report: Report, language: int) -> str:
    """Title and what it is about."""
    about = report.about[language]
    return f"{report.title[language]} · {about}" if about else report.title[language]
