"""A network test on the real worker: media loops, nothing is told of it, and it ends by itself."""

from __future__ import annotations

import pytest

from server.live.ports import PROBE, MediaError
from server.media import probes
from tests.integration import media_kit
from tests.integration.media_kit import until


async def refusal(plane) -> str:
    with pytest.raises(MediaError) as caught:
        await plane.command("session.play", lesson_id=PROBE + "1", session_id=plane.new_id(), source="x", offer="")
    return caught.value.code


async def test_it_loops_leaves_no_trace_and_ends_by_itself(plane, monkeypatch):
    monkeypatch.setattr(media_kit, "LESSON", PROBE + "1")
    monkeypatch.setattr(probes, "PROBE_SECONDS", 3600.0)
    await plane.command("lesson.open", lesson_id=PROBE + "1")
    await plane.publish(source="network-test", participant="network-test")
    _, _, seen = await plane.play(source="network-test", participant="network-test")
    await until(lambda: seen.pictures > 5 and seen.sounds > 20, what="its own pictures and sounds")
    assert (await plane.lease())["stats"]["tap_unacknowledged_bytes"] < 1000  # the other lesson's opening
    monkeypatch.setattr(probes, "PROBE_SECONDS", 0.0)
    while await refusal(plane) != "no_such_lesson":  # bounded by the test's own time limit
        pass
    assert [body for _, body in await plane.read_events() if body.get("lesson_id") == PROBE + "1"] == []
