"""The sample county in a real SQLite file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from server.store import open_database
from tests.fakes.county import County, make_county

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/county/tongke.db"


@pytest.fixture
async def county(url: str) -> AsyncIterator[County]:
    database = await open_database(url)
    yield await make_county(database)
    await database.close()
