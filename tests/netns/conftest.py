"""One network, one server and one lesson for the network tests of a module."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.netns.network import Network
from tests.netns.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A lesson that runs; `stage.school` is the end of the poor path, with two ways to the server."""
    folder = tmp_path_factory.mktemp("netns")
    with Network(seed=3, school=("wifi", "mobile")) as network, Stage(folder, network) as made:
        yield made
        assert made.serve.troubles() == []
