"""Fixtures for all tests: a real embedded Redis, a client of it."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

from server.cluster.connection import connect
from server.cluster.embedded import EmbeddedRedis

# A slow machine is no failure: no example is timed.
settings.register_profile("tongke", deadline=None)
settings.load_profile("tongke")


@pytest.fixture(scope="session")
def redis_server():
    """One embedded redis-server for the whole run; a short path, sockets have 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="tk-redis-") as folder:
        server = EmbeddedRedis(Path(folder))
        server.start()
        yield server
        server.stop()


@pytest.fixture
async def redis(redis_server):
    """A client of the shared Redis, emptied first."""
    client = connect(redis_server.url)
    await client.flushall()
    yield client
    await client.aclose()
