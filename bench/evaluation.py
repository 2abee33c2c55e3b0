"""The evaluation of a province: 60,000 lessons in a real SQLite file, gathered, scored, searched for what helps.

A province is 90 counties of 11 cities here; the county evaluated live is all of it in one database, which is more than
any county has. Then the same rows are scored as 90 counties and 11 cities, in memory.
"""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.figures import OURS
from server.county.evaluation.engine import evaluate
from server.county.evaluation.facts import parse_facts
from server.county.evaluation.rules import Level
from server.county.model import Actor, Role
from server.county.services.evaluation import Evaluations
from server.store import open_database, read_county_config
from server.store.tables import ledger, lessons, pairings, schools, subjects, users

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.ext.asyncio import AsyncEngine

    from bench.figures import Figures

LESSONS, PAIRS, COUNTIES, CITIES = 60_000, 1_500, 90, 11
YEAR = 2019
BEGIN = 1_567_296_000.0  # 2019-09-01 08:00 in China
SEED = 7
SUBJECTS = ("chinese", "mathematics", "english", "science", "morality", "music", "art")
AT_ONCE = 5_000


async def run(figures: Figures) -> None:
    """Build the province and evaluate it, whole and as regions."""
    with tempfile.TemporaryDirectory(prefix="tongke-bench-") as folder:
        database = await open_database(f"sqlite:///{Path(folder) / 'province.db'}")
        try:
            entries = await _fill(database.engine)
            service = Evaluations(database, read_county_config(), time.time, "a key of the bench's own")
            who = Actor("bench", Role.ADMIN, "bench")
            begin = time.perf_counter()
            found = await service.current(who, YEAR)
            figures.add(OURS, "evaluation.live", time.perf_counter() - begin)
            figures.add(OURS, "evaluation.regions", _regions(found.file.rules, found.gathered.body))
            score = float(found.evaluation.total)
            figures.note(f"evaluation: {LESSONS:,} lessons, {entries:,} ledger entries, score {score:g}")
        finally:
            await database.close()


def _regions(rules: Any, body: dict[str, Any]) -> float:  # noqa: ANN401 (a rule set)
    """Seconds for 90 counties and 11 cities out of the same rows."""
    rows = [
        {key: value for key, value in row.items() if key in rules.rows["schools"] or key == "id"}
        | {"equipment_met_on": "2019-08-30", "network_space_opened_on": None}
        for row in body["schools"]
    ]
    begin = time.perf_counter()
    own = {name: fact_of(fact.kind.value) for name, fact in rules.facts.items() if fact.tally is None}
    own |= {name: 0 for name, fact in rules.facts.items() if fact.tally is not None and fact.tally.rows != "schools"}
    counties = [own | {"name": f"county {n}", "schools": rows[n::COUNTIES]} for n in range(COUNTIES)]
    for county in counties:
        evaluate(rules, parse_facts(county, rules, Level.COUNTY))
    mine = {name: own[name] for name, fact in rules.facts.items() if fact.city.value.startswith("own")}
    for n in range(CITIES):
        evaluate(rules, parse_facts(mine | {"counties": counties[n::CITIES]}, rules, Level.CITY))
    return time.perf_counter() - begin


def fact_of(kind: str) -> Any:  # noqa: ANN401 (a JSON value)
    """Some value of that kind."""
    return {"count": 3, "percent": 88.5, "flag": True, "counts": [1, 2, 3]}[kind]


async def _fill(engine: AsyncEngine) -> int:
    """The rows, drawn with a seed; how many ledger entries there are."""
    chance = random.Random(SEED)
    kinds = ("supporting", "receiving")
    await put(
        engine,
        schools,
        [
            {
                "id": f"s{n}",
                "position": n,
                "name": f"school {n}",
                "name_en": "",
                "kind": kinds[n % 2],
                "stage": "primary",
            }
            for n in range(2 * PAIRS)
        ],
    )
    await put(engine, subjects, [{"id": s, "position": n, "name": s, "name_en": s} for n, s in enumerate(SUBJECTS)])
    person = {"id": "u1", "username": "u1", "name": "u", "role": "researcher", "disabled": False, "created_at": 0.0}
    await put(engine, users, [person])
    await put(
        engine,
        pairings,
        [
            {
                "id": f"p{n}",
                "number": n,
                "supporting_school_id": f"s{2 * n}",
                "receiving_school_id": f"s{2 * n + 1}",
                "researcher_id": "u1",
            }
            for n in range(PAIRS)
        ],
    )
    taught = [(n, chance.randrange(PAIRS), chance.choice(SUBJECTS[:4])) for n in range(LESSONS)]
    await put(engine, lessons, [_lesson(n, pair, subject) for n, pair, subject in taught])
    entries = [
        _entry(n, school, subject)
        for n, pair, subject in taught
        if chance.random() < 0.93
        for school in (2 * pair, 2 * pair + 1)
    ]
    await put(engine, ledger, entries)
    return len(entries)


def _lesson(n: int, pair: int, subject: str) -> dict[str, Any]:
    at = BEGIN + n * 150.0
    return {
        "id": f"l{n}",
        "form": "synchronous",
        "pairing_id": f"p{pair}",
        "supporting_school_id": f"s{2 * pair}",
        "receiving_school_ids": [f"s{2 * pair + 1}"],
        "subject_id": subject,
        "topic": f"lesson {n}",
        "starts_at": at,
        "planned_minutes": 40,
        "policy": "default",
        "state": "credited",
        "created_at": at,
        "started_at": at,
        "ended_at": at + 2400,
        "version": 1,
    }


def _entry(n: int, school: int, subject: str) -> dict[str, Any]:
    return {
        "id": f"e{n}-{school}",
        "key": f"credit:l{n}:s{school}",
        "lesson_id": f"l{n}",
        "school_id": f"s{school}",
        "subject_id": subject,
        "form": "synchronous",
        "amount": 1,
        "reverses": None,
        "reason": "",
        "evidence": {"teacher_seconds": 2400, "live_seconds": 2400},
        "policy_version": "bench",
        "actor_id": "system",
        "at": BEGIN + n * 150.0 + 3000,
    }


async def put(engine: AsyncEngine, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert them, some thousands at a time."""
    async with engine.begin() as connection:
        for first in range(0, len(rows), AT_ONCE):
            await connection.execute(table.insert(), rows[first : first + AT_ONCE])
