"""The real worker with aiortc on both sides: media plays, whoever joins, leaves, takes over or sends garbage."""

from __future__ import annotations

import asyncio
import gc
import os
import random
import socket
import time
import weakref

import pytest

from server.forward import rows
from server.live.ports import MediaError
from server.media.engine import Engine
from server.media.sessions import Player
from tests.integration.media_kit import LESSON, until


@pytest.mark.parametrize("codec", ["VP8", "H264"])
async def test_a_publisher_is_seen_and_heard_and_a_late_joiner_gets_a_picture_at_once(plane, codec):
    await plane.publish(codec=codec)
    _, _, seen = await plane.play()
    await until(lambda: seen.pictures > 5 and seen.sounds > 20, what="pictures and sounds")
    assert seen.brightness == pytest.approx(60, abs=12)
    assert seen.loudness > 3000
    asked = time.monotonic()
    _, _, late = await plane.play(participant="observer-1")
    await until(lambda: late.pictures > 0, 3, "the late joiner's picture")
    assert late.first_picture - asked < 2.0


@pytest.mark.parametrize("codec", ["VP8", "H264"])
async def test_frames_padded_into_segments_decode(plane, codec, monkeypatch):
    monkeypatch.setattr(rows, "MAX_PADDING", 200)
    await plane.publish(codec=codec)
    _, _, seen = await plane.play()
    await until(lambda: seen.pictures > 20 and seen.sounds > 20, what="pictures and sounds")
    assert seen.brightness == pytest.approx(60, abs=12)


async def test_players_may_come_before_the_publisher(plane):
    _, _, seen = await plane.play()
    await asyncio.sleep(0)
    await plane.publish()
    await until(lambda: seen.pictures > 3 and seen.sounds > 10, what="pictures and sounds")


async def test_the_newest_publisher_takes_over_under_the_same_ssrc(plane):
    first, _ = await plane.publish(shade=60)
    _, player, seen = await plane.play()
    await until(lambda: seen.pictures > 5, what="the first picture")
    receiver = next(t.receiver for t in player.getTransceivers() if t.kind == "video")
    ssrcs = {source.source for source in receiver.getSynchronizationSources()}
    await plane.publish(shade=180)
    await until(lambda: abs(seen.brightness - 180) < 15, what="the second publisher's picture")
    assert {source.source for source in receiver.getSynchronizationSources()} == ssrcs
    closed = [body for type, body in await plane.read_events() if type == "session.closed"]
    assert [(body["session_id"], body["reason"]) for body in closed] == [(first, "replaced")]
    # and another codec plays on as well
    await plane.publish(shade=60, codec="H264")
    await until(lambda: abs(seen.brightness - 60) < 15, what="the third publisher's picture")


async def test_a_publisher_taken_over_while_nobody_plays_is_found_by_who_comes_later(plane):
    await plane.publish(shade=60)
    await plane.publish(shade=180)
    _, _, seen = await plane.play()
    await until(lambda: seen.pictures > 5 and abs(seen.brightness - 180) < 15, what="the second publisher's picture")


async def test_flow_tells_the_seconds_of_both_directions(plane):
    await plane.publish()
    _, _, seen = await plane.play()
    await until(lambda: seen.pictures > 45, what="three seconds of pictures")
    await asyncio.sleep(2.1)  # the flow interval
    rows = [row for type, body in await plane.read_events() if type == "flow" for row in body["rows"]]
    masks: dict[tuple, dict[int, int]] = {}
    for row in rows:
        key = (row["participant_id"], row["source"], row["direction"], row["kind"])
        minutes = masks.setdefault(key, {})
        minutes[row["minute"]] = minutes.get(row["minute"], 0) | int(row["mask"], 16)
    for key in [
        ("teacher", "teacher", "in", "video"),
        ("teacher", "teacher", "in", "audio"),
        ("classroom-s11", "teacher", "out", "video"),
        ("classroom-s11", "teacher", "out", "audio"),
    ]:
        assert sum(mask.bit_count() for mask in masks[key].values()) >= 3, key
    assert sum(row["packets"] for row in rows if row["direction"] == "in") > 100


async def test_garbage_harms_nobody(plane):
    await plane.publish()
    _, _, seen = await plane.play()
    await until(lambda: seen.pictures > 3, what="a picture")
    dice = random.Random(7)
    heads = [
        b"",
        b"\x00",
        b"\x00\x01\x00\x08\x21\x12\xa4\x42",
        b"\x16\xfe\xfd",
        b"\x80\x60",
        b"\x80\xc8",
        b"\xff",
        b"\x50",
    ]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        for index in range(600):
            datagram = heads[index % len(heads)] + dice.randbytes(dice.randrange(0, 1400))
            stranger.sendto(datagram, ("127.0.0.1", plane.port))
            if index % 50 == 0:
                await asyncio.sleep(0.01)
        stranger.sendto(os.urandom(5000), ("127.0.0.1", plane.port))
    before = seen.pictures
    await until(lambda: seen.pictures > before + 10, what="pictures after the garbage")
    await until_lease(plane, lambda stats: stats["strangers"] > 100 and stats["malformed"] > 10)


async def until_lease(plane, true) -> None:
    for _ in range(100):
        if true((await plane.lease())["stats"]):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(await plane.lease())


async def test_refusals_have_the_agreed_codes(plane):
    peer = plane.peer()
    peer.addTransceiver("video", direction="recvonly")
    await peer.setLocalDescription(await peer.createOffer())
    offer = peer.localDescription.sdp
    good = {"lesson_id": LESSON, "session_id": "w0.x", "participant_id": "p", "source": "teacher", "offer": offer}
    for change, code in [
        ({"offer": "v=0\r\nnonsense"}, "bad_sdp"),
        ({"offer": offer.replace("VP8", "VP7").replace("H264", "H26X")}, "no_common_codec"),
        ({"lesson_id": "l2"}, "no_such_lesson"),
    ]:
        with pytest.raises(MediaError) as refusal:
            await plane.command("session.play", **(good | change))
        assert refusal.value.code == code
    for method, params, code in [
        ("session.play", {}, "bad_request"),
        ("session.juggle", {}, "bad_request"),
        ("session.restart", {"session_id": "w0.y", "ufrag": "abcd", "pwd": "x" * 22}, "no_such_session"),
    ]:
        with pytest.raises(MediaError) as refusal:
            await plane.command(method, **params)
        assert refusal.value.code == code
    assert await plane.command("session.close", session_id="w0.y") == {}
    assert await plane.command("lesson.close", lesson_id="l2") == {}


async def test_closing_a_lesson_ends_its_sessions(plane):
    session, publisher = await plane.publish()
    played, player, seen = await plane.play()
    await until(lambda: seen.pictures > 0, what="a picture")
    await plane.command("lesson.close", lesson_id=LESSON)
    await until(lambda: publisher.connectionState == player.connectionState == "closed", what="both closed")
    closed = {body["session_id"] for type, body in await plane.read_events() if type == "session.closed"}
    assert closed == {session, played}


async def test_a_restarted_ice_session_goes_on(plane):
    session, peer = await plane.publish()
    await until(lambda: peer.connectionState == "connected", what="the connection")
    answer = await plane.command("session.restart", session_id=session, ufrag="abcd", pwd="x" * 22)
    assert answer["ufrag"]
    assert len(answer["pwd"]) >= 22
    assert answer["etag"]


async def test_a_session_that_ended_leaves_nothing_for_the_garbage_collector(plane, monkeypatch):
    """Collections look at nothing old while lessons run, so what sessions had must go with their last reference."""
    kept: list[weakref.ref[object]] = []
    add = Engine.add

    def noted(self, session, ufrag):
        inner = [session.peer, session.egress] if isinstance(session, Player) else [session.peer, session.ingress]
        kept.extend(weakref.ref(each) for each in (session, *inner))
        add(self, session, ufrag)

    monkeypatch.setattr(Engine, "add", noted)
    publishing, _ = await plane.publish()
    playing, _, seen = await plane.play()
    await until(lambda: seen.pictures > 5 and seen.sounds > 20, what="pictures and sounds")
    gc.collect()
    gc.disable()
    try:
        for session in (playing, publishing):
            await plane.command("session.close", session_id=session)
        await until(lambda: not any(each() for each in kept), 3, "the end of everything that the sessions had")
    finally:
        gc.enable()
    assert len(kept) == 6
