"""`tongke evaluate` as people and programs call it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from server.cli import app

from .county.evaluation.kit import FILE, city, completion, county

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


def _run(tmp_path: Path, facts: object, level: str, *more: str, rules: Path = FILE) -> Result:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(facts), encoding="utf-8")
    return CliRunner().invoke(
        app, ["evaluate", "--rules", str(rules), "--facts", str(file), "--level", level, *more], env={"COLUMNS": "200"}
    )


def test_json_of_a_county_and_of_a_city_comes_out(tmp_path: Path) -> None:
    one = _run(tmp_path, county(schools_equipment_late=1), "county", "--format", "json")
    assert one.exit_code == 0
    assert json.loads(one.stdout)["paper1"]["total"] == 93
    two = _run(tmp_path, city(completion(schools_equipment_late=1)), "city", "--format", "json")
    assert two.exit_code == 0
    assert json.loads(two.stdout)["paper1"]["total"] == pytest.approx(94.8)


def test_the_table_shows_scores_and_notes(tmp_path: Path) -> None:
    found = _run(tmp_path, county(schools_equipment_late=1), "county", "--language", "en")
    assert found.exit_code == 0
    assert "Equipment in place by 31 August" in found.stdout
    assert "−2" in found.stdout


def test_wrong_facts_end_with_2_and_name_file_path_and_fix(tmp_path: Path) -> None:
    found = _run(tmp_path, county(share_reached=120), "county")
    assert found.exit_code == 2
    assert "facts.json: share_reached: is 120; give a percentage from 0 to 100" in found.stderr


@pytest.mark.parametrize("option", ["--level", "--format"])
def test_a_wrong_option_ends_with_2_and_names_what_there_is(tmp_path: Path, option: str) -> None:
    given = {"--level": "county", "--format": "json"} | {option: "province"}
    found = _run(tmp_path, county(), given["--level"], "--format", given["--format"])
    assert found.exit_code == 2
    assert f"{option} province" in found.stderr


def test_a_wrong_rule_file_ends_with_2_and_names_file_and_line(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(FILE.read_text(encoding="utf-8").replace("step = 10", "step = 0"), encoding="utf-8")
    found = _run(tmp_path, county(), "county", rules=rules)
    assert found.exit_code == 2
    assert "rules.toml:" in found.stderr
    assert "step: is 0; give a number above 0" in found.stderr
    missing = _run(tmp_path, county(), "county", rules=tmp_path / "none.toml")
    assert missing.exit_code == 2
    assert "none.toml" in missing.stderr


def test_the_example_of_the_manual_can_be_evaluated(tmp_path: Path) -> None:
    manual = (FILE.parents[2] / "docs" / "evaluation.md").read_text(encoding="utf-8")
    example = json.loads(manual.split("```json\n")[1].split("```")[0])
    assert _run(tmp_path, example, "county", "--format", "json").exit_code == 0
