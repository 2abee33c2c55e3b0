"""A short one of `python -m bench kills`: every process killed at random while two lessons are recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench import kills

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.timeout(400)
async def test_kills_in_mid_lesson_cost_at_most_two_seconds_each_and_no_credit(tmp_path: Path):
    result = await kills.run(8, tmp_path, lambda line: None, seed=3)
    assert sum(result.kills.values()) == 8
    assert all(result.kills[name] for name in ("recorder", "worker-w0", "web"))
    assert result.lessons >= kills.AT_ONCE
    assert result.wrong == []
    assert result.worst <= kills.PER_KILL
