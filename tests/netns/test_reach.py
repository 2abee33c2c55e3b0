"""Firewalls that let little through: a classroom joins all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.netns import scenarios
from tests.netns.network import Network
from tests.netns.relay import Relay
from tests.netns.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A lesson on a server whose pages are on 443, with a relay beside it."""
    folder = tmp_path_factory.mktemp("reach")
    with (
        Network(seed=4, school=("cable",)) as network,
        Relay(folder) as relay,
        Stage(folder, network, port=443, settings=relay.config) as made,
    ):
        yield made
        assert made.serve.troubles() == []


@pytest.mark.timeout(240)  # the first one also starts the server and two browsers
def test_with_udp_blocked_a_classroom_joins_by_tcp_within_three_seconds(stage: Stage):
    scenarios.reaches(scenarios.udp_blocked, stage)


def test_with_all_but_443_blocked_a_classroom_joins_through_the_relay_over_tls_within_five_seconds(stage: Stage):
    scenarios.reaches(scenarios.only_443, stage)
