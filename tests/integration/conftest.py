"""What several tests of the real media worker share."""

from __future__ import annotations

import logging

import pytest

from tests.integration.media_kit import running_worker


@pytest.fixture
async def plane(redis, tmp_path, caplog):
    """A running worker without a recorder; whatever the test does to it, it logs no error."""
    async with running_worker(redis, str(tmp_path / "no-recorder.sock")) as running:
        yield running
    noisy = [r for r in caplog.records if r.name.startswith("tongke") and r.levelno >= logging.ERROR]
    assert not noisy
