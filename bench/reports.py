"""The board and the monthly report of a large county: 60 pairings with an autumn of lessons in a real SQLite file."""

from __future__ import annotations

import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bench.evaluation import put
from bench.figures import OURS
from server.county.model import Actor, Role
from server.county.reports.model import Scope
from server.county.reports.sent import FileKind
from server.county.services.board import Boards
from server.county.services.reports import Reports
from server.store import open_database, read_county_config
from server.store.tables import pairings, schools, subjects, users
from server.web.handlers.reports import write
from tests.fakes.filled_year import SUBJECTS, at_noon, fill_year, monday_of

if TYPE_CHECKING:
    from bench.figures import Figures
    from server.store import Database

PAIRS = 60
YEAR = 2026
MONTH = "2026-11"


async def run(figures: Figures) -> None:
    """Draw the board; make the county's report with both files, and one of each pairing."""
    with tempfile.TemporaryDirectory(prefix="tongke-bench-") as folder:
        database = await open_database(f"sqlite:///{Path(folder) / 'county.db'}")
        try:
            first = monday_of(YEAR)
            await _county(database)
            lessons = await fill_year(database, first=first, until=at_noon(first + timedelta(days=84)))
            config, who = read_county_config(), Actor("bench", Role.ADMIN, "bench")
            now = at_noon(first + timedelta(days=84))
            board, reports = Boards(database, config, lambda: now), Reports(database, config, lambda: now)
            begin = time.perf_counter()
            drawn = await board.board(who, YEAR)
            figures.add(OURS, "board.drawn", time.perf_counter() - begin)
            begin = time.perf_counter()
            report = await reports.current(who, Scope.COUNTY, "", MONTH)
            files = [write(report, kind, 0, reports.zone) for kind in FileKind]
            figures.add(OURS, "report.county", time.perf_counter() - begin)
            begin = time.perf_counter()
            for number in range(PAIRS):
                one = await reports.current(who, Scope.PAIRING, f"p{number}", MONTH)
                files += [write(one, kind, 0, reports.zone) for kind in FileKind]
            figures.add(OURS, "report.pairings", time.perf_counter() - begin)
            size = sum(map(len, files[:2])) // 1024
            figures.note(f"reports: {lessons:,} lessons of {len(drawn.schools)} schools; the county's files {size} kB")
        finally:
            await database.close()


async def _county(database: Database) -> None:
    engine = database.engine
    sides = ("supporting", "receiving")
    made = [
        {"id": f"s{n}", "position": n, "name": f"第 {n} 小学", "name_en": "", "kind": sides[n % 2], "stage": "primary"}
        for n in range(2 * PAIRS)
    ]
    await put(engine, schools, made)
    await put(engine, subjects, [{"id": s, "position": n, "name": s, "name_en": s} for n, s in enumerate(SUBJECTS)])
    person = {
        "id": "u1",
        "username": "u1",
        "name": "单志明",
        "role": "researcher",
        "disabled": False,
        "created_at": 0.0,
    }
    await put(engine, users, [person])
    await put(
        engine,
        pairings,
        [
            {
                "id": f"p{n}",
                "number": n + 1,
                "supporting_school_id": f"s{2 * n}",
                "receiving_school_id": f"s{2 * n + 1}",
                "researcher_id": "u1",
            }
            for n in range(PAIRS)
        ],
    )
