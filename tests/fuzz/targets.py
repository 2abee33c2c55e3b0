"""One target per parser of strangers' bytes: nothing but its own exception may come out, and what comes out holds.

A target that takes several packets reads them with a 16-bit length before each (RFC 4571), which survives mutation.
"""

from __future__ import annotations

import contextlib
import functools
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from recorder.depacket.units import Packet
from recorder.feed import ASSEMBLERS
from server.forward import red, vp8
from server.forward.codecs import KEYFRAME_TESTS, TEMPORAL_IDS
from server.forward.ingress import CodecSpec, Extensions, Ingress, TrackSpec
from server.live import messages, sdpfrag
from server.live.tokens import BadToken, MediaTokens
from server.peer.dtls import Certificate
from server.peer.ice import IceLite, username_of
from server.peer.session import PeerSession
from server.wire import av1, demux, framing, rtcp, rtp, sdp, stun, transport_cc, vp9
from server.wire.errors import BadPacket
from tests.captures import BROWSERS, CLIENTS, datagrams, media, offer
from tests.fakes.webrtc_client import WebRtcClient

if TYPE_CHECKING:
    from collections.abc import Callable

CORPUS = Path(__file__).parent / "corpus"
UFRAG, PWD = "ufrag", "p" * 24
LOCAL = sdp.LocalDescription(
    UFRAG, PWD, ":".join(["AB"] * 32), [("192.0.2.1", 1)], {"audio": sdp.Ssrc(1), "video": sdp.Ssrc(2, 3)}
)
PATH = ("udp", ("192.0.2.9", 9))


class Target(NamedTuple):
    """`run` takes the bytes; `refusal` is the one exception that may come out; `seeds` are real inputs."""

    run: Callable[[bytes], object]
    seeds: Callable[[], list[bytes]]
    refusal: type[Exception] = BadPacket

    def __call__(self, data: bytes) -> None:
        """One input. What escapes is a bug."""
        with contextlib.suppress(self.refusal):
            self.run(data)


def framed(datagrams: list[bytes]) -> bytes:
    """Several packets as one input."""
    return b"".join(framing.frame(each) for each in datagrams)


def unframed(data: bytes) -> list[bytes]:
    """The packets of an input; what is torn is a packet too."""
    found: list[bytes] = []
    while data:
        size = int.from_bytes(data[:2], "big")
        found.append(data[2 : 2 + size])
        data = data[2 + size :]
    return found


# -- what arrives on the media port


def run_demux(data: bytes) -> None:
    kind = demux.classify(data[0]) if data else "other"
    if kind == "stun":
        TARGETS["stun"](data)
    elif kind == "rtp" and len(data) > 1:
        TARGETS["rtcp" if demux.is_rtcp(data[1]) else "rtp"](data)


def run_framing(data: bytes) -> None:
    """A stream cut anywhere gives the same datagrams as whole."""
    whole = framing.Deframer().feed_untrusted(data)
    assert all(0 < len(each) <= framing.MAX_DATAGRAM for each in whole)
    for cut in {1, len(data) // 2, len(data) - 1}:
        halves = framing.Deframer()
        assert halves.feed_untrusted(data[:cut]) + halves.feed_untrusted(data[cut:]) == whole


def run_stun(data: bytes) -> None:
    message = stun.parse_untrusted(data)
    message.check_integrity(b"key")
    message.error_code()
    for kind, value in message.attributes:
        if kind == stun.XOR_MAPPED_ADDRESS:
            stun.read_xor_address_untrusted(value, message.transaction)


def run_ice(data: bytes) -> None:
    username_of(data)
    IceLite(UFRAG, PWD, "clnt").receive(data, PATH, 1.0)


@functools.cache
def certificate() -> Certificate:
    return Certificate()


def run_peer(data: bytes) -> None:
    """A session that a check has opened takes STUN and DTLS; its own answers end it at most."""
    client = WebRtcClient(certificate())
    peer = PeerSession(client.remote, UFRAG, PWD, certificate(), 0.0)
    peer.receive(client.check(UFRAG, PWD), PATH, 0.0)
    for number, datagram in enumerate(unframed(data)[:8]):
        peer.receive(datagram, PATH, 1.0 + number)
        peer.outputs()
    peer.handle_timer(20.0)
    peer.close(21.0)
    assert peer.state == "closed"


def run_rtp(data: bytes) -> None:
    header = rtp.parse_untrusted(data)
    assert 12 <= header.payload_start <= header.payload_end <= len(data)
    rtp.read_extensions(data, header)


def run_rtcp(data: bytes) -> None:
    for packet in rtcp.parse_compound_untrusted(data):
        bytes(packet)


def run_transport_cc(data: bytes) -> None:
    """The fast way says what the thorough one does."""
    try:
        thorough = transport_cc.parse_transport_cc(1, 2, data)
    except BadPacket:
        thorough = None
    try:
        base, arrivals = transport_cc.arrivals_untrusted(data)
    except BadPacket:
        assert thorough is None
        raise
    assert thorough is not None
    assert (base, len(arrivals)) == (thorough.base_sequence, len(thorough.deltas))
    assert [each is None for each in arrivals] == [each is None for each in thorough.deltas]


def run_ingress(data: bytes) -> None:
    """A publisher's packets: never an exception, whatever its streams claim to be."""
    codecs = {96 + n: CodecSpec(name, 90000, 1, "", 110 + n) for n, name in enumerate(("vp8", "h264", "vp9", "av1"))}
    ingress = Ingress(
        [
            TrackSpec("0", "audio", {63: CodecSpec("red", 48000, 2, "", None)}, 0, 0),
            TrackSpec("1", "video", codecs, 0, 0, ("l", "m", "h")),
        ],
        ssrc=9,
        cname="c",
        extensions=Extensions(mid=4, rid=10, repaired_rid=11, transport_cc=3),
    )
    for number, packet in enumerate(unframed(data)[:64]):
        now = number * 0.02
        if len(packet) > 1 and demux.is_rtcp(packet[1]):
            with contextlib.suppress(BadPacket):
                ingress.control(rtcp.parse_compound_untrusted(packet), now, now)
        else:
            ingress.receive(packet, now, now)
        ingress.handle_timer(now)
        ingress.next_deadline()


# -- payloads


def run_payloads(data: bytes) -> None:
    """What the forwarding core asks of a payload, of every codec."""
    for start in (0, 3):
        for test in KEYFRAME_TESTS.values():
            assert test(data, start, len(data)) in (True, False)
        for layer in TEMPORAL_IDS.values():
            assert layer(data, start, len(data)) in range(4)


def run_vp8(data: bytes) -> None:
    found = vp8.descriptor_untrusted(data, 0, len(data))
    assert found is None or 0 < found.payload_start < len(data)


def run_vp9(data: bytes) -> None:
    assert 0 < vp9.descriptor_untrusted(data, 0, len(data)).payload_start < len(data)


def run_av1(data: bytes) -> None:
    elements = av1.aggregate_untrusted(data, 0, len(data)).elements
    assert all(0 < start < end <= len(data) for start, end in elements)


def run_red(data: bytes) -> None:
    found = red.primary(data, 0, len(data))
    assert found is None or 0 < found[1] <= found[2] == len(data)


def recorded(codec: str, *, redundant: bool = False) -> Callable[[bytes], None]:
    """The recorder's assembler of a codec: frames come out or not; after nonsense it waits for a keyframe."""

    def run(data: bytes) -> None:
        assembler = ASSEMBLERS[codec]()
        for number, payload in enumerate(unframed(data)[:64]):
            marker = number & 1
            for frame in assembler.add(Packet(number, 0, number, number // 2 * 3000, marker, payload, redundant)):
                assert frame.data
                assert frame.size is None or min(frame.size) > 0

    return run


# -- what arrives over HTTP and WebSocket


def run_publish(data: bytes) -> None:
    parsed = sdp.parse_offer_untrusted(data.decode("utf-8", "replace"))
    answer, plan = sdp.answer_publish(parsed, LOCAL)
    assert answer.count("\r\nm=") == len(parsed.media)
    assert all(len(each.rids) <= 4 for each in plan.media)


def run_play(data: bytes) -> None:
    parsed = sdp.parse_offer_untrusted(data.decode("utf-8", "replace"))
    answer, _ = sdp.answer_play(parsed, LOCAL)
    assert answer.count("\r\nm=") == len(parsed.media)


def run_fragment(data: bytes) -> None:
    sdp.parse_fragment_untrusted(data.decode("utf-8", "replace"))


def run_whip_fragment(data: bytes) -> None:
    found = sdpfrag.parse_fragment_untrusted(data.decode("utf-8", "replace"))
    sdpfrag.build_fragment(found, UFRAG, PWD, [])


def run_room(data: bytes) -> None:
    messages.decode_untrusted(data)


def run_token(data: bytes) -> None:
    MediaTokens("a secret for tests that is long enough", lambda: 0.0).read(data.decode("utf-8", "replace"))


# -- seeds: what really was sent


def of_browsers(kind: str) -> list[bytes]:
    return [data for client in BROWSERS for data in datagrams(client, kind)]


def offers(*kinds: str) -> list[bytes]:
    found = [offer(client, kind) for client in CLIENTS for kind in kinds if kind in ("publish", "play")]
    found += [offer(client, kind) for client in BROWSERS for kind in kinds if kind not in ("publish", "play")]
    return [each.encode() for each in found]


def payloads(*kinds: str) -> list[list[bytes]]:
    """Payloads of each capture of these kinds."""
    streams = [("chromium", kind) for kind in kinds] + [("firefox", kind) for kind in kinds if kind != "red"]
    return [
        [packet[header.payload_start : header.payload_end] for packet, header in media(client, kind)[:6]]
        for client, kind in streams
    ]


def single(*kinds: str) -> Callable[[], list[bytes]]:
    return lambda: [payload for stream in payloads(*kinds) for payload in stream]


def streams(*kinds: str) -> Callable[[], list[bytes]]:
    return lambda: [framed(stream) for stream in payloads(*kinds)]


H264 = [
    b"\x78\x00\x0a\x67\x42\xc0\x1f\xda\x01\x40\x16\xe8\x40\x00\x04\x68\xce\x3c\x80",
    b"\x7c\x85\x88\x84",
    b"\x7c\x45\x00\x11",
    b"\x61\xe0\x20",
]
FEEDBACK = [
    bytes(rtcp.Nack(1, 2, (3, 4, 90))),
    bytes(rtcp.Remb(1, 1_000_000, (2,))),
    bytes(rtcp.Fir(1, ((2, 3),))),
    bytes(rtcp.TransportCc(1, 2, 3, 4, 5, (1, None, 700, *[None] * 20, *[1] * 20))),
    bytes(rtcp.ReceiverReport(1, (rtcp.ReportBlock(2, 3, 4, 5, 6, 7, 8),))) + bytes(rtcp.Bye((1,), b"bye")),
]
ROOM = [
    b'{"v":1,"type":"hello","token":"x"}',
    b'{"v":1,"type":"watch","source":"teacher","height":360,"choice":"auto"}',
    b'{"v":1,"type":"mute","participant_id":"all","muted":true}',
    b'{"v":1,"type":"chat","text":"\xe4\xbd\xa0\xe5\xa5\xbd"}',
    b'{"v":1,"type":"ping","at":1.5}',
]
FRAGMENT = sdp.build_fragment(UFRAG, PWD, [("192.0.2.1", 1)]).encode()

TARGETS: dict[str, Target] = {
    "demux": Target(run_demux, lambda: [*of_browsers("stun"), *of_browsers("rtcp"), *of_browsers("rtp")[:8]]),
    "framing": Target(run_framing, lambda: [framed(of_browsers("stun")), framed([b"", b"x"])]),
    "stun": Target(run_stun, lambda: of_browsers("stun")),
    "ice": Target(run_ice, lambda: [*of_browsers("stun"), WebRtcClient(certificate()).check(UFRAG, PWD)]),
    "peer": Target(run_peer, lambda: [framed(datagrams(client, "dtls")) for client in BROWSERS]),
    "rtp": Target(run_rtp, lambda: of_browsers("rtp")),
    "rtcp": Target(run_rtcp, lambda: of_browsers("rtcp") + FEEDBACK),
    "transport_cc": Target(run_transport_cc, lambda: [FEEDBACK[3][12:], b"\0\1\0\7\0\0\1\0\x20\7" + bytes(7)]),
    "ingress": Target(
        run_ingress,
        lambda: [framed(datagrams(client, kind)[:12]) for client in BROWSERS for kind in ("simulcast", "vp9", "rtcp")],
    ),
    "payloads": Target(run_payloads, single("simulcast", "vp9", "av1", "red")),
    "vp8": Target(run_vp8, single("simulcast")),
    "vp9": Target(run_vp9, single("vp9")),
    "av1": Target(run_av1, single("av1")),
    "red": Target(run_red, single("red")),
    "record_vp8": Target(recorded("vp8"), streams("simulcast")),
    "record_h264": Target(recorded("h264"), lambda: [framed(H264)]),
    "record_vp9": Target(recorded("vp9"), streams("vp9")),
    "record_av1": Target(recorded("av1"), streams("av1")),
    "record_red": Target(recorded("opus", redundant=True), streams("red")),
    "publish": Target(run_publish, lambda: offers("publish", "simulcast", "everything")),
    "play": Target(run_play, lambda: offers("play", "everything")),
    "fragment": Target(run_fragment, lambda: [FRAGMENT]),
    "whip_fragment": Target(run_whip_fragment, lambda: [FRAGMENT], sdpfrag.BadFragment),
    "room": Target(run_room, lambda: ROOM, messages.BadMessage),
    "token": Target(run_token, lambda: [b"eyJhbGciOiJIUzI1NiJ9.e30.x"], BadToken),
}


def corpus(name: str) -> list[bytes]:
    """What earlier runs found worth keeping: inputs that go another way through the code, one per line."""
    path = CORPUS / f"{name}.hex"
    return [bytes.fromhex(line) for line in path.read_text().splitlines()] if path.exists() else []
