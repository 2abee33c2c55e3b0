"""Read the county's files from the configuration folder."""

from __future__ import annotations

from pathlib import Path

from server.county.case_policy import parse_case_policy
from server.county.config import ConfigError, parse_life, parse_policies, parse_retention, parse_targets
from server.county.courses import parse_courses
from server.county.evaluation.files import parse_rule_file
from server.county.honesty import parse_honesty
from server.county.materials import parse_limits
from server.county.policies import CountyConfig
from server.county.readiness.standard import parse_standard
from server.county.rubric import parse_rubric
from server.county.surveys.sheet import parse_sheets

DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "config"


def read_county_config(folder: Path = DEFAULT_FOLDER) -> CountyConfig:
    """Policies, targets, waits, forms and rules of evaluation. Raises ConfigError naming file, line and key."""
    return CountyConfig(
        policies=parse_policies(*_read(folder / "crediting.toml")),
        targets=parse_targets(*_read(folder / "targets.toml")),
        life=parse_life(*_read(folder / "life.toml")),
        retention=parse_retention(*_read(folder / "retention.toml")),
        rule_files=tuple(parse_rule_file(*_read(file)) for file in sorted((folder / "evaluation").glob("*.toml"))),
        courses=parse_courses(*_read(folder / "courses.toml")),
        materials=parse_limits(*_read(folder / "materials.toml")),
        cases=parse_case_policy(*_read(folder / "cases.toml")),
        rubric=parse_rubric(*_read(folder / "observation.toml")),
        readiness=parse_standard(*_read(folder / "readiness.toml")),
        surveys=parse_sheets(*_read(folder / "surveys.toml")),
        honesty=parse_honesty(*_read(folder / "honesty.toml")),
    )


def _read(path: Path) -> tuple[str, str]:
    try:
        return path.read_text(encoding="utf-8"), str(path)
    except (OSError, UnicodeDecodeError) as problem:
        raise ConfigError(str(path), None, "", f"cannot be read: {problem}") from None
