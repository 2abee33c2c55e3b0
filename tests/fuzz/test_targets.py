"""One target per parser of strangers' bytes: random bytes, and real ones with damage. Only BadPacket may come out."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.peer.ice import username_of
from server.wire import rtcp, rtp, sdp, stun
from server.wire.errors import BadPacket
from server.wire.framing import MAX_DATAGRAM, Deframer, frame
from tests.captures import BROWSERS, CLIENTS, datagrams, offer

Target = Callable[[bytes], object]

LOCAL = sdp.LocalDescription(
    "ufrag", "p" * 24, ":".join(["AB"] * 32), [("192.0.2.1", 1)], {"audio": sdp.Ssrc(1), "video": sdp.Ssrc(2, 3)}
)


def fuzz_rtp(data: bytes) -> None:
    header = rtp.parse_untrusted(data)
    assert 12 <= header.payload_start <= header.payload_end <= len(data)
    rtp.read_extensions(data, header)


def fuzz_rtcp(data: bytes) -> None:
    for packet in rtcp.parse_compound_untrusted(data):
        bytes(packet)


def fuzz_stun(data: bytes) -> None:
    message = stun.parse_untrusted(data)
    message.check_integrity(b"key")
    message.error_code()
    for kind, value in message.attributes:
        if kind == stun.XOR_MAPPED_ADDRESS:
            stun.read_xor_address_untrusted(value, message.transaction)


def fuzz_username(data: bytes) -> None:
    username_of(data)


def fuzz_publish(data: bytes) -> None:
    sdp.answer_publish(sdp.parse_offer_untrusted(data.decode("utf-8", "replace")), LOCAL)


def fuzz_play(data: bytes) -> None:
    sdp.answer_play(sdp.parse_offer_untrusted(data.decode("utf-8", "replace")), LOCAL)


def fuzz_fragment(data: bytes) -> None:
    sdp.parse_fragment_untrusted(data.decode("utf-8", "replace"))


def fuzz_framing(data: bytes) -> None:
    deframer = Deframer()
    for at in range(0, len(data), 7):
        for datagram in deframer.feed_untrusted(data[at : at + 7]):
            assert 0 < len(datagram) <= MAX_DATAGRAM


def of_browsers(kind: str) -> list[bytes]:
    return [data for client in BROWSERS for data in datagrams(client, kind)]


def offers(what: str) -> list[bytes]:
    return [offer(client, what).encode() for client in CLIENTS] + [
        offer(client, "everything").encode() for client in BROWSERS
    ]


TARGETS: dict[str, tuple[Target, Callable[[], list[bytes]]]] = {
    "rtp": (fuzz_rtp, lambda: of_browsers("rtp")),
    "rtcp": (fuzz_rtcp, lambda: of_browsers("rtcp") + FEEDBACK),
    "stun": (fuzz_stun, lambda: of_browsers("stun")),
    "framing": (fuzz_framing, lambda: [b"".join(frame(each) for each in of_browsers("stun"))]),
    "username": (fuzz_username, lambda: of_browsers("stun")),
    "publish": (fuzz_publish, lambda: offers("publish")),
    "play": (fuzz_play, lambda: offers("play")),
    "fragment": (fuzz_fragment, lambda: [sdp.build_fragment("ufrag", "p" * 24, [("192.0.2.1", 1)]).encode()]),
}

FEEDBACK = [
    bytes(rtcp.Nack(1, 2, (3, 4, 90))),
    bytes(rtcp.Remb(1, 1_000_000, (2,))),
    bytes(rtcp.Fir(1, ((2, 3),))),
    bytes(rtcp.TransportCc(1, 2, 3, 4, 5, (1, None, 700, *[None] * 20, *[1] * 20))),
    bytes(rtcp.ReceiverReport(1, (rtcp.ReportBlock(2, 3, 4, 5, 6, 7, 8),))) + bytes(rtcp.Bye((1,), b"bye")),
]


@pytest.mark.parametrize("name", TARGETS)
def test_random_bytes(name: str) -> None:
    target, _ = TARGETS[name]

    @given(st.binary(max_size=300))
    def check(data: bytes) -> None:
        with contextlib.suppress(BadPacket):
            target(data)

    check()


@pytest.mark.parametrize("name", TARGETS)
def test_damaged_real_bytes(name: str) -> None:
    target, corpus = TARGETS[name]
    rng = random.Random(20190912)
    for original in corpus():
        for _ in range(60 if len(original) < 2000 else 40):
            with contextlib.suppress(BadPacket):
                target(damage(original, rng))


def damage(data: bytes, rng: random.Random) -> bytes:
    """One to four of: flip a byte, cut, remove or repeat a stretch, insert noise."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        if not changed:
            break
        at = rng.randrange(len(changed))
        size = rng.randint(1, 8)
        match rng.randrange(6):
            case 0 | 1:
                changed[at] = rng.choice((0, 1, 0x7F, 0xFF, 0x20, rng.randrange(256)))
            case 2:
                del changed[at:]
            case 3:
                del changed[at : at + size]
            case 4:
                changed[at:at] = changed[at : at + size]
            case _:
                changed[at:at] = rng.randbytes(size)
    return bytes(changed)
