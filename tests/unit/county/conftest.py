"""The sample county over the store in memory; `tests/unit/store` runs the same tests over SQLite."""

from __future__ import annotations

import pytest

from tests.fakes.county import County, make_county


@pytest.fixture
async def county() -> County:
    return await make_county()
