"""The sample county's workbook, `config/sample-county.xlsx`: checked as an import into an empty county is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from server.county.config import ConfigError
from server.county.errors import Invalid
from server.county.ids import new_id
from server.county.roster.imports import plan_import

from .workbook import read_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from server.county.roster.entries import Entry


def read_sample_county(path: Path) -> tuple[Entry, ...]:
    """Its entries in the order in which they can be added. Raises ConfigError naming sheet and cell."""
    try:
        sheets = read_workbook(path.read_bytes())
    except (OSError, Invalid) as problem:
        raise ConfigError(str(path), None, "", f"cannot be read: {problem}") from None
    plan = plan_import(sheets, (), lambda prefix: new_id(prefix, time.time()))
    if plan.problems:
        wrong = plan.problems[0]
        raise ConfigError(str(path), None, f"{wrong.sheet}!{wrong.cell}", f"{wrong.text[1]}: {wrong.fix[1]}")
    return tuple(change.entry for change in plan.changes)
