"""`tongke demo` by itself: starts a server, plays a lesson with generated media, and the ledger has it."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.fakes.serving import tongke


@pytest.mark.timeout(240)
def test_a_demo_lesson_is_taught_recorded_verified_and_credited():
    with tempfile.TemporaryDirectory(prefix="tk-demo-") as folder:
        data = Path(folder) / "data"
        done = tongke("demo", "--data", str(data), "--seconds", "50", seconds=230)
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stdout.count("0 → 1") == 2, done.stdout
        assert "credited" in done.stdout
        assert len(list((data / "recordings").iterdir())) == 1
        assert not (data / "run" / "serve.json").exists()


def test_a_demo_that_cannot_run_says_why(tmp_path):
    done = tongke("demo", "--data", str(tmp_path), "--url", "http://127.0.0.1:1")
    assert done.returncode == 1
    assert "--token" in done.stderr
    assert "Traceback" not in done.stderr
