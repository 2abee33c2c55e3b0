"""A table as CSV that spreadsheets open rightly: a mark for UTF-8, quoted cells, no cell that is run as a formula."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

BOM = "\ufeff"
_FORMULA = re.compile(r"[=+\-@\t\r]")
_QUOTED = re.compile(r'[",\r\n]')


def line(cells: Iterable[str]) -> str:
    """One line with its end."""
    return ",".join(map(_cell, cells)) + "\r\n"


def _cell(value: str) -> str:
    safe = f"'{value}" if _FORMULA.match(value) else value
    return '"' + safe.replace('"', '""') + '"' if _QUOTED.search(safe) else safe
