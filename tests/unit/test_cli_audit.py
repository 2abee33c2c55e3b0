"""`tongke audit` over a data folder."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from typing import TYPE_CHECKING

from typer.testing import CliRunner

from server.cli import app
from server.settings import secret_of
from server.store import open_database
from tests.fakes.county import make_county

from .county.honest_year import honest_year

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


async def _fill(data: Path) -> None:
    database = await open_database(f"sqlite:///{data}/tongke.db")
    await honest_year(await make_county(database))
    await database.close()


def _audit(data: Path, *more: str) -> Result:
    return CliRunner().invoke(app, ["audit", "--data", str(data), *more])


def test_an_audit_ends_with_0_and_with_1_after_somebody_changed_the_ledger(tmp_path: Path) -> None:
    assert _audit(tmp_path).exit_code == 2  # nothing has been served from here
    secret_of(tmp_path)
    asyncio.run(_fill(tmp_path))
    honest = _audit(tmp_path)
    assert honest.exit_code == 0, honest.output
    assert honest.stdout == ""
    assert "10 节课" in honest.stderr
    with sqlite3.connect(tmp_path / "tongke.db") as database:
        database.execute("DROP TRIGGER ledger_no_update")
        database.execute("UPDATE ledger SET evidence = json_set(evidence, '$.teacher_seconds', 1) WHERE seq = 1")
    database.close()
    found = _audit(tmp_path, "--format", "json")
    assert found.exit_code == 1
    [line] = [json.loads(line) for line in found.stdout.splitlines()]
    assert (line["about"], line["code"]) == ("entry", "figure")
    assert "teacher_seconds" in line["text"]
    kept = sqlite3.connect(tmp_path / "tongke.db")
    assert [row[0] for row in kept.execute("SELECT found FROM audit_runs ORDER BY begun_at")] == [0, 1]
    kept.close()
