"""The makers of test media leave no trace in the process that uses them."""

from __future__ import annotations

import os

from tests.fakes.packets import encode_video


def test_encoding_av1_does_not_make_the_process_real_time():
    before = os.sched_getscheduler(0)
    assert encode_video("av1", 2)
    assert os.sched_getscheduler(0) == before == os.SCHED_OTHER
