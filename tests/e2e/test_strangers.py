"""What a stranger sends is answered with an error or silence; nobody's lesson notices, and the log stays clean."""

from __future__ import annotations

import asyncio
import random
import socket
from typing import TYPE_CHECKING

import pytest

from server.demo_client import Api as AsyncApi
from tests.e2e.aiortc_people import Person, until
from tests.fakes.serving import Api, Serve

if TYPE_CHECKING:
    from pathlib import Path

OFFER = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n"
BROKEN_OFFERS = [
    "",
    "v=0",
    "\x00\xff" * 50,
    "m=audio" * 1000,
    OFFER,
    OFFER + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n",
    OFFER + "m=video 9 UDP/TLS/RTP/SAVPF 999999999999\r\na=mid:0\r\na=rtpmap:x y\r\n",
    OFFER + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:a\r\na=ice-pwd:b\r\n"
    "a=fingerprint:sha-256 zz\r\n",
    OFFER + "m=video 9 UDP/TLS/RTP/SAVPF 120\r\na=mid:0\r\na=rtpmap:120 theora/90000\r\na=ice-ufrag:abcd\r\n"
    "a=ice-pwd:abcdefghijklmnopqrstuv\r\na=setup:actpass\r\na=fingerprint:sha-256 " + ":".join(["AA"] * 32) + "\r\n",
]
BROKEN_JSON = ["", "{", "[]", "null", '{"username": 1}', '{"username": "a", "password": {}}', "\ud800", "[" * 5000]


def datagrams(rng: random.Random) -> list[bytes]:
    """Every class of RFC 7983, cut and garbled."""
    binding = bytes.fromhex("000100002112a442") + rng.randbytes(12)
    named = bytes.fromhex("0001000c2112a442") + rng.randbytes(12) + bytes.fromhex("00060005") + b"ab:cd" + bytes(3)
    lying = bytes.fromhex("0001ffff2112a442") + rng.randbytes(40)
    hello = bytes.fromhex("16fefd0000000000000000") + (60).to_bytes(2, "big") + rng.randbytes(60)
    rtp = bytes([0x80, 96]) + rng.randbytes(60)
    rtcp = bytes([0x81, 201, 0, 7]) + rng.randbytes(28)
    known = [binding, named, lying, hello, rtp, rtcp, bytes([0x9F, 96]), bytes([0xBF, 200, 0xFF, 0xFF])]
    cut = [packet[: rng.randrange(len(packet))] for packet in known for _ in range(8)]
    noise = [bytes([rng.choice([0, 1, 20, 23, 63, 64, 128, 191, 192, 255])]) + rng.randbytes(rng.randrange(1400))
             for _ in range(400)]  # fmt: skip
    return known + cut + noise + [b""]


def shout(serve: Serve, seed: int) -> None:
    """About 470 bad datagrams to the media port from one stranger's socket."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        for datagram in datagrams(random.Random(seed)):
            stranger.sendto(datagram, ("127.0.0.1", serve.media_port))


def knock(serve: Serve, lesson_id: str, token: str) -> None:
    """Bad bodies to the HTTP side: each gets a problem with a detail, never a 500."""
    api = Api(serve.base, token)
    for offer in BROKEN_OFFERS:
        for path in (f"/whip/{lesson_id}", f"/whep/{lesson_id}"):
            answer = api.call("POST", path, offer, content_type="application/sdp")
            assert 400 <= answer.status < 500, (path, offer[:40], answer.status)
            assert answer.body["detail"]
    nobody = Api(serve.base)
    for text in BROKEN_JSON:
        data = text.encode("utf-8", "surrogatepass").decode("latin-1")
        answer = nobody.call("POST", "/api/session", data)
        assert 400 <= answer.status < 500, (text[:20], answer.status)
        assert answer.body["detail"]
    for token_text in ("x", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "Ü"):
        answer = Api(serve.base, token_text.encode().decode("latin-1")).call(
            "POST", f"/whip/{lesson_id}", OFFER, content_type="application/sdp"
        )
        assert answer.status == 401, token_text
    assert api.call("POST", "/whip/no-such-lesson", OFFER, content_type="application/sdp").status in (401, 403, 404)
    assert api.call("POST", f"/whip/{lesson_id}", "{}", content_type="application/json").status == 415


@pytest.mark.timeout(200)
async def test_bad_bytes_on_every_way_in_do_not_disturb_a_lesson(tmp_path: Path):
    serve = await asyncio.to_thread(Serve(tmp_path / "data").start)
    try:
        admin = await asyncio.to_thread(serve.admin)
        lesson = await asyncio.to_thread(lambda: serve.lesson(admin, topic="来客"))
        teacher_token = await asyncio.to_thread(serve.media_token, admin, lesson["id"], "teacher")
        observer_token = await asyncio.to_thread(serve.media_token, admin, lesson["id"], "observer")
        await asyncio.to_thread(admin.post, f"/api/lessons/{lesson['id']}/start")
        async with (
            AsyncApi(serve.base, "") as http,
            Person(http, lesson["id"], teacher_token, publish=True),
            Person(http, lesson["id"], observer_token, publish=False, plays=("teacher",)) as observer,
        ):
            await until(lambda: observer.frames["video"] > 5, 20, "the first pictures")
            for seed in range(3):
                before = dict(observer.frames)
                await asyncio.to_thread(shout, serve, seed)
                await asyncio.to_thread(knock, serve, lesson["id"], teacher_token)
                await until(
                    lambda before=before: all(observer.frames[k] > before[k] + 10 for k in before), 20, "media going on"
                )
            assert observer.resets == 0
        assert serve.troubles() == []
    finally:
        await asyncio.to_thread(serve.stop)
