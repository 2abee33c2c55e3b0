from __future__ import annotations

import pytest

from tests.unit.web.site import open_site


@pytest.fixture
async def site(tmp_path):
    async with open_site(tmp_path) as opened:
        yield opened
