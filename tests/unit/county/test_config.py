"""Configuration files: the shipped ones parse; a wrong one is refused with file, line and key."""

from __future__ import annotations

import pytest

from server.county.config import ConfigError, parse_life, parse_policies, parse_targets
from tests.fakes.county import CONFIG, county_config

CREDITING = (CONFIG / "crediting.toml").read_text()
TARGETS = (CONFIG / "targets.toml").read_text()
LIFE = (CONFIG / "life.toml").read_text()


def test_the_shipped_policies_are_domains_defaults():
    policies = county_config().policies
    default = policies["default"]
    assert (default.lasted_share, default.present_share, default.two_way_share) == (0.8, 0.8, 0.5)
    assert (default.max_gap_seconds, default.max_black_or_frozen_share, default.max_silent_share) == (30.0, 0.2, 0.6)
    assert policies["accelerated"].max_gap_seconds < default.max_gap_seconds
    assert len({policy.version for policy in policies.values()}) == len(policies)


def test_the_shipped_targets_are_the_notices():
    targets = county_config().targets
    assert (targets.per_subject, targets.subjects, targets.total, targets.deadline) == (10, 2, 20, (12, 31))
    assert county_config().life.missed_after == 1800.0


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("lasted_share = 0.80 ", "lasted_share = 80 ", "f.toml:6: default.lasted_share: must be a share"),
        ("lasted_share = 0.80 ", "lasted_shares = 0.80 ", "default.lasted_share: is missing"),
        ("max_silent_share = 0.60", "max_silent_share = true", "default.max_silent_share: must be a number, not True"),
        ("[default]", "[usual]", "f.toml: default: is missing"),
        ("[default]", "default = 1\n[usual]", "f.toml:4: default: must be a table"),
        ("[default]", "[default", "f.toml:4: "),
        ('version = "default-2026.2"', "version = 1", "f.toml:5: default.version: must be a text"),
        (
            "max_gap_seconds = 10.0",
            "max_gap_seconds = 10.0\nmax_gap = 1",
            "f.toml:21: accelerated.max_gap: is not known",
        ),
    ],
)
def test_a_wrong_policy_file_is_refused_with_file_line_and_key(old, new, problem):
    assert old in CREDITING
    with pytest.raises(ConfigError) as refused:
        parse_policies(CREDITING.replace(old, new, 1), "f.toml")
    assert problem in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"12-31"', '"02-29"', "targets.deadline: must be a day of every year"),
        ('"12-31"', '"31.12."', 'targets.deadline: must be a day of the year as "MM-DD"'),
        ('"09-01"', '"12-31"', "f.toml:8: targets.begins: must be before the deadline"),
        ("per_subject = 10 ", "per_subject = 0 ", "f.toml:4: targets.per_subject: must be a whole number of 1 or more"),
        ("= 480", "= 4800", "targets.utc_offset_minutes: must be within a day"),
        ("[targets]", "[target]", "f.toml:3: target: is not known here"),
    ],
)
def test_a_wrong_targets_file_is_refused(old, new, problem):
    assert old in TARGETS
    with pytest.raises(ConfigError) as refused:
        parse_targets(TARGETS.replace(old, new, 1), "f.toml")
    assert problem in str(refused.value)


def test_a_wrong_life_file_is_refused():
    with pytest.raises(ConfigError, match="missed_after_minutes"):
        parse_life(LIFE.replace("missed_after_minutes = 30.0", "missed_after_minutes = -1"))
    with pytest.raises(ConfigError, match="life: is missing"):
        parse_life("")
