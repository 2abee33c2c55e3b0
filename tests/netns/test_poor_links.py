"""Lines that lose, are thin, break off or change: a lesson goes on over them, and comes back by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.people import wait_flowing
from tests.netns import scenarios

if TYPE_CHECKING:
    from tests.netns.stage import Stage

SLACK = 3.0
SLACK_OF_LOSS = 6.0  # a busy machine freezes a picture as loss does

pytestmark = pytest.mark.timeout(300)  # up to three runs of a scenario, and the first test also starts everything


def test_five_percent_loss_leaves_a_picture_that_flows_both_ways(stage: Stage):
    scenarios.reaches(lambda each: scenarios.random_loss(each, 8), stage, slack=SLACK_OF_LOSS)


def test_a_thin_downlink_settles_and_lowers_nobody_else(stage: Stage):
    scenarios.reaches(lambda each: scenarios.thin_downlink(each, 12), stage, slack=SLACK)


def test_two_outages_on_one_page_end_by_themselves(stage: Stage):
    for _ in range(2):
        scenarios.reaches(lambda each: scenarios.outage(each, 8), stage, slack=SLACK)
    wait_flowing(stage.classroom)


def test_another_port_and_another_interface_go_on_with_the_same_session(stage: Stage):
    scenarios.reaches(scenarios.forgotten_mapping, stage, slack=SLACK)
    scenarios.reaches(scenarios.another_interface, stage, slack=SLACK)
